"""How people come to an event, and give up a place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from hackathon.adapters.mail import checked_address
from hackathon.core.clock import local, now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import SOMEONE, SYSTEM, record, take_turns_in_series
from hackathon.participants.models import (
    HOLDS_A_PLACE,
    Answer,
    Participant,
    Places,
    QuestionType,
    Registration,
    RegistrationQuestion,
    RegistrationState,
    Way,
)
from hackathon.participants.queries import (
    applied_in_order,
    companions_of,
    participant_by_email,
    places_of,
    questions_asked,
    questions_of,
    registration_of,
    successor_of,
    waiting_in_order,
)

ENDS_WITH_A_PLACE: list[Callable[..., None]] = []
"""What rooms above this one end when somebody's place ends, such as their seat: each adds its own operation."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """What came of registering. `is_new` is false for an address that the event knew before.

    Whoever types a known address may be somebody else, so the answer to it goes by mail and by nothing else.
    """

    registration: Registration
    is_new: bool


def register(
    session: Session,
    event: Event,
    *,
    name: str,
    email: str,
    organisation: str,
    job_role: str,
    attending: Place,
    answers: Mapping[str, str],
    companion: str = "",
    booked_by: Participant | None = None,
    actor: str = SOMEONE,
) -> Welcome:
    """Give somebody a place, or the next one on the waiting list. Registering twice changes nothing.

    `companion` is the name of somebody who comes to support them, and uses no place; `booked_by` who registered them.
    """
    if not event.is_published:
        raise Refusal("Registration for this event is not open yet.")
    if event.stage is Stage.AFTER:
        raise Refusal("The day is over, so there are no places to give. You can still add a thought from outside.")
    take_turns_for_places(session, event)
    participant, is_new = _find_or_add(session, event, email=email, name=name)
    registration = registration_of(session, participant)
    if registration is not None and not registration.has_ended:
        return Welcome(registration, is_new=False)
    participant.name, participant.organisation, participant.job_role = name, organisation, job_role
    state = state_for(session, event, attending)
    if registration is None:
        registration = Registration(event=event, participant=participant)
        session.add(registration)
    elif (there := successor_of(session, registration)) is not None and there.state is RegistrationState.CONFIRMED:
        there.moves_from = None  # the place there is theirs for good, and this one is another
    registration.attending, registration.state, registration.registered_at = attending, state, now()
    registration.claim_by = registration.number = registration.lot = None
    registration.booked_by, registration.moves_from = booked_by, None
    session.flush()
    bring_companion(session, registration, name=companion, actor=actor)
    keep_answers(session, event, registration, answers)
    record(session, event, "person.registered", actor=actor, subject_id=registration.id, state=registration.state.value)
    return Welcome(registration, is_new)


def give_up_place(session: Session, registration: Registration, *, actor: str) -> Sequence[Registration]:
    """Give a place up, and the seat that went with it. It goes to whoever has waited longest. Everybody whose place has
    changed by it is returned, so that somebody tells them: nobody, where it had been given up before.
    """
    hold_registration(session, registration)
    if registration.has_ended:
        return []
    if registration.event.stage is Stage.AFTER:
        raise Refusal("The day is over, so there is no place left to give up.")
    return [registration, *end_registration(session, registration, RegistrationState.CANCELLED, actor=actor)]


def end_registration(
    session: Session, registration: Registration, outcome: RegistrationState, *, actor: str
) -> Sequence[Registration]:
    """Let a registration end as `outcome`, its companions with it, and what hung on them; whoever is touched because
    its place goes to somebody else is returned."""
    held_a_place = registration.holds_place
    for one in [registration, *companions_of(session, registration)]:
        one.state, one.claim_by = outcome, None
        session.flush()
        for end in ENDS_WITH_A_PLACE:
            end(session, one.participant, actor=actor)
    record(session, registration.event, f"person.{outcome.value}", actor=actor, subject_id=registration.id)
    if not held_a_place:
        return []
    session.execute(
        update(Places)
        .where(Places.event_id == registration.event_id, Places.taken > 0)
        .values(taken=Places.taken - 1)
        .execution_options(synchronize_session=False)
    )
    return give_free_places(session, registration.event, actor=actor)


def take_turns_for_places(session: Session, *events: Event) -> None:
    """Wait until nobody else gives or ends places in these events and in their series, seats everybody there, or
    welcomes somebody new. Whoever touches the places of several people takes this turn, before locking anything else
    of theirs.

    Of an event that stands alone, its places are the turn. Where they have no limit, none goes on to somebody else.
    """
    take_turns_in_series(session, *events)
    if alone := {event.id for event in events if event.series_id is None}:
        limited = select(Places.id).where(Places.event_id.in_(alone)).order_by(Places.event_id)
        session.execute(limited.with_for_update())


def hold_still(session: Session, participant: Participant) -> None:
    """One person does one thing at a time with their place and their seat, however many pages they have open.

    Whoever needs more than this lock takes them in one order, in which nobody waits for somebody who waits for them:
    the turn, people, their registrations, tables. Without the turn it is one person alone.
    """
    session.execute(select(Participant.id).where(Participant.id == participant.id).with_for_update())


def hold_registration(session: Session, registration: Registration) -> None:
    """Take the turn, lock somebody and whoever comes along, then their places, and read theirs anew."""
    take_turns_for_places(session, registration.event)
    together = [registration, *companions_of(session, registration)]
    people = select(Participant.id).where(Participant.id.in_([one.participant_id for one in together]))
    session.execute(people.order_by(Participant.id).with_for_update())
    places = select(Registration.id).where(Registration.id.in_([one.id for one in together]))
    session.execute(places.order_by(Registration.id).with_for_update())
    session.refresh(registration)


def hold_all_still(session: Session, event: Event) -> None:
    """The same for everybody of an event, for what changes many seats: locked one by one between the seats, somebody
    who changes tables at that moment would wait for it, and it for them.
    """
    take_turns_for_places(session, event)
    everybody = select(Participant.id).where(Participant.event_id == event.id)
    session.execute(everybody.order_by(Participant.id).with_for_update())


def set_places(
    session: Session,
    event: Event,
    *,
    chairs: int,
    cut_off: datetime | None,
    oversell: int = 0,
    way: Way = Way.FIRST_COME,
    claim_hours: int = 0,
    actor: str,
) -> Sequence[Registration]:
    """Say how many chairs there are and how places are given, and until when giving one up is no no-show.

    More places go to those who wait, in their order: they are returned, so that somebody tells them. So is whoever
    had applied, where places go to the first from now on: they stand in line by the day on which they did.
    """
    capacity = chairs * (100 + oversell) // 100
    take_turns_for_places(session, event)
    if (places := places_of(session, event)) is None:
        places = Places(event=event, taken=_places_held(session, event))
    else:
        session.refresh(places, with_for_update=True)
    if capacity < places.taken:
        raise Refusal(
            f"{places.taken} places are given already, and this makes {capacity}. Write more: nobody who has a place"
            " loses it by this.",
            "chairs",
        )
    applied = applied_in_order(session, event) if way is Way.FIRST_COME else []
    if any(registration.number is not None for registration in applied):
        raise Refusal("The list of the ballot is closed. Draw first: then whoever registers later comes first.", "way")
    session.add(places)
    places.chairs, places.oversell, places.capacity = chairs, oversell, capacity
    places.cut_off, places.cut_off_for = cut_off, event.held_on
    places.way, places.claim_hours = way, claim_hours
    session.flush()
    record(session, event, "places.set", actor=actor, chairs=chairs, oversell=oversell, way=way.value)
    for registration in applied:
        put_in_line(session, registration)
    return list(dict.fromkeys([*give_free_places(session, event, actor=actor), *applied]))


def put_in_line(session: Session, registration: Registration) -> None:
    """Let somebody wait for a place, with whoever comes along."""
    for one in [registration, *companions_of(session, registration)]:
        one.state = RegistrationState.WAITING
    session.flush()


def know_participant(session: Session, event: Event, *, email: str, name: str = "") -> Participant:
    """The person who writes under this address: found, or added without a place."""
    return _find_or_add(session, event, email=email, name=name)[0]


def ask_at_registration(
    session: Session,
    event: Event,
    *,
    key: str,
    label: str,
    type: QuestionType,
    purpose: str,
    options: Sequence[str] = (),
    sensitive: bool = False,
    seen_by: Sequence[str] = (),
    keep_days: int | None = None,
    actor: str,
) -> RegistrationQuestion:
    """Add a question to the registration form, with why it is asked, who sees the answer and when it is deleted."""
    if sensitive and (not seen_by or keep_days is None):
        raise Refusal(f"“{label}” is sensitive: say who may see the answer and after how many days it is deleted.")
    question = RegistrationQuestion(
        event=event,
        key=key,
        position=len(questions_of(session, event)) + 1,
        label=label,
        type=type,
        options=list(options),
        purpose=purpose,
        sensitive=sensitive,
        seen_by=list(seen_by),
        keep_days=keep_days,
    )
    session.add(question)
    session.flush()
    record(session, event, "registration.question_added", actor=actor, subject_id=question.id)
    return question


def _find_or_add(session: Session, event: Event, *, email: str, name: str) -> tuple[Participant, bool]:
    """The person with this address, and whether they are new here. Two at the same moment become one."""
    if (known := participant_by_email(session, event, email)) is not None:
        return known, False
    email = checked_address(email)
    participant = Participant(event=event, email=email, email_key=email.casefold(), name=name)
    try:
        with session.begin_nested():
            session.add(participant)
    except IntegrityError:
        known = participant_by_email(session, event, email)
        if known is None:
            raise
        return known, False
    return participant, True


def state_for(session: Session, event: Event, attending: Place) -> RegistrationState:
    """A place outside is always free; one in the room is taken from the counter, which cannot pass the capacity,
    unless somebody decides, or a ballot does."""
    if attending is Place.OUTSIDE:
        return RegistrationState.CONFIRMED
    if (places := places_of(session, event)) is not None and places.way is not Way.FIRST_COME:
        return RegistrationState.APPLIED
    return RegistrationState.CONFIRMED if _take_place(session, event) else RegistrationState.WAITING


def _take_place(session: Session, event: Event) -> bool:
    """Look and take in one statement: between a look and a take of its own, somebody else would take the same place.

    The places stay locked where all are taken, too: who is about to wait must be seen by who is giving a place up.
    """
    session.execute(select(Places.id).where(Places.event_id == event.id).with_for_update())
    taken = session.scalar(
        update(Places)
        .where(Places.event_id == event.id, Places.taken < Places.capacity)
        .values(taken=Places.taken + 1)
        .returning(Places.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None or places_of(session, event) is None


def give_free_places(session: Session, event: Event, *, actor: str) -> Sequence[Registration]:
    """Places that are free go to those who wait, in their order. Everybody whose place changed by it is returned, for
    somebody to tell them. Once the day is over nobody gets one any more.

    Each is locked when it is their turn, and looked at again: the desk may have let them in meanwhile.
    """
    changed: list[Registration] = []
    for registration in waiting_in_order(session, event) if event.stage is not Stage.AFTER else ():
        hold_registration(session, registration)
        if not registration.is_in_line:
            continue  # they came; or somebody moved away from here, and that place went to them
        given = give_place(session, registration, actor=actor)
        if not given:
            break
        changed.extend(given)
    return changed


def give_place(session: Session, registration: Registration, *, actor: str) -> Sequence[Registration]:
    """Give this person a place if one is free: to take within the hours for that, or at once where there are none, or
    where the day would begin before they are over. Returned are they and whoever else is touched; nobody where none is
    free."""
    event = registration.event
    if not _take_place(session, event):
        return []
    places = places_of(session, event)
    claim_by = now() + timedelta(hours=places.claim_hours) if places is not None else now()
    offered = places is not None and places.claim_hours > 0 and claim_by < event.starts_at
    state = RegistrationState.OFFERED if offered else RegistrationState.CONFIRMED
    for one in [registration, *companions_of(session, registration)]:
        one.state, one.claim_by = state, claim_by if offered else None
    session.flush()
    record(session, event, "person.given_place", actor=actor, subject_id=registration.id, state=state.value)
    return [registration, *([] if offered else end_what_was_left(session, registration, actor=actor))]


def end_what_was_left(session: Session, registration: Registration, *, actor: str) -> Sequence[Registration]:
    """Whoever moved here holds a place now, so what they kept at another event of the series ends; whoever is touched
    by that is returned. It is asked wherever somebody comes to hold a place for good, in the turn of their series."""
    left = registration.moves_from
    if left is None:
        return []
    hold_registration(session, left)
    return leave_for(session, left, registration, actor=actor) if registration.kept_meanwhile is left else []


def leave_for(session: Session, left: Registration, there: Registration, *, actor: str) -> Sequence[Registration]:
    """End what somebody kept, for what they have elsewhere. Both logs say so; everybody who is touched is returned."""
    record(session, left.event, "person.moved", actor=actor, subject_id=left.id, to=there.event.code)
    changed = [left, *end_registration(session, left, RegistrationState.CANCELLED, actor=actor)]
    record(session, there.event, "person.came_over", actor=actor, subject_id=there.id, of=left.event.code)
    return changed


def delete_due_answers(session: Session, *, at: datetime) -> int:
    """Delete every answer whose day has come, as its question and the privacy notice said. How many went is logged."""
    gone = 0
    questions = (
        select(RegistrationQuestion)
        .options(joinedload(RegistrationQuestion.event))
        .order_by(RegistrationQuestion.event_id, RegistrationQuestion.position)
    )
    for question in session.scalars(questions.where(RegistrationQuestion.keep_days.is_not(None))):
        if question.deleted_on is None or question.deleted_on > local(at, question.event.timezone).date():
            continue
        registrations = select(Registration.id).where(Registration.event_id == question.event_id)
        of_question = (Answer.question == question.key, Answer.registration_id.in_(registrations))
        if number := session.scalar(select(func.count(Answer.id)).where(*of_question)):
            session.execute(delete(Answer).where(*of_question))
            record(session, question.event, "answers.deleted", actor=SYSTEM, question=question.key, number=number)
            gone += number
    session.flush()
    return gone


def bring_companion(session: Session, registration: Registration, *, name: str, actor: str) -> None:
    """Say who comes along, or with no name that nobody does: a carer, an interpreter. Whoever is on the list is called
    this from now on and keeps ticket and seat, because it may be a name that was mistyped."""
    known = companions_of(session, registration)
    if not name or registration.attending is Place.OUTSIDE:
        for companion in known:
            _take_off(session, companion, actor=actor)
    elif known:
        _call_companion(session, known[0], name, actor=actor)
    else:
        companion = Registration(
            event=registration.event,
            participant=Participant(event=registration.event, name=name),
            attending=Place.ROOM,
            state=registration.state,
            companion_of=registration,
        )
        session.add(companion)
        session.flush()
        record(session, registration.event, "person.companion_added", actor=actor, subject_id=companion.id)


def _call_companion(session: Session, companion: Registration, name: str, *, actor: str) -> None:
    supported = companion.companion_of
    if supported is not None:
        companion.state, companion.claim_by = supported.state, supported.claim_by
    if companion.participant.name != name:
        companion.participant.name = name
        record(session, companion.event, "person.companion_renamed", actor=actor, subject_id=companion.id)
    session.flush()


def _take_off(session: Session, companion: Registration, *, actor: str) -> None:
    """Forget somebody who does not come along after all, and free their seat."""
    if companion.has_come:
        raise Refusal(f"{companion.participant.name} is here already. Tell the front desk.", "companion")
    for end in ENDS_WITH_A_PLACE:
        end(session, companion.participant, actor=actor)
    record(session, companion.event, "person.companion_taken_off", actor=actor, subject_id=companion.id)
    session.delete(companion)
    session.delete(companion.participant)
    session.flush()


def _places_held(session: Session, event: Event) -> int:
    held = select(func.count()).where(
        Registration.event_id == event.id,
        Registration.attending == Place.ROOM,
        Registration.state.in_(HOLDS_A_PLACE),
        Registration.companion_of_id.is_(None),
    )
    return session.scalar(held) or 0


def keep_answers(session: Session, event: Event, registration: Registration, answers: Mapping[str, str]) -> None:
    """Only answers to questions that this event asks are kept, and only those that say something. What was answered to
    one that is retired stays as it is."""
    asked = [question.key for question in questions_asked(session, event)]
    session.execute(delete(Answer).where(Answer.registration_id == registration.id, Answer.question.in_(asked)))
    for key in asked:
        if words := answers.get(key, "").strip():
            session.add(Answer(registration=registration, question=key, words=words))
    session.flush()
