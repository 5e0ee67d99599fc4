"""Answering an insight, and keeping the addresses of those who want to hear back."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import checked_address
from hackathon.comments.queries import comment_by_client_id
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.core.rows import put
from hackathon.events.models import Event, Place
from hackathon.events.operations import SOMEONE, record
from hackathon.events.queries import stage_at
from hackathon.insights.models import AuthorRole, Comment, HearBack, Identity, Insight
from hackathon.insights.operations import (
    AlreadySent,
    CaptureClosed,
    check_client_id,
    checked_words,
    practised,
    stands_at,
    wait_for_turn,
)
from hackathon.participants.models import Participant

ADDRESS_KEPT = timedelta(weeks=6)
"""How long after the day the address of somebody who wants to hear back is kept."""


def add_comment(
    session: Session,
    insight: Insight,
    *,
    text: str,
    place: Place,
    client_id: str,
    author_role: AuthorRole = AuthorRole.PARTICIPANT,
    author: Participant | None = None,
    author_name: str = "",
    written_at: datetime | None = None,
) -> Comment:
    """Answer an insight. Without an author the comment is nobody's. Sent again, it is the one that is there."""
    event = insight.event
    if event.is_closed:
        raise CaptureClosed("This event is closed, so it takes no more comments.")
    if not event.is_capturing:
        raise CaptureClosed("This event is not taking comments yet. Keep your words and come back when it opens.")
    text = checked_words(text, "comment" if author_role is AuthorRole.PARTICIPANT else "reply")
    check_client_id(client_id)
    wait_for_turn(session, event)
    if (earlier := comment_by_client_id(session, event, client_id)) is not None:
        if earlier.text != text:
            raise AlreadySent("The ones you sent before are kept.")
        return earlier
    comment = Comment(
        event=event,
        insight=insight,
        client_id=client_id,
        text=text,
        place=place,
        author=author,
        author_role=author_role,
        author_name=author_name,
        written_at=stands_at(event, written_at or now()),
        late=written_at is not None and stage_at(session, event, written_at) is not event.stage,
        waits=event.is_read_first and author_role is AuthorRole.PARTICIPANT,
        uncounted=practised(session, event, written_at=written_at),
    )
    session.add(comment)
    session.flush()
    replier = author.name if author else author_name
    record(
        session,
        event,
        "comment.held" if comment.waits else "comment.added",
        actor=replier or SOMEONE if author_role is AuthorRole.COMMUNITY_MANAGER else SOMEONE,
        subject_id=insight.id,
    )
    return comment


def tell_once(session: Session, comment: Comment) -> bool:
    """Whether a letter about this answer is due, which it is once: not for practice, nor before all may read it."""
    if comment.told_at is not None or comment.uncounted is not None or not comment.is_shown:
        return False
    comment.told_at = now()
    session.flush()
    return True


def hear_back(session: Session, insight: Insight, *, email: str) -> None:
    """Mail an answer to this address, for somebody who did not register. Anonymous stays anonymous."""
    if insight.identity is Identity.ANONYMOUS:
        raise Refusal(
            "You sent this anonymously, so we keep no address with it. An answer shows here, on this phone.", "email"
        )
    put(
        session,
        HearBack,
        [{"insight_id": insight.id, "email": checked_address(email), "asked_at": now()}],
        key=["insight_id"],
        change=["email", "asked_at"],
    )


def delete_due_addresses(session: Session, *, at: datetime) -> None:
    """Forget the addresses of those who wanted to hear back, some weeks after the day."""
    over = select(Event.id).where(Event.held_on < (at - ADDRESS_KEPT).date())
    theirs = select(Insight.id).where(Insight.event_id.in_(over))
    session.execute(delete(HearBack).where(HearBack.insight_id.in_(theirs)))
