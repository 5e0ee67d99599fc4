"""Recommending, and deciding."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.queries import log_of
from hackathon.follow_up.models import Decision, Recommendation
from hackathon.follow_up.operations import ChangedMeanwhile, change_recommendation, decide, recommend
from hackathon.follow_up.queries import insights_behind, outcomes_of, recommendations_of, sources_of
from hackathon.insights.models import HideReason
from tests.makers import make_event, make_insight, make_recommendation

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
