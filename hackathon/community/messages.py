"""Letters to whoever is answered, and to those who answer."""

import re
from datetime import datetime, timedelta

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.community.operations import tell_once
from hackathon.community.queries import managers_of, reply_clock_of, reply_of, waiting_of
from hackathon.core.clock import local, spoken_time
from hackathon.events.models import Event
from hackathon.insights.models import Comment
from hackathon.insights.queries import mail_address_of

NUDGE = "community.nudge"
NUDGE_EVERY = timedelta(minutes=30)
LIKE_AN_ADDRESS = re.compile(r"(?<=\w)\.(?=\w)|(?<=\w):(?=/)")


def send_reply(session: Session, comment: Comment, *, address: str) -> Letter | None:
    """Tell whoever wrote the insight that somebody answered, if they said where to write; of each answer once."""
    insight, event = comment.insight, comment.event
    if not tell_once(session, comment) or (to_address := mail_address_of(session, insight)) is None:
        return None
    reply = reply_of(comment)
    facts = {
        "event": event,
        "number": insight.number,
        "theirs": without_links(insight.text) if insight.is_shown else "",
        "reply": without_links(reply.text),
        "said_by": reply.said_by,
        "asked": insight.author is None,
        "link": f"{address}/e/{event.code}/insights/{insight.number}",
    }
    return post_letter(
        session,
        kind="community.reply",
        to_address=to_address,
        subject=f"An answer to number {insight.number}: {' '.join(event.title.split())}",
        text=render_template("community/letters/reply.txt", **facts),
        html=render_template("community/letters/reply.html", **facts),
        event_id=event.id,
    )


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


def without_links(text: str) -> str:
    """Words that no mail program makes a link of: an address in them was typed by somebody else than us."""
    return LIKE_AN_ADDRESS.sub(lambda found: f"[{found[0]}]", text)


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
