"""How people come to an event, on a real database."""

import threading
import time
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.db import db, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.events.queries import log_of
from hackathon.packs.operations import freeze_pack
from hackathon.packs.transfer import pack_on_disk
from hackathon.participants.models import (
    Answer,
    Participant,
    Places,
    QuestionType,
    Registration,
    RegistrationState,
)
from hackathon.participants.operations import (
    Welcome,
    ask_at_registration,
    delete_due_answers,
    give_up_place,
    know_participant,
    register,
    set_places,
)
from hackathon.participants.queries import (
    answers_of_registration,
    places_of,
    registrations_of,
    waiting_in_order,
)
from tests.crowd import crowd
from tests.makers import make_event, make_pack, make_participant, make_registration

CONFIRMED, WAITING, CANCELLED = (
    RegistrationState.CONFIRMED,
    RegistrationState.WAITING,
    RegistrationState.CANCELLED,
)


def sign_up(session: Session, event: Event, email: str = "asha@example.org", **said: object) -> Welcome:
    return register(
        session,
        event,
        **{  # type: ignore[arg-type]  # a test says only what matters to it - mypy sees only object
            "name": "Asha Karim",
            "email": email,
            "organisation": "",
            "job_role": "",
            "attending": Place.ROOM,
            "answers": {},
            **said,
        },
    )


def states(session: Session, event: Event) -> dict[str, RegistrationState]:
    rows = registrations_of(session, event)
    return {str(row.participant.email): row.state for row in rows}


def test_without_a_limit_everybody_gets_a_place(session: Session) -> None:
    event = make_event(session)

    welcome = sign_up(session, event)

    assert (welcome.is_new, welcome.registration.state) == (True, CONFIRMED)
    assert log_of(session, event)[0].kind == "person.registered"


def test_when_the_room_is_full_people_wait_and_outside_there_is_always_a_place(session: Session) -> None:
    event = make_event(session)
    set_places(session, event, chairs=1, cut_off=None, actor="a test")

    for email in ("a@example.org", "b@example.org"):
        sign_up(session, event, email)
    sign_up(session, event, "c@example.org", attending=Place.OUTSIDE)

    assert states(session, event) == {"a@example.org": CONFIRMED, "b@example.org": WAITING, "c@example.org": CONFIRMED}


def test_attack_2_the_same_address_in_any_case_is_one_person(session: Session) -> None:
    event = make_event(session)

    first = sign_up(session, event, "Asha@Example.org")
    again = sign_up(session, event, " asha@example.ORG ", name="Somebody Else")

    assert again == Welcome(first.registration, is_new=False)
    assert session.scalars(select(Participant.name)).all() == ["Asha Karim"]


def test_attack_2_the_same_address_at_the_same_moment_is_one_person(app: Flask, session: Session) -> None:
    event_id = make_event(session).id
    session.commit()

    def act(email: str) -> bool:
        with transaction() as own:
            return sign_up(own, own.get_one(Event, event_id), email).is_new

    new = crowd(app, ["mair@example.org", "MAIR@example.org", "Mair@Example.Org"] * 4, act)

    assert sorted(new) == [False] * 11 + [True]
    assert session.scalar(select(func.count(Registration.id))) == 1


def test_attack_2_somebody_known_who_registers_twice_at_once_has_one_place(app: Flask, session: Session) -> None:
    event = make_event(session)
    know_participant(session, event, email="mair@example.org")
    event_id = event.id
    session.commit()

    def act(_: int) -> bool:
        with transaction() as own:
            return sign_up(own, own.get_one(Event, event_id), "mair@example.org").is_new

    assert crowd(app, range(8), act) == [False] * 8
    assert session.scalar(select(func.count(Registration.id))) == 1


def test_attack_1_two_hundred_sign_ups_for_ten_places(app: Flask, session: Session) -> None:
    event = make_event(session)
    set_places(session, event, chairs=10, cut_off=None, actor="a test")
    event_id = event.id
    session.commit()

    def act(number: int) -> RegistrationState:
        with transaction() as own:
            return sign_up(own, own.get_one(Event, event_id), f"person{number}@example.org").registration.state

    got = crowd(app, range(200), act)

    assert (got.count(CONFIRMED), got.count(WAITING)) == (10, 190)
    assert session.scalars(select(Places.taken)).all() == [10]
    assert len(waiting_in_order(session, session.get_one(Event, event_id))) == 190


def test_attack_1_the_control_that_looks_first_and_takes_later_oversells(app: Flask, session: Session) -> None:
    event_id = make_event(session).id
    session.commit()
    looked = threading.Barrier(30)

    def act(number: int) -> bool:
        looking = db.session()
        held = looking.scalar(select(func.count(Registration.id)).where(Registration.state == CONFIRMED)) or 0
        looking.rollback()
        looked.wait()
        with transaction() as own:
            event = own.get_one(Event, event_id)
            state = CONFIRMED if held < 10 else WAITING
            make_registration(own, event, make_participant(own, event, email=f"p{number}@example.org"), state=state)
        return state is CONFIRMED

    assert sum(crowd(app, range(30), act)) > 10


def test_a_place_given_up_goes_to_whoever_waited_longest(session: Session) -> None:
    event = make_event(session)
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    first, second, third = (sign_up(session, event, f"{n}@example.org").registration for n in "abc")

    changed = give_up_place(session, first, actor="someone")

    assert changed == [first, second]
    assert (first.state, second.state, third.state) == (CANCELLED, CONFIRMED, WAITING)
    places = places_of(session, event)
    assert places is not None
    session.refresh(places)
    assert places.taken == 1


def test_giving_up_twice_or_from_the_waiting_list_frees_nothing(session: Session) -> None:
    event = make_event(session)
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    first, second, third = (sign_up(session, event, f"{n}@example.org").registration for n in "abc")

    assert give_up_place(session, second, actor="someone") == [second]
    assert give_up_place(session, second, actor="someone") == []

    assert (first.state, third.state) == (CONFIRMED, WAITING)


def test_giving_up_on_many_pages_at_once_frees_one_place(app: Flask, session: Session) -> None:
    event = make_event(session)
    set_places(session, event, chairs=3, cut_off=None, actor="a test")
    first, *_ = (sign_up(session, event, f"{n}@example.org").registration for n in "abcdef")
    first_id, event_id = first.id, event.id
    session.commit()

    def act(_: int) -> int:
        with transaction() as own:
            return len(give_up_place(own, own.get_one(Registration, first_id), actor="someone"))

    changed = crowd(app, range(12), act)

    assert sorted(changed) == [0] * 11 + [2]
    assert taken_and_states(session, event_id) == (3, [CANCELLED, CONFIRMED, CONFIRMED, CONFIRMED, WAITING, WAITING])


def test_people_who_give_up_at_once_pass_every_place_on(app: Flask, session: Session) -> None:
    """Some of them wait themselves: nobody who has given up is given a place, and no place is left lying."""
    event = make_event(session)
    set_places(session, event, chairs=8, cut_off=None, actor="a test")
    ids = [sign_up(session, event, f"p{n:02}@example.org").registration.id for n in range(24)]
    event_id = event.id
    session.commit()

    def act(registration_id: int) -> None:
        with transaction() as own:
            give_up_place(own, own.get_one(Registration, registration_id), actor="someone")

    crowd(app, ids[:12], act)

    assert taken_and_states(session, event_id) == (8, [CANCELLED] * 12 + [CONFIRMED] * 8 + [WAITING] * 4)


def test_whoever_registers_while_a_place_is_given_up_gets_it(app: Flask, session: Session) -> None:
    """The last one in line is not written down yet when the place is freed: it waits for them."""
    event = make_event(session)
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    held_id, event_id = sign_up(session, event, "a@example.org").registration.id, event.id
    session.commit()
    joined_the_line = threading.Event()

    def come() -> None:
        with transaction() as own:
            sign_up(own, own.get_one(Event, event_id), "b@example.org")
            joined_the_line.set()
            time.sleep(0.3)

    def go() -> None:
        joined_the_line.wait()
        with transaction() as own:
            give_up_place(own, own.get_one(Registration, held_id), actor="someone")

    crowd(app, [come, go], lambda act: act())

    assert taken_and_states(session, event_id) == (1, [CANCELLED, CONFIRMED])


def taken_and_states(session: Session, event_id: int) -> tuple[int, list[RegistrationState]]:
    """How many places are given, and how everybody's stands, in the order in which they came."""
    session.rollback()
    session.expire_all()
    rows = select(Registration.state).where(Registration.event_id == event_id).order_by(Registration.id)
    taken = session.scalars(select(Places.taken).where(Places.event_id == event_id)).one()
    return taken, list(session.scalars(rows))


def test_whoever_gave_up_can_register_again_and_waits_behind_the_others(session: Session) -> None:
    event = make_event(session)
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    first, second = (sign_up(session, event, f"{n}@example.org").registration for n in "ab")
    give_up_place(session, first, actor="someone")

    again = sign_up(session, event, "A@example.org")

    assert (again.is_new, again.registration, first.state, second.state) == (False, first, WAITING, CONFIRMED)


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.AFTER])
def test_attack_3_registering_is_refused_before_and_after_its_time(session: Session, stage: Stage) -> None:
    event = make_event(session, stage=stage)

    with pytest.raises(Refusal):
        sign_up(session, event)

    assert list(registrations_of(session, event)) == []


def test_only_answers_to_questions_of_this_event_are_kept(session: Session) -> None:
    event = make_event(session)
    make_pack(session, event)

    welcome = sign_up(session, event, answers={"access": " A ramp ", "photo": "", "sector": "nhs", "id": "1"})

    assert answers_of_registration(session, welcome.registration) == {"access": "A ramp"}


def test_more_places_go_to_those_who_wait_and_fewer_than_given_are_refused(session: Session) -> None:
    event = make_event(session)
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    rows = [sign_up(session, event, f"{n}@example.org").registration for n in "abcd"]

    promoted = set_places(session, event, chairs=3, cut_off=datetime(2026, 3, 15, 17, tzinfo=UTC), actor="a test")

    assert promoted == rows[1:3]
    with pytest.raises(Refusal, match="3 places are given already"):
        set_places(session, event, chairs=2, cut_off=None, actor="a test")


def test_places_set_late_count_those_who_hold_one(session: Session) -> None:
    event = make_event(session)
    sign_up(session, event, "a@example.org")
    sign_up(session, event, "b@example.org", attending=Place.OUTSIDE)

    set_places(session, event, chairs=5, cut_off=None, actor="a test")

    places = places_of(session, event)
    assert places is not None
    assert (places.taken, places.capacity) == (1, 5)


def test_a_first_limit_below_those_who_have_a_place_is_refused_in_words(session: Session) -> None:
    event = make_event(session)
    for letter in "abc":
        sign_up(session, event, f"{letter}@example.org")

    with pytest.raises(Refusal, match="3 places are given already, and this makes 2"):
        set_places(session, event, chairs=2, cut_off=None, actor="a test")

    session.flush()
    assert places_of(session, event) is None, "there is still no limit"


def test_a_sensitive_question_says_who_sees_the_answer_and_until_when(session: Session) -> None:
    event = make_event(session)

    with pytest.raises(Refusal, match="who may see"):
        ask_at_registration(
            session,
            event,
            key="faith",
            label="Faith",
            type=QuestionType.TEXT,
            purpose="adjustments",
            sensitive=True,
            actor="a test",
        )


def test_a_person_known_by_address_is_added_once(session: Session) -> None:
    event, other = make_event(session), make_event(session)

    known = know_participant(session, event, email="dan@example.org", name="Dan")

    assert know_participant(session, event, email="DAN@example.org") is known
    assert know_participant(session, other, email="dan@example.org") is not known


def test_answers_go_on_the_day_that_the_notice_names(session: Session) -> None:
    """Access and food needs are kept for 14 days after the event; the answer about photographs for a year."""
    with transaction() as session:
        event = make_event(session, held_on=date(2026, 3, 17))
        freeze_pack(session, event, pack_on_disk("change-model"), actor="Priya")
        answers = {"access": "Assistance dog, Biscuit", "diet": "Vegan", "photo": "yes"}
        registration = make_registration(session, event)
        for question, words in answers.items():
            session.add(Answer(registration=registration, question=question, words=words))

    def kept_at(at: datetime) -> list[str]:
        with transaction() as session:
            delete_due_answers(session, at=at)
            return list(session.scalars(select(Answer.question).order_by(Answer.question)))

    assert kept_at(datetime(2026, 3, 30, 22, 59, tzinfo=UTC)) == ["access", "diet", "photo"]
    assert kept_at(datetime(2026, 3, 30, 23, 0, tzinfo=UTC)) == ["photo"], "midnight on the venue's clock"
    assert [(line.kind, line.actor, line.detail) for line in log_of(session, event)][:2] == [
        ("answers.deleted", "the system", {"question": "diet", "number": 1}),
        ("answers.deleted", "the system", {"question": "access", "number": 1}),
    ]
