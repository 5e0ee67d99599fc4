"""Loading an event from a folder, and the sample event that a new copy opens with."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from hackathon.adapters.sheets import SheetErrors
from hackathon.archive.operations import load_event
from hackathon.archive.transfer import read_about, read_folder
from hackathon.core.config import ROOT, Settings
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event
from hackathon.events.operations import reopen_figures
from hackathon.events.queries import all_events, event_by_slug, members_of
from hackathon.packs.transfer import pack_on_disk
from hackathon.staff.models import Role
from hackathon.staff.operations import make_sign_in_link
from hackathon.tables.queries import tables_of

SAMPLE = ROOT / "hack_packs" / "change-model" / "sample-event"
SAMPLE_SLUG = "change-model-2026"

events = AppGroup("events", help="Events: create, load, list.")
demo = AppGroup("demo", help="The sample event.")


@events.command("load")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def load(folder: Path) -> None:
    """Load an event from FOLDER: all of it, or nothing. Loading it twice changes nothing."""
    event, is_new = load_folder(folder)
    said = "Loaded" if is_new else "Nothing changed: this event was loaded before. It is"
    click.echo(f"{said} {event.code} {event.title}: {_settings().address}/e/{event.code}")


@demo.command("load")
def load_demo() -> None:
    """Load the sample event into an empty database, and print where to go."""
    if not all_events(reading()):
        event, _ = load_folder(SAMPLE, is_sample=True)
        with transaction() as session:
            # The files close the book on 9 June 2026; a visitor who sends an insight wants to see it counted.
            reopen_figures(session, event, actor="the demonstration")
    for label, address in _ways_in():
        click.echo(f"{label}: {address}")


def load_folder(folder: Path, *, is_sample: bool = False) -> tuple[Event, bool]:
    """Read a folder and make its event; what is wrong with it is said line by line, and then nothing is made."""
    try:
        about = read_about(folder)
        pack = pack_on_disk(about.event.pack)
        found = read_folder(folder, about, pack.manifest)
        with transaction() as session:
            return load_event(session, found, pack, is_sample=is_sample)
    except NotFound as error:
        raise click.ClickException(f"event.toml, event.pack: there is no pack called {about.event.pack}.") from error
    except SheetErrors as errors:
        raise click.ClickException(f"nothing was loaded.\n{errors.message}") from errors
    except Refusal as refusal:
        raise click.ClickException(f"nothing was loaded. {refusal.message}") from refusal


def _ways_in() -> list[tuple[str, str]]:
    """Where a newcomer starts: the sign-in link of an organiser, a table's page, the wall."""
    address = _settings().address
    with transaction() as session:
        event = event_by_slug(session, SAMPLE_SLUG)
        if event is None:
            return []
        ways = [("Organiser", f"{address}/sign-in/link/{_sign_in_token(session, event)}")]
        if tables := tables_of(session, event):
            ways.append((f"Table {tables[0].number}", f"{address}/t/{tables[0].code}"))
        return [*ways, ("Wall", f"{address}/e/{event.code}/wall"), ("Event", f"{address}/e/{event.code}")]


def _sign_in_token(session: Session, event: Event) -> str:
    organiser = next(m.account for m in members_of(session, event) if m.role is Role.ORGANISER)
    return make_sign_in_link(session, organiser, secret=current_app.config["SECRET_KEY"])


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
