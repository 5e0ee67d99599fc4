"""What is true of what leaves the pages, on a real database."""

from sqlalchemy.orm import Session

from hackathon.events.queries import log_of
from hackathon.insights.models import HideReason
from hackathon.insights.queries import hidden_insights_of, insights_of
from hackathon.moderation.operations import hide_words, show_words
from tests.makers import make_event, make_insight


def test_a_hidden_insight_leaves_and_comes_back(session: Session) -> None:
    event = make_event(session)
    insight = make_insight(session, event)

    hide_words(session, insight, reason=HideReason.UNKIND, actor="Jo")
    assert (list(insights_of(session, event)), list(hidden_insights_of(session, event))) == ([], [insight])

    show_words(session, insight, actor="Jo")
    assert (list(insights_of(session, event)), list(hidden_insights_of(session, event))) == ([insight], [])
    assert [(line.kind, line.actor, line.detail) for line in log_of(session, event)] == [
        ("insight.shown", "Jo", {}),
        ("insight.hidden", "Jo", {"reason": "unkind"}),
    ]
