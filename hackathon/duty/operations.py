"""Promising answers, and saying when somebody is on duty."""

import itertools
from collections.abc import Sequence
from datetime import date, time

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hackathon.core.clock import moment_at
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record
from hackathon.insights.models import Kind, ReplyPromise

MOST_PERIODS = 60


def promise_replies(
    session: Session,
    event: Event,
    *,
    kind: Kind,
    within_hours: int | None,
    staffed: Sequence[tuple[date, time, time]],
    actor: str,
) -> ReplyPromise | None:
    """Say what is answered, how soon, and when somebody is on duty to do it. Without hours nothing is promised."""
    if len(staffed) > MOST_PERIODS:
        raise Refusal(f"Write {MOST_PERIODS} lines or fewer.", "staffed")
    if any(end <= begin for _, begin, end in staffed):
        raise Refusal("Each line must end after it begins, on the same day.", "staffed")
    periods = sorted([moment_at(day, at, event.timezone) for at in (begin, end)] for day, begin, end in staffed)
    if any(after[0] < before[1] for before, after in itertools.pairwise(periods)):
        raise Refusal("Two of these lines overlap. Make one of them.", "staffed")
    session.execute(delete(ReplyPromise).where(ReplyPromise.event_id == event.id))
    promise = None
    if within_hours is not None:
        promise = ReplyPromise(
            event=event,
            kind=kind,
            within_hours=within_hours,
            staffed=[[m.isoformat() for m in p] for p in periods],
            written_for=event.held_on,
        )
        session.add(promise)
    session.flush()
    record(session, event, "replies.promised", actor=actor, within_hours=within_hours or "no promise")
    return promise
