"""Setting the day on which an event is closed, and closing it: all of it at once, or nothing."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from hackathon.adapters.full_text import forget_deleted_words
from hackathon.adapters.jobs import forget_files
from hackathon.closing.document import ABOUT_PEOPLE, GOES, LATEST
from hackathon.closing.queries import (
    CLOSED,
    count_what_goes,
    count_what_stays,
    digest_of_certificate,
    events_closed,
    what_goes,
    why_not_to_be_closed,
)
from hackathon.core.clock import local, spoken_date
from hackathon.core.db import overwrite_what_is_deleted
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import freeze_figures, move_to, record, take_turns
from hackathon.figures.operations import keep_figures
from hackathon.participants.models import Registration
from hackathon.participants.queries import confirmed_and_came, places_of
from hackathon.privacy.models import Certificate
from hackathon.statements.operations import close_round
from hackathon.votes.queries import round_of, turnout_of


class NotToBeClosed(Refusal):
    """An event cannot be closed now."""


def set_closing_day(session: Session, event: Event, *, on: date, at: datetime, actor: str) -> Event:
    """Say on which day an event is closed, when it is over. It moves with the event's own day.

    Once people may have read a day it can come earlier, and not later: they left their names until then.
    """
    _refuse_closed(event)
    days = (on - event.held_on).days
    if not 1 <= days <= LATEST:
        raise Refusal("Choose a day after the event, and at most a year later.", "on")
    if on < local(at, event.timezone).date():
        raise Refusal("That day is over. Choose today or a later day.", "on")
    told = event.closes_on
    if event.is_published and told is not None and on > told:
        raise Refusal(f"People have been told {spoken_date(told)}. It can be earlier, and not later.", "on")
    event.closes_after = days
    session.flush()
    record(session, event, "event.closing_set", actor=actor, on=on.isoformat())
    return event


def close_by_hand(session: Session, event: Event, *, typed: str, at: datetime, papers: Path, actor: str) -> Certificate:
    """Close an event before its day. Whoever does has typed its code: this cannot be taken back."""
    _refuse_closed(event)
    if typed.strip().upper() != event.code:
        raise Refusal(f"Type {event.code} to close this event.", "typed")
    if why := why_not_to_be_closed(session, event, at=at):
        raise NotToBeClosed(why, "typed")
    return close_event(session, event, at=at, papers=papers, actor=actor)


def close_event(session: Session, event: Event, *, at: datetime, papers: Path, actor: str) -> Certificate:
    """Forget an event's people for good. What they said, the figures and the decisions stay as they were.

    Whatever still runs ends first, so that the figures which are kept are the last ones.
    """
    take_turns(session, event)
    session.refresh(event)
    _refuse_closed(event)
    if event.is_rehearsing:
        raise NotToBeClosed("A rehearsal is on. End it first.", "typed")
    _end_what_runs(session, event, at=at, actor=actor)
    keep_figures(session, event, at=at)
    _keep_numbers(session, event)
    overwrite_what_is_deleted(session)
    papers_made = count_what_goes(session, event, at=at)["papers"]
    forget_files(session, event.id, papers)
    gone = forget(session, event, GOES, at=at) | {"papers": papers_made}
    event.closed_at = at
    session.flush()
    forget_deleted_words(session)
    return _certify(session, event, gone, at=at, actor=actor)


def _refuse_closed(event: Event) -> None:
    if event.is_closed:
        raise NotToBeClosed("This event is closed already.")


def _end_what_runs(session: Session, event: Event, *, at: datetime, actor: str) -> None:
    if event.stage is not Stage.AFTER:
        move_to(session, event, stage=Stage.AFTER, actor=actor)
    voting = round_of(session, event)
    if voting is not None and voting.is_open:
        close_round(session, event, actor=actor, at=at)
    if event.figures_frozen_at is None:
        freeze_figures(session, event, at=at, actor=actor)


def _keep_numbers(session: Session, event: Event) -> None:
    """What other pages count from people: how many could vote in the room, and how many came of those expected."""
    voting, turnout = round_of(session, event), turnout_of(session, event)
    if voting is not None and voting.entitled_room is None:
        voting.entitled_room, voting.entitled_note = turnout.entitled[Place.ROOM], turnout.note
    if (places := places_of(session, event)) is not None:
        of_event = confirmed_and_came().where(Registration.event_id == event.id)
        places.confirmed, places.came = session.execute(of_event).one()
        places.taken = 0
    session.flush()


def forget(session: Session, event: Event, kinds: Collection[str], *, at: datetime) -> dict[str, int]:
    """Let go of all rows of these kinds, and say how many there were of each."""
    gone: Counter[str] = Counter(dict.fromkeys(kinds, 0))
    session.flush()
    for going in what_goes(event, at=at):
        if going.kind in kinds:
            change = delete(going.table) if going.without is None else update(going.table).values(going.without)
            done = session.execute(change.where(*going.where), execution_options={"synchronize_session": False})
            gone[going.kind] += done.rowcount  # type: ignore[attr-defined]  # a change has one - SQLAlchemy types the general result
    session.expire_all()
    return dict(gone)


def forget_what_was_due(session: Session, *, at: datetime) -> None:
    """In closed events, let letters go once they have left, and with reminders the words of what they reminded of.

    What somebody was sending at the very moment of closing may have arrived behind it: that goes as well.
    """
    overwrite_what_is_deleted(session)
    for event in events_closed(session):
        forget(session, event, ("letters", "commitments", *ABOUT_PEOPLE), at=at)


def _certify(session: Session, event: Event, gone: dict[str, int], *, at: datetime, actor: str) -> Certificate:
    certificate = Certificate(
        event=event, erased=gone, stays=count_what_stays(session, event, at=at), closed_by=actor, made_at=at
    )
    session.add(certificate)
    session.flush()
    certificate.digest = digest_of_certificate(certificate)
    session.flush()
    record(session, event, CLOSED, actor=actor, subject_id=certificate.id, digest=certificate.digest)
    return certificate
