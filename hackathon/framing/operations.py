"""Trying the question, promising, declaring who could take part, and publishing: all before anybody is invited."""

from datetime import date

from sqlalchemy.orm import Session

from hackathon.core.clock import today
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import record
from hackathon.framing.models import DeclaredBase, OutsideCall, Promise, Trial
from hackathon.framing.queries import base_of, outside_call_of, promise_of

EXPECTED = "The people expected in the room when the event was published"


class NotReady(Refusal):
    """Something that people are owed before an event is published is missing."""


def try_question(
    session: Session, event: Event, *, wording: str, is_clear: bool, is_answerable: bool, is_open: bool, said: str
) -> Trial:
    """Keep what a stranger made of the words that they read, which are not asked any more where they changed since."""
    if event.is_published:
        raise Refusal("The event is published, so its question is not tried any more. Thank you all the same.")
    if wording != event.question:
        raise Refusal("The question was changed while you read it. It stands below as it is now.", "is_clear")
    trial = Trial(
        event=event, wording=wording, is_clear=is_clear, is_answerable=is_answerable, is_open=is_open, said=said
    )
    session.add(trial)
    session.flush()
    record(session, event, "question.tried", actor="a tester", subject_id=trial.id)
    return trial


def make_promise(
    session: Session,
    event: Event,
    *,
    sponsor_name: str,
    sponsor_role: str,
    words: str,
    made_on: date | None,
    owner_name: str,
    actor: str,
) -> Promise:
    """Write down what the sponsor promises and who sees it through. A draft may leave the owner open."""
    if event.is_published and not owner_name:
        raise NotReady("People have seen this event, so somebody must own the follow-through.", "owner_name")
    promise = promise_of(session, event) or Promise(event=event)
    promise.sponsor_name, promise.sponsor_role, promise.words = sponsor_name, sponsor_role, words
    promise.made_on, promise.owner_name = made_on, owner_name
    session.add(promise)
    session.flush()
    record(session, event, "promise.made", actor=actor, subject_id=promise.id)
    return promise


def name_people(
    session: Session, event: Event, *, sponsor_name: str = "", owner_name: str = "", actor: str
) -> Promise | None:
    """Write down who asks and who sees it through, as far as they are known. The sponsor's own words come later."""
    promise = promise_of(session, event)
    if not (sponsor_name or owner_name):
        return promise
    promise = promise or Promise(event=event, sponsor_name="", owner_name="")
    promise.sponsor_name = sponsor_name or promise.sponsor_name
    promise.owner_name = owner_name or promise.owner_name
    session.add(promise)
    session.flush()
    record(session, event, "promise.made", actor=actor, subject_id=promise.id)
    return promise


def declare_base(
    session: Session,
    event: Event,
    *,
    room: int,
    outside: int,
    source: str,
    declared_by: str,
    declared_on: date,
    actor: str,
    room_note: str = "",
    outside_note: str = "",
) -> DeclaredBase:
    """Say how many people could have taken part, in the room and outside, who counted, and from what."""
    if room + outside == 0:
        raise Refusal("Nobody at all could take part in that event. Write how many people could.", "room")
    base = base_of(session, event) or DeclaredBase(event=event)
    base.total = room + outside
    base.parts = [
        {"name": Place.ROOM.value, "number": room, "note": room_note},
        {"name": Place.OUTSIDE.value, "number": outside, "note": outside_note},
    ]
    base.source, base.declared_by, base.declared_on = source, declared_by, declared_on
    session.add(base)
    session.flush()
    record(session, event, "base.declared", actor=actor, subject_id=base.id, total=base.total)
    return base


def call_outside(
    session: Session,
    event: Event,
    *,
    invited: int,
    actor: str,
    bounced: int = 0,
    survey_opened: date | None = None,
    survey_closed: date | None = None,
    source: str = "",
    declared_on: date | None = None,
) -> OutsideCall:
    """Write down how many people outside the room were invited, and when their survey was open."""
    if bounced > invited:
        raise Refusal("More invitations came back than were sent.", "bounced")
    if survey_opened and survey_closed and survey_closed < survey_opened:
        raise Refusal("The survey must close after it opens.", "survey_closed")
    call = outside_call_of(session, event) or OutsideCall(event=event)
    call.invited, call.bounced = invited, bounced
    call.survey_opened, call.survey_closed = survey_opened, survey_closed
    call.source, call.declared_on = source, declared_on
    session.add(call)
    session.flush()
    record(session, event, "outside.called", actor=actor, subject_id=call.id, invited=invited)
    return call


def who_is_missing(promise: Promise | None) -> list[NotReady]:
    """Each of those who must be named before an event is published, and is not."""
    missing = []
    if promise is None or not promise.sponsor_name:
        missing.append(NotReady("Name the sponsor first.", "sponsor_name"))
    if promise is None or not promise.owner_name:
        missing.append(NotReady("Name the follow-through owner first.", "owner_name"))
    return missing


def publish_event(session: Session, event: Event, *, actor: str) -> Event:
    """Open a draft to everybody. Nobody is asked for their time before somebody has promised theirs.

    Where no base was declared, it is the people expected in the room.
    """
    if event.is_published:
        raise Refusal("This event is published already.")
    for missing in who_is_missing(promise_of(session, event)):
        raise missing
    if base_of(session, event) is None:
        declare_base(
            session,
            event,
            room=event.expected_people,
            outside=0,
            source=EXPECTED,
            declared_by=actor,
            declared_on=today(event.timezone),
            actor=actor,
        )
    event.stage = Stage.BEFORE
    session.flush()
    record(session, event, "event.published", actor=actor)
    return event
