"""Putting insights under themes."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event
from hackathon.insights.models import HideReason, Insight
from hackathon.maths.rates import Rate
from hackathon.staff.models import Account
from hackathon.synthesis.models import Coding
from hackathon.synthesis.operations import add_coder, code_insight, coder_for, undo_last_coding
from hackathon.synthesis.queries import (
    Agreement,
    agreement_of,
    coded_by,
    coders_of,
    codings_of,
    next_to_code,
    settled_themes,
)
from hackathon.themes.models import Theme
from tests.makers import make_account, make_event, make_insight, make_theme


def test_the_first_who_codes_leads_and_the_second_is_compared(session: Session) -> None:
    event = make_event(session)
    jo, benedikt = make_account(session, name="Jo"), make_account(session, name="Benedikt")

    letters = [coder_for(session, event, account).letter for account in (jo, benedikt, jo)]

    assert letters == ["a", "b", "a"]
    assert [(coder.letter, coder.name, coder.account_id) for coder in coders_of(session, event)] == [
        ("a", "Jo", jo.id),
        ("b", "Benedikt", benedikt.id),
    ]


def test_coding_again_changes_ones_mind_and_nobody_elses(session: Session) -> None:
    event = make_event(session)
    words, tools = make_theme(session, event), make_theme(session, event)
    insight = make_insight(session, event)
    a, b = (add_coder(session, event, name=name) for name in ("Jo", "Benedikt"))

    for coder, theme in ((a, words), (b, words), (a, tools), (a, None)):
        code_insight(session, insight, coder=coder, theme=theme, actor=coder.name)

    assert [(coding.coder.letter, coding.theme) for coding in codings_of(session, event)] == [("a", None), ("b", words)]


def test_a_theme_or_insight_of_another_event_is_not_there(session: Session) -> None:
    event, other = make_event(session), make_event(session)
    insight, theirs = make_insight(session, event), make_insight(session, other)
    theme = make_theme(session, other)
    coder = add_coder(session, event, name="Jo")

    with pytest.raises(NotFound):
        code_insight(session, insight, coder=coder, theme=theme, actor="Jo")
    with pytest.raises(NotFound):
        code_insight(session, theirs, coder=coder, theme=None, actor="Jo")

    assert session.scalars(select(Coding)).all() == []


def test_a_hidden_insight_waits_for_nobody_and_takes_no_theme(session: Session) -> None:
    event = make_event(session)
    theme = make_theme(session, event)
    hidden = make_insight(session, event, hidden_at=now(), hidden_reason=HideReason.PERSONAL, theme=theme)
    coder = add_coder(session, event, name="Jo")

    with pytest.raises(Refusal, match="not on the pages"):
        code_insight(session, hidden, coder=coder, theme=theme, actor="Jo")

    assert next_to_code(session, event, coder) is None
    assert settled_themes(session, event) == {}


def test_the_queue_holds_what_i_have_not_looked_at_and_lets_one_be_left_for_later(session: Session) -> None:
    event = make_event(session)
    first, second, third = (make_insight(session, event) for _ in range(3))
    me, other = add_coder(session, event, name="Jo"), add_coder(session, event, name="Benedikt")
    code_insight(session, first, coder=me, theme=None, actor="Jo")

    assert next_to_code(session, event, None) == first
    assert next_to_code(session, event, me) == second
    assert next_to_code(session, event, other) == first
    assert next_to_code(session, event, me, after=second.number) == third
    assert next_to_code(session, event, me, after=third.number) == second


def test_undo_takes_back_my_last_one_and_leaves_the_others(session: Session) -> None:
    event = make_event(session)
    theme = make_theme(session, event)
    first, second = make_insight(session, event), make_insight(session, event)
    me, other = add_coder(session, event, name="Jo"), add_coder(session, event, name="Benedikt")
    for coder, insight in ((me, first), (me, second), (other, second)):
        code_insight(session, insight, coder=coder, theme=theme, actor=coder.name)

    undone = undo_last_coding(session, me, actor="Jo")

    assert undone == second
    assert coded_by(session, event) == {me.id: 1, other.id: 1}
    assert next_to_code(session, event, me) == second


def test_undo_with_nothing_to_take_back_is_refused(session: Session) -> None:
    coder = add_coder(session, make_event(session), name="Jo")

    with pytest.raises(Refusal, match="nothing of yours"):
        undo_last_coding(session, coder, actor="Jo")


def test_the_lead_coder_settles_the_theme_and_before_that_the_writers_choice_counts(session: Session) -> None:
    event = make_event(session)
    words, tools = make_theme(session, event), make_theme(session, event)
    agreed, moved, none, waiting, bare = (
        make_insight(session, event, theme=theme) for theme in (words, words, words, tools, None)
    )
    lead, second = add_coder(session, event, name="Jo"), add_coder(session, event, name="Benedikt")
    for insight, theme in ((agreed, words), (moved, tools), (none, None)):
        code_insight(session, insight, coder=lead, theme=theme, actor="Jo")
    code_insight(session, waiting, coder=second, theme=words, actor="Benedikt")

    assert settled_themes(session, event) == {
        agreed.id: words,
        moved.id: tools,
        none.id: None,
        waiting.id: tools,
        bare.id: None,
    }


def test_agreement_counts_what_both_have_looked_at(session: Session) -> None:
    event = make_event(session)
    words, tools = make_theme(session, event), make_theme(session, event)
    lead, second = add_coder(session, event, name="Jo"), add_coder(session, event, name="Benedikt")

    assert agreement_of(session, event) is None

    pairs = [(words, words), (words, tools), (None, None), (tools, tools)]
    for a, b in pairs:
        insight = make_insight(session, event)
        code_insight(session, insight, coder=lead, theme=a, actor="Jo")
        code_insight(session, insight, coder=second, theme=b, actor="Benedikt")
    code_insight(session, make_insight(session, event), coder=lead, theme=words, actor="Jo")

    assert agreement_of(session, event) == Agreement(rate=Rate(3, 4), kappa=(3 / 4 - 5 / 16) / (1 - 5 / 16))


def test_two_people_theming_at_once_lose_nothing(app: Flask, session: Session) -> None:
    """Both go through everything at the same time, and each in two tabs: one coding for each person and insight."""
    event = make_event(session)
    theme = make_theme(session, event)
    insights = [make_insight(session, event).id for _ in range(6)]
    accounts = [make_account(session).id for _ in range(2)]
    session.commit()
    faults: list[BaseException] = []

    def theme_everything(account_id: int) -> None:
        try:
            with app.app_context():
                for insight_id in insights:
                    with transaction() as own:
                        account, insight = own.get_one(Account, account_id), own.get_one(Insight, insight_id)
                        coder = coder_for(own, own.get_one(Event, event.id), account)
                        code_insight(own, insight, coder=coder, theme=own.get_one(Theme, theme.id), actor="x")
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=theme_everything, args=(account,)) for account in accounts * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    session.rollback()
    assert faults == []
    assert sorted(coder.letter for coder in coders_of(session, event)) == ["a", "b"]
    assert sorted(coded_by(reading(), event).values()) == [6, 6]


def test_undo_follows_the_time_of_the_last_tap_not_of_the_first(session: Session) -> None:
    event = make_event(session)
    first, second = make_insight(session, event), make_insight(session, event)
    me = add_coder(session, event, name="Jo")
    code_insight(session, first, coder=me, theme=None, actor="Jo").coded_at = now() - timedelta(minutes=2)
    code_insight(session, second, coder=me, theme=None, actor="Jo").coded_at = now() - timedelta(minutes=1)
    session.flush()

    code_insight(session, first, coder=me, theme=None, actor="Jo")

    assert undo_last_coding(session, me, actor="Jo") == first
