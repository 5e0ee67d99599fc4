"""Signs and the run sheet as HTML for paper, and as PDFs."""

from flask import render_template
from sqlalchemy.orm import Session

from hackathon.adapters.pdf import pdf_from_html
from hackathon.events.models import Event
from hackathon.signs.queries import run_sheet_of, signs_of


def signs_html(session: Session, event: Event) -> str:
    return render_template("signs/print/signs.html", event=event, signs=signs_of(session, event))


def make_signs(session: Session, event_id: int) -> bytes:
    """Every sign of an event as one PDF, for the job process."""
    return pdf_from_html(signs_html(session, session.get_one(Event, event_id)))


def run_sheet_html(session: Session, event: Event) -> str:
    return render_template("signs/print/run_sheet.html", event=event, lines=run_sheet_of(session, event))


def make_run_sheet(session: Session, event_id: int) -> bytes:
    """The run sheet as a PDF, for the job process."""
    return pdf_from_html(run_sheet_html(session, session.get_one(Event, event_id)))
