"""Adding, changing and taking off what the registration form asks."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record
from hackathon.participants.models import (
    ADJUSTMENTS,
    CATERING,
    PHOTO_CONSENT,
    PRONOUNS,
    PURPOSES,
    QuestionType,
    RegistrationQuestion,
)
from hackathon.participants.operations import ask_at_registration
from hackathon.participants.queries import questions_of
from hackathon.questions.queries import is_answered

OWN_WORDS = "own-words"
"""In place of a purpose that we know: the organisers say in their own words why they ask."""
FEWEST_OPTIONS = 2
ANSWERED = "People have answered this question, so it keeps what they were told. Change its words, or retire it."


def add_question(
    session: Session,
    event: Event,
    *,
    label: str,
    type: QuestionType,
    options: Sequence[str],
    purpose: str,
    why: str,
    sensitive: bool,
    seen_by: Sequence[str],
    keep_days: int | None,
    actor: str,
) -> RegistrationQuestion:
    """Ask one thing more, at the end of the form."""
    asked = questions_of(session, event)
    columns = _checked(asked, type=type, options=options, purpose=purpose, why=why, sensitive=sensitive)
    taken = {question.key for question in asked}
    key = next(key for number in range(1, len(asked) + 2) if (key := f"question-{number}") not in taken)
    return ask_at_registration(
        session, event, key=key, label=label, seen_by=seen_by, keep_days=keep_days, actor=actor, **columns
    )


def change_question(
    session: Session,
    question: RegistrationQuestion,
    *,
    label: str,
    type: QuestionType,
    options: Sequence[str],
    purpose: str,
    why: str,
    sensitive: bool,
    seen_by: Sequence[str],
    keep_days: int | None,
    actor: str,
) -> RegistrationQuestion:
    """Change a question that nobody has answered yet; the privacy notice changes with it."""
    if is_answered(session, question):
        raise Refusal(ANSWERED)
    others = [each for each in questions_of(session, question.event) if each is not question]
    columns = _checked(others, type=type, options=options, purpose=purpose, why=why, sensitive=sensitive)
    if sensitive and (not seen_by or keep_days is None):
        raise Refusal(
            "It is sensitive: say who may see the answer and after how many days it is deleted.",
            "keep_days" if seen_by else "seen_by",
        )
    for name, value in {**columns, "label": label, "seen_by": list(seen_by), "keep_days": keep_days}.items():
        setattr(question, name, value)
    return _recorded(session, question, "changed", actor)


def reword_question(session: Session, question: RegistrationQuestion, *, label: str, actor: str) -> None:
    """Say the same in other words: all that may change once people have answered."""
    question.label = label
    _recorded(session, question, "reworded", actor)


def move_question(session: Session, question: RegistrationQuestion, *, up: bool, actor: str) -> None:
    """Change places with the question before or after it. At the end of the list nothing moves."""
    asked = list(questions_of(session, question.event))
    at = asked.index(question)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(asked):
        return
    asked[at], asked[other] = asked[other], asked[at]
    _number(asked)
    _recorded(session, question, "moved", actor)


def remove_question(session: Session, question: RegistrationQuestion, *, actor: str) -> None:
    """Take a question off for good, as long as nobody has answered it."""
    if is_answered(session, question):
        raise Refusal(ANSWERED)
    _number([each for each in questions_of(session, question.event) if each is not question])
    session.delete(question)
    session.flush()
    record(session, question.event, "registration.question_removed", actor=actor, key=question.key)


def retire_question(session: Session, question: RegistrationQuestion, *, actor: str) -> None:
    """Ask it no more. What was answered stays until its day, with those who were named."""
    question.retired_at = now()
    _recorded(session, question, "retired", actor)


def ask_again(session: Session, question: RegistrationQuestion, *, actor: str) -> None:
    question.retired_at = None
    _recorded(session, question, "asked_again", actor)


def _checked(
    others: Sequence[RegistrationQuestion],
    *,
    type: QuestionType,
    options: Sequence[str],
    purpose: str,
    why: str,
    sensitive: bool,
) -> dict[str, Any]:
    """What a question says of itself, as columns, if it says enough for people to decide whether to answer."""
    if purpose == OWN_WORDS and not why:
        raise Refusal("Say why you ask. People read it beside the question.", "why")
    if purpose in (ADJUSTMENTS, CATERING) and not sensitive:
        raise Refusal("What people need and eat tells of health or belief: mark the answer as sensitive.", "sensitive")
    if purpose == PHOTO_CONSENT and type is not QuestionType.YES_NO:
        raise Refusal("Badges and the photographer’s list show a yes or a no: ask for yes or no.", "type")
    if purpose == PHOTO_CONSENT and any(each.purpose == PHOTO_CONSENT for each in others):
        raise Refusal("The form asks about photographs already.", "purpose")
    if purpose == PRONOUNS and sensitive:
        raise Refusal("Badges show pronouns to everybody. Ask without marking the answer as sensitive.", "sensitive")
    has_options = type in (QuestionType.CHOICE, QuestionType.CHOICE_OTHER)
    if type is QuestionType.CHOICE and len(set(options)) < FEWEST_OPTIONS:
        raise Refusal(f"Give {FEWEST_OPTIONS} answers or more to choose from, one on each line.", "options")
    return {
        "type": type,
        "options": list(dict.fromkeys(options)) if has_options else [],
        "purpose": purpose if purpose in PURPOSES else why,
        "sensitive": sensitive,
    }


def _number(questions: Sequence[RegistrationQuestion]) -> None:
    for position, question in enumerate(questions, 1):
        question.position = position


def _recorded(session: Session, question: RegistrationQuestion, what: str, actor: str) -> RegistrationQuestion:
    session.flush()
    kind = f"registration.question_{what}"
    record(session, question.event, kind, actor=actor, subject_id=question.id, key=question.key)
    return question
