"""Counting what somebody answered."""

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.core.rows import put
from hackathon.equality.document import QUESTIONS
from hackathon.equality.models import EqualityCount
from hackathon.equality.queries import asks_about_equality
from hackathon.events.models import Event


def count_answers(session: Session, event: Event, *, answers: Mapping[str, str]) -> None:
    """Add each answer to its count. The log is not told: its line would say when, and so perhaps who."""
    if not asks_about_equality(session, event):
        raise Refusal("This event does not ask about equality.")
    given = [
        {"event_id": event.id, "question": question.key, "answer": answers[question.key], "number": 0}
        for question in QUESTIONS
        if answers.get(question.key) in question.options
    ]
    if not given:
        raise Refusal("Answer at least one question, or leave the page: nothing is kept then.", QUESTIONS[0].key)
    put(session, EqualityCount, given, key=["event_id", "question", "answer"])
    for one in given:
        session.execute(
            update(EqualityCount)
            .where(
                EqualityCount.event_id == event.id,
                EqualityCount.question == one["question"],
                EqualityCount.answer == one["answer"],
            )
            .values(number=EqualityCount.number + 1)
            .execution_options(synchronize_session=False)
        )
