"""Finding events, and who may do what in them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.batch import read_once
from hackathon.core.clock import now
from hackathon.core.codes import may_be_code
from hackathon.core.errors import NotFound
from hackathon.events.models import Act, Activity, Event, Membership, Series, Stage
from hackathon.staff.models import Account, Role

JUST_NOW = timedelta(seconds=2)
MOVED, PUT_BACK = "event.moved", "rehearsal.ended"
"""The kinds of line that say where the event went: on, or back to where it was before a rehearsal."""
REHEARSED = "rehearsal.started"
RESCHEDULED = "event.rescheduled"
ANSWERED = ("insight.shared", "insight.held")


def event_by_code(session: Session, code: str) -> Event:
    """The event behind a code, drafts included: for staff, whose door has been checked."""
    event = session.scalar(select(Event).where(Event.code == code.upper())) if may_be_code(code) else None
    if event is None:
        raise NotFound
    return event


def published_event(session: Session, code: str) -> Event:
    """The event behind a code, for everybody: a draft is not there."""
    event = event_by_code(session, code)
    if not event.is_published:
        raise NotFound
    return event


def event_by_slug(session: Session, slug: str) -> Event | None:
    return session.scalar(select(Event).where(Event.slug == slug))


def all_events(session: Session) -> Sequence[Event]:
    return session.scalars(select(Event).order_by(Event.held_on.desc(), Event.id.desc())).all()


def published_events(session: Session) -> Sequence[Event]:
    """The events that the front page lists, the newest first."""
    return session.scalars(
        select(Event)
        .where(Event.stage != Stage.DRAFT)
        .options(joinedload(Event.series))
        .order_by(Event.held_on.desc(), Event.id.desc())
    ).all()


def events_of(session: Session, account_id: int) -> Sequence[Event]:
    """The events in which this account has a role, the newest first."""
    mine = select(Membership.event_id).where(Membership.account_id == account_id)
    return session.scalars(
        select(Event).where(Event.id.in_(mine)).order_by(Event.held_on.desc(), Event.id.desc())
    ).all()


def series_by_code(session: Session, code: str) -> Series:
    """The series behind a code."""
    series = session.scalar(select(Series).where(Series.code == code.upper())) if may_be_code(code) else None
    if series is None:
        raise NotFound
    return series


def published_series(session: Session, code: str) -> Series:
    """The series behind a code, for everybody: without a published event it is not there."""
    series = series_by_code(session, code)
    if not published_in(session, series):
        raise NotFound
    return series


def events_in(session: Session, series: Series) -> Sequence[Event]:
    """The events of a series in the order of their days, drafts included."""
    return session.scalars(
        select(Event).where(Event.series_id == series.id).order_by(Event.held_on, Event.starts, Event.id)
    ).all()


def published_in(session: Session, series: Series) -> Sequence[Event]:
    """The events of a series that everybody may see, in the order of their days."""
    return [event for event in events_in(session, series) if event.is_published]


def roles_of(session: Session, event: Event, account_id: int) -> frozenset[Role]:
    return frozenset(
        session.scalars(
            select(Membership.role).where(Membership.event_id == event.id, Membership.account_id == account_id)
        )
    )


def members_of(session: Session, event: Event) -> Sequence[Membership]:
    return session.scalars(
        select(Membership)
        .join(Account)
        .where(Membership.event_id == event.id)
        .options(joinedload(Membership.account))
        .order_by(Account.name, Membership.role)
    ).all()


def membership_of(session: Session, event: Event, membership_id: int) -> Membership:
    """One role of somebody, if it is in this event."""
    membership = session.get(Membership, membership_id)
    if membership is None or membership.event_id != event.id:
        raise NotFound
    return membership


def may_open(session: Session, staff_id: int, code: str | None, roles: Collection[str]) -> bool:
    """Whether this account holds one of these roles in the event with this code; without a code, whether it exists."""
    if code is None:
        return session.get(Account, staff_id) is not None
    held = session.scalar(
        select(Membership.id)
        .join(Event)
        .where(
            Event.code == code,
            Membership.account_id == staff_id,
            Membership.role.in_([Role(role) for role in roles]),
        )
        .limit(1)
    )
    return held is not None


def has_come(session: Session, event: Event, client_id: str) -> bool:
    """Whether something was taken under this id, so that it is answered as it was then."""
    return session.scalar(select(Act.id).where(Act.event_id == event.id, Act.client_id == client_id)) is not None


def stage_at(session: Session, event: Event, moment: datetime) -> Stage:
    """The stage that the event was in at a moment. What is only just past was this stage, without a look at the log."""
    if moment >= now() - JUST_NOW:
        return event.stage
    moves = read_once(session, ("moves", event.id), lambda: _moves_of(session, event))
    came = [detail["stage"] for _, at, detail in moves if at <= moment]
    if came:
        return Stage(came[-1])
    left = [detail.get("before", Stage.BEFORE.value) for kind, at, detail in moves if kind == MOVED and at > moment]
    return Stage(left[0]) if left else event.stage


def _moves_of(session: Session, event: Event) -> Sequence[tuple[str, datetime, dict[str, Any]]]:
    """Where the event went, and when, in the order of the log."""
    lines = select(Activity.kind, Activity.at, Activity.detail).where(Activity.event_id == event.id)
    moves = session.execute(lines.where(Activity.kind.in_((MOVED, PUT_BACK))).order_by(Activity.id))
    return [(kind, at, detail) for kind, at, detail in moves]


def was_rehearsal(session: Session, event: Event, moment: datetime) -> bool:
    """Whether the event was rehearsing at a moment: what was written then is practice, whenever it arrives.

    Asked behind a turn that others had before, so a rehearsal is read afresh. The log is asked only about what was
    written before one ended; at most events none ever has.
    """
    since, ended_at = event.rehearsal_since, event.rehearsal_ended_at
    if since is not None:
        afresh = select(Event.rehearsal_since, Event.rehearsal_ended_at).where(Event.id == event.id)
        since, ended_at = session.execute(afresh).one()
    if since is not None and moment >= since:
        return True
    if ended_at is None or moment > ended_at:
        return False
    lines = select(Activity.kind).where(Activity.event_id == event.id, Activity.kind.in_((REHEARSED, PUT_BACK)))
    return session.scalar(lines.where(Activity.at <= moment).order_by(Activity.id.desc()).limit(1)) == REHEARSED


def is_answered(session: Session, event: Event) -> bool:
    """Whether people have begun to answer the question: somebody wrote who did not practise, or the day is over."""
    if event.stage is Stage.AFTER:
        return True
    lines = select(Activity.kind).where(Activity.event_id == event.id)
    kinds = session.scalars(lines.where(Activity.kind.in_((*ANSWERED, REHEARSED, PUT_BACK))).order_by(Activity.id))
    practising = False
    for kind in kinds:
        if kind in ANSWERED and not practising:
            return True
        practising = kind == REHEARSED or (practising and kind != PUT_BACK)
    return False


def moves_of(session: Session, event: Event) -> int:
    """How often the date, the times or the place of an event were changed."""
    moves = select(func.count()).where(Activity.event_id == event.id, Activity.kind == RESCHEDULED)
    return session.scalar(moves) or 0


def last_move_of(session: Session, event: Event) -> datetime | None:
    """When that was the last time."""
    moves = select(func.max(Activity.at)).where(Activity.event_id == event.id, Activity.kind == RESCHEDULED)
    return session.scalar(moves)


def log_of(session: Session, event: Event, *, before: int | None = None, limit: int = 100) -> Sequence[Activity]:
    """The newest lines of an event's log, or those before a line that somebody has seen."""
    lines = select(Activity).where(Activity.event_id == event.id)
    if before is not None:
        lines = lines.where(Activity.id < before)
    return session.scalars(lines.order_by(Activity.id.desc()).limit(limit)).all()
