"""Taking a plan, changing seats by hand, and taking a change back."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import SYSTEM, record
from hackathon.participants.models import Participant, Registration
from hackathon.participants.operations import hold_all_still
from hackathon.seating.document import BY_HAND, Place, Proposal, reasons_as_lists, words_for_person
from hackathon.seating.models import Leaning, Moving, Placement, SeatingRun
from hackathon.seating.queries import events_whose_answers_are_due, last_run, placements_of
from hackathon.tables.models import Seat, Table
from hackathon.tables.operations import Chair, seat_people
from hackathon.tables.queries import people_to_seat, seat_of, seats_of, tables_of
from hackathon.wishes.models import SeatNeed

LARGEST_SEED = 999_999
ACCESS_LEAD = "access-lead"


def ask_for_plan(
    session: Session, event: Event, *, leaning: Leaning, moving: Moving, seed: int | None = None, actor: str
) -> SeatingRun:
    """Have a plan worked out. It changes nothing until somebody takes it, and takes the place of one that waits."""
    if not tables_of(session, event):
        raise Refusal("Set out the tables first.")
    if seed is not None and not 0 <= seed <= LARGEST_SEED:
        raise Refusal(f"Write a number from 0 to {LARGEST_SEED}.", "seed")
    drop_plan(session, event)
    seed = secrets.randbelow(LARGEST_SEED + 1) if seed is None else seed
    run = SeatingRun(event=event, asked_by=actor, leaning=leaning, moving=moving, seed=seed)
    session.add(run)
    session.flush()
    return run


def drop_plan(session: Session, event: Event) -> None:
    """Leave people where they sit."""
    session.execute(delete(SeatingRun).where(SeatingRun.event_id == event.id, SeatingRun.taken_at.is_(None)))


def mix_tables(session: Session, run: SeatingRun, proposal: Proposal, *, actor: str) -> list[int]:
    """Seat people as a plan has it, and say who could not be seated so.

    Who has moved, was fixed, came through the door or gave up their place since the plan was made is left alone.
    """
    event = run.event
    hold_all_still(session, event)
    session.refresh(run)
    if run.taken_at is not None:
        raise Refusal("Somebody has just taken this plan.")
    known = {each.participant_id: each for each in people_to_seat(session, event)}
    seats = {seat.participant_id: seat for seat in seats_of(session, event)}
    places = [place for place in proposal.places if place.person in known]
    movable = [place for place in places if _may_move(place, run, known[place.person], seats.get(place.person))]
    chairs = {each.person: _chair(each.after, words_for_person(each.reasons)) for each in movable}
    left_out = seat_people(session, event, chairs)
    left_out += [place.person for place in places if place.is_changed and place.person not in chairs]
    run.taken_at, run.asked_by, run.figures = now(), actor, proposal.figures
    _keep_placements(session, run, places)
    moved = sum(place.is_changed for place in places) - len(left_out)
    record(session, event, "seats.mixed", actor=actor, subject_id=run.id, moved=moved, seed=run.seed)
    return left_out


def move_person(session: Session, registration: Registration, *, table: Table | None, actor: str) -> SeatingRun:
    """Give somebody a chair at another table."""
    if table is None or table.event_id != registration.event_id:
        raise Refusal("Choose a table.", "table")
    return _change_by_hand(session, registration.event, {registration.participant_id: table.id}, actor=actor)


def swap_people(session: Session, registration: Registration, *, other: Registration | None, actor: str) -> SeatingRun:
    """Two people change places."""
    if other is None or registration.event_id != other.event_id or registration is other:
        raise Refusal("Choose another person of this event.", "other")
    mine, theirs = (_table_of(seat_of(session, each.participant)) for each in (registration, other))
    if mine == theirs:
        raise Refusal("They sit at the same table already." if mine else "Neither of them has a seat.", "other")
    chairs = {registration.participant_id: theirs, other.participant_id: mine}
    return _change_by_hand(session, registration.event, chairs, actor=actor)


def undo_run(session: Session, run: SeatingRun, *, actor: str) -> list[int]:
    """Put people back to where they sat before a change, and say who could not be. Who has moved since stays."""
    hold_all_still(session, run.event)
    session.refresh(run)
    if run.taken_at is None or run.undone_at is not None:
        raise Refusal("This change has been taken back already.")
    newest = last_run(session, run.event)
    if newest is None or newest.id != run.id:
        raise Refusal("Seats were changed again since. Take that back first.")
    seats = {seat.participant_id: seat for seat in seats_of(session, run.event)}
    back: dict[int, Chair | None] = {
        person: _chair(placed.before_id)
        for person, placed in placements_of(session, run).items()
        if placed.before_id != placed.after_id and _table_of(seats.get(person)) == placed.after_id
    }
    left_out = seat_people(session, run.event, back)
    run.undone_at = now()
    record(session, run.event, "seats.put_back", actor=actor, subject_id=run.id, moved=len(back) - len(left_out))
    return left_out


def forget_needs(session: Session, *, at: datetime) -> int:
    """What tables had to be for somebody goes on the day when the access lead's answers go, as the privacy notice says.

    The reasons of seats rest on it, and go with it. How many needs went is logged.
    """
    gone = 0
    for event in events_whose_answers_are_due(session, at=at, seen_by=ACCESS_LEAD):
        people = select(Participant.id).where(Participant.event_id == event.id)
        number = session.scalar(select(func.count(SeatNeed.id)).where(SeatNeed.participant_id.in_(people))) or 0
        if number:
            session.execute(delete(SeatNeed).where(SeatNeed.participant_id.in_(people)))
            session.execute(update(Placement).where(Placement.participant_id.in_(people)).values(reasons=[]))
            session.execute(update(Seat).where(Seat.participant_id.in_(people)).values(why=""))
            record(session, event, "seat.needs_deleted", actor=SYSTEM, number=number)
        gone += number
    session.flush()
    return gone


def _change_by_hand(session: Session, event: Event, tables: Mapping[int, int | None], *, actor: str) -> SeatingRun:
    """What a hand does is a run of its own, so that it is taken back like any other. It fixes whom it moves: the mixer
    shall not undo it.
    """
    hold_all_still(session, event)
    before = {seat.participant_id: seat.table_id for seat in seats_of(session, event)}
    if seat_people(session, event, {who: _chair(table, BY_HAND, fixed=True) for who, table in tables.items()}):
        raise Refusal("That table is full. Choose another one, or let two people change places.", "table")
    run = SeatingRun(event=event, asked_by=actor, taken_at=now())
    session.add(run)
    _keep_placements(session, run, [Place(who, before.get(who), table, ()) for who, table in tables.items()])
    record(session, event, "seat.changed", actor=actor, subject_id=run.id, people=len(tables))
    return run


def _keep_placements(session: Session, run: SeatingRun, places: Sequence[Place]) -> None:
    """Tables that were cleared away meanwhile are not remembered."""
    standing = {table.id for table in tables_of(session, run.event)}
    session.add_all(
        Placement(
            run=run,
            participant_id=place.person,
            before_id=place.before if place.before in standing else None,
            after_id=place.after if place.after in standing else None,
            reasons=reasons_as_lists(place.reasons),
        )
        for place in places
    )
    session.flush()


def _may_move(place: Place, run: SeatingRun, registration: Registration, seat: Seat | None) -> bool:
    if place.is_kept or _table_of(seat) != place.before or (seat is not None and seat.fixed):
        return False
    has_come = registration.checked_in_at is not None and seat is not None
    return run.moving is Moving.EVERYBODY or not has_come


def _table_of(seat: Seat | None) -> int | None:
    return None if seat is None else seat.table_id


def _chair(table: int | None, why: str = "", *, fixed: bool = False) -> Chair | None:
    return None if table is None else Chair(table, why, fixed)
