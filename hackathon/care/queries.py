"""Finding what somebody told of harm: for the care lead alone."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.insights.models import AuthorRole, Comment, Insight
from hackathon.moderation.queries import care_leads_of


def told_of_harm_to_nobody(session: Session, event: Event) -> bool:
    """Whether something waits for a care lead whom nobody has named."""
    return not care_leads_of(session, event) and bool(
        escalated_insights(session, event) or escalated_comments(session, event)
    )


def escalated_insights(session: Session, event: Event) -> Sequence[Insight]:
    """For the care lead alone, the newest first."""
    return session.scalars(
        select(Insight)
        .where(Insight.event_id == event.id, Insight.escalated_at.is_not(None))
        .options(joinedload(Insight.author), joinedload(Insight.theme), joinedload(Insight.table))
        .order_by(Insight.escalated_at.desc(), Insight.id.desc())
    ).all()


def escalated_insight(session: Session, event: Event, number: int) -> Insight:
    """One for the care lead alone."""
    insight = session.scalar(
        select(Insight).where(Insight.event_id == event.id, Insight.number == number, Insight.escalated_at.is_not(None))
    )
    if insight is None:
        raise NotFound
    return insight


def escalated_comments(session: Session, event: Event) -> Sequence[Comment]:
    """Comments for the care lead alone, the newest first."""
    return session.scalars(
        select(Comment)
        .where(
            Comment.event_id == event.id,
            Comment.escalated_at.is_not(None),
            Comment.author_role != AuthorRole.CARE_LEAD,
        )
        .options(joinedload(Comment.author), joinedload(Comment.insight))
        .order_by(Comment.escalated_at.desc(), Comment.id.desc())
    ).all()


def escalated_comment(session: Session, event: Event, comment_id: int) -> Comment:
    """One for the care lead alone."""
    for comment in escalated_comments(session, event):
        if comment.id == comment_id:
            return comment
    raise NotFound


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
