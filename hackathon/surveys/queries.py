"""Finding answers of the survey before the day, and which of them are printed. None says whose it is."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.insights.models import SurveyAnswer, SurveyQuestion
from hackathon.surveys.document import AnswerCard

PULL_QUOTE = range(45, 141)
"""Words of this length are read at a glance, wherever some are quoted by themselves."""
QUOTED_OF_A_QUESTION = 4


def survey_questions_of(session: Session, event: Event) -> Sequence[SurveyQuestion]:
    questions = select(SurveyQuestion).where(SurveyQuestion.event_id == event.id)
    return session.scalars(questions.order_by(SurveyQuestion.number)).all()


def answers_to(session: Session, question: SurveyQuestion) -> Sequence[SurveyAnswer]:
    """Every answer to one question, hidden or not, in the order in which they came."""
    answers = select(SurveyAnswer).where(SurveyAnswer.question_id == question.id)
    return session.scalars(answers.order_by(SurveyAnswer.id)).all()


def quoted(answers: Sequence[SurveyAnswer]) -> list[SurveyAnswer]:
    """Some answers of a good length, from the first to the last.

    Of each part of the list the first that is not hidden: so where one is hidden, another of its part takes its place,
    and the rest of what somebody has read before it was printed stays as it was.
    """
    fitting = [answer for answer in answers if len(answer.text) in PULL_QUOTE]
    step = max(1, len(fitting) // QUOTED_OF_A_QUESTION)
    parts = [fitting[start : start + step] for start in range(0, len(fitting), step)][:QUOTED_OF_A_QUESTION]
    firsts = (next((answer for answer in part if answer.hidden_at is None), None) for part in parts)
    return [answer for answer in firsts if answer is not None]


def printed_answers(session: Session, event: Event) -> list[AnswerCard]:
    """What the write-up prints, question by question."""
    questions = survey_questions_of(session, event)
    return [_card(answer, is_printed=True) for each in questions for answer in quoted(answers_to(session, each))]


def newest_answers(
    session: Session,
    event: Event,
    *,
    question: SurveyQuestion | None,
    before: int | None = None,
    limit: int,
) -> list[AnswerCard]:
    """For organisers, the newest first: what was answered to one question; without one, what is hidden."""
    answers = _readable(event).order_by(SurveyAnswer.id.desc()).limit(limit)
    if before is not None:
        answers = answers.where(SurveyAnswer.id < before)
    if question is None:
        answers = answers.where(SurveyAnswer.hidden_at.is_not(None))
    else:
        answers = answers.where(SurveyAnswer.question_id == question.id, SurveyAnswer.hidden_at.is_(None))
    printed = {answer.id for answer in quoted(answers_to(session, question))} if question else set()
    return [_card(answer, is_printed=answer.id in printed) for answer in session.scalars(answers)]


def survey_answer(session: Session, event: Event, answer_id: int) -> SurveyAnswer:
    """One for organisers, hidden or not; what was escalated is for the care lead alone."""
    return _found(session, _readable(event), answer_id)


def escalated_answers(session: Session, event: Event) -> Sequence[SurveyAnswer]:
    """For the care lead alone, the newest first."""
    return session.scalars(_escalated(event).order_by(SurveyAnswer.hidden_at.desc(), SurveyAnswer.id.desc())).all()


def escalated_answer(session: Session, event: Event, answer_id: int) -> SurveyAnswer:
    """One for the care lead alone."""
    return _found(session, _escalated(event), answer_id)


def _found(session: Session, answers: Select[SurveyAnswer], answer_id: int) -> SurveyAnswer:
    if (answer := session.scalar(answers.where(SurveyAnswer.id == answer_id))) is None:
        raise NotFound
    return answer


def _readable(event: Event) -> Select[SurveyAnswer]:
    return _every(event).where(~SurveyAnswer.is_escalated)


def _escalated(event: Event) -> Select[SurveyAnswer]:
    return _every(event).where(SurveyAnswer.is_escalated)


def _every(event: Event) -> Select[SurveyAnswer]:
    with_question = select(SurveyAnswer).join(SurveyAnswer.question).options(contains_eager(SurveyAnswer.question))
    return with_question.where(SurveyQuestion.event_id == event.id)


def _card(answer: SurveyAnswer, *, is_printed: bool) -> AnswerCard:
    return AnswerCard(
        number=answer.id,
        question=answer.question.number,
        text=answer.text,
        is_printed=is_printed,
        hidden_because=answer.hidden_reason.words if answer.hidden_reason else "",
    )
