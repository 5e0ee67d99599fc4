"""Tables and seats, on a real database."""

import threading
import time

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.db import db, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.participants.operations import give_up_place
from hackathon.tables.models import Seat, Table
from hackathon.tables.operations import (
    TableFull,
    change_table,
    lay_tables,
    leave_seat,
    look_for_chair,
    name_rooms,
    take_seat,
)
from hackathon.tables.queries import rooms_of, seat_of, table_by_code, tables_of
from tests.crowd import crowd
from tests.makers import make_event, make_participant, make_registration, make_table, make_theme

PEOPLE, SEATS = 40, 8


def a_full_room(session: Session, seats: int = SEATS) -> tuple[int, list[int]]:
    """A table, and forty people who would like to sit at it."""
    event = make_event(session)
    table = make_table(session, event, seats=seats)
    people = [make_registration(session, event).participant.id for _ in range(PEOPLE)]
    session.commit()
    return table.id, people


def taken_and_rows(session: Session, table_id: int) -> tuple[int, int]:
    session.expire_all()
    rows = session.scalar(select(func.count(Seat.id)).where(Seat.table_id == table_id))
    return session.get_one(Table, table_id).taken, rows or 0


def test_attack_1_forty_people_take_eight_seats_at_once(app: Flask, session: Session) -> None:
    table_id, people = a_full_room(session)

    def act(person: int) -> str:
        try:
            with transaction() as own:
                take_seat(own, own.get_one(Table, table_id), own.get_one(Participant, person), actor="someone")
        except TableFull as refusal:
            return refusal.message
        return "seated"

    got = crowd(app, people, act)

    kindly = f"Table {session.get_one(Table, table_id).number} has just filled up. Choose another table."
    assert (got.count("seated"), got.count(kindly)) == (SEATS, PEOPLE - SEATS)
    assert taken_and_rows(session, table_id) == (SEATS, SEATS)


def test_attack_1_the_control_that_counts_first_and_sits_later_oversells(app: Flask, session: Session) -> None:
    table_id, people = a_full_room(session)
    counted = threading.Barrier(PEOPLE)

    def act(person: int) -> None:
        looking = db.session()
        taken = looking.scalar(select(func.count(Seat.id)).where(Seat.table_id == table_id)) or 0
        looking.rollback()
        counted.wait()
        if taken < SEATS:
            with transaction() as own:
                own.add(Seat(table_id=table_id, participant_id=person))

    crowd(app, people, act)

    assert taken_and_rows(session, table_id)[1] > SEATS


def test_one_person_on_many_pages_sits_once(app: Flask, session: Session) -> None:
    event = make_event(session)
    tables = [make_table(session, event, seats=4).id for _ in range(6)]
    person = make_registration(session, event).participant.id
    session.commit()

    def act(table: int) -> None:
        with transaction() as own:
            take_seat(own, own.get_one(Table, table), own.get_one(Participant, person), actor="someone")

    crowd(app, tables * 2, act)

    session.expire_all()
    assert session.scalar(select(func.count(Seat.id))) == 1
    assert sum(table.taken for table in tables_of(session, event)) == 1


def test_nobody_sits_down_while_their_place_is_given_up(app: Flask, session: Session) -> None:
    event = make_event(session)
    table_id = make_table(session, event).id
    registration = make_registration(session, event)
    registration_id, person = registration.id, registration.participant.id
    session.commit()
    given_up = threading.Event()

    def go() -> str:
        with transaction() as own:
            give_up_place(own, own.get_one(Registration, registration_id), actor="someone")
            given_up.set()
            time.sleep(0.3)
        return "gone"

    def sit() -> str:
        given_up.wait()
        with transaction() as own:
            try:
                take_seat(own, own.get_one(Table, table_id), own.get_one(Participant, person), actor="someone")
            except Refusal as refusal:
                return refusal.message
        return "seated"

    assert crowd(app, [go, sit], lambda act: act()) == ["gone", "Seats are for people who have a place in the room."]
    assert taken_and_rows(session, table_id) == (0, 0)


def test_people_who_change_places_with_each_other_do_not_wait_for_ever(app: Flask, session: Session) -> None:
    event = make_event(session)
    left, right = make_table(session, event).id, make_table(session, event).id
    people = [make_registration(session, event).participant for _ in range(6)]
    for number, person in enumerate(people):
        take_seat(session, session.get_one(Table, (left, right)[number % 2]), person, actor="someone")
    ids = [person.id for person in people]
    session.commit()

    def act(person: int) -> None:
        for _ in range(3):
            with transaction() as own:
                participant = own.get_one(Participant, person)
                seat = seat_of(own, participant)
                assert seat is not None
                other = right if seat.table_id == left else left
                take_seat(own, own.get_one(Table, other), participant, actor="someone")

    crowd(app, ids, act)

    assert [taken_and_rows(session, table) for table in (left, right)] == [(3, 3), (3, 3)]


def test_moving_frees_the_old_seat_and_a_full_table_keeps_it(session: Session) -> None:
    event = make_event(session)
    here, there = make_table(session, event, number=1, seats=1), make_table(session, event, number=2, seats=1)
    mair, dan = (make_registration(session, event).participant for _ in range(2))
    take_seat(session, here, mair, actor="someone")
    take_seat(session, there, dan, actor="someone")

    with pytest.raises(TableFull, match="You keep your seat at table 1"):
        take_seat(session, there, mair, actor="someone")
    leave_seat(session, dan, actor="someone")
    take_seat(session, there, mair, actor="someone")

    assert (here.taken, there.taken) == (0, 1)
    assert seat_of(session, dan) is None


def test_a_look_refuses_at_a_full_table_all_but_who_sits_there(session: Session) -> None:
    event = make_event(session)
    here, there = make_table(session, event, number=1, seats=1), make_table(session, event, number=2, seats=1)
    mair, dan = (make_registration(session, event).participant for _ in range(2))
    take_seat(session, here, mair, actor="someone")

    for table, participant in ((here, mair), (there, mair), (there, dan)):
        look_for_chair(session, table_id=table.id, participant_id=participant.id)
    take_seat(session, there, dan, actor="someone")

    with pytest.raises(TableFull, match="You keep your seat at table 1"):
        look_for_chair(session, table_id=there.id, participant_id=mair.id)


def test_taking_the_same_seat_again_changes_nothing(session: Session) -> None:
    event = make_event(session)
    table, person = make_table(session, event), make_registration(session, event).participant

    assert take_seat(session, table, person, actor="someone") is take_seat(session, table, person, actor="someone")
    assert table.taken == 1


@pytest.mark.parametrize(
    ("state", "attending"),
    [
        (RegistrationState.WAITING, Place.ROOM),
        (RegistrationState.CANCELLED, Place.ROOM),
        (RegistrationState.CONFIRMED, Place.OUTSIDE),
    ],
)
def test_seats_are_for_people_with_a_place_in_the_room(
    session: Session, state: RegistrationState, attending: Place
) -> None:
    event = make_event(session)
    person = make_registration(session, event, state=state, attending=attending).participant

    with pytest.raises(Refusal, match="place in the room"):
        take_seat(session, make_table(session, event), person, actor="someone")


def test_a_seat_in_another_event_and_without_registering_is_refused(session: Session) -> None:
    event, other = make_event(session), make_event(session)
    person, stranger = make_registration(session, event).participant, make_participant(session, event)

    for table, who in ((make_table(session, other), person), (make_table(session, event), stranger)):
        with pytest.raises(Refusal):
            take_seat(session, table, who, actor="someone")


def test_tables_are_laid_with_the_themes_in_turn(session: Session) -> None:
    event = make_event(session)
    a, b = make_theme(session, event), make_theme(session, event)

    tables = lay_tables(session, event, number=3, seats=6, themes=[a, b], actor="a test")

    assert [(table.number, table.seats, table.theme) for table in tables] == [(1, 6, a), (2, 6, b), (3, 6, a)]
    assert len({table.code for table in tables}) == 3


def test_fewer_tables_take_the_last_away_unless_somebody_sits_there(session: Session) -> None:
    event = make_event(session)
    lay_tables(session, event, number=3, seats=6, themes=[], actor="a test")
    take_seat(session, tables_of(session, event)[1], make_registration(session, event).participant, actor="someone")

    lay_tables(session, event, number=2, seats=6, themes=[], actor="a test")
    with pytest.raises(Refusal, match="Somebody sits at table 2"):
        lay_tables(session, event, number=1, seats=6, themes=[], actor="a test")

    assert [table.number for table in tables_of(session, event)] == [1, 2]


def test_a_table_keeps_a_seat_for_each_who_sits_there(session: Session) -> None:
    event = make_event(session)
    table = make_table(session, event, seats=4)
    for _ in range(3):
        take_seat(session, table, make_registration(session, event).participant, actor="someone")

    with pytest.raises(Refusal, match="Keep at least 3 seats"):
        change_table(session, table, seats=2, theme=None, marks=[], actor="a test")
    change_table(session, table, seats=3, theme=make_theme(session, event), marks=[], actor="a test")

    with pytest.raises(Refusal):
        change_table(session, table, seats=3, theme=make_theme(session, make_event(session)), marks=[], actor="a test")
    assert table.is_full


@pytest.mark.parametrize("number", [-1, 201])
def test_an_absurd_number_of_tables_is_refused(session: Session, number: int) -> None:
    with pytest.raises(Refusal):
        lay_tables(session, make_event(session), number=number, seats=6, themes=[], actor="a test")


def test_a_code_opens_its_table_once_the_event_is_published(session: Session) -> None:
    open_table = make_table(session, make_event(session))
    draft_table = make_table(session, make_event(session, stage=Stage.DRAFT))

    assert table_by_code(session, open_table.code.lower()) is open_table
    with pytest.raises(NotFound):
        table_by_code(session, draft_table.code)


def test_two_organisers_who_lay_the_tables_at_once_lay_them_one_after_the_other(app: Flask, session: Session) -> None:
    event = make_event(session)
    event_id = event.id
    session.commit()

    def act(number: int) -> int:
        with transaction() as own:
            return len(lay_tables(own, own.get_one(Event, event_id), number=number, seats=6, themes=[], actor="a test"))

    assert crowd(app, [12] * 6, act) == [12] * 6
    assert [table.number for table in tables_of(session, event)] == list(range(1, 13))


def test_other_rooms_are_kept_in_their_order_with_the_way_there(session: Session) -> None:
    event = make_event(session)

    name_rooms(session, event, rooms=["Quiet room, first floor, on the left", "Prayer room"], actor="Priya")

    assert [(room.name, room.where) for room in rooms_of(session, event)] == [
        ("Quiet room", "first floor, on the left"),
        ("Prayer room", ""),
    ]
    with pytest.raises(Refusal, match="Begin each line with the name"):
        name_rooms(session, event, rooms=[", first floor"], actor="Priya")
    name_rooms(session, event, rooms=[], actor="Priya")
    assert rooms_of(session, event) == []
