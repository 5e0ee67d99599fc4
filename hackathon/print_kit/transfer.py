"""Sheets as HTML for paper, and as PDFs."""

from flask import current_app, render_template
from sqlalchemy.orm import Session

from hackathon.adapters.pdf import pdf_from_html
from hackathon.adapters.qr import qr_svg
from hackathon.core.config import Settings
from hackathon.events.models import Event
from hackathon.print_kit.queries import poster_of, table_cards_of

LONG_QUESTION = 90
"""From this length on, the poster's question is set smaller so that it stays on its sheet."""


def table_cards_html(session: Session, event: Event) -> str:
    cards = table_cards_of(session, event, address=_address())
    return render_template("print_kit/print/table_cards.html", event=event, cards=cards, qr_svg=qr_svg)


def poster_html(event: Event) -> str:
    poster = poster_of(event, address=_address())
    return render_template("print_kit/print/poster.html", poster=poster, qr_svg=qr_svg, long_question=LONG_QUESTION)


def make_table_cards(session: Session, event_id: int) -> bytes:
    """The cards of every table of an event as one PDF, for the job process."""
    return pdf_from_html(table_cards_html(session, session.get_one(Event, event_id)))


def make_poster(session: Session, event_id: int) -> bytes:
    """The poster of an event as a PDF, for the job process."""
    return pdf_from_html(poster_html(session.get_one(Event, event_id)))


def _address() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.address
