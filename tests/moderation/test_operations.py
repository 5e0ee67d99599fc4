"""What is true of what leaves the pages, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.core.clock import now
from hackathon.core.db import db, transaction
from hackathon.core.errors import NotFound
from hackathon.events.queries import log_of
from hackathon.insights.models import HideReason, Insight
from hackathon.insights.queries import hidden_insights_of, insights_of
from hackathon.moderation import operations
from hackathon.moderation.messages import send_for_care
from hackathon.moderation.operations import hide_words, show_escalated, show_words
from hackathon.staff.models import Role
from tests.makers import make_account, make_event, make_insight, make_member


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


@pytest.mark.parametrize("is_read_anew", [True, False])
def test_of_two_who_escalate_at_once_one_calls_the_care_lead(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, is_read_anew: bool
) -> None:
    """In parallel, on a real database. The control sees two letters where nobody waits and looks again; SQLite lets
    one writer in at a time, so that there whoever comes second looks later anyway.
    """
    event = make_event(session)
    make_member(session, event, make_account(session), Role.CARE_LEAD)
    insight_id, both = make_insight(session, event).id, Barrier(2)
    one_writer = session.get_bind().dialect.name == "sqlite"
    session.commit()
    if not is_read_anew:
        monkeypatch.setattr(operations, "_read_anew", lambda session, said: None)

    def escalate(name: str) -> None:
        with app.app_context(), transaction() as own:
            insight = own.get_one(Insight, insight_id)
            with suppress(BrokenBarrierError):
                both.wait(1)
            if hide_words(own, insight, reason=HideReason.DISCLOSURE, actor=name):
                send_for_care(own, insight.event, address="")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(escalate, ["Jo", "Sam"]))

    assert session.scalar(select(func.count(Letter.id))) == (1 if is_read_anew or one_writer else 2)


def test_whoever_hides_it_for_another_reason_at_that_moment_does_not_take_it_from_the_care_lead(
    session: Session,
) -> None:
    insight = make_insight(session, make_event(session))

    first = hide_words(session, insight, reason=HideReason.DISCLOSURE, actor="Jo")
    second = hide_words(session, insight, reason=HideReason.UNKIND, actor="Sam")

    assert (first, second, insight.hidden_reason) == (True, False, HideReason.DISCLOSURE)


def test_what_is_escalated_at_that_moment_is_not_shown_again_by_whoever_looks_after_the_words(session: Session) -> None:
    insight = make_insight(session, make_event(session), hidden_at=now(), hidden_reason=HideReason.UNKIND)
    session.commit()
    with Session(db.engine) as other, other.begin():
        hide_words(other, other.get_one(Insight, insight.id), reason=HideReason.DISCLOSURE, actor="Jo")

    with pytest.raises(NotFound):
        show_words(session, insight, actor="Sam")

    session.rollback()
    assert not session.get_one(Insight, insight.id).is_shown
    show_escalated(session, insight, actor="the care lead")
    assert (insight.is_shown, insight.escalated_at) == (True, None)
