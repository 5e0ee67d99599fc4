"""Whoever gives places, ends them, seats people or greets them never waits for somebody who waits for them."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from time import sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as listening
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.admission.operations import lapse_offers
from hackathon.arrivals.operations import check_in, type_in_register, undo_check_in, welcome_walk_in
from hackathon.bookings.operations import Guest, register_group, take_offer
from hackathon.core.clock import now
from hackathon.core.db import db, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.participants.models import Participant, Places, Registration, RegistrationState
from hackathon.participants.operations import give_up_place, register, set_places
from hackathon.participants.queries import waiting_in_order
from hackathon.seating.operations import move_person
from hackathon.tables.models import Seat, Table
from hackathon.tables.operations import take_seat
from tests.crowd import crowd
from tests.makers import make_event, make_table

ACTOR = "a test"
LOCKS = ("FOR UPDATE", "FOR NO KEY UPDATE")
A_MOMENT = 0.06

Act = Callable[[Session, Event], object]


@pytest.fixture
def slow_locks(app: Flask, session: Session) -> Iterator[None]:
    """Whoever has locked something takes a moment until the next, so that two who can cross do."""

    def linger(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(("UPDATE", "INSERT INTO participant")) or any(lock in statement for lock in LOCKS):
            sleep(A_MOMENT)

    listening.listen(db.engine, "after_cursor_execute", linger)
    yield
    listening.remove(db.engine, "after_cursor_execute", linger)


@pytest.fixture
def day(session: Session) -> Event:
    """Asha has one of two places and sits at the only table, with Ravi, who came along; Bela holds an offer that is
    due; Carl and Dilys wait. Dilys was known first, and came into the line last."""
    event = make_event(session, stage=Stage.BEFORE, held_on=now().date() + timedelta(days=60))
    set_places(session, event, chairs=3, cut_off=None, actor=ACTOR)
    asha, _, dilys = (_come(session, event, name) for name in ("asha", "bela", "dilys"))
    give_up_place(session, dilys, actor=ACTOR)
    set_places(session, event, chairs=2, cut_off=None, actor=ACTOR)
    _come(session, event, "carl")
    _come(session, event, "dilys")
    bela = _of(session, event, "bela")
    bela.state, bela.claim_by = RegistrationState.OFFERED, now() - timedelta(minutes=1)
    table = make_table(session, event, seats=20)
    for each in (asha.participant, _ravi(session).participant):
        take_seat(session, table, each, actor=ACTOR)
    check_in(session, _ravi(session), actor=ACTOR)
    session.commit()
    return event


def _come(session: Session, event: Event, name: str) -> Registration:
    said: dict[str, Any] = {"organisation": "", "job_role": "", "attending": Place.ROOM, "answers": {}}
    email, companion = f"{name}@example.org", "Ravi" if name == "asha" else ""
    return register(session, event, name=name, email=email, companion=companion, **said).registration


def _of(session: Session, event: Event, name: str) -> Registration:
    named = select(Registration).join(Registration.participant).where(Participant.email_key == f"{name}@example.org")
    return session.scalars(named.where(Registration.event_id == event.id)).one()


def _ravi(session: Session) -> Registration:
    return session.scalars(select(Registration).where(Registration.companion_of_id.is_not(None))).one()


def gives_up(session: Session, event: Event) -> object:
    return give_up_place(session, _of(session, event, "asha"), actor=ACTOR)


def welcomes(name: str) -> Act:
    def welcome(session: Session, event: Event) -> object:
        email = f"{name}@example.org"
        return welcome_walk_in(session, event, name=name, organisation="", email=email, desk="A", actor=ACTOR)

    return welcome


def types_in(session: Session, event: Event) -> object:
    ticked = [_of(session, event, name).id for name in ("carl", "dilys")]
    return type_in_register(session, event, people=ticked, actor=ACTOR)


def books(*names: str) -> Act:
    def book(session: Session, event: Event) -> object:
        people = [Guest(name, f"{name}@example.org") for name in names]
        said: dict[str, Any] = {"organisation": "", "attending": Place.ROOM, "people": people}
        return register_group(session, event, name=names[0], email=f"{names[0]}@example.org", **said)

    return book


def lapses(session: Session, event: Event) -> object:
    return lapse_offers(session, at=now())


def takes_offer(session: Session, event: Event) -> object:
    return take_offer(session, _of(session, event, "bela"), actor=ACTOR)


def takes_back(session: Session, event: Event) -> object:
    return undo_check_in(session, _ravi(session), actor=ACTOR)


def seats(session: Session, event: Event) -> object:
    table = session.scalars(select(Table).where(Table.event_id == event.id)).one()
    return move_person(session, _of(session, event, "asha"), table=table, actor=ACTOR)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "acts",
    [
        pytest.param((gives_up, welcomes("carl")), id="a place goes to somebody who is welcomed"),
        pytest.param((gives_up, types_in), id="a place goes to one of those on the printed list"),
        pytest.param((books("eve", "finn"), books("finn", "eve")), id="two book for the same people"),
        pytest.param((lapses, takes_offer), id="an offer lapses as it is taken"),
        pytest.param((gives_up, takes_back), id="who came along is not here after all"),
        pytest.param((gives_up, seats), id="a place goes to somebody while people are seated"),
    ],
)
@pytest.mark.usefixtures("slow_locks")
def test_two_who_do_this_at_once_do_not_stop_each_other(
    app: Flask, session: Session, day: Event, acts: tuple[Act, ...]
) -> None:
    event_id = day.id

    def act(do: Act) -> None:
        with suppress(Refusal), transaction() as own:  # one of two may come too late
            do(own, own.get_one(Event, event_id))

    crowd(app, acts, act)

    session.rollback()
    session.expire_all()
    held = [each for each in session.scalars(select(Registration)) if each.holds_place]
    assert session.scalars(select(Places.taken)).one() == len(held)
    waiting = [each.participant.name for each in waiting_in_order(session, session.get_one(Event, event_id))]
    seated = session.scalars(select(Seat.participant_id)).all()
    assert session.scalars(select(Table.taken)).one() == len(seated)
    assert "asha" not in waiting
