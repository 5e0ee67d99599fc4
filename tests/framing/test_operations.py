"""The promise, the base, and publishing."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Stage
from hackathon.events.queries import log_of
from hackathon.framing.models import DeclaredBase, Promise
from hackathon.framing.operations import (
    EXPECTED,
    NotReady,
    call_outside,
    declare_base,
    make_promise,
    name_people,
    publish_event,
    try_question,
)
from hackathon.framing.queries import base_of, outside_call_of, promise_of, tried_on, wordings_of
from tests.makers import make_event


def promise(session: Session, event: Event, owner_name: str = "Kiran Bhatoa") -> Promise:
    return make_promise(
        session,
        event,
        sponsor_name="Harriet Dunmore",
        sponsor_role="Chief executive",
        words="We will answer every recommendation by 14 April.",
        made_on=date(2026, 1, 13),
        owner_name=owner_name,
        actor="Priya",
    )


def base(session: Session, event: Event, room: int = 80, outside: int = 200) -> DeclaredBase:
    return declare_base(
        session,
        event,
        room=room,
        outside=outside,
        room_note="seats at ten tables of eight",
        source="Seat plan and invitation list",
        declared_by="Priya",
        declared_on=date(2026, 2, 2),
        actor="Priya",
    )


def test_an_event_is_published_when_somebody_owns_the_follow_through_and_the_base_is_declared(session: Session) -> None:
    event = make_event(session, stage=Stage.DRAFT)
    promise(session, event)
    base(session, event)

    publish_event(session, event, actor="Priya")

    assert event.stage is Stage.BEFORE
    assert [line.kind for line in log_of(session, event)] == ["event.published", "base.declared", "promise.made"]


@pytest.mark.parametrize(("owner_name", "missing"), [(None, "sponsor"), ("", "follow-through owner")])
def test_publishing_is_refused_without_a_sponsor_and_a_follow_through_owner(
    session: Session, owner_name: str | None, missing: str
) -> None:
    event = make_event(session, stage=Stage.DRAFT)
    base(session, event)
    if owner_name is not None:
        promise(session, event, owner_name)

    with pytest.raises(NotReady, match=missing):
        publish_event(session, event, actor="Priya")
    assert event.stage is Stage.DRAFT


def test_publishing_is_refused_without_a_sponsor(session: Session) -> None:
    event = make_event(session, stage=Stage.DRAFT)

    name_people(session, event, owner_name="Kiran Bhatoa", actor="Priya")

    with pytest.raises(NotReady, match="sponsor"):
        publish_event(session, event, actor="Priya")
    assert event.stage is Stage.DRAFT


def test_naming_people_leaves_the_promise_in_its_words(session: Session) -> None:
    event = make_event(session, stage=Stage.DRAFT)
    promise(session, event, owner_name="")

    name_people(session, event, owner_name="Lucy Obi", actor="Priya")

    kept = promise_of(session, event)
    assert kept is not None
    assert (kept.sponsor_name, kept.owner_name, kept.words) == (
        "Harriet Dunmore",
        "Lucy Obi",
        "We will answer every recommendation by 14 April.",
    )


def test_without_a_declared_base_it_is_the_people_expected(session: Session) -> None:
    event = make_event(session, stage=Stage.DRAFT, expected_people=80)
    promise(session, event)

    publish_event(session, event, actor="Priya")

    declared = base_of(session, event)
    assert declared is not None
    assert (declared.total, declared.source, declared.declared_by) == (80, EXPECTED, "Priya")


def test_an_event_is_published_once(session: Session) -> None:
    event = make_event(session, stage=Stage.CONVERGE)

    with pytest.raises(Refusal, match="already"):
        publish_event(session, event, actor="Priya")
    assert event.stage is Stage.CONVERGE


def test_the_owner_of_a_published_promise_can_change_but_not_vanish(session: Session) -> None:
    event = make_event(session)
    promise(session, event)

    with pytest.raises(NotReady, match="somebody must own"):
        promise(session, event, "")
    promise(session, event, "Somebody Else")

    kept = promise_of(session, event)
    assert kept is not None
    assert kept.owner_name == "Somebody Else"


def test_a_base_is_declared_by_its_parts(session: Session) -> None:
    event = make_event(session)
    base(session, event, room=10)
    base(session, event)

    kept = base_of(session, event)
    assert kept is not None
    assert (kept.total, kept.parts) == (
        280,
        [
            {"name": "room", "number": 80, "note": "seats at ten tables of eight"},
            {"name": "outside", "number": 200, "note": ""},
        ],
    )


def test_a_base_of_nobody_is_refused(session: Session) -> None:
    event = make_event(session)

    with pytest.raises(Refusal, match="Nobody"):
        base(session, event, room=0, outside=0)
    assert base_of(session, event) is None


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"invited": 10, "bounced": 11}, "More invitations came back"),
        ({"invited": 10, "survey_opened": date(2026, 3, 6), "survey_closed": date(2026, 2, 9)}, "close after it opens"),
    ],
)
def test_an_outside_call_that_cannot_be_is_refused(session: Session, answers: dict[str, object], said: str) -> None:
    event = make_event(session)

    with pytest.raises(Refusal, match=said):
        call_outside(session, event, actor="Priya", **answers)  # type: ignore[arg-type]  # the cases mix kinds of value
    assert outside_call_of(session, event) is None


def tried(session: Session, event: Event, said: str = "") -> None:
    try_question(session, event, wording=event.question, is_clear=True, is_answerable=False, is_open=True, said=said)


def test_the_bench_counts_who_tried_these_words_and_keeps_the_earlier_ones(session: Session) -> None:
    event = make_event(session, stage=Stage.DRAFT, question="What works?", tested_with=1)
    tried(session, event, "about forms")
    event.question = "What would you keep?"
    tried(session, event)
    tried(session, event)

    now, earlier = wordings_of(session, event)

    assert tried_on(session, event) == 3
    assert (now.text, now.tried, now.clear, now.answerable, now.open) == ("What would you keep?", 2, 2, 0, 2)
    assert (earlier.text, earlier.said) == ("What works?", ("about forms",))


def test_words_that_changed_meanwhile_or_are_settled_are_not_tried(session: Session) -> None:
    event = make_event(session, stage=Stage.DRAFT, question="What works?")
    published = make_event(session)

    with pytest.raises(Refusal, match="was changed"):
        try_question(session, event, wording="Older", is_clear=True, is_answerable=True, is_open=True, said="")
    with pytest.raises(Refusal, match="not tried any more"):
        tried(session, published)
    assert wordings_of(session, event) == wordings_of(session, published) == []
