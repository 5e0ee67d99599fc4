"""Finding participants, their places and their answers."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from hackathon.adapters.calendar import Method
from hackathon.adapters.mail import Letter
from hackathon.core.errors import NotFound
from hackathon.events.models import Activity, Event, Place, Stage
from hackathon.events.queries import RESCHEDULED
from hackathon.participants.models import (
    HAS_ENDED,
    Answer,
    Participant,
    Places,
    Registration,
    RegistrationQuestion,
    RegistrationState,
)

HAS_NOT_COME = or_(
    Registration.checked_in_at.is_(None), Registration.event.has(Event.rehearsal_since <= Registration.checked_in_at)
)
"""`Registration.has_come` turned round, for the database: whoever is checked in to practise has not come."""
IS_IN_LINE = and_(
    Registration.state == RegistrationState.WAITING,
    Registration.attending == Place.ROOM,
    Registration.companion_of_id.is_(None),
    HAS_NOT_COME,
    Registration.checked_in_at.is_distinct_from(Registration.registered_at),
)
"""The same for `Registration.is_in_line`."""


def participant_by_token(session: Session, token: str) -> Participant:
    """The person behind a personal link."""
    participant = session.scalar(
        select(Participant).where(Participant.token == token).options(joinedload(Participant.event))
    )
    if participant is None:
        raise NotFound
    return participant


def participant_in(session: Session, event: Event, token: str | None) -> Participant:
    """The person behind a personal link, as long as it is a link of this event."""
    participant = participant_by_token(session, token or "")
    if participant.event_id != event.id:
        raise NotFound
    return participant


def person_behind(session: Session, event: Event, token: str | None) -> Participant | None:
    """Whoever opened their link of this event on this phone, if anybody has."""
    try:
        return participant_in(session, event, token) if token else None
    except NotFound:
        return None


def participant_by_email(session: Session, event: Event, email: str) -> Participant | None:
    """The person with this address, however it is written. Whoever asks in order to change them waits their turn."""
    return session.scalar(
        select(Participant)
        .where(Participant.event_id == event.id, Participant.email_key == email.strip().casefold())
        .with_for_update()
    )


def registration_of(session: Session, participant: Participant) -> Registration | None:
    return session.scalar(select(Registration).where(Registration.participant_id == participant.id))


def registration_behind(session: Session, token: str) -> Registration:
    """The registration behind a personal link, at an event that people can see."""
    participant = participant_by_token(session, token)
    registration = registration_of(session, participant)
    if registration is None or not participant.event.is_published:
        raise NotFound
    return registration


def successor_of(session: Session, registration: Registration) -> Registration | None:
    """What somebody holds or waits for at another event of the series, in place of this registration: from outside they
    take part there besides it, and once the day there is over it takes nothing from it."""
    there = (
        select(Registration)
        .where(Registration.moves_from_id == registration.id, Registration.state.not_in(HAS_ENDED))
        .options(joinedload(Registration.event), joinedload(Registration.participant))
        .order_by(Registration.id.desc())
        .limit(1)
    )
    if not registration.has_ended:
        still_to_come = Registration.event.has(Event.stage != Stage.AFTER)
        there = there.where(Registration.attending == Place.ROOM, still_to_come)
    return session.scalar(there)


def moved_from(session: Session, event: Event) -> Mapping[int, Event]:
    """Where those are now who gave up a registration here for another place of the series, by its id."""
    left = aliased(Registration)
    there = (
        select(left.id, Event)
        .select_from(Registration)
        .join(left, Registration.moves_from_id == left.id)
        .join(Event, Registration.event_id == Event.id)
        .where(left.event_id == event.id, left.state.in_(HAS_ENDED), Registration.state.not_in(HAS_ENDED))
        .order_by(Registration.id)
    )
    return dict(session.execute(there).all())


def moved_between(session: Session, registration: Registration) -> Sequence[Registration]:
    """What somebody is or was registered for at other events, because they moved from there or to there."""
    moved = or_(Registration.moves_from_id == registration.id, Registration.id == registration.moves_from_id)
    return session.scalars(
        select(Registration)
        .where(moved)
        .options(joinedload(Registration.event), joinedload(Registration.participant))
        .order_by(Registration.id)
    ).all()


def registration_by_id(session: Session, event: Event, registration_id: int) -> Registration:
    registration = session.get(Registration, registration_id)
    if registration is None or registration.event_id != event.id:
        raise NotFound
    return registration


def registrations_of(session: Session, event: Event) -> Sequence[Registration]:
    """Everybody who registered, by name."""
    return session.scalars(
        select(Registration)
        .join(Registration.participant)
        .where(Registration.event_id == event.id)
        .options(contains_eager(Registration.participant))
        .order_by(func.lower(Participant.name), Registration.id)
    ).all()


def applied_in_order(session: Session, event: Event) -> Sequence[Registration]:
    """Who waits for a decision, the first who came first. A companion goes with whom they support."""
    return session.scalars(
        select(Registration)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.APPLIED,
            Registration.attending == Place.ROOM,
            Registration.companion_of_id.is_(None),
        )
        .options(joinedload(Registration.participant))
        .order_by(Registration.registered_at, Registration.id)
    ).all()


def waiting_in_order(session: Session, event: Event) -> Sequence[Registration]:
    """Who waits for a place in the room: in the order of the ballot where there was one, and then the first who came
    first. A companion waits with whom they support; whoever has come all the same waits no more."""
    return session.scalars(_in_line(event)).all()


def first_in_line(session: Session, event: Event) -> Registration | None:
    return session.scalar(_in_line(event).limit(1))


def _in_line(event: Event) -> Select[Registration]:
    return (
        select(Registration)
        .where(Registration.event_id == event.id, IS_IN_LINE)
        .options(joinedload(Registration.participant))
        .order_by(Registration.lot.is_(None), Registration.lot, Registration.registered_at, Registration.id)
    )


def companions_of(session: Session, registration: Registration) -> Sequence[Registration]:
    """Who comes to support this person."""
    return session.scalars(
        select(Registration)
        .where(Registration.companion_of_id == registration.id)
        .options(joinedload(Registration.participant))
        .order_by(Registration.id)
    ).all()


def people_here(session: Session, event: Event) -> int:
    """How many people have come through the door."""
    here = select(func.count()).where(Registration.event_id == event.id, Registration.checked_in_at.is_not(None))
    return session.scalar(here) or 0


def places_of(session: Session, event: Event) -> Places | None:
    return session.scalar(select(Places).where(Places.event_id == event.id))


def earlier_days(session: Session, event: Event) -> Sequence[tuple[int, int]]:
    """For each earlier event here that is over: how many had a place in the room on the day, and how many came."""
    earlier = (
        Event.id != event.id,
        Event.held_on < event.held_on,
        Event.stage == Stage.AFTER,
        Event.is_sample.is_(False),
    )
    counted = confirmed_and_came().join(Registration.event).where(*earlier).group_by(Registration.event_id)
    closed = select(Places.confirmed, Places.came).join(Places.event).where(*earlier, Places.confirmed > 0)
    rows = [
        *session.execute(counted.order_by(Registration.event_id)),
        *session.execute(closed.order_by(Places.event_id)),
    ]
    return [(confirmed, came) for confirmed, came in rows]


def confirmed_and_came() -> Select[int, int]:
    """How many had a place in the room on the day, and how many of them came."""
    return select(func.count(), func.count(Registration.checked_in_at)).where(
        Registration.attending == Place.ROOM, Registration.state == RegistrationState.CONFIRMED
    )


def questions_of(session: Session, event: Event) -> Sequence[RegistrationQuestion]:
    """What the event's registration form asks, or asked once, beyond a name and an address."""
    return session.scalars(
        select(RegistrationQuestion)
        .where(RegistrationQuestion.event_id == event.id)
        .options(joinedload(RegistrationQuestion.event))
        .order_by(RegistrationQuestion.position)
    ).all()


def questions_asked(session: Session, event: Event) -> Sequence[RegistrationQuestion]:
    """What the form asks now."""
    return [question for question in questions_of(session, event) if question.retired_at is None]


def answers_of(session: Session, event: Event, questions: Sequence[str]) -> Mapping[int, Mapping[str, str]]:
    """What people answered to these questions: registration id, then question, then words."""
    rows = session.execute(
        select(Answer.registration_id, Answer.question, Answer.words)
        .join(Answer.registration)
        .where(Registration.event_id == event.id, Answer.question.in_(questions))
        .order_by(Answer.id)
    )
    answers: dict[int, dict[str, str]] = {}
    for registration_id, question, words in rows:
        answers.setdefault(registration_id, {})[question] = words
    return answers


def answers_of_registration(session: Session, registration: Registration) -> Mapping[str, str]:
    """What one person answered, by the question."""
    rows = session.execute(select(Answer.question, Answer.words).where(Answer.registration_id == registration.id))
    return dict(rows.all())


def edition_of(session: Session, registration: Registration) -> int:
    """How often the day or this person's place has changed: calendars take a higher number over a lower one."""
    own = and_(Activity.subject_id == registration.id, Activity.kind.like("person.%"))
    lines = select(func.count()).where(
        Activity.event_id == registration.event_id, or_(own, Activity.kind == RESCHEDULED)
    )
    return session.scalar(lines) or 0


def appointment_held(session: Session, event: Event, key: str) -> Method | None:
    """How the last letter with an appointment to this address put the day into a calendar; None where it is in none."""
    sent = select(Letter.calendar_method).where(
        Letter.event_id == event.id, Letter.address_key == key, Letter.calendar_method.is_not(None)
    )
    method = session.scalar(sent.order_by(Letter.id.desc()).limit(1))
    return None if method is Method.CANCEL else method
