"""What is promised to whoever asks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.duty.document import ReplyClock
from hackathon.events.models import Event
from hackathon.insights.models import ReplyPromise


def reply_promise_of(session: Session, event: Event) -> ReplyPromise | None:
    return session.scalar(select(ReplyPromise).where(ReplyPromise.event_id == event.id))


def reply_clock_of(session: Session, event: Event) -> ReplyClock:
    """What was promised. Without a promise the day itself counts as staffed, and nothing is ever late."""
    if (promise := reply_promise_of(session, event)) is None:
        return ReplyClock(within_hours=None)
    return ReplyClock(promise.within_hours, tuple((since.timestamp(), to.timestamp()) for since, to in promise.periods))
