"""What is true of comments, on a real database."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from hackathon.comments.operations import add_comment
from hackathon.comments.queries import comments_on
from hackathon.events.models import Place
from hackathon.events.queries import log_of
from hackathon.insights.models import AuthorRole
from hackathon.insights.operations import AlreadySent
from tests.makers import make_event, make_insight


def test_a_comment_sent_twice_is_one(session: Session) -> None:
    event = make_event(session)
    insight = make_insight(session, event)
    reply: dict[str, Any] = {"text": "Thank you. Which form?", "place": Place.OUTSIDE, "client_id": "a-reply-1"}

    first = add_comment(session, insight, **reply, author_role=AuthorRole.COMMUNITY_MANAGER, author_name="Sam")
    again = add_comment(session, insight, **reply)
    with pytest.raises(AlreadySent):
        add_comment(session, insight, **{**reply, "text": "Something else"})

    assert (first, list(comments_on(session, insight))) == (again, [first])
    assert [(line.kind, line.actor) for line in log_of(session, event)][:1] == [("comment.added", "Sam")]
