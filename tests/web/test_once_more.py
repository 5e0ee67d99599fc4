"""Whoever crosses with another change in the database is answered all the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.db import db, transaction
from hackathon.events.models import Stage
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.participants.operations import set_places
from hackathon.privacy.operations import erase_person
from tests.makers import make_event, make_participant, make_registration
from tests.visitor import Visitor

BEFORE_THE_OTHER_LOOKS = 0.5
"""PostgreSQL ends whoever has waited for a second and finds that they are waited for."""


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_somebody_who_gives_up_while_another_locks_the_other_way_round_is_answered(
    app: Flask, client: Visitor, session: Session
) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=now().date() + timedelta(days=60))
    goes, waits = (make_registration(session, event, make_participant(session, event)) for _ in range(2))
    set_places(session, event, chairs=2, cut_off=None, actor="a test")
    waits.state = RegistrationState.WAITING
    ids, link = (goes.participant_id, waits.participant_id), f"/p/{goes.participant.token}/give-up"
    session.commit()
    client.get(link)
    holds = Signal()

    def lock_backwards() -> None:
        with app.app_context(), db.engine.begin() as other:
            other.execute(text("SET LOCAL deadlock_timeout = '20s'"))
            for person in reversed(ids):
                other.execute(select(Participant.id).where(Participant.id == person).with_for_update())
                holds.set()
                sleep(BEFORE_THE_OTHER_LOOKS)

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(lock_backwards)
        assert holds.wait(timeout=10)
        answer = client.post_form(link, page=link)
        other.result(timeout=30)

    assert answer.status_code == 302
    session.rollback()
    session.expire_all()
    states = {each.participant_id: each.state for each in session.scalars(select(Registration))}
    assert [states[person] for person in ids] == [RegistrationState.CANCELLED, RegistrationState.CONFIRMED]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_somebody_who_gives_up_while_they_are_erased_is_told_that_nothing_is_there(
    app: Flask, client: Visitor, session: Session
) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=now().date() + timedelta(days=60))
    person = make_participant(session, event)
    make_registration(session, event, person)
    link, number = f"/p/{person.token}/give-up", person.id
    session.commit()
    token = client.token_on(link)
    is_erased = Signal()

    def erase() -> None:
        with app.app_context(), transaction() as other:
            erase_person(other, other.get_one(Participant, number), keep_words=True, at=now())
            is_erased.set()
            sleep(BEFORE_THE_OTHER_LOOKS)

    with ThreadPoolExecutor(1) as pool:
        erasing = pool.submit(erase)
        assert is_erased.wait(timeout=10)
        answer = client.post(link, data={"csrf_token": token})
        erasing.result(timeout=30)

    assert answer.status_code == client.get(link).status_code == 404
