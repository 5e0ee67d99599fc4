"""Laying the room with tables, and sitting down."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import free_code, record, take_turns
from hackathon.events.queries import was_rehearsal
from hackathon.participants.models import Participant
from hackathon.participants.operations import ENDS_WITH_A_PLACE, hold_all_still, hold_still
from hackathon.participants.queries import registration_of
from hackathon.tables.models import Mark, Room, Seat, Table
from hackathon.tables.queries import AT_A_GLANCE, rooms_of, seat_of, seats_of, tables_of
from hackathon.themes.models import Theme

MOST_TABLES = 200
PEOPLE_AT_A_TABLE = 8
MOST_SEATS = 40
MOST_ROOMS = 40
LONGEST_ROOM = 120


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


def set_out_room(
    session: Session,
    event: Event,
    *,
    number: int,
    seats: int,
    rooms: Sequence[str],
    themes: Sequence[Theme],
    actor: str,
) -> Sequence[Table]:
    """The room as the organiser has it in mind: so many tables, and the other rooms beside it."""
    name_rooms(session, event, rooms=rooms, actor=actor)
    return lay_tables(session, event, number=number, seats=seats, themes=themes, actor=actor)


def name_rooms(session: Session, event: Event, *, rooms: Sequence[str], actor: str) -> Sequence[Room]:
    """Write down the other rooms, each with the way there after a comma: Quiet room, first floor on the left."""
    if len(rooms) > MOST_ROOMS:
        raise Refusal(f"Write {MOST_ROOMS} rooms or fewer.", "rooms")
    if list(rooms) == [room.line for room in rooms_of(session, event)]:
        return rooms_of(session, event)
    named = {name.strip(): where.strip() for name, _, where in (line.partition(",") for line in rooms)}
    if any(not name or len(f"{name}{where}") > LONGEST_ROOM for name, where in named.items()):
        raise Refusal(f"Begin each line with the name of a room, in {LONGEST_ROOM} characters or fewer.", "rooms")
    session.execute(delete(Room).where(Room.event_id == event.id))
    session.add_all([Room(event=event, name=name, where=where) for name, where in named.items()])
    session.flush()
    record(session, event, "rooms.named", actor=actor, number=len(named))
    return rooms_of(session, event)


def change_table(
    session: Session, table: Table, *, seats: int, theme: Theme | None, marks: Sequence[Mark], actor: str
) -> Table:
    """Give a table more or fewer chairs, or another theme, and say what it is good for."""
    if theme is not None and theme.event_id != table.event_id:
        raise Refusal("Choose a theme of this event.", "theme")
    if not 1 <= seats <= MOST_SEATS:
        raise Refusal(f"Write a number of seats from 1 to {MOST_SEATS}.", "seats")
    session.refresh(table, with_for_update=True)
    if seats < table.taken:
        raise Refusal(f"{table.taken} people sit at table {table.number}. Keep at least {table.taken} seats.", "seats")
    offered = [mark.value for mark in marks]
    if theme is not table.theme or not set(table.marks) <= set(
        offered
    ):  # nobody is to read that it still is what it was
        session.execute(update(Seat).where(Seat.table_id == table.id).values(why=""))
    table.seats, table.theme, table.marks = seats, theme, offered
    session.flush()
    record(session, table.event, "table.changed", actor=actor, subject_id=table.id)
    return table


def look_for_chair(session: Session, *, table_id: int, participant_id: int) -> None:
    """Refuse at a glance where no chair is free, before anybody waits for a turn to write.

    It promises nothing: a chair that is seen here may be gone when `take_seat` takes it.
    """
    number, is_full, sits_at, kept = session.execute(
        AT_A_GLANCE, {"table_id": table_id, "participant_id": participant_id}
    ).one()
    if is_full and sits_at != table_id:
        raise _full(number, kept)


def take_seat(
    session: Session, table: Table, participant: Participant, *, actor: str, at: datetime | None = None
) -> Seat:
    """Sit down at a table, or move to it from another one, which is left only when there is a chair here.

    `at` is when somebody asked for it, where that was a while ago.
    """
    hold_still(session, participant)
    look_for_chair(session, table_id=table.id, participant_id=participant.id)
    _refuse_practised(session, table.event, at)
    registration = registration_of(session, participant)
    if table.event_id != participant.event_id or registration is None or not registration.may_sit:
        raise Refusal("Seats are for people who have a place in the room.")
    seat = seat_of(session, participant)
    if seat is not None and seat.table_id == table.id:
        return seat
    _lock_in_order(session, table, seat)
    if not _take_chair(session, table):
        raise _full(table.number, seat.table.number if seat else None)
    if seat is None:
        seat = Seat(table=table, participant=participant)
        session.add(seat)
    else:
        _free_chair(session, seat.table)
        seat.table, seat.fixed, seat.why = table, False, ""
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


ENDS_WITH_A_PLACE.append(leave_seat)


@dataclass(frozen=True, slots=True)
class Chair:
    """A chair for somebody, why it is theirs, in words for them, and whether they are fixed there."""

    table_id: int
    why: str = ""
    fixed: bool = False


def seat_people(session: Session, event: Event, chairs: Mapping[int, Chair | None]) -> list[int]:
    """Seat many at once: a chair for each participant by their id, or None to take their seat away.

    All get up before anybody sits down, so that people can change places. Whoever finds their chair taken goes back to
    where they sat, if there is still room, and is returned. It writes no line in the log: the caller knows what it was.
    """
    hold_all_still(session, event)
    locked = select(Table).where(Table.event_id == event.id).order_by(Table.id).with_for_update()
    tables = {table.id: table for table in session.scalars(locked.execution_options(populate_existing=True))}
    held = {seat.participant_id: seat for seat in seats_of(session, event)}
    taken = Counter(seat.table_id for person, seat in held.items() if person not in chairs)
    given = {person: chair for person, chair in chairs.items() if chair is not None and _sits(taken, tables, chair)}
    left_out = [person for person, chair in chairs.items() if chair is not None and person not in given]
    for person in left_out:
        seat = held.get(person)
        back = None if seat is None else Chair(seat.table_id, seat.why, seat.fixed)
        if back is not None and _sits(taken, tables, back):
            given[person] = back
    for person in chairs:
        _put_down(session, person, held.get(person), given.get(person))
    for table in tables.values():
        table.taken = taken[table.id]
    session.flush()
    return left_out


def _sits(taken: Counter[int], tables: Mapping[int, Table], chair: Chair) -> bool:
    """Count somebody at the table, if it is there and has a chair."""
    has_room = chair.table_id in tables and taken[chair.table_id] < tables[chair.table_id].seats
    taken[chair.table_id] += has_room
    return has_room


def _put_down(session: Session, participant_id: int, seat: Seat | None, chair: Chair | None) -> None:
    if chair is None:
        if seat is not None:
            session.delete(seat)
        return
    if seat is None:
        seat = Seat(participant_id=participant_id)
        session.add(seat)
    if seat.table_id != chair.table_id:
        seat.taken_at = now()
    seat.table_id, seat.why, seat.fixed = chair.table_id, chair.why, chair.fixed


def fix_seat(session: Session, seat: Seat, *, fixed: bool, actor: str) -> Seat:
    """Keep somebody where they sit, whoever is mixed; or let them be moved again."""
    if seat.fixed != fixed:
        seat.fixed = fixed
        session.flush()
        record(
            session, seat.table.event, "seat.fixed" if fixed else "seat.freed", actor=actor, subject_id=seat.table_id
        )
    return seat


def _refuse_practised(session: Session, event: Event, at: datetime | None) -> None:
    """What somebody asked for in a rehearsal is not done once everybody has been put back where they sat."""
    if at is not None and not event.is_rehearsing and was_rehearsal(session, event, at):
        raise Refusal("You asked for this in the rehearsal, which is over. Choose once more.")


def _full(number: int, kept: int | None) -> TableFull:
    keeps = f" You keep your seat at table {kept}." if kept else ""
    return TableFull(f"Table {number} has just filled up. Choose another table.{keeps}")


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
