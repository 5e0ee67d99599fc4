"""The letter that asks how a commitment went."""

from dataclasses import dataclass
from datetime import time

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.comments.messages import without_links
from hackathon.commitments.models import REMINDER, Commitment
from hackathon.core.clock import moment_at
from hackathon.events.models import Event

AT = time(8, 0)
MOST_WORDS_OF_THEIRS = 18
"""The letter is to be read in a moment. The page that it leads to has all of what they wrote."""


@dataclass(frozen=True, slots=True)
class ReminderWords:
    """The letter in both forms, and its body alone for a page that shows it."""

    subject: str
    text: str
    html: str
    body: Markup


def reminder_words(event: Event, said: str, *, link: str) -> ReminderWords:
    """What the letter says to somebody who wrote this."""
    words = without_links(said).split()
    more = " …" if len(words) > MOST_WORDS_OF_THEIRS else ""
    facts = {
        "title": " ".join(event.title.split()),
        "text": " ".join(words[:MOST_WORDS_OF_THEIRS]) + more,
        "link": link,
    }
    return ReminderWords(
        subject="How did it go?",
        text=render_template("commitments/letters/reminder.txt", **facts),
        html=render_template("commitments/letters/reminder.html", **facts),
        body=Markup(render_template("commitments/letters/reminder_body.html", **facts)),
    )


def send_reminder(session: Session, commitment: Commitment, *, email: str, link: str) -> Letter | None:
    """Write to somebody on the day they chose, with their own words and a page to answer on."""
    if commitment.remind_on is None:
        return None
    event = commitment.event
    words = reminder_words(event, commitment.text, link=link)
    return post_letter(
        session,
        kind=REMINDER,
        to_address=email,
        reply_to=event.contact_email,
        subject=words.subject,
        text=words.text,
        html=words.html,
        event_id=event.id,
        send_after=moment_at(commitment.remind_on, AT, event.timezone),
    )
