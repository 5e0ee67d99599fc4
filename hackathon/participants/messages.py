"""Letters to people who take part."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr

from flask import current_app, render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from hackathon.adapters.calendar import Appointment, Method, calendar_file
from hackathon.adapters.mail import Letter, address_key, checked_address, is_address, post_letter
from hackathon.core.clock import now
from hackathon.events.models import Event
from hackathon.participants.models import Registration, RegistrationState
from hackathon.participants.queries import appointment_held, edition_of, successor_of

PLAIN_NAME = re.compile(r"[^\W\d_](?:[^\W_]|[ '’-]|\.(?= |$))*")
"""Letters, spaces, hyphens, apostrophes; a full stop only after a word. A mail program makes no link of these."""


def send_place(session: Session, registration: Registration, *, address: str) -> Letter:
    """Tell somebody how their place stands, with their personal link. `address` comes from the settings alone."""
    event, participant = registration.event, registration.participant
    if participant.email is None:
        raise ValueError("a letter needs an address")
    words = place_words(registration, address=address, moved_to=successor_of(session, registration))
    method = _method_for(session, registration)
    return post_letter(
        session,
        kind=f"place.{registration.state.value}",
        reply_to=event.contact_email,
        calendar=appointment_file(session, registration, method, address=address) if method else None,
        calendar_method=method,
        to_address=participant.email,
        to_name=called(participant.name),
        subject=words.subject,
        text=words.text,
        html=words.html,
        event_id=event.id,
    )


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The letter about a place in both forms, and its body alone for a page that shows it."""

    subject: str
    text: str
    html: str
    body: Markup


def place_words(registration: Registration, *, address: str, moved_to: Registration | None = None) -> PlaceWords:
    """What the letter about a place says, as it stands now: that they moved, where they hold one in place of it."""
    event, participant = registration.event, registration.participant
    has_moved = moved_to and registration.has_ended and moved_to.state is RegistrationState.CONFIRMED
    facts = {
        "event": event,
        "registration": registration,
        "moved_to": moved_to.event if moved_to and has_moved else None,
        "called": called(participant.name),
        "link": f"{address}/p/{participant.token}",
        "home": f"{address}/e/{event.code}",
    }
    subject = MOVED if facts["moved_to"] else SUBJECTS[registration.state.value]
    return PlaceWords(
        subject=f"{subject}: {' '.join(event.title.split())}",
        text=render_template("participants/letters/place.txt", **facts),
        html=render_template("participants/letters/place.html", **facts),
        body=Markup(render_template("participants/letters/place_body.html", **facts)),
    )


def send_places(session: Session, registrations: Iterable[Registration], *, address: str) -> None:
    """Tell people whose place has changed without their doing, as far as they have an address.

    The letter about a place to which somebody moved tells of the one that they left, too. That one has a letter of its
    own only where it must leave a calendar. RFC 6047 (2.4) lets one letter take in one day and cancel another; but
    Outlook reads the first part alone and makes a plain file of the other ([MS-STANOICAL], V0343).
    """
    for registration in registrations:
        moved_to = successor_of(session, registration) if registration.has_ended else None
        is_told = moved_to is not None and moved_to.state is RegistrationState.CONFIRMED
        can_be_told = is_address(registration.participant.email or "")
        if can_be_told and not (is_told and _method_for(session, registration) is None):
            send_place(session, registration, address=address)


def appointment_file(session: Session, registration: Registration, method: Method, *, address: str) -> str:
    """The day for the calendar of somebody with a place: each of their letters is about the same entry."""
    person = registration.participant
    return event_file(
        registration.event,
        method,
        email=person.email or "",
        name=called(person.name),
        edition=edition_of(session, registration),
        page=f"{address}/p/{person.token}",
        address=address,
    )


def event_file(event: Event, method: Method, *, email: str, name: str, edition: int, page: str, address: str) -> str:
    """The day of an event for one person's calendar. They are known by their address, from the first letter on."""
    sender = parseaddr(current_app.extensions["settings"].mail_from)
    return calendar_file(
        Appointment(
            uid=f"{address_key(event.id, email)}@hackathon",
            edition=edition,
            title=" ".join(event.title.split()),
            starts=event.starts_at,
            ends=event.ends_at,
            timezone=event.timezone,
            place=event.venue,
            words=f"{event.question}\n\n{page}",
            url=f"{address}/e/{event.code}",
            organiser=(event.contact_name, event.contact_email) if event.contact_email else sender,
            guest=(name, checked_address(email)),
            stamped=now(),
        ),
        method,
    )


def _method_for(session: Session, registration: Registration) -> Method | None:
    """A place goes into the calendar; one that is lost is taken out of the calendars that hold it. A date to save stays
    there while somebody may still get a place: their calendar would say that the day itself is cancelled."""
    if registration.state is RegistrationState.CONFIRMED:
        return Method.REQUEST
    key = address_key(registration.event_id, registration.participant.email or "")
    held = appointment_held(session, registration.event, key)
    is_lost = held is Method.REQUEST or (held is Method.PUBLISH and registration.has_ended)
    return Method.CANCEL if is_lost else None


SUBJECTS = {
    "applied": "You have applied",
    "offered": "A place is kept for you",
    "confirmed": "Your place",
    "waiting": "You are on the waiting list",
    "lapsed": "Your place went to somebody else",
    "declined": "No place in the room this time",
    "cancelled": "Your place is given up",
}


MOVED = "Out of your calendar"


def called(name: str) -> str:
    """The name to greet somebody by; none, if what stands there is no name but markup or an address."""
    return name if PLAIN_NAME.fullmatch(name) else ""
