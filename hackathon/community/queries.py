"""Finding comments and replies, and what was promised of them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hackathon.community.document import Reply
from hackathon.events.models import Event
from hackathon.insights.models import AuthorRole, Comment, Insight, ReplyPromise
from hackathon.insights.queries import when_words


def comments_of(session: Session, event: Event) -> Sequence[Comment]:
    """Every comment and reply, in the order in which they were written; those under hidden insights too."""
    return session.scalars(
        select(Comment)
        .where(Comment.event_id == event.id)
        .options(joinedload(Comment.insight), joinedload(Comment.author))
        .order_by(Comment.written_at, Comment.id)
    ).all()


def comments_on(session: Session, insight: Insight) -> Sequence[Comment]:
    """The comments and replies under one insight, in the order in which they were written."""
    return session.scalars(
        select(Comment)
        .where(Comment.insight_id == insight.id, Comment.is_shown)
        .options(joinedload(Comment.author))
        .order_by(Comment.written_at, Comment.id)
    ).all()


def comment_by_client_id(session: Session, event: Event, client_id: str) -> Comment | None:
    return session.scalar(select(Comment).where(Comment.event_id == event.id, Comment.client_id == client_id))


def reply_promise_of(session: Session, event: Event) -> ReplyPromise | None:
    return session.scalar(select(ReplyPromise).where(ReplyPromise.event_id == event.id))


def reply_of(comment: Comment) -> Reply:
    """A comment as everybody reads it: without a name, unless a community manager answers."""
    manager = comment.author.name if comment.author else comment.author_name
    is_manager = comment.author_role is AuthorRole.COMMUNITY_MANAGER
    return Reply(
        text=comment.text,
        place=comment.place.value,
        place_words=comment.place.words,
        said_by=", ".join(filter(None, [manager, "community manager"])) if is_manager else "",
        when_words=when_words(comment.event, comment.written_at),
    )
