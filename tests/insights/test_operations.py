"""What is true of insights, on a real database."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.db import db, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.events.queries import log_of
from hackathon.insights.models import LONGEST, Identity, Insight, LastNumber, Source
from hackathon.insights.operations import (
    AlreadySent,
    CaptureClosed,
    share_insight,
)
from hackathon.insights.queries import insights_of
from tests.makers import make_event, make_insight, make_participant

PHONES = 40


def answers(**changed: Any) -> dict[str, Any]:
    return {
        "text": "Forms travel faster than people",
        "place": Place.ROOM,
        "client_id": "a-phone-made-this",
        "identity": Identity.ANONYMOUS,
        "source": Source.PHONE,
        **changed,
    }


def test_receipt_numbers_count_up_in_each_event_alone(session: Session) -> None:
    here, there = make_event(session), make_event(session)

    numbers = [
        share_insight(session, event, **answers(client_id=f"client-{n}")).number
        for n, event in enumerate([here, there, here, here, there])
    ]

    assert numbers == [1, 1, 2, 3, 2]


def test_numbering_goes_on_after_what_was_loaded(session: Session) -> None:
    event = make_event(session)
    make_insight(session, event, number=240)

    assert share_insight(session, event, **answers()).number == 241


def in_parallel(app: Flask, event: Event, client_ids: list[str]) -> list[int]:
    """Send each of these from a phone of its own, all at once; the receipts come back in the same order."""

    def send(client_id: str) -> int:
        with app.app_context():
            try:
                with transaction() as session:
                    return share_insight(
                        session, session.get_one(Event, event.id), **answers(client_id=client_id)
                    ).number
            finally:
                db.session.remove()

    with ThreadPoolExecutor(PHONES) as phones:
        return list(phones.map(send, client_ids))


def test_forty_phones_at_once_get_forty_numbers(app: Flask, session: Session) -> None:
    event = make_event(session)
    session.commit()

    numbers = in_parallel(app, event, [f"phone-{n:03}" for n in range(PHONES)])

    assert sorted(numbers) == list(range(1, PHONES + 1))
    assert session.scalars(select(LastNumber.number)).all() == [PHONES]


@pytest.mark.parametrize("before", [0, 1])
def test_attack_19_the_same_id_fifty_times_is_one_insight_with_one_receipt(
    app: Flask, session: Session, before: int
) -> None:
    """In an event that has given no number yet, and in one where the row that phones take turns on is there."""
    event = make_event(session)
    for number in range(before):
        share_insight(session, event, **answers(client_id=f"earlier-{number}"))
    session.commit()

    numbers = in_parallel(app, event, ["the-same-phone"] * 50)

    assert numbers == [before + 1] * 50
    assert session.scalar(select(func.count(Insight.id))) == before + 1
    assert session.scalars(select(LastNumber.number)).all() == [before + 1]


def test_attack_19_other_words_under_an_old_id_are_refused_in_words(session: Session) -> None:
    event = make_event(session)
    first = share_insight(session, event, **answers())

    with pytest.raises(AlreadySent, match=f"kept as number {first.number}") as refusal:
        share_insight(session, event, **answers(text="Something else"))

    assert refusal.value.field == "text"
    assert [(i.number, i.text) for i in insights_of(session, event)] == [(1, "Forms travel faster than people")]


def test_attack_22_an_anonymous_insight_keeps_nothing_of_the_person(session: Session) -> None:
    event = make_event(session)
    person = make_participant(session, event, name="Maureen Tibbs")

    insight = share_insight(
        session, event, **answers(author=person, author_name="Maureen Tibbs", device="a digest of her phone")
    )

    assert (insight.author_id, insight.author_name, insight.device, insight.said_by) == (None, "", None, "")
    line = log_of(session, event)[0]
    assert (line.kind, line.actor, line.detail) == ("insight.shared", "someone", {})


@pytest.mark.parametrize("identity", [Identity.NAMED, Identity.HIDDEN])
def test_the_log_knows_nobody_who_takes_part(session: Session, identity: Identity) -> None:
    """Nobody can take a name out of it again, and names may be taken back."""
    event = make_event(session)

    insight = share_insight(session, event, **answers(identity=identity, author_name="Maureen Tibbs", device="digest"))

    assert (insight.author_name, insight.device) == ("Maureen Tibbs", "digest")
    assert [(line.actor, line.subject_id, line.detail) for line in log_of(session, event)] == [
        ("someone", insight.id, {})
    ]


def test_a_name_is_needed_to_be_named(session: Session) -> None:
    event = make_event(session)

    with pytest.raises(Refusal, match="Type your name") as refusal:
        share_insight(session, event, **answers(identity=Identity.NAMED, author_name=" "))

    assert refusal.value.field == "author_name"


def test_a_name_can_be_hidden_by_not_giving_it(session: Session) -> None:
    event = make_event(session)

    insight = share_insight(session, event, **answers(identity=Identity.HIDDEN, author_name="", device="digest"))

    assert (insight.identity, insight.author_name, insight.said_by) == (Identity.HIDDEN, "", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  \n ", "Write your thought first."),
        ("\u200b \ufe0f\u200f", "Write your thought first."),
        ("x" * (LONGEST + 1), "Your thought has 501 characters. Shorten it to 500, or send it in parts."),
    ],
)
def test_words_have_a_length(session: Session, text: str, message: str) -> None:
    event = make_event(session)

    with pytest.raises(Refusal) as refusal:
        share_insight(session, event, **answers(text=text))

    assert (refusal.value.message, refusal.value.field) == (message, "text")
    assert share_insight(session, event, **answers(text="é" * LONGEST)).number == 1


@pytest.mark.parametrize("client_id", ["", "short", "x" * 65, "a phone, made this", "phone\n-made-this"])
def test_a_malformed_id_is_refused(session: Session, client_id: str) -> None:
    with pytest.raises(Refusal, match="send them again"):
        share_insight(session, make_event(session), **answers(client_id=client_id))


@pytest.mark.parametrize("stage", list(Stage)[1:])
def test_an_insight_carries_the_stage_in_which_it_was_written(session: Session, stage: Stage) -> None:
    event = make_event(session, stage=stage)

    assert share_insight(session, event, **answers()).phase is stage


def test_a_draft_takes_no_insights(session: Session) -> None:
    event = make_event(session, stage=Stage.DRAFT)

    with pytest.raises(CaptureClosed):
        share_insight(session, event, **answers())

    assert list(insights_of(session, event)) == []
