"""Linking two that say something alike."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.comments.models import Link
from hackathon.events.models import Event
from hackathon.insights.models import Kind
from hackathon.staff.models import Role
from tests.makers import make_event, make_insight
from tests.visitor import Visitor

DESK = "/desk/k7pm/community"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    session.commit()
    return event


def test_two_alike_are_linked_and_both_learn_of_it(
    staff_client: Any, client: Visitor, session: Session, event: Event
) -> None:
    make_insight(session, event, number=1, kind=Kind.QUESTION, text="Why do the same forms come back every week?")
    make_insight(session, event, number=2, text="The same forms come back to our ward week after week")
    sam = staff_client(Role.COMMUNITY_MANAGER, event)
    assert "Link the two : 1 and 2" in sam.words(f"{DESK}/1")
    page = f"{DESK}/1/link?other=%232"

    unedited = sam.post_form(page, {"client_id": "link-0001", "text": "See [what they share]", "text_there": "See 1"})
    assert unedited.status_code == 422
    linked = sam.post_form(
        page, {"client_id": "link-0002", "text": "Number 2 says it, too.", "text_there": "Number 1 asks why."}
    )

    assert linked.location == "/desk/K7PM/community/next?after=1"
    assert len(session.scalars(select(Link)).all()) == 1
    assert "linked to number 2" in client.words("/e/k7pm/insights/1")
    assert "Number 1 asks why." in client.words("/e/k7pm/insights/2")
