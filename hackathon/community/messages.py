"""Letters to whoever is answered, and to those who answer."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.community.queries import managers_of, reply_clock_of, waiting_of
from hackathon.core.clock import local, spoken_time
from hackathon.events.models import Event

NUDGE = "community.nudge"
NUDGE_EVERY = timedelta(minutes=30)


def send_nudge(session: Session, event: Event, *, at: datetime, address: str) -> bool:
    """Tell those who answer that somebody waits: in staffed hours, and at most once in half an hour.

    Nobody is fetched for words that were there to begin with, nor while people practise.
    """
    if event.is_rehearsing or not _on_duty(session, event, at) or _nudged_since(session, event, at - NUDGE_EVERY):
        return False
    if not (waiting := [each for each in waiting_of(session, event) if each.uncounted is None]):
        return False
    since = spoken_time(local(waiting[0].since, event.timezone))
    text = f"""\
{_counted(len(waiting))} at this event, the oldest since {since}:

{event.title}

Open the desk and answer the oldest first:
{address}/desk/{event.code}/community

You get this because you answer at this event: at most every {NUDGE_EVERY.seconds // 60} minutes, and only in
the staffed hours. An organiser can change those hours, or who answers.
"""
    for account in managers_of(session, event):
        post_letter(
            session,
            kind=NUDGE,
            to_address=account.email,
            subject=f"{_counted(len(waiting))}: {' '.join(event.title.split())}",
            text=text,
            event_id=event.id,
            good_until=at + NUDGE_EVERY,
        )
    return True


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
