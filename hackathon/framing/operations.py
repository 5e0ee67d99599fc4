"""Promising, declaring who could take part, and publishing: what comes before anybody is invited."""

from datetime import date

from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import record
from hackathon.framing.models import DeclaredBase, OutsideCall, Promise
from hackathon.framing.queries import base_of, outside_call_of, promise_of


class NotReady(Refusal):
    """Something that people are owed before an event is published is missing."""


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
) -> OutsideCall:
    """Write down how many people outside the room were invited, and when their survey was open."""
    if bounced > invited:
        raise Refusal("More invitations came back than were sent.", "bounced")
    if survey_opened and survey_closed and survey_closed < survey_opened:
        raise Refusal("The survey must close after it opens.", "survey_closed")
    call = outside_call_of(session, event) or OutsideCall(event=event)
    call.invited, call.bounced = invited, bounced
    call.survey_opened, call.survey_closed = survey_opened, survey_closed
    session.add(call)
    session.flush()
    record(session, event, "outside.called", actor=actor, subject_id=call.id, invited=invited)
    return call


def publish_event(session: Session, event: Event, *, actor: str) -> Event:
    """Open a draft to everybody. Nobody is asked for their time before somebody has promised theirs."""
    if event.is_published:
        raise Refusal("This event is published already.")
    promise = promise_of(session, event)
    if promise is None or not promise.owner_name:
        raise NotReady("Name the follow-through owner first: the person who will see the promise kept.", "owner_name")
    if base_of(session, event) is None:
        raise NotReady("Declare the base first: how many people could take part, and how you know.", "room")
    event.stage = Stage.BEFORE
    session.flush()
    record(session, event, "event.published", actor=actor)
    return event
