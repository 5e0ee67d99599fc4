"""Badges, the list for the door and its sign, as HTML for paper and as PDFs."""

from flask import current_app, render_template
from sqlalchemy.orm import Session

from hackathon.adapters.pdf import pdf_from_html
from hackathon.adapters.qr import qr_svg
from hackathon.badges.document import BadgePrint, mirrored, sheets_of
from hackathon.badges.queries import badges_of, register_of
from hackathon.core.config import Settings
from hackathon.events.models import Event


def badges_html(session: Session, event: Event, part: str) -> str:
    wanted = BadgePrint.read(part)
    fronts = sheets_of(badges_of(session, event, wanted), wanted.size, wanted.start)
    with_backs = wanted.both_sides or bool(wanted.wifi)
    sides = [
        side
        for front in fronts
        for side in ([(front, False), (mirrored(front), True)] if with_backs else [(front, False)])
    ]
    return render_template("badges/print/badges.html", event=event, wanted=wanted, sides=sides, qr_svg=qr_svg)


def make_badges(session: Session, event_id: int, part: str) -> bytes:
    """The badges that `part` asks for as one PDF, for the job process."""
    return pdf_from_html(badges_html(session, session.get_one(Event, event_id), part))


def register_html(session: Session, event: Event) -> str:
    return render_template("badges/print/register.html", event=event, lines=register_of(session, event))


def make_register(session: Session, event_id: int) -> bytes:
    """The list for the door as a PDF, for the job process."""
    return pdf_from_html(register_html(session, session.get_one(Event, event_id)))


def door_sign_html(event: Event) -> str:
    settings: Settings = current_app.extensions["settings"]
    link = f"{settings.address}/e/{event.code}/here"
    typed = link.lower().removeprefix("https://").removeprefix("http://")
    return render_template("badges/print/door_sign.html", event=event, link=link.upper(), typed=typed, qr_svg=qr_svg)


def make_door_sign(session: Session, event_id: int) -> bytes:
    """The sign for the door as a PDF, for the job process."""
    return pdf_from_html(door_sign_html(session.get_one(Event, event_id)))
