"""The meal list and the photographer's list as PDFs, for the job process."""

from datetime import datetime

from flask import render_template
from sqlalchemy.orm import Session

from hackathon.adapters.pdf import pdf_from_html
from hackathon.core.clock import now
from hackathon.events.models import Event
from hackathon.needs.document import PhotoLine
from hackathon.needs.queries import meals_of, photo_lines
from hackathon.participants.models import RegistrationQuestion
from hackathon.participants.queries import questions_of

MEALS, MEAL_NAMES, PHOTOS = "meal-list", "meal-names", "photo-list"
WITH_NAMES = (MEAL_NAMES, PHOTOS)
"""Papers whose files are soon deleted, because they say something of people by name."""


def meals_html(
    session: Session, event: Event, questions: list[RegistrationQuestion], *, names: bool, as_of: datetime
) -> str:
    meals = meals_of(session, event, questions, as_of=as_of)
    return render_template("needs/print/meals.html", event=event, meals=meals, names=names)


def photos_html(event: Event, lines: list[PhotoLine], *, as_of: datetime) -> str:
    return render_template("needs/print/photos.html", event=event, lines=lines, as_of=as_of)


def make_meal_list(session: Session, event_id: int, part: str) -> bytes:
    return _meals(session, event_id, part, names=False)


def make_meal_names(session: Session, event_id: int, part: str) -> bytes:
    return _meals(session, event_id, part, names=True)


def make_photo_list(session: Session, event_id: int) -> bytes:
    event = session.get_one(Event, event_id)
    return pdf_from_html(photos_html(event, photo_lines(session, event), as_of=now()))


def _meals(session: Session, event_id: int, part: str, *, names: bool) -> bytes:
    """`part` names the questions that whoever asked may read."""
    event = session.get_one(Event, event_id)
    questions = [question for question in questions_of(session, event) if question.key in part.split(",")]
    return pdf_from_html(meals_html(session, event, questions, names=names, as_of=now()))
