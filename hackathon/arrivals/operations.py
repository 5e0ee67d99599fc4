"""Coming through the door: with a ticket, unannounced, by one's own phone, or ticked on paper."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hackathon.arrivals.queries import came_by, registration_by_words, registrations_with
from hackathon.core.clock import now, spoken_date
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import earlier_act, keep_act, record
from hackathon.events.queries import was_rehearsal
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.participants.operations import hold_still, know_participant, take_turns_for_places
from hackathon.participants.queries import registration_of
from hackathon.tables.operations import TableFull, leave_seat, take_seat
from hackathon.tables.queries import seat_of, tables_of

GUARDED = ("checked_in_at", "state", "registered_at")
"""What two desks could change at one moment: read afresh behind the lock, without rows that would be joined to it."""


class TooEarly(Refusal):
    """The day is still to come. Whoever means it all the same says so once more."""


def check_in(
    session: Session,
    registration: Registration,
    *,
    at: datetime | None = None,
    desk: str = "",
    client_id: str = "",
    early: bool = True,
    actor: str,
) -> bool:
    """Somebody has come through the door. Whoever is here already stays here since they came, and it says no.

    `at` is when it was pressed, where that was a while ago; `desk` which desk greeted them, `client_id` the act of the
    laptop that did. A desk that does not know that it is `early` is told so first.
    """
    _refuse_practised(session, registration.event, at)
    _refuse_early(registration.event, early)
    session.refresh(registration, GUARDED, with_for_update=True)
    if registration.checked_in_at is not None:
        return False
    registration.checked_in_at = at or now()
    session.flush()
    subject, detail = registration.id, {"desk": desk, "act": client_id}
    record(session, registration.event, "person.checked_in", actor=actor, subject_id=subject, **detail)
    return True


def undo_check_in(
    session: Session, registration: Registration, *, of: str = "", client_id: str = "", actor: str
) -> bool:
    """It was somebody else, or a slip of the thumb. Whoever came unannounced is off the list again.

    `of` is the act that is taken back: where another desk had greeted the person before, they stay.
    """
    hold_still(session, registration.participant)
    session.refresh(registration, GUARDED, with_for_update=True)
    if registration.checked_in_at is None or (of and not came_by(session, registration, of)):
        return False
    if registration.came_unannounced:
        registration.state = RegistrationState.CANCELLED
        leave_seat(session, registration.participant, actor=actor)
    registration.checked_in_at = None
    session.flush()
    subject, detail = registration.id, {"act": client_id}
    record(session, registration.event, "person.check_in_undone", actor=actor, subject_id=subject, **detail)
    return True


def welcome_walk_in(
    session: Session,
    event: Event,
    *,
    name: str,
    organisation: str,
    email: str,
    desk: str,
    client_id: str = "",
    at: datetime | None = None,
    early: bool = True,
    actor: str,
) -> Registration:
    """Somebody is here who is not on the list. They are counted as a walk-in, and sit down where most chairs are free.

    Whoever is known by their address is that person, with the place that they have.
    """
    _refuse_practised(session, event, at)
    _refuse_early(event, early)
    take_turns_for_places(session, event)
    came = at or now()
    person = know_participant(session, event, email=email, name=name) if email else _new_person(session, event, name)
    hold_still(session, person)
    registration = registration_of(session, person)
    if registration is None:
        person.name, person.organisation = name, organisation
        registration = Registration(
            event=event,
            participant=person,
            attending=Place.ROOM,
            state=RegistrationState.WAITING,
            registered_at=came,
        )
        session.add(registration)
        session.flush()
    check_in(session, registration, at=came, desk=desk, client_id=client_id, actor=actor)
    _seat_somewhere(session, event, person, actor=actor)
    return registration


def say_here(session: Session, registration: Registration, *, actor: str) -> bool:
    """Somebody says so themselves, at the door and on the day."""
    _refuse_unless_on(registration.event)
    return check_in(session, registration, actor=actor)


def say_here_by_words(session: Session, event: Event, *, typed: str, actor: str) -> None:
    """The same by a ticket or an address. Nobody is told whether there is such a person."""
    _refuse_unless_on(event, "typed")
    if (registration := registration_by_words(session, event, typed)) is not None:
        check_in(session, registration, actor=actor)


@dataclass(frozen=True, slots=True)
class TypedIn:
    """What came of the ticks on a printed list."""

    new: int
    known: int


def type_in_register(
    session: Session, event: Event, *, people: Collection[int], early: bool = True, actor: str
) -> TypedIn:
    """Ticks from the printed list, many at once. Whoever was checked in on a screen meanwhile is not counted twice."""
    _refuse_early(event, early)
    take_turns_for_places(session, event)
    ticked = registrations_with(session, event, people)
    new = sum(check_in(session, registration, desk="paper", actor=actor) for registration in ticked)
    return TypedIn(new, len(ticked) - new)


def act_once(
    session: Session, event: Event, *, client_id: str, kind: str, body: object, do: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """What a laptop sends is done once, and answered alike however often it is sent. A browser without JavaScript
    sends no id: what it asks for is done each time, and comes to the same."""
    if not client_id:
        return do()
    receipt = earlier_act(session, event, client_id=client_id, kind=kind, body=body)
    if receipt is None:
        receipt = do()
        keep_act(session, event, client_id=client_id, kind=kind, body=body, receipt=receipt)
    return receipt


def _refuse_practised(session: Session, event: Event, at: datetime | None) -> None:
    """Nobody has come because a laptop without a network practised it, and sends that when the rehearsal is over."""
    if at is not None and not event.is_rehearsing and was_rehearsal(session, event, at):
        raise Refusal("This was pressed in the rehearsal, which is over. Check them in once more if they are here.")


def _refuse_early(event: Event, early: bool) -> None:
    if event.is_to_come and not early:
        day = spoken_date(event.held_on)
        raise TooEarly(f"It is not the day yet: that is {day}. Check them in all the same?", "early")


def _refuse_unless_on(event: Event, field: str | None = None) -> None:
    if event.stage is Stage.AFTER:
        raise Refusal("The day is over. If you were there, tell the organisers.", field)
    if not event.is_on:
        day = spoken_date(event.held_on)
        raise Refusal(f"It is too early. Say that you are here on the day itself, {day}, at the door.", field)


def _new_person(session: Session, event: Event, name: str) -> Participant:
    person = Participant(event=event, name=name)
    session.add(person)
    session.flush()
    return person


def _seat_somewhere(session: Session, event: Event, person: Participant, *, actor: str) -> None:
    """At the table with most free chairs; where all are taken, they stand until somebody finds them one."""
    if seat_of(session, person) is not None:
        return
    for table in sorted(tables_of(session, event), key=lambda table: (table.taken - table.seats, table.number)):
        if table.is_full:
            return
        with suppress(TableFull):
            take_seat(session, table, person, actor=actor)
            return
