"""What people do with a place themselves: several at once, anew, taking it, giving it up."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.bookings.operations import Guest, change_registration, register_group
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Activity, Event, Place, Stage
from hackathon.maths.turnout import expected_turnout
from hackathon.participants.models import Participant, QuestionType, Registration, RegistrationState
from hackathon.participants.operations import ask_at_registration, give_up_place, register, set_places
from hackathon.participants.queries import companions_of, earlier_days, places_of, waiting_in_order
from hackathon.staff.models import Role
from hackathon.tables.operations import take_seat
from hackathon.tables.queries import seat_of
from tests.makers import make_event, make_registration, make_table
from tests.visitor import Visitor, words_of

CONFIRMED, WAITING, OFFERED = RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.OFFERED
CANCELLED = RegistrationState.CANCELLED


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, held_on=now().date() + timedelta(days=60))


def come(session: Session, event: Event, name: str, **said: str) -> Registration:
    return register(
        session,
        event,
        name=name,
        email=f"{name.lower()}@example.org",
        organisation="",
        job_role="",
        attending=Place.ROOM,
        answers={},
        **said,  # type: ignore[arg-type]  # a test says only what matters to it - mypy sees only text
    ).registration


def say_anew(session: Session, registration: Registration, **said: Any) -> None:
    change_registration(
        session,
        registration,
        name=registration.participant.name,
        organisation="",
        job_role="",
        answers={},
        **{"attending": Place.ROOM, "companion": "", **said},
    )


def open_places(session: Session, event: Event, chairs: int, *, claim_hours: int = 0, oversell: int = 0) -> None:
    set_places(session, event, chairs=chairs, cut_off=None, claim_hours=claim_hours, oversell=oversell, actor="a test")


def taken(session: Session, event: Event) -> int:
    session.expire_all()
    places = places_of(session, event)
    assert places is not None
    return places.taken


def test_a_companion_comes_along_uses_no_place_and_leaves_with_whom_they_support(
    session: Session, event: Event
) -> None:
    open_places(session, event, 1)
    asha, bela = come(session, event, "Asha", companion="Uncle Ravi"), come(session, event, "Bela")

    (companion,) = companions_of(session, asha)
    assert (companion.participant.name, companion.state, companion.may_sit) == ("Uncle Ravi", CONFIRMED, True)
    assert (taken(session, event), bela.state) == (1, WAITING)

    give_up_place(session, asha, actor="a test")
    assert (companion.state, bela.state, taken(session, event)) == (CANCELLED, CONFIRMED, 1)


def test_a_companion_who_is_called_otherwise_keeps_ticket_and_seat_and_one_taken_off_leaves_nothing_but_the_log(
    session: Session, event: Event
) -> None:
    asha = come(session, event, "Asha", companion="Uncle Ravi")
    (ravi,) = companions_of(session, asha)
    table, ticket = make_table(session, event), ravi.ticket
    take_seat(session, table, ravi.participant, actor="a test")

    say_anew(session, asha, companion="Ravi Menon")
    (renamed,) = companions_of(session, asha)
    assert (renamed.participant.name, renamed.ticket) == ("Ravi Menon", ticket)
    assert seat_of(session, renamed.participant) is not None

    say_anew(session, asha, companion="")
    session.refresh(table)
    assert (companions_of(session, asha), table.taken) == ([], 0)
    assert session.scalars(select(Participant.name)).all() == ["Asha"]

    say_anew(session, asha, companion="Dora")
    say_anew(session, asha, companion="Dora", attending=Place.OUTSIDE)
    assert companions_of(session, asha) == []
    told = session.scalars(select(Activity.kind).where(Activity.kind.like("%.companion_%")).order_by(Activity.id)).all()
    done = [kind.removeprefix("person.companion_") for kind in told]
    assert done == ["added", "renamed", "taken_off", "added", "taken_off"]


def test_a_companion_who_is_here_is_not_taken_off(session: Session, event: Event) -> None:
    asha = come(session, event, "Asha", companion="Uncle Ravi")
    (ravi,) = companions_of(session, asha)
    ravi.checked_in_at = now()

    with pytest.raises(Refusal, match="Uncle Ravi is here already"):
        say_anew(session, asha, companion="")


def test_a_companions_name_is_mended_by_the_link_of_whoever_registered_them_and_the_desk_sees_it(
    client: Visitor, session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    asha = come(session, event, "Asha", companion="Uncel Ravi")
    desk = staff_client(Role.ORGANISER, event)
    session.commit()
    client.get(f"/p/{asha.participant.token}")
    page, front_desk = f"/e/{event.code}/me/change", f"/desk/{event.code}/arrivals/list.json"
    before = json.loads(desk.get(front_desk).text)["upto"]
    assert 'value="Uncel Ravi"' in client.get(page).text

    mended = client.post_form(page, {"name": "Asha", "attending": "room", "companion": "Uncle Ravi"})
    assert mended.status_code == 302
    assert "Comes with you Uncle Ravi" in client.words(f"/e/{event.code}/me")
    assert "Uncle Ravi" in desk.words(f"/desk/{event.code}/people")
    told = json.loads(desk.get(f"{front_desk}?after={before}").text)
    assert {person["name"] for person in told["people"]} == {"Asha", "Uncle Ravi"}

    client.post_form(page, {"name": "Asha", "attending": "room", "companion": ""})
    assert "Comes with you" not in client.words(f"/e/{event.code}/me")
    assert "Uncle Ravi" not in desk.words(f"/desk/{event.code}/people")


def test_an_older_page_that_does_not_ask_for_a_companion_takes_nobody_off(
    client: Visitor, session: Session, event: Event
) -> None:
    asha = come(session, event, "Asha", companion="Uncle Ravi")
    session.commit()
    client.get(f"/p/{asha.participant.token}")
    page = f"/e/{event.code}/me/change"

    sent = client.post_form(page, {"name": "Asha", "attending": "room"})

    assert sent.status_code == 302
    assert "Comes with you Uncle Ravi" in client.words(f"/e/{event.code}/me")


def test_more_places_than_chairs_are_given_by_the_hundred(session: Session, event: Event) -> None:
    open_places(session, event, 10, oversell=20)

    states = [come(session, event, f"Person{number}").state for number in range(13)]

    assert states == [CONFIRMED] * 12 + [WAITING]


def test_a_group_is_registered_in_the_order_of_its_list_each_with_a_page_of_their_own(
    session: Session, event: Event
) -> None:
    open_places(session, event, 2)
    people = [Guest(name, f"{name.lower()}@example.org") for name in ("Asha", "Bela", "Carl")]

    welcomes = register_group(
        session,
        event,
        name="Dora",
        email="dora@example.org",
        organisation="Ward 7",
        attending=Place.ROOM,
        people=people,
    )

    found = [welcome.registration for welcome in welcomes]
    assert [r.state for r in found] == [CONFIRMED, CONFIRMED, WAITING]
    assert {r.participant.organisation for r in found} == {"Ward 7"}
    assert all(r.booked_by is not None and r.booked_by.email == "dora@example.org" for r in found)
    assert len({r.participant.token for r in found}) == 3


def test_a_group_with_one_address_twice_registers_nobody(session: Session, event: Event) -> None:
    twice = [Guest("Asha", "a@example.org"), Guest("Bela", "A@example.org")]

    with pytest.raises(Refusal, match="on the list twice"):
        register_group(
            session, event, name="D", email="d@example.org", organisation="", attending=Place.ROOM, people=twice
        )

    assert session.scalar(select(func.count(Registration.id))) == 0


def test_a_group_with_an_address_to_which_no_letter_can_go_registers_nobody(session: Session, event: Event) -> None:
    people = [Guest("Ada", "ada@example.org"), Guest("Jo", "jo..doe@example.org")]

    with pytest.raises(Refusal, match=r"can go to jo\.\.doe@example\.org") as refusal:
        register_group(
            session,
            event,
            name="Ann",
            email="ann@example.org",
            organisation="",
            attending=Place.ROOM,
            people=people,
        )

    assert (refusal.value.field, session.scalar(select(func.count(Registration.id)))) == ("people", 0)


def test_whoever_goes_outside_gives_chair_and_place_to_others_and_comes_back_as_the_last(
    session: Session, event: Event
) -> None:
    open_places(session, event, 1)
    asha, bela, cy = (come(session, event, name) for name in ("Asha", "Bela", "Cy"))
    take_seat(session, make_table(session, event), asha.participant, actor="a test")

    def go(attending: Place) -> None:
        say_anew(session, asha, attending=attending)

    go(Place.OUTSIDE)
    assert (asha.state, bela.state, seat_of(session, asha.participant)) == (CONFIRMED, CONFIRMED, None)
    go(Place.ROOM)
    assert (asha.state, taken(session, event)) == (WAITING, 1)
    assert waiting_in_order(session, event) == [cy, asha]


def test_how_many_will_come_is_learnt_from_earlier_days_here(session: Session, event: Event) -> None:
    for days_ago in (300, 200, 100):
        earlier = make_event(session, stage=Stage.AFTER, held_on=now().date() - timedelta(days=days_ago))
        for number in range(10):
            make_registration(session, earlier, checked_in_at=now() if number < 9 else None)

    days = earlier_days(session, event)

    assert days == [(10, 9)] * 3
    assert expected_turnout(100, days).likely == 90


def test_a_group_form_names_the_line_that_it_cannot_read_and_then_writes_to_everybody(
    client: Visitor, session: Session, event: Event
) -> None:
    session.commit()
    page = f"/e/{event.code}/register/group"
    booker = {"name": "Dora Hale", "email": "dora@example.org", "attending": "room"}

    wrong = words_of(client.post_form(page, {**booker, "people": "Asha, asha@example.org\nBela"}))
    right = client.post_form(page, {**booker, "people": "Asha, asha@example.org\nBela; bela@example.org"})

    assert "Line 2, “Bela”: write a name, a comma, and an email address." in wrong
    assert right.status_code == 302
    addresses = session.scalars(select(Letter.to_address).order_by(Letter.id)).all()
    assert addresses == ["asha@example.org", "bela@example.org"]


def test_somebody_changes_what_they_said_on_their_own_page(client: Visitor, session: Session, event: Event) -> None:
    ask_at_registration(
        session,
        event,
        key="bus",
        label="Which bus?",
        type=QuestionType.CHOICE_OTHER,
        options=["North", "South"],
        purpose="So that it waits",
        actor="a test",
    )
    asha = come(session, event, "Asha")
    session.commit()
    client.get(f"/p/{asha.participant.token}")
    page = f"/e/{event.code}/me/change"

    said = words_of(
        client.post_form(
            page,
            {"name": "Asha K.", "attending": "room", "answers-bus": "", "answers-bus-else": "The ferry"},
            follow_redirects=True,
        )
    )

    assert "Hello, Asha K." in said
    assert "The ferry" in said
    assert 'value="The ferry"' in client.get(page).text


def test_a_question_with_a_list_that_is_empty_is_a_line_to_write_on(
    client: Visitor, session: Session, event: Event
) -> None:
    ask_at_registration(
        session,
        event,
        key="diet",
        label="Food needs",
        type=QuestionType.CHOICE_OTHER,
        purpose="So that everybody can eat",
        actor="a test",
    )
    asha = come(session, event, "Asha")
    session.commit()

    asked = client.get(f"/e/{event.code}/register").text
    client.get(f"/p/{asha.participant.token}")
    page = f"/e/{event.code}/me/change"
    client.post_form(page, {"name": "Asha", "attending": "room", "answers-diet": "No pork"})

    assert 'type="radio" name="answers-diet"' not in asked
    assert "something else" not in asked
    assert 'value="No pork"' in client.get(page).text


def test_attack_5_opening_the_links_of_a_letter_changes_nothing_and_their_buttons_do(
    session: Session, event: Event, client: Visitor
) -> None:
    open_places(session, event, 1, claim_hours=24)
    give_up_place(session, [come(session, event, "Bela"), asha := come(session, event, "Asha")][0], actor="a test")
    session.commit()
    link = f"/p/{asha.participant.token}"

    for act in ("take", "give-up"):
        client.words(f"{link}/{act}")
    session.expire_all()
    assert asha.state is OFFERED

    taken = client.post_form(f"{link}/take", page=f"{link}/take", follow_redirects=True)
    assert "The place is yours." in words_of(taken)
    session.expire_all()
    assert asha.state is CONFIRMED
    given = client.post_form(f"{link}/give-up", page=f"{link}/give-up", follow_redirects=True)
    assert "Thank you for telling us" in words_of(given)
    session.expire_all()
    assert asha.state is CANCELLED
