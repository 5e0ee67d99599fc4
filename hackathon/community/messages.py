"""The letter to those who answer, while somebody waits."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.community.queries import managers_of, queue_of
from hackathon.core.clock import local, spoken_time
from hackathon.duty.queries import reply_clock_of
from hackathon.events.models import Event
from hackathon.insights.models import Uncounted

NUDGE = "community.nudge"
NUDGE_EVERY = timedelta(minutes=30)


def send_nudge(session: Session, event: Event, *, at: datetime, address: str) -> bool:
    """Tell those who answer that somebody waits: in staffed hours, and at most once in half an hour.

    Nobody is fetched for words that were there to begin with, nor while people practise.
    """
    if event.is_rehearsing or not _on_duty(session, event, at) or _nudged_since(session, event, at - NUDGE_EVERY):
        return False
    waits = queue_of(session, event, but=tuple(Uncounted))
    if waits.since is None:
        return False
    text = f"""\
{_counted(waits.number)} at this event, the oldest since {spoken_time(local(waits.since, event.timezone))}:

{event.title}

Open the desk and answer the oldest first:
{address}/desk/{event.code}/community

You get this because you answer at this event: at most every {NUDGE_EVERY.seconds // 60} minutes, and only in
the staffed hours. You can stop these letters on that page. An organiser can change the hours, or who answers.
"""
    managers = managers_of(session, event)
    for account in managers:
        post_letter(
            session,
            kind=NUDGE,
            to_address=account.email,
            subject=f"{_counted(waits.number)}: {' '.join(event.title.split())}",
            text=text,
            event_id=event.id,
            good_until=at + NUDGE_EVERY,
        )
    return bool(managers)


def _counted(number: int) -> str:
    return f"{number} wait{'s' if number == 1 else ''} for an answer"


def _on_duty(session: Session, event: Event, at: datetime) -> bool:
    clock = reply_clock_of(session, event)
    if clock.staffed:
        return clock.is_staffed(at)
    return event.starts_at <= at <= event.ends_at


def _nudged_since(session: Session, event: Event, moment: datetime) -> bool:
    sent = select(Letter.id).where(Letter.kind == NUDGE, Letter.event_id == event.id, Letter.made_at > moment)
    return session.scalar(sent.limit(1)) is not None
