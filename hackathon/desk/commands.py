"""Beginning an event at the terminal."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from hackathon.core.db import transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.desk.operations import plan_event
from hackathon.packs.transfer import pack_on_disk, packs_on_disk
from hackathon.staff.operations import account_at_terminal

events = AppGroup("events", help="Events: create, load, list.")


@events.command("create")
@click.option("--title", required=True, help="What the event is called.")
@click.option("--pack", required=True, help="The hack pack, by the name of its folder.")
@click.option("--date", "held_on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="2026-03-17")
@click.option(
    "--starts", default="09:30", show_default=True, type=click.DateTime(["%H:%M"]), help="On the venue's clock."
)
@click.option("--place", "venue", default="", help="Building, street, town.")
@click.option("--people", "expected_people", default=40, show_default=True, type=click.IntRange(1), help="In the room.")
@click.option("--organiser", help="Whose event it is, by address. Without it: the first organiser.")
def create(
    title: str, pack: str, held_on: datetime, starts: datetime, venue: str, expected_people: int, organiser: str | None
) -> None:
    """Begin an event as a draft, with tables for everybody, and print where to plan on."""
    try:
        with transaction() as session:
            event = plan_event(
                session,
                pack=pack_on_disk(pack),
                title=title,
                held_on=held_on.date(),
                starts=starts.time(),
                venue=venue,
                expected_people=expected_people,
                account=account_at_terminal(session, email=organiser),
            )
    except NotFound as error:
        names = ", ".join(found.manifest.pack.id for found in packs_on_disk())
        raise click.ClickException(f"There is no pack {pack}. There are: {names}.") from error
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"{event.code}\t{current_app.extensions['settings'].address}/desk/{event.code}/plan")
