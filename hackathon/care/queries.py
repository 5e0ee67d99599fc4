"""Finding what somebody told of harm: for the care lead alone."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from hackathon.care.document import Deed, Told
from hackathon.care.models import CareGiven
from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.insights.models import AuthorRole, Comment, Insight, SurveyAnswer
from hackathon.insights.queries import when_words
from hackathon.moderation.queries import care_leads_of
from hackathon.surveys.queries import escalated_answers


def told_of_harm_to_nobody(session: Session, event: Event) -> bool:
    """Whether something waits for a care lead whom nobody has named."""
    if care_leads_of(session, event):
        return False
    said = session.scalar(select(or_(exists().where(*_in_insights(event)), exists().where(*_in_comments(event)))))
    return bool(said or escalated_answers(session, event))


def count_without_answer(session: Session, event: Event) -> int:
    """How much somebody told of harm that waits for the care lead: thoughts without an answer, and words that cannot be
    answered, about which nobody has written down what was done."""
    answer = aliased(Comment)
    answered = exists().where(answer.insight_id == Insight.id, answer.author_role == AuthorRole.CARE_LEAD)
    insights = select(func.count(Insight.id)).where(*_in_insights(event), ~answered)
    return (session.scalar(insights) or 0) + sum(not each.deeds for each in told_without_a_way_back(session, event))


def escalated_insights(session: Session, event: Event) -> Sequence[Insight]:
    """For the care lead alone, the newest first."""
    return session.scalars(
        select(Insight)
        .where(*_in_insights(event))
        .options(joinedload(Insight.author), joinedload(Insight.theme), joinedload(Insight.table))
        .order_by(Insight.escalated_at.desc(), Insight.id.desc())
    ).all()


def escalated_insight(session: Session, event: Event, number: int) -> Insight:
    """One for the care lead alone."""
    insight = session.scalar(select(Insight).where(*_in_insights(event), Insight.number == number))
    if insight is None:
        raise NotFound
    return insight


def told_without_a_way_back(session: Session, event: Event) -> list[Told]:
    """Comments and answers of the survey for the care lead alone: what waits before what is dealt with, and of each the
    newest first. Nobody can be answered there, so it waits until somebody writes down what was done.

    What was done before words were put back and escalated once more does not count for the second time.
    """
    comments = session.scalars(
        select(Comment)
        .where(*_in_comments(event))
        .options(joinedload(Comment.insight))
        .order_by(Comment.escalated_at.desc(), Comment.id.desc())
    )
    told = [_told(session, event, said) for said in (*comments, *escalated_answers(session, event))]
    return sorted(told, key=lambda each: bool(each.deeds))


def _told(session: Session, event: Event, said: Comment | SurveyAnswer) -> Told:
    if isinstance(said, Comment):
        kind, about = "comments", f"A comment on number {said.insight.number}"
    else:
        kind, about = "answers", f"An answer to question {said.question.number} of the survey before the day"
    return Told(
        kind=kind,
        number=said.id,
        text=said.text,
        about=about,
        deeds=tuple(
            Deed(words=care.done, done_by=care.given_by, when_words=when_words(event, care.given_at))
            for care in care_given_about(session, said)
        ),
    )


def care_given_about(session: Session, said: Comment | SurveyAnswer) -> Sequence[CareGiven]:
    """What was done about these words since they were escalated, the earliest first."""
    column = CareGiven.comment_id if isinstance(said, Comment) else CareGiven.survey_answer_id
    given = select(CareGiven).where(column == said.id, CareGiven.given_at >= said.escalated_at)
    return session.scalars(given.order_by(CareGiven.id)).all()


def escalated_comment(session: Session, event: Event, comment_id: int) -> Comment:
    """One for the care lead alone."""
    comment = session.scalar(select(Comment).where(*_in_comments(event), Comment.id == comment_id))
    if comment is None:
        raise NotFound
    return comment


def answers_in_confidence(session: Session, *insights: Insight) -> Sequence[Comment]:
    """What a care lead wrote to whoever told of harm: for the phone that holds its number, and for nobody else."""
    return session.scalars(
        select(Comment)
        .where(
            Comment.insight_id.in_([insight.id for insight in insights]), Comment.author_role == AuthorRole.CARE_LEAD
        )
        .order_by(Comment.id)
    ).all()


def answer_by_client_id(session: Session, insight: Insight, client_id: str) -> Comment | None:
    """What was kept under this id already, if it answers this insight."""
    return session.scalar(
        select(Comment).where(Comment.insight_id == insight.id, Comment.client_id == client_id).limit(1)
    )


def _in_insights(event: Event) -> tuple[ColumnElement[bool], ...]:
    return Insight.event_id == event.id, Insight.escalated_at.is_not(None)


def _in_comments(event: Event) -> tuple[ColumnElement[bool], ...]:
    """What a care lead answers is kept like what was escalated, and is none of it."""
    return (
        Comment.event_id == event.id,
        Comment.escalated_at.is_not(None),
        Comment.author_role != AuthorRole.CARE_LEAD,
    )
