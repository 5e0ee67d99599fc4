"""The write-up from the command line."""

from pathlib import Path

import click
from flask.cli import AppGroup

from hackathon.core.config import COMMAND_LINE
from hackathon.core.db import reading
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.queries import event_by_code
from hackathon.write_ups.transfer import make_write_up

write_ups = AppGroup("write-ups", help="Reports of events.")


@write_ups.command("print")
@click.argument("code")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF.")
def print_write_up(code: str, output: Path) -> None:
    """Write the report of the event CODE to a PDF file."""
    session = reading()
    try:
        event = event_by_code(session, code)
        output.write_bytes(make_write_up(session, event.id))
    except NotFound as error:
        raise click.ClickException(
            f"there is no event {code.upper()}. `{COMMAND_LINE} events list` names them all."
        ) from error
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"{output}: {event.title}")
