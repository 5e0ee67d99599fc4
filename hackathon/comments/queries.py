"""Finding comments and replies."""

from collections.abc import Sequence

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from hackathon.comments.document import Reply
from hackathon.comments.models import Link
from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.insights.models import AuthorRole, Comment, Insight
from hackathon.insights.queries import when_words

WRITER_WORDS = {AuthorRole.COMMUNITY_MANAGER: "community manager", AuthorRole.CARE_LEAD: "care lead"}
BY_MANAGER = and_(Comment.author_role == AuthorRole.COMMUNITY_MANAGER, Comment.is_shown)


def comments_of(session: Session, event: Event) -> Sequence[Comment]:
    """Every comment and reply, in the order in which they were written; those under hidden insights too."""
    return session.scalars(
        select(Comment)
        .where(Comment.event_id == event.id, Comment.is_shown)
        .options(joinedload(Comment.insight), joinedload(Comment.author))
        .order_by(Comment.written_at, Comment.id)
    ).all()


def comments_on(session: Session, insight: Insight) -> Sequence[Comment]:
    """The comments and replies under one insight, in the order in which they were written."""
    return session.scalars(_under(insight).where(Comment.is_shown)).all()


def any_comments_on(session: Session, insight: Insight) -> Sequence[Comment]:
    """For the desk: hidden ones too, but none that is for the care lead alone."""
    return session.scalars(_under(insight).where(Comment.escalated_at.is_(None))).all()


def insight_on_phone(session: Session, event: Event, number: int) -> Insight:
    """One for the phone that holds its number, shown or not: whoever asks has looked for it in the phone's cookie."""
    insight = session.scalar(select(Insight).where(Insight.event_id == event.id, Insight.number == number))
    if insight is None:
        raise NotFound
    return insight


def comment_by_client_id(session: Session, event: Event, client_id: str) -> Comment | None:
    return session.scalar(select(Comment).where(Comment.event_id == event.id, Comment.client_id == client_id))


def last_reply_on(session: Session, insight: Insight) -> Comment | None:
    """The newest reply of a community manager."""
    return session.scalar(_under(insight).where(BY_MANAGER).order_by(None).order_by(Comment.id.desc()).limit(1))


def reply_of(comment: Comment) -> Reply:
    """A comment as everybody reads it: without a name, unless one of those who answer wrote it."""
    name = comment.author.name if comment.author else comment.author_name
    answers = WRITER_WORDS.get(comment.author_role)
    return Reply(
        id=comment.id,
        text=comment.text,
        place=comment.place.value,
        place_words=comment.place.words,
        said_by=", ".join(filter(None, [name, answers])) if answers else "",
        when_words=when_words(comment.event, comment.written_at),
        by_manager=comment.author_role is AuthorRole.COMMUNITY_MANAGER,
        waits=comment.waits,
        hidden_because=comment.hidden_reason.words if comment.hidden_reason else "",
    )


def linked_numbers(session: Session, insight: Insight) -> Sequence[int]:
    """The numbers of those that it was linked to, as far as everybody may read them."""
    first, second = aliased(Insight), aliased(Insight)
    pairs = session.execute(
        select(first, second)
        .select_from(Link)
        .join(first, first.id == Link.first_id)
        .join(second, second.id == Link.second_id)
        .where(or_(Link.first_id == insight.id, Link.second_id == insight.id))
    )
    others = [b if a.id == insight.id else a for a, b in pairs]
    return sorted(other.number for other in others if other.is_shown)


def _under(insight: Insight) -> Select[Comment]:
    return (
        select(Comment)
        .where(Comment.insight_id == insight.id)
        .options(joinedload(Comment.author))
        .order_by(Comment.written_at, Comment.id)
    )
