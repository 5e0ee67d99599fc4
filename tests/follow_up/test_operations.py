"""Recommending, deciding, and committing oneself."""

import threading
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.db import transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Stage
from hackathon.events.queries import log_of
from hackathon.follow_up.models import Decision, Kept, Recommendation
from hackathon.follow_up.operations import (
    AlreadySent,
    ChangedMeanwhile,
    answer_commitment,
    change_recommendation,
    commit_to,
    decide,
    recommend,
)
from hackathon.follow_up.queries import (
    commitments_of,
    insights_behind,
    outcomes_of,
    recommendations_of,
    sources_of,
)
from hackathon.insights.models import HideReason
from tests.makers import make_commitment, make_event, make_insight, make_recommendation

WORDS: dict[str, Any] = {
    "text": "Answer every idea",
    "because": "Silence was how ideas die",
    "owner_role": "Chief executive's office",
    "first_step": "Name the person",
    "horizon": 1,
}


def written(session: Session, event: Event, sources: Sequence[int] = (), **words: Any) -> Recommendation:
    return recommend(session, event, actor="Jo", sources=sources, **{**WORDS, **words})


def test_a_recommendation_takes_the_next_number_and_keeps_its_sources(session: Session) -> None:
    event = make_event(session)
    first, second = make_insight(session, event, number=12), make_insight(session, event, number=46)

    one = written(session, event, [46, 12])
    two = written(session, event, [46], text="Keep five tools")

    assert [(each.number, each.text) for each in recommendations_of(session, event)] == [
        (1, "Answer every idea"),
        (2, "Keep five tools"),
    ]
    assert sources_of(session, event) == {one.id: [first.id, second.id], two.id: [second.id]}
    assert outcomes_of(session, event) == {first.id: [one], second.id: [one, two]}


def test_a_source_that_nobody_can_see_is_refused_by_its_number(session: Session) -> None:
    event, other = make_event(session), make_event(session)
    make_insight(session, event, number=1)
    make_insight(session, event, number=2, hidden_at=now(), hidden_reason=HideReason.PERSONAL)
    make_insight(session, other, number=3)

    with pytest.raises(Refusal, match="number 2, 3") as refused:
        written(session, event, [1, 2, 3])

    assert refused.value.field == "sources"
    assert recommendations_of(session, event) == []


def test_writing_anew_replaces_words_and_sources_but_keeps_hidden_ones_linked(session: Session) -> None:
    event = make_event(session)
    first, second = make_insight(session, event, number=1), make_insight(session, event, number=2)
    recommendation = written(session, event, [1, 2])
    second.hidden_at, second.hidden_reason = now(), HideReason.PERSONAL
    session.flush()

    assert insights_behind(session, event) == {recommendation.id: [first]}
    change_recommendation(
        session,
        recommendation,
        edition=recommendation.edition,
        sources=[],
        actor="Jo",
        **{**WORDS, "text": "Answer every idea in ten days"},
    )
    second.hidden_at = second.hidden_reason = None
    session.flush()

    assert recommendation.text == "Answer every idea in ten days"
    assert insights_behind(session, event) == {recommendation.id: [second]}


def test_nobody_writes_over_a_recommendation_that_changed_meanwhile(session: Session) -> None:
    """Attack 21."""
    event = make_event(session)
    recommendation = written(session, event)
    seen = recommendation.edition
    change_recommendation(
        session, recommendation, edition=seen, sources=[], actor="Jo", **{**WORDS, "text": "As Jo has it"}
    )

    with pytest.raises(ChangedMeanwhile):
        change_recommendation(
            session, recommendation, edition=seen, sources=[], actor="Sam", **{**WORDS, "text": "As Sam has it"}
        )

    assert recommendation.text == "As Jo has it"


def test_a_decision_has_a_reason_and_the_log_keeps_every_one(session: Session) -> None:
    event = make_event(session)
    recommendation = make_recommendation(session, event)

    for decision, reason in ((Decision.NO, "It costs too much."), (Decision.TEST, "Two wards try it.")):
        decide(session, recommendation, decision=decision, reason=reason, owner_role="Ward managers", actor="Harriet")

    assert (recommendation.decision, recommendation.reason) == (Decision.TEST, "Two wards try it.")
    assert recommendation.decided_at is not None
    assert [(line.kind, line.detail["decision"], line.detail["reason"]) for line in log_of(session, event)] == [
        ("recommendation.decided", "test", "Two wards try it."),
        ("recommendation.decided", "no", "It costs too much."),
    ]


@pytest.mark.parametrize(
    ("decision", "reason", "owner_role", "field"),
    [
        (Decision.NO, "", "", "reason"),
        (Decision.NO, "word " * 61, "", "reason"),
        (Decision.DO, "Because it is right.", "", "owner_role"),
    ],
)
def test_a_decision_without_its_reason_or_owner_is_refused(
    session: Session, decision: Decision, reason: str, owner_role: str, field: str
) -> None:
    recommendation = make_recommendation(session, make_event(session))

    with pytest.raises(Refusal) as refused:
        decide(session, recommendation, decision=decision, reason=reason, owner_role=owner_role, actor="Harriet")

    assert refused.value.field == field
    assert recommendation.decision is None


def test_sixty_words_and_no_owner_are_enough_for_a_no(session: Session) -> None:
    recommendation = make_recommendation(session, make_event(session))

    decide(session, recommendation, decision=Decision.NO, reason="word " * 60, owner_role="", actor="Harriet")

    assert recommendation.decision is Decision.NO


def test_a_commitment_sent_twice_is_one(session: Session) -> None:
    """Attack 19, for commitments."""
    event = make_event(session)
    said: dict[str, Any] = {"remind_on": date(2026, 4, 7), "may_print": True, "client_id": "a" * 32}
    made = commit_to(session, event, text="Have lunch with finance", **said)

    with pytest.raises(AlreadySent):
        commit_to(session, event, text="Have lunch with finance", **said)
    with pytest.raises(Refusal, match="from a new page"):
        commit_to(session, event, text="Something else", **said)

    assert commitments_of(session, event) == [made]
    assert (made.number, made.kept, made.participant_id) == (1, Kept.NO_ANSWER, None)


def test_the_same_id_in_two_events_is_two_commitments(session: Session) -> None:
    events = [make_event(session), make_event(session)]

    made = [
        commit_to(session, event, text="Walk", remind_on=None, may_print=False, client_id="a" * 32) for event in events
    ]

    assert [each.event_id for each in made] == [event.id for event in events]


def test_an_address_without_a_day_and_a_draft_are_refused(session: Session) -> None:
    with pytest.raises(Refusal) as refused:
        commit_to(session, make_event(session), text="Walk", remind_on=None, remind_to="a@example.org", may_print=False)
    assert refused.value.field == "remind_on"
    with pytest.raises(Refusal, match="not open"):
        commit_to(session, make_event(session, stage=Stage.DRAFT), text="Walk", remind_on=None, may_print=False)


def test_an_answer_can_be_changed(session: Session) -> None:
    commitment = make_commitment(session, make_event(session))

    answer_commitment(session, commitment, kept=Kept.PARTLY)
    answer_commitment(session, commitment, kept=Kept.KEPT)

    assert commitment.kept is Kept.KEPT


def test_numbers_come_once_each_however_many_write_at_once(app: Flask, session: Session) -> None:
    event = make_event(session)
    session.commit()
    event_id, start = event.id, threading.Barrier(8)
    faults: list[BaseException] = []

    def write(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction() as own:
                    here = own.get_one(Event, event_id)
                    commit_to(own, here, text=f"Commitment {number}", remind_on=None, may_print=False)
            except BaseException as fault:
                faults.append(fault)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    session.rollback()
    assert faults == []
    assert [commitment.number for commitment in commitments_of(session, event)] == list(range(1, 9))
