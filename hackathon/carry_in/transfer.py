"""What lies before each table on paper: a slip of A5 for each."""

from flask import render_template
from sqlalchemy.orm import Session

from hackathon.adapters.pdf import pdf_from_html
from hackathon.carry_in.queries import slips_of
from hackathon.events.models import Event


def slips_html(session: Session, event: Event) -> str:
    slips = [slip for slip in slips_of(session, event) if slip.carried]
    return render_template("carry_in/print/slips.html", event=event, slips=slips)


def make_slips(session: Session, event_id: int) -> bytes:
    """The slips as one PDF, for the job process."""
    return pdf_from_html(slips_html(session, session.get_one(Event, event_id)))
