"""What goes along when somebody moves to another event, what is asked there anew, and which moves are to be ended."""

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from hackathon.core.clock import now
from hackathon.events.models import Event, Place, Stage
from hackathon.events.queries import published_in
from hackathon.participants.models import (
    HAS_ENDED,
    Participant,
    QuestionType,
    Registration,
    RegistrationQuestion,
    RegistrationState,
)
from hackathon.participants.queries import (
    answers_of_registration,
    places_of,
    questions_asked,
    questions_of,
    waiting_in_order,
)


def elsewhere(session: Session, event: Event) -> Sequence[Event]:
    """The other events of the series, in the order of their days."""
    return [each for each in published_in(session, event.series) if each.id != event.id] if event.series else []


def answers_that_fit(session: Session, registration: Registration, to: Event) -> Mapping[str, str]:
    """What somebody answered to questions that are asked there as well: under the same key, in the same way."""
    answers = answers_of_registration(session, registration)
    here = {question.key: question.type for question in questions_of(session, registration.event)}
    return {
        question.key: answers[question.key]
        for question in questions_asked(session, to)
        if question.key in answers and here.get(question.key) is question.type and _takes(question, answers)
    }


def _takes(question: RegistrationQuestion, answers: Mapping[str, str]) -> bool:
    return question.type is not QuestionType.CHOICE or answers[question.key] in question.options


def asked_anew(session: Session, registration: Registration) -> Sequence[RegistrationQuestion]:
    """What an event asks that was not asked where somebody comes from, or that they could answer otherwise there."""
    if registration.moves_from is None:
        return []
    known = {(q.key, q.type) for q in questions_of(session, registration.moves_from.event)}
    answers = answers_of_registration(session, registration)
    asked = questions_asked(session, registration.event)
    return [q for q in asked if q.key not in answers and (q.key, q.type) not in known]


def booked_along(session: Session, registration: Registration) -> Sequence[Registration]:
    """Who was registered by this person, holds or waits for a place, and can be written to."""
    return session.scalars(
        select(Registration)
        .join(Registration.participant)
        .where(
            Registration.booked_by_id == registration.participant_id,
            Registration.event_id == registration.event_id,
            Registration.id != registration.id,
            Registration.state.not_in(HAS_ENDED),
            Registration.companion_of_id.is_(None),
            Registration.checked_in_at.is_(None),
            Participant.email.is_not(None),
        )
        .options(joinedload(Registration.participant))
        .order_by(Registration.id)
    ).all()


def moves_to_end(session: Session) -> Sequence[Registration]:
    """Who holds a place for good, or came to a day that is over, and still keeps the one that they moved away from.

    While the day is on, coming through the door ends nothing: it may be a slip, or an address that somebody else typed.
    """
    left = aliased(Registration)
    has_a_place = and_(Registration.state == RegistrationState.CONFIRMED, Registration.attending == Place.ROOM)
    settled = session.scalars(
        select(Registration)
        .join(left, Registration.moves_from_id == left.id)
        .join(Registration.event)
        .where(
            or_(has_a_place, Registration.checked_in_at.is_not(None)),
            left.state.not_in(HAS_ENDED),
            Event.rehearsal_since.is_(None),
        )
        .options(joinedload(Registration.event), joinedload(Registration.moves_from))
        .order_by(Registration.id)
    )
    return [one for one in settled if one.kept_meanwhile and (not one.checked_in_at or one.event.ends_at <= now())]


def may_change_places(session: Session, there: Registration) -> bool:
    """Whether two wait for each other's places, and nobody before them: neither place would become free while both keep
    theirs. Where a place is first offered, it could be lost on the way, so they wait."""
    if (kept := there.kept_meanwhile) is None:
        return False
    events = kept.event, there.event
    other, first = (next(iter(waiting_in_order(session, event)), None) for event in events)
    if first is not there or other is None or (theirs := other.kept_meanwhile) is None:
        return False
    if theirs.event_id != there.event_id or not (kept.holds_place and theirs.holds_place):
        return False
    return not any(places.claim_hours for event in events if (places := places_of(session, event)) is not None)


def changes_due(session: Session) -> Sequence[Registration]:
    """Who could change places with somebody, since those who waited before them wait no more."""
    with_a_move = select(Registration.event_id).where(
        Registration.state == RegistrationState.WAITING, Registration.moves_from_id.is_not(None)
    )
    still_to_come = select(Event).where(Event.id.in_(with_a_move), Event.stage != Stage.AFTER).order_by(Event.id)
    events = session.scalars(still_to_come).all()
    first_in_line = [waiting[0] for event in events if (waiting := waiting_in_order(session, event))]
    return [registration for registration in first_in_line if may_change_places(session, registration)]
