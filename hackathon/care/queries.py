"""Finding what somebody told of harm: for the care lead alone."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.insights.models import AuthorRole, Comment, Insight
from hackathon.moderation.queries import care_leads_of


def told_of_harm_to_nobody(session: Session, event: Event) -> bool:
    """Whether something waits for a care lead whom nobody has named."""
    return not care_leads_of(session, event) and bool(
        session.scalar(select(or_(exists().where(*_in_insights(event)), exists().where(*_in_comments(event)))))
    )


def count_without_answer(session: Session, event: Event) -> int:
    """How much somebody told of harm that waits for the care lead: thoughts without an answer, and comments."""
    answer = aliased(Comment)
    answered = exists().where(answer.insight_id == Insight.id, answer.author_role == AuthorRole.CARE_LEAD)
    insights = select(func.count(Insight.id)).where(*_in_insights(event), ~answered)
    comments = select(func.count(Comment.id)).where(*_in_comments(event))
    return (session.scalar(insights) or 0) + (session.scalar(comments) or 0)


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


def escalated_comments(session: Session, event: Event) -> Sequence[Comment]:
    """Comments for the care lead alone, the newest first."""
    return session.scalars(
        select(Comment)
        .where(*_in_comments(event))
        .options(joinedload(Comment.author), joinedload(Comment.insight))
        .order_by(Comment.escalated_at.desc(), Comment.id.desc())
    ).all()


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
