"""The certificate as a PDF, for the job process."""

from flask import render_template
from sqlalchemy.orm import Session

from hackathon.adapters.pdf import pdf_from_html
from hackathon.closing.document import lines_of
from hackathon.closing.queries import closing_certificate
from hackathon.events.models import Event

PAPER = "deletion-certificate"


def make_certificate(session: Session, event_id: int) -> bytes:
    event = session.get_one(Event, event_id)
    certificate = closing_certificate(session, event)
    reckoning = lines_of(certificate.erased, certificate.stays)
    return pdf_from_html(
        render_template("closing/print/certificate.html", event=event, certificate=certificate, reckoning=reckoning)
    )
