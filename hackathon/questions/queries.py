"""Finding one question, and how many have answered it."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.errors import NotFound
from hackathon.events.models import Activity, Event
from hackathon.participants.models import Answer, Registration, RegistrationQuestion


def question_by_id(session: Session, event: Event, question_id: int) -> RegistrationQuestion:
    question = session.get(RegistrationQuestion, question_id)
    if question is None or question.event_id != event.id:
        raise NotFound
    return question


def answers_by_question(session: Session, event: Event) -> Mapping[str, int]:
    """How many people have answered each question; one that nobody answered is not here."""
    rows = session.execute(
        select(Answer.question, func.count())
        .join(Answer.registration)
        .where(Registration.event_id == event.id)
        .group_by(Answer.question)
    )
    return dict(rows.all())


def is_answered(session: Session, question: RegistrationQuestion) -> bool:
    """Whether anybody has answered it, also where the answers have been deleted on their day since."""
    if question.key in answers_by_question(session, question.event):
        return True
    deleted = select(Activity.detail).where(Activity.event_id == question.event_id, Activity.kind == "answers.deleted")
    return any(detail["question"] == question.key for detail in session.scalars(deleted))
