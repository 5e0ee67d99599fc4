"""The letter that asks how a commitment went."""

from datetime import time

from flask import render_template
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.comments.messages import without_links
from hackathon.commitments.models import REMINDER, Commitment
from hackathon.core.clock import moment_at

AT = time(8, 0)
MOST_WORDS_OF_THEIRS = 18
"""The letter is to be read in a moment. The page that it leads to has all of what they wrote."""


def send_reminder(session: Session, commitment: Commitment, *, email: str, link: str) -> Letter | None:
    """Write to somebody on the day they chose, with their own words and a page to answer on."""
    if commitment.remind_on is None:
        return None
    event = commitment.event
    said = without_links(commitment.text).split()
    more = " …" if len(said) > MOST_WORDS_OF_THEIRS else ""
    facts = {
        "title": " ".join(event.title.split()),
        "text": " ".join(said[:MOST_WORDS_OF_THEIRS]) + more,
        "link": link,
    }
    return post_letter(
        session,
        kind=REMINDER,
        to_address=email,
        reply_to=event.contact_email,
        subject="How did it go?",
        text=render_template("commitments/letters/reminder.txt", **facts),
        html=render_template("commitments/letters/reminder.html", **facts),
        event_id=event.id,
        send_after=moment_at(commitment.remind_on, AT, event.timezone),
    )
