"""The letter that tells organisers of the day on which their event is closed."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.core.clock import local, spoken_date
from hackathon.events.models import Event
from hackathon.events.queries import members_of
from hackathon.staff.models import Role

NOTICE = "event.closes"
BEFORE = timedelta(days=7)


def is_to_be_told(session: Session, event: Event, *, at: datetime) -> bool:
    """Whether the day is a week away or less, and no letter has said so."""
    if event.is_closed or not event.is_published or event.closes_on is None:
        return False
    if local(at, event.timezone).date() < event.closes_on - BEFORE:
        return False
    had = select(Letter.id).where(Letter.event_id == event.id, Letter.once.like(f"{_once(event)}%"))
    return session.scalar(had.limit(1)) is None


def send_notice(session: Session, event: Event, *, address: str) -> None:
    """Tell the organisers what goes, and what they may still want to do before."""
    title, page = " ".join(event.title.split()), f"{address}/desk/{event.code}/plan/closing"
    for member in members_of(session, event):
        if member.role is not Role.ORGANISER or not member.account.is_reachable or event.closes_on is None:
            continue
        text = f"""\
{title} is closed when {spoken_date(event.closes_on)} is over.

Names, addresses, links, letters and answers are then deleted for good. Words without names, figures and decisions stay.

Before that day you may want to send the last letter, “You said, we did”. This page says what goes and what stays:
{page}

You get this because you are an organiser of this event.
"""
        post_letter(
            session,
            kind=NOTICE,
            to_address=member.account.email,
            subject=f"It is closed on {spoken_date(event.closes_on)}: {title}",
            text=text,
            once=f"{_once(event)} {member.account_id}",
            event_id=event.id,
        )


def _once(event: Event) -> str:
    return f"{event.id} closes {event.closes_on}"
