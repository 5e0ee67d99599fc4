"""Working through what people need, and keeping what they say about photographs."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hackathon.badges.document import Photos
from hackathon.core.clock import local, today
from hackathon.core.errors import Refusal
from hackathon.core.rows import put
from hackathon.events.models import Event
from hackathon.events.operations import record
from hackathon.needs.models import AccessNeed, FreedBooking, LeadTime, NeedKind, NeedState
from hackathon.needs.queries import needs_for, unlisted_needs, words_behind
from hackathon.participants.models import Answer, Registration, RegistrationQuestion


def list_needs(session: Session, event: Event, *, actor: str) -> int:
    """Put onto the access list what people's answers take and no line says yet. How many lines came is returned."""
    missing = unlisted_needs(session, event)
    session.add_all(
        AccessNeed(registration_id=registration_id, question=question, read_as=kind, kind=kind)
        for registration_id, question, kind in missing
    )
    if missing:
        record(session, event, "need.listed", actor=actor, number=len(missing))
    return len(missing)


def keep_need(
    session: Session,
    need: AccessNeed,
    *,
    kind: NeedKind,
    state: NeedState,
    note: str,
    actor: str,
    booked_with: str = "",
) -> None:
    """Say how far it has come. The log says that, and neither what it is nor the note."""
    if state is NeedState.NOT_POSSIBLE and not note:
        raise Refusal("Say why it is not possible, and what there is instead.", "note")
    if (name := need.registration.participant.name) and name.casefold() in booked_with.casefold():
        raise Refusal(
            "Leave the person’s name out here: this outlives them on the list. The note may hold it.", "booked_with"
        )
    need.kind, need.state, need.note, need.booked_with = kind, state, note, booked_with
    need.booked_on = (need.booked_on or today(need.registration.event.timezone)) if state.is_arranged else None
    need.said = words_behind(session, need)
    session.flush()
    event = need.registration.event
    record(session, event, "need.kept", actor=actor, subject_id=need.id, state=state.value.replace("-", " "))


def free_bookings(session: Session, registration: Registration, *, at: datetime) -> None:
    """Somebody is erased, and what was booked for them must be called off: the list keeps that, and not for whom.

    After the day there is nothing to call off any more.
    """
    for need in needs_for(session, registration) if registration.event.ends_at > at else ():
        if need.state.is_arranged:
            freed = FreedBooking(
                event_id=registration.event_id,
                kind=need.kind,
                booked_with=need.booked_with,
                booked_on=need.booked_on,
            )
            session.add(freed)
    session.flush()


def call_off(session: Session, event: Event, booked: AccessNeed | FreedBooking, *, actor: str) -> None:
    """What nobody needs any more is called off, so the list forgets it. The line of somebody who is here stays."""
    if isinstance(booked, AccessNeed):
        booked.state, booked.booked_with, booked.booked_on = NeedState.NOTHING, "", None
    else:
        session.delete(booked)
    session.flush()
    record(session, event, "need.called_off", actor=actor, subject_id=booked.id, state="called off")


def split_need(session: Session, need: AccessNeed, *, actor: str) -> AccessNeed:
    """The same answer takes one thing more."""
    further = AccessNeed(registration=need.registration, question=need.question, read_as=None, kind=NeedKind.OTHER)
    session.add(further)
    session.flush()
    record(session, need.registration.event, "need.added", actor=actor, subject_id=further.id)
    return further


def set_lead_times(
    session: Session,
    event: Event,
    *,
    interpreter: int,
    captions: int,
    loop: int,
    step_free: int,
    other: int,
    actor: str,
) -> None:
    """Say how many days before the day each kind of need must be booked."""
    days = {
        NeedKind.INTERPRETER: interpreter,
        NeedKind.CAPTIONS: captions,
        NeedKind.LOOP: loop,
        NeedKind.STEP_FREE: step_free,
        NeedKind.OTHER: other,
    }
    rows = [{"event_id": event.id, "kind": kind, "days": number} for kind, number in days.items()]
    put(session, LeadTime, rows, key=("event_id", "kind"), change=("days",))
    record(session, event, "need.lead_times_set", actor=actor)


def forget_access_needs(session: Session, *, at: datetime) -> None:
    """Lines go with the answers that they come from, on the day that the privacy notice names. What somebody took back
    before that day is forgotten at once; the line stays, so that what was booked is called off.
    """
    for question in session.scalars(select(RegistrationQuestion).where(RegistrationQuestion.keep_days.is_not(None))):
        event = question.event
        if question.deleted_on and question.deleted_on <= local(at, event.timezone).date():
            of_event = select(Registration.id).where(Registration.event_id == event.id)
            session.execute(
                delete(AccessNeed).where(AccessNeed.question == question.key, AccessNeed.registration_id.in_(of_event))
            )
    answered = (
        select(Answer.id)
        .where(Answer.registration_id == AccessNeed.registration_id, Answer.question == AccessNeed.question)
        .exists()
    )
    session.execute(update(AccessNeed).where(AccessNeed.said != "", ~answered).values(said=""))
    session.flush()


def note_photos(
    session: Session, registration: Registration, question: RegistrationQuestion, *, choice: Photos, actor: str
) -> None:
    """Keep what somebody says about photographs, in place of what they said before."""
    session.execute(delete(Answer).where(Answer.registration_id == registration.id, Answer.question == question.key))
    if choice is not Photos.ASK:
        session.add(Answer(registration=registration, question=question.key, words=choice.value))
    session.flush()
    record(session, registration.event, "photos.noted", actor=actor, subject_id=registration.id, choice=choice.value)
