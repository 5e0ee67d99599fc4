"""Events and the people who run them, at the terminal."""

import click
from flask import current_app
from flask.cli import AppGroup

from hackathon.core.config import COMMAND_LINE
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.messages import send_invitation
from hackathon.events.operations import invite_member
from hackathon.events.queries import all_events, event_by_code
from hackathon.staff.models import Role

events = AppGroup("events", help="Events: create, load, list.")
staff = AppGroup("staff", help="People who run events.")

OPERATOR = "the command line"


@events.command("list")
def show_all() -> None:
    """List all events, the newest first: code, date, stage, title, address."""
    for event in all_events(reading()):
        click.echo(f"{event.code}\t{event.held_on}\t{event.stage.value}\t{event.title}\t{_address()}/e/{event.code}")


@staff.command("invite")
@click.argument("code")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role], case_sensitive=False))
def invite(code: str, email: str, role: str) -> None:
    """Give EMAIL a ROLE in the event CODE, and post the letter that says so."""
    try:
        with transaction() as session:
            event = event_by_code(session, code)
            member = invite_member(session, event, email=email, name="", role=Role(role), actor=OPERATOR)
            send_invitation(session, member, invited_by=_organisation(), address=_address(), by_code=_sends_mail())
    except NotFound as error:
        raise click.ClickException(f"There is no event {code}. `{COMMAND_LINE} events list` shows them.") from error
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"{email} is {member.role.words} of {event.code}. The letter is in the outbox.")


def _address() -> str:
    address: str = current_app.extensions["settings"].address
    return address


def _sends_mail() -> bool:
    return bool(current_app.extensions["settings"].smtp_url)


def _organisation() -> str:
    name: str = current_app.extensions["settings"].organisation_name
    return name
