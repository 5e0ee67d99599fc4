"""Taking insights in."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from hackathon.core.batch import Later, read_once, write_later
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.core.numbered import Numbered, add_numbered
from hackathon.events.models import DAY_STAGES, Event, Place, Stage
from hackathon.events.operations import CLIENT_ID, SOMEONE
from hackathon.events.queries import was_rehearsal
from hackathon.insights.document import Receipt
from hackathon.insights.models import (
    LONGEST,
    Identity,
    Insight,
    Kind,
    LastNumber,
    Source,
    Uncounted,
)
from hackathon.insights.queries import manners_of, receipt_of
from hackathon.participants.models import Participant
from hackathon.tables.models import Table
from hackathon.themes.models import Theme

LONGEST_NAME = 100
SEEN = "LNPS"
"""The kinds of characters that show by themselves: letters, numbers, punctuation, symbols."""
QUESTION_MARKS = ("?", "؟")
Row = Mapping[str, Any]
"""The columns of an insight, all but its number."""
# Two phones may be first at the same moment: the row is made once, whoever wins.
FIRST_TURN = sql(
    "INSERT INTO last_number (event_id, number) "
    "SELECT :event_id, coalesce(max(number), 0) FROM insight WHERE event_id = :event_id ON CONFLICT DO NOTHING"
)
NUMBERED = Numbered(
    model=Insight,
    within="event_id",
    unless="event_id, client_id",
    turn="UPDATE last_number SET number = number + :many WHERE event_id = :event_id RETURNING number - :many",
    log=f"""INSERT INTO activity (event_id, kind, actor, subject_id, detail, at)
        SELECT event_id, CASE WHEN waits THEN 'insight.held' ELSE 'insight.shared' END, '{SOMEONE}', id, '{{}}',
        received_at""",
)
TAKE_BACK = sql("DELETE FROM insight WHERE event_id = :event_id AND number > :before AND number <= :before + :many")
GIVE_BACK = sql("UPDATE last_number SET number = :before WHERE event_id = :event_id")
THERE_ALREADY = select(Insight).where(
    Insight.event_id == bindparam("event_id"), Insight.client_id.in_(bindparam("client_ids", expanding=True))
)


class CaptureClosed(Refusal):
    pass


class AlreadySent(Refusal):
    """Other words came under an id that has been used. The first stand; the second must not be lost silently."""

    def __init__(self, receipt: str) -> None:
        super().__init__(f"These words are new. {receipt} To send these as well, press the button once more.", "text")


def share_insight(session: Session, event: Event, **thought: Any) -> Insight:
    """What `take_in` does, for whoever goes on with the row."""
    receipt = take_in(session, event, **thought).get()
    return session.scalars(select(Insight).where(Insight.event_id == event.id, Insight.number == receipt.number)).one()


def take_in(
    session: Session,
    event: Event,
    *,
    text: str,
    place: Place,
    client_id: str,
    identity: Identity,
    source: Source,
    kind: Kind | None = None,
    table: Table | None = None,
    theme: Theme | None = None,
    author: Participant | None = None,
    author_name: str = "",
    device: str | None = None,
    card_number: str | None = None,
    captured_at: datetime | None = None,
    phase: Stage | None = None,
    uncounted: Uncounted | None = None,
) -> Later[Receipt]:
    """Take in one insight and give it the event's next number. Sent again, it has the receipt that it has already.

    One that was written in a stage (`phase`) that has closed since is late, and is kept and counted all the same.
    Whoever wants to be anonymous leaves nothing: author, name and device are dropped here, whatever was handed in.
    Words from a table stand under its theme, unless another is given.
    """
    if event.is_closed:
        raise CaptureClosed("This event is closed, so it takes no more thoughts. Keep your words.")
    if not event.is_capturing:
        raise CaptureClosed("This event is not taking thoughts yet. Keep your words and come back when it opens.")
    if identity is Identity.ANONYMOUS:
        author, author_name, device = None, "", None
    text = checked_words(text)
    check_client_id(client_id)
    _check_name(identity, author, author_name)
    if event.is_rehearsing:
        wait_for_turn(session, event)
    phase, moment = phase or event.stage, now()
    row = {
        "event_id": event.id,
        "client_id": client_id,
        "text": text,
        "kind": kind or kind_of(text),
        "phase": phase,
        "late": phase is not event.stage,
        "waits": event.is_read_first,
        "place": place,
        "table_id": table and table.id,
        "theme_id": theme.id if theme else table and table.theme_id,
        "identity": identity,
        "author_id": author and author.id,
        "author_name": "" if author else author_name,
        "device": device,
        "source": source,
        "card_number": card_number,
        "captured_at": stands_at(event, captured_at or moment),
        "received_at": moment,
        "uncounted": uncounted or practised(session, event, written_at=captured_at),
    }
    return write_later(session, row, keep_thoughts)


def keep_thoughts(session: Session, thoughts: Sequence[Row]) -> Sequence[Receipt | Refusal]:
    """Number what is new and keep it; what came before has the receipt that it was given then."""
    receipts: dict[int, Receipt | Refusal] = {}
    for event_id in sorted({thought["event_id"] for thought in thoughts}):
        of_event = {n: thought for n, thought in enumerate(thoughts) if thought["event_id"] == event_id}
        kept = _keep_in_event(session, event_id, [*of_event.values()])
        receipts |= {n: _same_or_refused(of_event[n], *there) for n, there in zip(of_event, kept, strict=True)}
    return [receipts[n] for n in range(len(thoughts))]


def _keep_in_event(session: Session, event_id: int, rows: Sequence[Row]) -> list[tuple[str, Receipt]]:
    """Number these rows of one event, write them and log them; say of each which words are kept, and their receipt.

    The numbers come first, and with them the event's turn: from then on nobody else can send the same. Nearly always
    all are new, so they are written before anybody looks whether they are. If one came before, or twice, all are taken
    back, and those that are new are written again under the same numbers.
    """
    before, written = _number_and_write(session, event_id, rows)
    if written == len(rows):
        return _receipts(rows, before)
    session.execute(TAKE_BACK, {"event_id": event_id, "before": before, "many": len(rows)})
    session.execute(GIVE_BACK, {"event_id": event_id, "before": before})
    ids = [row["client_id"] for row in rows]
    there = {
        insight.client_id: (insight.text, receipt_of(insight))
        for insight in session.scalars(THERE_ALREADY, {"event_id": event_id, "client_ids": ids})
    }
    fresh: dict[str, Row] = {}
    for row in rows:
        if row["client_id"] not in there:
            fresh.setdefault(row["client_id"], row)
    if fresh:
        before, _ = _number_and_write(session, event_id, [*fresh.values()])
        there |= zip(fresh, _receipts(fresh.values(), before), strict=True)
    return [there[client_id] for client_id in ids]


def _number_and_write(session: Session, event_id: int, rows: Sequence[Row]) -> tuple[int, int]:
    """The last number before these rows, and how many of them were not there yet."""
    while (done := add_numbered(session, NUMBERED, event_id, rows)) is None:
        session.execute(FIRST_TURN, {"event_id": event_id})
    return done


def _receipts(rows: Iterable[Row], before: int) -> list[tuple[str, Receipt]]:
    return [(row["text"], _receipt(row, number)) for number, row in enumerate(rows, before + 1)]


def _receipt(row: Row, number: int) -> Receipt:
    late_for = row["phase"].words if row["late"] else ""
    return Receipt(number=number, late_for=late_for, waits=row["waits"], is_shown=not row["waits"])


def _same_or_refused(thought: Row, text: str, receipt: Receipt) -> Receipt | Refusal:
    if text == thought["text"]:
        return receipt
    return AlreadySent(f"The ones you sent before are kept as number {receipt.number}.")


def check_rule(session: Session, event: Event, identity: Identity) -> None:
    """Refuse who may see a name where the event's pack does not offer it."""
    manners = read_once(session, ("manners", event.id), lambda: manners_of(session, event))
    if identity not in manners.allowed:
        raise Refusal("Choose an answer: this event does not offer that one.", "identity")


def kind_of(text: str) -> Kind:
    """What ends with a question mark asks for an answer. Community managers say so where it does not."""
    return Kind.QUESTION if text.rstrip(" \"'”’)").endswith(QUESTION_MARKS) else Kind.INSIGHT


def practised(session: Session, event: Event, *, written_at: datetime | None = None) -> Uncounted | None:
    """The mark of what was written while the event rehearsed, whenever it comes in; asked behind the event's turn."""
    return Uncounted.REHEARSAL if was_rehearsal(session, event, written_at or now()) else None


def stands_at(event: Event, written_at: datetime) -> datetime:
    """When words stand in the figures: when they were written; but figures that are frozen do not move for them."""
    frozen = event.figures_frozen_at
    return now() if frozen is not None and written_at <= frozen else written_at


def place_at_table(event: Event, stage: Stage | None = None) -> Place:
    """Where words come from that are sent through a table's own page.

    Before and after the day nobody sits in the room: somebody who kept the address writes from outside, and is counted
    there. The table stays with the words, because that is whose talk they carry on. `stage` is the one in which they
    were written, where that is not the present one.
    """
    return Place.ROOM if (stage or event.stage) in DAY_STAGES else Place.OUTSIDE


def checked_words(text: str, what: str = "thought") -> str:
    """Words as they are kept, if there are any to be seen and they fit. `what` they are is for whoever is refused."""
    text = text.strip()
    if not any(unicodedata.category(letter)[0] in SEEN for letter in text):
        raise Refusal(f"Write your {what} first.", "text")
    if len(text) > LONGEST:
        raise Refusal(
            f"Your {what} has {len(text):,} characters. Shorten it to {LONGEST}, or send it in parts.", "text"
        )
    return text


def check_client_id(client_id: str | None) -> None:
    """Refuse what no phone of ours would send."""
    if CLIENT_ID.fullmatch(client_id or "") is None:
        raise Refusal("Something was lost on the way. Your words are still in the box: send them again.", "text")


def _check_name(identity: Identity, author: Participant | None, author_name: str) -> None:
    if identity is Identity.NAMED and author is None and not author_name.strip():
        raise Refusal("Type your name: everybody sees it. Or choose to hide it.", "author_name")
    if len(author_name) > LONGEST_NAME:
        raise Refusal(f"Your name must be {LONGEST_NAME} characters or fewer", "author_name")


def wait_for_turn(session: Session, event: Event) -> None:
    """Hold the event's numbering until this transaction ends, so that phones that send at once take turns.

    SQLite lets one writer in at a time anyway; PostgreSQL locks this one narrow row.
    """
    turn = select(LastNumber.id).where(LastNumber.event_id == event.id).with_for_update()
    if session.scalar(turn) is None:
        session.execute(FIRST_TURN, {"event_id": event.id})
        session.scalar(turn)
