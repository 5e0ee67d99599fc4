"""Laying the room with tables, and sitting down."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import free_code, record, take_turns
from hackathon.events.queries import was_rehearsal
from hackathon.participants.models import Participant
from hackathon.participants.operations import hold_still
from hackathon.participants.queries import registration_of
from hackathon.tables.models import Seat, Table
from hackathon.tables.queries import seat_of, tables_of
from hackathon.themes.models import Theme

MOST_TABLES = 200
MOST_SEATS = 40


class TableFull(Refusal):
    pass


def lay_tables(
    session: Session, event: Event, *, number: int, seats: int, themes: Sequence[Theme], actor: str
) -> Sequence[Table]:
    """Bring the room to this many tables. New ones get these seats and the themes in turn; the last ones go first."""
    if not 0 <= number <= MOST_TABLES:
        raise Refusal(f"Write a number of tables from 0 to {MOST_TABLES}.", "number")
    if not 1 <= seats <= MOST_SEATS:
        raise Refusal(f"Write a number of seats from 1 to {MOST_SEATS}.", "seats")
    take_turns(session, event)
    standing = list(tables_of(session, event))
    for table in standing[number:]:
        if table.taken:
            raise Refusal(f"Somebody sits at table {table.number}. Ask them to move first.", "number")
        session.delete(table)
    for position in range(len(standing), number):
        theme = themes[position % len(themes)] if themes else None
        free = standing[-1].number + 1 if standing else 1
        standing.append(Table(event=event, number=free, code=free_code(session), seats=seats, theme=theme))
        session.add(standing[-1])
    session.flush()
    record(session, event, "tables.laid", actor=actor, number=number)
    return standing[:number]


def change_table(session: Session, table: Table, *, seats: int, theme: Theme | None, actor: str) -> Table:
    """Give a table more or fewer chairs, or another theme."""
    if theme is not None and theme.event_id != table.event_id:
        raise Refusal("Choose a theme of this event.", "theme")
    if not 1 <= seats <= MOST_SEATS:
        raise Refusal(f"Write a number of seats from 1 to {MOST_SEATS}.", "seats")
    session.refresh(table, with_for_update=True)
    if seats < table.taken:
        raise Refusal(f"{table.taken} people sit at table {table.number}. Keep at least {table.taken} seats.", "seats")
    table.seats, table.theme = seats, theme
    session.flush()
    record(session, table.event, "table.changed", actor=actor, subject_id=table.id)
    return table


def look_for_chair(session: Session, table: Table, participant: Participant) -> None:
    """Refuse at a glance where no chair is free, before anybody waits for a turn to write.

    It promises nothing: a chair that is seen here may be gone when `take_seat` looks again behind its lock.
    """
    seat = seat_of(session, participant) if table.is_full else None
    if table.is_full and (seat is None or seat.table_id != table.id):
        raise _full(table, seat)


def take_seat(
    session: Session, table: Table, participant: Participant, *, actor: str, at: datetime | None = None
) -> Seat:
    """Sit down at a table, or move to it from another one, which is left only when there is a chair here.

    `at` is when somebody asked for it, where that was a while ago.
    """
    hold_still(session, participant)
    _refuse_practised(session, table.event, at)
    registration = registration_of(session, participant)
    if table.event_id != participant.event_id or registration is None or not registration.may_sit:
        raise Refusal("Seats are for people who have a place in the room.")
    seat = seat_of(session, participant)
    if seat is not None and seat.table_id == table.id:
        return seat
    _lock_in_order(session, table, seat)
    if not _take_chair(session, table):
        raise _full(table, seat)
    if seat is None:
        seat = Seat(table=table, participant=participant)
        session.add(seat)
    else:
        _free_chair(session, seat.table)
        seat.table = table
    seat.taken_at = at or now()
    session.flush()
    record(session, table.event, "seat.taken", actor=actor, subject_id=table.id)
    return seat


def leave_seat(session: Session, participant: Participant, *, actor: str, at: datetime | None = None) -> None:
    """Give a seat back. Whoever has none is left in peace."""
    hold_still(session, participant)
    _refuse_practised(session, participant.event, at)
    if (seat := seat_of(session, participant)) is None:
        return
    _free_chair(session, seat.table)
    session.delete(seat)
    session.flush()
    record(session, participant.event, "seat.left", actor=actor, subject_id=seat.table_id)


def _refuse_practised(session: Session, event: Event, at: datetime | None) -> None:
    """What somebody asked for in a rehearsal is not done once everybody has been put back where they sat."""
    if at is not None and not event.is_rehearsing and was_rehearsal(session, event, at):
        raise Refusal("You asked for this in the rehearsal, which is over. Choose once more.")


def _full(table: Table, seat: Seat | None) -> TableFull:
    kept = f" You keep your seat at table {seat.table.number}." if seat else ""
    return TableFull(f"Table {table.number} has just filled up. Choose another table.{kept}")


def _lock_in_order(session: Session, table: Table, seat: Seat | None) -> None:
    """Two people who change places with each other would wait for each other for ever; in one order they cannot."""
    tables = sorted({table.id, seat.table_id if seat else table.id})
    session.execute(select(Table.id).where(Table.id.in_(tables)).order_by(Table.id).with_for_update())


def _take_chair(session: Session, table: Table) -> bool:
    """Look and take in one statement: between a look and a take of its own, somebody else would take the same chair."""
    taken = session.scalar(
        update(Table)
        .where(Table.id == table.id, Table.taken < Table.seats)
        .values(taken=Table.taken + 1)
        .returning(Table.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(table, ["taken"])
    return taken is not None


def _free_chair(session: Session, table: Table) -> None:
    session.execute(
        update(Table)
        .where(Table.id == table.id, Table.taken > 0)
        .values(taken=Table.taken - 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(table, ["taken"])
