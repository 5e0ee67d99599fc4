"""What several events ask alike."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from hackathon.events.models import Event
from hackathon.participants.models import RegistrationQuestion
from hackathon.participants.queries import questions_asked


def asked_everywhere(session: Session, events: Sequence[Event]) -> Sequence[RegistrationQuestion]:
    """What each of these events asks, in the same words, for the same purpose and for as long. The rest each of them
    asks on the person's own page."""
    first, *others = [questions_asked(session, event) for event in events]
    common = [{_said(question) for question in questions} for questions in others]
    return [question for question in first if all(_said(question) in questions for questions in common)]


def _said(question: RegistrationQuestion) -> tuple[Any, ...]:
    return (
        question.key,
        question.label,
        question.type,
        tuple(question.options),
        question.purpose,
        question.sensitive,
        tuple(question.seen_by),
        question.keep_days,
    )
