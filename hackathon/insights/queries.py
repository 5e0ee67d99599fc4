"""Finding insights. What is hidden leaves every page, so only two of these return it, and say so in their names."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Place
from hackathon.insights.models import Comment, Insight, ReplyPromise
from hackathon.tables.models import Table
from hackathon.themes.models import Theme


def insights_of(
    session: Session, event: Event, *, after: int | None = None, limit: int | None = None
) -> Sequence[Insight]:
    """What everybody may read, in the order of the receipt numbers; `after` is the last number already seen."""
    query = _visible(event).order_by(Insight.number)
    if after is not None:
        query = query.where(Insight.number > after)
    return session.scalars(query.limit(limit)).all()


def newest_insights(
    session: Session,
    event: Event,
    *,
    before: int | None = None,
    place: Place | None = None,
    theme: Theme | None = None,
    table: Table | None = None,
    limit: int,
) -> Sequence[Insight]:
    """What everybody may read, the newest first. `before` is the lowest number of the page that came before."""
    query = _visible(event)
    if before is not None:
        query = query.where(Insight.number < before)
    if place is not None:
        query = query.where(Insight.place == place)
    if theme is not None:
        query = query.where(Insight.theme_id == theme.id)
    if table is not None:
        query = query.where(Insight.table_id == table.id)
    return session.scalars(query.order_by(Insight.number.desc()).limit(limit)).all()


def insight_by_number(session: Session, event: Event, number: int) -> Insight:
    """One that everybody may read."""
    if (insight := session.scalar(_visible(event).where(Insight.number == number))) is None:
        raise NotFound
    return insight


def any_insight_by_number(session: Session, event: Event, number: int) -> Insight:
    """One for the desk, hidden or not."""
    if (insight := session.scalar(_every(event).where(Insight.number == number))) is None:
        raise NotFound
    return insight


def any_newest_insights(
    session: Session, event: Event, *, before: int | None = None, only_hidden: bool = False, limit: int
) -> Sequence[Insight]:
    """For the desk: the newest first, hidden or not."""
    query = _every(event)
    if before is not None:
        query = query.where(Insight.number < before)
    if only_hidden:
        query = query.where(Insight.hidden_at.is_not(None))
    return session.scalars(query.order_by(Insight.number.desc()).limit(limit)).all()


def hidden_insights_of(session: Session, event: Event) -> Sequence[Insight]:
    """What was taken off every page."""
    return session.scalars(_every(event).where(Insight.hidden_at.is_not(None)).order_by(Insight.number)).all()


def insight_by_client_id(session: Session, event: Event, client_id: str) -> Insight | None:
    """The insight that a phone sent under this id."""
    return session.scalar(select(Insight).where(Insight.event_id == event.id, Insight.client_id == client_id))


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
        .where(Comment.insight_id == insight.id)
        .options(joinedload(Comment.author))
        .order_by(Comment.written_at, Comment.id)
    ).all()


def comment_by_client_id(session: Session, event: Event, client_id: str) -> Comment | None:
    return session.scalar(select(Comment).where(Comment.event_id == event.id, Comment.client_id == client_id))


def reply_promise_of(session: Session, event: Event) -> ReplyPromise | None:
    return session.scalar(select(ReplyPromise).where(ReplyPromise.event_id == event.id))


def _every(event: Event) -> Select[Insight]:
    return (
        select(Insight)
        .where(Insight.event_id == event.id)
        .options(joinedload(Insight.author), joinedload(Insight.theme), joinedload(Insight.table))
    )


def _visible(event: Event) -> Select[Insight]:
    return _every(event).where(Insight.hidden_at.is_(None))
