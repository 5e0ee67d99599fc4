"""Taking answers of the survey off the write-up, and letting them be printed again."""

from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.operations import record
from hackathon.insights.models import HideReason, SurveyAnswer


def hide_answer(session: Session, answer: SurveyAnswer, *, reason: HideReason, actor: str) -> bool:
    """Take an answer off the write-up and the page on which it is read. The figures count whoever gave it as before.

    What tells of harm is the care lead's alone from then on. Whether they must hear of it is returned.
    """
    _read_anew(session, answer)
    if answer.is_escalated:
        return False
    answer.hidden_at, answer.hidden_reason = answer.hidden_at or now(), reason
    session.flush()
    _record(session, answer, "hidden", actor=actor, reason=reason.value)
    return answer.is_escalated


def show_answer(session: Session, answer: SurveyAnswer, *, actor: str) -> None:
    """Let it be read and printed again. What somebody has escalated at this very moment is the care lead's."""
    _read_anew(session, answer)
    if answer.is_escalated:
        raise NotFound
    _let_be_read(session, answer, actor)


def show_escalated_answer(session: Session, answer: SurveyAnswer, *, actor: str) -> None:
    """It tells of no harm after all."""
    _read_anew(session, answer)
    _let_be_read(session, answer, actor)


def _let_be_read(session: Session, answer: SurveyAnswer, actor: str) -> None:
    if answer.hidden_at is None:
        return
    event = answer.question.event
    session.refresh(event)
    if event.closed_at is not None and answer.hidden_at <= event.closed_at:
        raise Refusal("It was hidden when this event was closed, so its words are not kept.")
    answer.hidden_at = answer.hidden_reason = None
    session.flush()
    _record(session, answer, "shown", actor=actor)


def _read_anew(session: Session, answer: SurveyAnswer) -> None:
    """Wait for whoever hides or shows it at this moment, and see what they did."""
    session.refresh(answer, ["hidden_at", "hidden_reason", "text"], with_for_update=True)


def _record(session: Session, answer: SurveyAnswer, verb: str, *, actor: str, **detail: str) -> None:
    """A report is made anew when the log has grown, so that a print of it holds nothing that was hidden since."""
    event, question = answer.question.event, answer.question.number
    record(session, event, f"survey.{verb}", actor=actor, subject_id=answer.id, question=question, **detail)
