"""Finding cards, and what is missing of them."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from hackathon.cards.document import CardNumber, TableCards
from hackathon.cards.models import Card, CardState
from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.insights.models import Insight
from hackathon.tables.models import Table
from hackathon.tables.queries import tables_of


def number_of(card: Card) -> CardNumber:
    return CardNumber(card.table.number, card.number)


def card_at(session: Session, event: Event, number: CardNumber) -> Card | None:
    """The card with this number, if it has been entered."""
    return session.scalar(
        select(Card)
        .join(Card.table)
        .where(Card.event_id == event.id, Table.number == number.table, Card.number == number.card)
        .options(contains_eager(Card.table), joinedload(Card.insight))
    )


def typed_card(session: Session, event: Event, number: CardNumber) -> tuple[Card, Insight]:
    """A card and the words on it. Words that somebody took off the pages are not shown to scribes either."""
    card = card_at(session, event, number)
    if card is None or card.insight is None or card.insight.hidden_at is not None:
        raise NotFound
    return card, card.insight


def last_cards(session: Session, event: Event, *, entered_by: str, limit: int) -> Sequence[Card]:
    """What this scribe entered last, the newest first."""
    return session.scalars(
        select(Card)
        .where(Card.event_id == event.id, Card.entered_by == entered_by)
        .options(joinedload(Card.table), joinedload(Card.insight))
        .order_by(Card.entered_at.desc(), Card.id.desc())
        .limit(limit)
    ).all()


def cards_by_table(session: Session, event: Event) -> list[TableCards]:
    """How far each table is."""
    entered: dict[tuple[int, CardState], list[int]] = defaultdict(list)
    for table_id, state, number in session.execute(
        select(Card.table_id, Card.state, Card.number).where(Card.event_id == event.id).order_by(Card.number)
    ):
        entered[table_id, state].append(number)
    return [
        TableCards(
            table=table.number,
            printed=table.cards_printed,
            **{state.value: tuple(entered[table.id, state]) for state in CardState},
        )
        for table in tables_of(session, event)
    ]
