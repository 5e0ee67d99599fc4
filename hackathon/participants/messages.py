"""Letters to people who take part."""

import re
from collections.abc import Iterable

from flask import render_template
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.participants.models import Registration

PLAIN_NAME = re.compile(r"[^\W\d_](?:[^\W_]|[ '’-]|\.(?= |$))*")
"""Letters, spaces, hyphens, apostrophes; a full stop only after a word. A mail program makes no link of these."""


def send_place(session: Session, registration: Registration, *, address: str) -> Letter:
    """Tell somebody how their place stands, with their personal link. `address` comes from the settings alone."""
    event, participant = registration.event, registration.participant
    if participant.email is None:
        raise ValueError("a letter needs an address")
    facts = {
        "event": event,
        "registration": registration,
        "called": called(participant.name),
        "link": f"{address}/p/{participant.token}",
        "home": f"{address}/e/{event.code}",
    }
    return post_letter(
        session,
        kind=f"place.{registration.state.value}",
        to_address=participant.email,
        to_name=called(participant.name),
        subject=f"{SUBJECTS[registration.state.value]}: {' '.join(event.title.split())}",
        text=render_template("participants/letters/place.txt", **facts),
        html=render_template("participants/letters/place.html", **facts),
        event_id=event.id,
    )


def send_places(session: Session, registrations: Iterable[Registration], *, address: str) -> None:
    """Tell people whose place has changed without their doing, as far as they have an address."""
    for registration in registrations:
        if registration.participant.email:
            send_place(session, registration, address=address)


SUBJECTS = {
    "applied": "You have applied",
    "offered": "A place is kept for you",
    "confirmed": "Your place",
    "waiting": "You are on the waiting list",
    "lapsed": "Your place went to somebody else",
    "declined": "No place in the room this time",
    "cancelled": "Your place is given up",
}


def called(name: str) -> str:
    """The name to greet somebody by; none, if what stands there is no name but markup or an address."""
    return name if PLAIN_NAME.fullmatch(name) else ""
