"""What goes along when somebody moves to another event, what is asked there anew, and which moves are to be ended."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from hackathon.events.models import Event, Place, Stage
from hackathon.events.queries import published_in
from hackathon.participants.models import (
    HAS_ENDED,
    PHOTO_CONSENT,
    Participant,
    QuestionType,
    Registration,
    RegistrationQuestion,
    RegistrationState,
)
from hackathon.participants.queries import (
    HAS_NOT_COME,
    answers_of_registration,
    first_in_line,
    places_of,
    questions_asked,
    questions_of,
)


def elsewhere(session: Session, event: Event) -> Sequence[Event]:
    """The other events of the series, in the order of their days."""
    return [each for each in published_in(session, event.series) if each.id != event.id] if event.series else []


def answers_that_fit(session: Session, registration: Registration, to: Event) -> Mapping[str, str]:
    """What somebody answered to questions that are asked there as well: under the same key, in the same way. Whether
    they may be photographed goes along whatever the question is called: a no must not become a perhaps."""
    answers = answers_of_registration(session, registration)
    questions = questions_of(session, registration.event)
    here = {question.key: question.type for question in questions}
    of_photos = next((each.key for each in questions if each.purpose == PHOTO_CONSENT and each.key in answers), "")
    found: dict[str, str] = {}
    for question in questions_asked(session, to):
        key = of_photos if question.purpose == PHOTO_CONSENT and question.key not in answers else question.key
        if key in answers and here.get(key) is question.type and _takes(question, answers[key]):
            found[question.key] = answers[key]
    return found


def _takes(question: RegistrationQuestion, words: str) -> bool:
    return question.type is not QuestionType.CHOICE or words in question.options


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
            HAS_NOT_COME,
            Participant.email.is_not(None),
        )
        .options(joinedload(Registration.participant))
        .order_by(Registration.id)
    ).all()


def moves_to_end(session: Session) -> Sequence[Registration]:
    """Who holds a place for good, and still keeps the one that they moved away from.

    Coming through the door ends nothing: it may be a slip, or an address that somebody else typed.
    """
    left = aliased(Registration)
    settled = session.scalars(
        select(Registration)
        .join(left, Registration.moves_from_id == left.id)
        .join(Registration.event)
        .where(
            Registration.state == RegistrationState.CONFIRMED,
            Registration.attending == Place.ROOM,
            left.state.not_in(HAS_ENDED),
            Event.rehearsal_since.is_(None),
        )
        .options(joinedload(Registration.event), joinedload(Registration.moves_from))
        .order_by(Registration.id)
    )
    return [one for one in settled if one.kept_meanwhile]


def ring_of(session: Session, there: Registration) -> Sequence[Registration]:
    """Who could change places in a ring, beginning with this person: each is the first to wait where the one before
    keeps a place, and the last keeps one where this person waits. None of those places would become free while all keep
    theirs. Nobody is in it who could lose on the way: where a place is first offered, they wait.

    Every place points to whoever is first in line for it, and they to the one place that they would leave, so from
    anywhere there is one way to go, and rings have nobody in common: in whatever order they are let change, the outcome
    is the same. These are the top trading cycles of David Gale, in Shapley and Scarf, "On cores and indivisibility",
    Journal of Mathematical Economics 1 (1974), 23-37.
    """
    ring = [there]
    while (kept := ring[-1].kept_meanwhile) is not None and kept.holds_place and not _offers(session, kept.event):
        after = first_in_line(session, kept.event)
        if after is None or after in ring:
            return ring if after is there else []
        ring.append(after)
    return []


def _offers(session: Session, event: Event) -> bool:
    places = places_of(session, event)
    return places is not None and places.claim_hours > 0


def changes_due(session: Session) -> Sequence[Registration]:
    """Who could change places in a ring, since those who waited before them wait no more: who has waited longest comes
    first."""
    with_a_move = select(Registration.event_id).where(
        Registration.state == RegistrationState.WAITING, Registration.moves_from_id.is_not(None)
    )
    still_to_come = select(Event).where(Event.id.in_(with_a_move), Event.stage != Stage.AFTER).order_by(Event.id)
    first = [first_in_line(session, event) for event in session.scalars(still_to_come).all()]
    in_rings = [one for one in first if one is not None and ring_of(session, one)]
    return sorted(in_rings, key=lambda one: (one.registered_at, one.id))
