"""Answering insights."""

from datetime import datetime

from sqlalchemy.orm import Session

from hackathon.community.queries import comment_by_client_id
from hackathon.core.clock import now
from hackathon.events.models import Place
from hackathon.events.operations import record
from hackathon.insights.models import AuthorRole, Comment, Insight
from hackathon.insights.operations import (
    SOMEONE,
    AlreadySent,
    CaptureClosed,
    check_client_id,
    checked_words,
    practised,
    wait_for_turn,
)
from hackathon.participants.models import Participant


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
    if not event.is_capturing:
        raise CaptureClosed("This event is not taking comments yet. Keep your words and come back when it opens.")
    text = checked_words(text)
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
        written_at=written_at or now(),
        uncounted=practised(session, event, written_at=written_at),
    )
    session.add(comment)
    session.flush()
    replier = author.name if author else author_name
    record(
        session,
        event,
        "comment.added",
        actor=replier or SOMEONE if author_role is AuthorRole.COMMUNITY_MANAGER else SOMEONE,
        subject_id=insight.id,
    )
    return comment
