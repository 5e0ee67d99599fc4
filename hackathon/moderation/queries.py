"""Finding what was reported, and who hears of harm."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Membership
from hackathon.insights.models import Comment, Insight
from hackathon.moderation.models import Concern
from hackathon.staff.models import Account, Role


def care_leads_of(session: Session, event: Event) -> Sequence[Account]:
    """The only people who see what somebody told of harm."""
    return _members(session, event, Role.CARE_LEAD)


def those_told_of_harm(session: Session, event: Event) -> Sequence[Account]:
    """Who hears, without the words, that somebody needs care: the care leads, or else whoever can name one."""
    return care_leads_of(session, event) or _members(session, event, Role.ORGANISER)


def any_comment(session: Session, insight: Insight, comment_id: int) -> Comment:
    """One comment under an insight for the desk, hidden or not; what was escalated is for the care lead alone."""
    comment = session.scalar(
        select(Comment).where(
            Comment.id == comment_id, Comment.insight_id == insight.id, Comment.escalated_at.is_(None)
        )
    )
    if comment is None:
        raise NotFound
    return comment


def shown_comment(session: Session, insight: Insight, comment_id: int) -> Comment:
    """One comment that everybody may read."""
    comment = any_comment(session, insight, comment_id)
    if not comment.is_shown:
        raise NotFound
    return comment


def open_concerns(session: Session, insight: Insight) -> Sequence[Concern]:
    """What was reported of an insight or a comment under it, and waits for somebody to look."""
    return session.scalars(
        select(Concern)
        .where(Concern.insight_id == insight.id, Concern.settled_at.is_(None))
        .options(joinedload(Concern.comment))
        .order_by(Concern.id)
    ).all()


def _members(session: Session, event: Event, role: Role) -> Sequence[Account]:
    return session.scalars(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.event_id == event.id, Membership.role == role)
        .order_by(Account.name, Account.id)
    ).all()
