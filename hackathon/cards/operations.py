"""Numbering cards for the printer, and typing in what people wrote on them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hackathon.cards.document import MOST_CARDS, CardNumber, CardReceipt
from hackathon.cards.models import Card, CardState
from hackathon.cards.queries import card_at, typed_card
from hackathon.core.clock import now
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event, Stage
from hackathon.events.operations import record, take_turns
from hackathon.insights.models import Identity, Insight, Source
from hackathon.insights.operations import checked_words, place_at_table, share_insight, wait_for_turn
from hackathon.tables.models import Table
from hackathon.tables.queries import table_by_number, tables_of

STATE_WORDS = {CardState.ILLEGIBLE: "nobody could read it", CardState.BLANK: "nothing was on it"}


class AlreadyEntered(Refusal):
    """The card with this number is in. What is typed now stays in the box."""


def number_cards(
    session: Session, event: Event, *, per_seat: int, tables: Sequence[int] = (), actor: str
) -> dict[int, tuple[int, int]]:
    """Give out the next numbers for cards, so many for each seat; the first and last of them by the table's number.

    Numbers go on where the last print ended, so that no number is on two cards. Without `tables`, every table.
    """
    take_turns(session, event)
    ranges = {}
    for table in tables_of(session, event):
        if tables and table.number not in tables:
            continue
        session.refresh(table, ["cards_printed"])
        first, last = table.cards_printed + 1, table.cards_printed + table.seats * per_seat
        if last > MOST_CARDS:
            raise Refusal(f"Table {table.number} would have more than {MOST_CARDS} cards. Print fewer.", "per_seat")
        table.cards_printed = last
        ranges[table.number] = (first, last)
    if not ranges:
        raise Refusal("Lay the tables first: each card carries the number of one.", "per_seat")
    session.flush()
    record(
        session, event, "cards.numbered", actor=actor, cards={str(table): last for table, (_, last) in ranges.items()}
    )
    return ranges


def enter_card(
    session: Session,
    event: Event,
    *,
    number: CardNumber,
    state: CardState,
    text: str,
    identity: Identity,
    author_name: str,
    client_id: str,
    actor: str,
) -> CardReceipt:
    """Take in one card: its words as an insight from the room; or that nobody can read it, or that it is blank.

    A number counts once. One that was put aside may be read after all; sent twice, a card is the one that is there.
    """
    wait_for_turn(session, event)
    table = _table(session, event, number)
    if state is not CardState.TYPED and text:
        raise Refusal("There are words in the box. Keep the card with them, or empty the box first.", "text")
    card = card_at(session, event, number)
    if card is not None and _is_the_same(card, state, text, client_id):
        return CardReceipt(number, card.insight.number if card.insight else None)
    if card is not None and (card.insight is not None or state is not CardState.TYPED):
        raise AlreadyEntered(_what_is_there(card, number), "number")
    if card is not None and event.rehearsal_since is not None and card.entered_at < event.rehearsal_since:
        # Wiped with the rehearsal, nothing would be left of the real one.
        raise Refusal(f"{number} was put aside before the rehearsal. Practise with another card.", "number")
    insight = None
    if state is CardState.TYPED:
        insight = _share(
            session, table, number, text=text, identity=identity, author_name=author_name, client_id=client_id
        )
    card = card or Card(event=event, table=table, number=number.card)
    card.state, card.insight, card.entered_by, card.entered_at = state, insight, actor, now()
    session.add(card)
    session.flush()
    record(session, event, f"card.{state.value}", actor=actor, subject_id=card.id, card=number.plain)
    return CardReceipt(number, insight.number if insight else None)


def mend_card(
    session: Session, event: Event, *, was: CardNumber, number: CardNumber, text: str, seen: str, actor: str
) -> CardReceipt:
    """Put right what was typed: the words, the number, or both. `seen` is how the words stood when its scribe began."""
    wait_for_turn(session, event)
    card, insight = typed_card(session, event, was)
    text = checked_words(text)
    if seen != insight.text:
        raise Refusal(f"Somebody has mended it meanwhile. It now says: “{insight.text}”", "text")
    table = _table(session, event, number)
    other = card_at(session, event, number)
    if other is not None and other.id != card.id:
        raise AlreadyEntered(_what_is_there(other, number), "number")
    card.table, card.number = table, number.card
    insight.text, insight.card_number, insight.table, insight.theme = text, number.plain, table, table.theme
    session.flush()
    record(session, event, "insight.mended", actor=actor, subject_id=insight.id, card=number.plain)
    return CardReceipt(number, insight.number)


def _share(
    session: Session,
    table: Table,
    number: CardNumber,
    *,
    text: str,
    identity: Identity,
    author_name: str,
    client_id: str,
) -> Insight:
    event = table.event
    if identity is Identity.NAMED and not author_name:
        # A card that bears no name has none to show.
        identity = Identity.HIDDEN
    # A card was written at its table on the day, however late somebody types it in.
    stage = Stage.CONVERGE if event.stage is Stage.AFTER else event.stage
    return share_insight(
        session,
        event,
        text=text,
        place=place_at_table(event, stage),
        client_id=client_id,
        identity=identity,
        source=Source.PAPER,
        table=table,
        theme=table.theme,
        author_name=author_name,
        card_number=number.plain,
        captured_at=_written_at(event),
        phase=stage,
    )


def _written_at(event: Event) -> datetime:
    """A card that is typed in after the day stands at the day's end."""
    return now() if event.is_rehearsing else min(now(), event.ends_at)


def _table(session: Session, event: Event, number: CardNumber) -> Table:
    try:
        table = table_by_number(session, event, number.table)
    except NotFound:
        raise Refusal(f"There is no table {number.table}. Look at the card again.", "number") from None
    if table.cards_printed and number.card > table.cards_printed:
        raise Refusal(
            f"The last card of table {table.number} is {table.number}–{table.cards_printed}. Look at the card again.",
            "number",
        )
    return table


def _is_the_same(card: Card, state: CardState, text: str, client_id: str) -> bool:
    """Whether this is the card that is in, sent once more."""
    if card.insight is None:
        return card.state is state
    return card.insight.client_id == client_id and card.insight.text == text


def _what_is_there(card: Card, number: CardNumber) -> str:
    insight = card.insight
    if insight is None:
        return f"{number} is in already: {STATE_WORDS[card.state]}."
    if insight.hidden_at is not None:
        return f"{number} is in already, and has been taken off the pages since."
    return f"{number} is in already: “{insight.text}”"
