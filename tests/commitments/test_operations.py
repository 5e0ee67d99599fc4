"""Committing oneself, and answering for it."""

import threading
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.commitments.models import Kept
from hackathon.commitments.operations import AlreadySent, answer_commitment, commit_to
from hackathon.commitments.queries import commitments_of
from hackathon.core.db import transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Stage
from tests.makers import make_commitment, make_event


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
