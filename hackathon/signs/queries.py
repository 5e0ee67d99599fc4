"""Gathers what hangs on walls and doors, and what whoever leads the day holds."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from hackathon.core.clock import spoken_time
from hackathon.events.models import Event
from hackathon.packs.queries import manifest_of
from hackathon.signs.document import RunLine, Sign
from hackathon.tables.queries import rooms_of, tables_of

EVERYWHERE = (
    Sign("Food and drink"),
    Sign("Coats and bags"),
    Sign("Toilets", on_the_way=True),
    Sign("Step-free way", on_the_way=True),
)
"""What people look for in every building. They ask for the toilets and the Wi-Fi first."""


def signs_of(session: Session, event: Event) -> list[Sign]:
    """One sign for each place that people look for; rooms have two, for the door and for the way there."""
    return [
        Sign(event.title, event.question, on_the_way=True),
        Sign("Front desk", "Come here first"),
        *_rooms(session, event),
        *EVERYWHERE,
    ]


def _rooms(session: Session, event: Event) -> Iterator[Sign]:
    tables = tables_of(session, event)
    numbers = f"Tables {tables[0].number} to {tables[-1].number}" if len(tables) > 1 else ""
    for name, where in [("Main room", numbers), *((room.name, room.where) for room in rooms_of(session, event))]:
        yield Sign(name, numbers if name == "Main room" else "")
        yield Sign(name, where, on_the_way=True)


def run_sheet_of(session: Session, event: Event) -> list[RunLine]:
    """The blocks of the pack on the clock of this day."""
    manifest = manifest_of(session, event)
    cards = {card.id: card.title for card in manifest.cards}
    return [
        RunLine(
            starts=spoken_time(timed.starts),
            title=timed.block.title,
            minutes=timed.block.minutes,
            method=timed.block.method.replace("-", " "),
            needs=cards.get(timed.block.capture, ""),
            is_break=timed.block.mode == "break",
        )
        for timed in manifest.run_sheet(event.starts)
    ]
