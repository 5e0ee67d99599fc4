"""Gathers what the sheets say."""

from sqlalchemy.orm import Session

from hackathon.core.clock import spoken_date
from hackathon.events.models import Event
from hackathon.print_kit.document import Poster, TableCard
from hackathon.tables.queries import tables_of


def table_cards_of(session: Session, event: Event, *, address: str) -> list[TableCard]:
    """A card for each table. `address` is where the product is reached, as it is mailed and printed."""
    return [
        TableCard(
            number=table.number,
            theme=table.theme,
            prompt=table.theme.prompt if table.theme else event.question,
            link=f"{address}/t/{table.code}".upper(),
            address=_typed(address),
            code=table.code,
        )
        for table in tables_of(session, event)
    ]


def poster_of(event: Event, *, address: str) -> Poster:
    return Poster(
        kicker=event.title,
        question=event.question,
        link=f"{address}/e/{event.code}".upper(),
        address=_typed(f"{address}/e/{event.code.lower()}"),
        code=event.code,
        facts=", ".join(part for part in (spoken_date(event.held_on), event.venue) if part),
    )


def _typed(address: str) -> str:
    """An address as people type it: without the part that browsers add."""
    return address.removeprefix("https://").removeprefix("http://")
