"""Certificates of closed events, at the terminal."""

import click
from flask.cli import AppGroup

from hackathon.closing.queries import closing_certificate, prove
from hackathon.core.clock import now
from hackathon.core.db import reading
from hackathon.core.errors import NotFound
from hackathon.events.queries import event_by_code

events = AppGroup("events")


@events.command("certificate")
@click.argument("code")
def certificate(code: str) -> None:
    """Say whether the deletion certificate of the event CODE holds; fail where it does not."""
    session = reading()
    try:
        event = event_by_code(session, code)
        found = closing_certificate(session, event)
    except NotFound as error:
        raise click.ClickException(f"There is no closed event {code}.") from error
    proof = prove(session, event, at=now())
    if not proof.holds:
        raise click.ClickException(proof.words)
    click.echo(f"{found.reference}: {proof.words}")
