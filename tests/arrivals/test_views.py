"""The front desk without JavaScript, what a laptop is given, and the door's own address."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.core.clock import now, spoken_date
from hackathon.events.models import Event, Stage
from hackathon.participants.models import Registration
from hackathon.participants.operations import give_up_place
from hackathon.participants.queries import people_here
from hackathon.staff.models import Role
from tests.makers import make_event, make_participant, make_registration
from tests.visitor import StaffClient, Visitor, words_of


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


@pytest.fixture
def dan(session: Session, event: Event) -> Registration:
    person = make_participant(session, event, name="Dan Price", organisation="Ward 4", email="dan@example.org")
    registration = make_registration(session, event, person)
    make_registration(session, event, make_participant(session, event, name="Bo Diaz"))
    session.commit()
    return registration


def sent(laptop: Visitor, address: str, **fields: Any) -> dict[str, Any]:
    """What a laptop gets for an act that it kept."""
    token = laptop.get("/token").get_json()["token"]
    answer = laptop.post(address, data=fields, headers={"Accept": "application/json", "X-CSRFToken": token})
    told: dict[str, Any] = {"status": answer.status_code, **answer.get_json()}
    return told


def test_a_scribe_finds_checks_in_and_takes_back_without_a_script(
    session: Session, event: Event, dan: Registration, staff_client: StaffClient
) -> None:
    desk, page = staff_client(Role.SCRIBE, event), f"/desk/{event.code}/arrivals"

    assert "Dan Price" in desk.words(f"{page}?find=ric")
    assert "Bo Diaz" not in desk.words(f"{page}?find={dan.ticket.lower()}")
    assert "Nobody by these letters" in desk.words(f"{page}?find=xyz")
    said = words_of(desk.post_form(f"{page}/{dan.id}/here", {"desk": "B"}, page=page, follow_redirects=True))
    assert "1 is here. 2 are confirmed for the room." in said
    assert "desk B." in said
    said = words_of(desk.post_form(f"{page}/{dan.id}/not-here", page=page, follow_redirects=True))
    assert "0 are here." in said


def test_whoever_checks_somebody_in_days_before_is_told_so_and_presses_once_more(
    session: Session, event: Event, dan: Registration, staff_client: StaffClient
) -> None:
    event.stage, event.held_on = Stage.BEFORE, now().date() + timedelta(days=5)
    desk, page = staff_client(Role.SCRIBE, event), f"/desk/{event.code}/arrivals"
    day, new = spoken_date(event.held_on), {"desk": "A", "name": "Ola", "organisation": "", "email": ""}

    asked = desk.post_form(f"{page}/{dan.id}/here", {"desk": "A"}, page=page, follow_redirects=True)
    assert f"It is not the day yet: that is {day}." in words_of(asked)
    assert "Check in all the same" in words_of(asked)
    assert desk.get(f"{page}/list.json").get_json()["to_come"] == day
    ticked = desk.post_form(f"{page}/register", {"people": [str(dan.id)]})
    assert f"Error: It is not the day yet: that is {day}." in words_of(ticked)
    refused = sent(desk, f"{page}/walk-in", client_id="0123456789abcdef", **new)
    assert (refused["status"], people_here(session, event)) == (422, 0)

    desk.post_form(f"{page}/{dan.id}/here", {"desk": "A", "early": "y"}, page=page)
    welcomed = sent(desk, f"{page}/walk-in", client_id="fedcba9876543210", early="y", **new)
    session.rollback()
    assert (welcomed["status"], people_here(session, event)) == (200, 2)
    event.rehearsal_since = now()
    assert event.is_to_come is False


def test_whoever_says_days_before_that_they_are_here_is_told_the_day(
    client: Visitor, session: Session, event: Event, dan: Registration
) -> None:
    event.stage, event.held_on = Stage.BEFORE, now().date() + timedelta(days=5)
    session.commit()
    client.get(f"/p/{dan.participant.token}")

    assert "It is too early" in client.words(f"/e/{event.code}/here")
    said = client.post_form(f"/e/{event.code}/here/me", page=f"/e/{event.code}/me", follow_redirects=True)

    assert f"It is too early. Say that you are here on the day itself, {spoken_date(event.held_on)}" in words_of(said)


def test_an_act_of_a_laptop_is_answered_alike_however_often_it_comes(
    session: Session, event: Event, dan: Registration, staff_client: StaffClient
) -> None:
    """Promise 3, for a check-in and for a walk-in."""
    desk, page = staff_client(Role.FACILITATOR, event), f"/desk/{event.code}/arrivals"
    here = {"client_id": "0123456789abcdef", "waited": "600", "desk": "A"}
    new = {"client_id": "fedcba9876543210", "waited": "5", "desk": "A", "name": "Ola", "organisation": "", "email": ""}

    first = [sent(desk, f"{page}/{dan.id}/here", **here), sent(desk, f"{page}/walk-in", **new)]
    again = [sent(desk, f"{page}/{dan.id}/here", **here), sent(desk, f"{page}/walk-in", **new)]
    other = sent(desk, f"{page}/{dan.id}/here", client_id="another-laptop-1", desk="B")

    session.rollback()
    assert first == again
    assert "Dan" not in str(first), "a receipt is kept, so it names nobody"
    assert other["words"].startswith("Already here since ")
    assert other["words"].endswith(", desk A.")
    assert people_here(session, event) == 2


def test_a_walk_in_who_was_greeted_at_the_other_desk_is_not_taken_back_with_this_ones_slip(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    known = make_registration(session, event, make_participant(session, event, email="ola@example.org"))
    desk, page = staff_client(Role.FACILITATOR, event), f"/desk/{event.code}/arrivals"
    sent(desk, f"{page}/{known.id}/here", client_id="the-other-desk", desk="B")
    new = {"client_id": "fedcba9876543210", "desk": "A", "name": "Ola", "organisation": "", "email": "ola@example.org"}

    said = sent(desk, f"{page}/walk-in", **new)

    assert (said["person"], said["is_new"], said["words"].endswith(", desk B.")) == (known.id, False, True)


def test_the_list_on_a_laptop_holds_nothing_that_only_some_may_see(
    event: Event, dan: Registration, staff_client: StaffClient
) -> None:
    desk = staff_client(Role.SCRIBE, event)

    said = desk.get(f"/desk/{event.code}/arrivals/list.json").get_json()

    assert set(said["people"][0]) == {
        *("id", "name", "sought", "organisation", "table", "state", "ticket", "photos", "since", "desk")
    }
    assert "@" not in str(said)
    later = desk.get(f"/desk/{event.code}/arrivals/list.json?after={said['upto']}").get_json()
    assert (later["changed"], later["people"], later["due"]) == ([], [], 2)


def test_attack_16_nobody_is_checked_in_through_another_event(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    elsewhere = make_registration(session, make_event(session))
    desk = staff_client(Role.FACILITATOR, event)

    page = f"/desk/{event.code}/arrivals"
    answer = desk.post_form(f"{page}/{elsewhere.id}/here", page=page)

    session.refresh(elsewhere)
    assert (answer.status_code, elsewhere.checked_in_at) == (404, None)


def test_the_printed_list_is_typed_in_many_at_once(
    session: Session, event: Event, dan: Registration, staff_client: StaffClient
) -> None:
    desk, page = staff_client(Role.SCRIBE, event), f"/desk/{event.code}/arrivals/register"

    said = words_of(desk.post_form(page, {"people": [str(dan.id)]}, follow_redirects=True))
    nobody = words_of(desk.post_form(page))

    assert "1 checked in from the list." in said
    assert "Tick at least one person" in nobody
    session.rollback()
    assert people_here(session, event) == 1


def test_whoever_was_ticked_on_paper_is_here_though_they_gave_their_place_up_meanwhile(
    session: Session, event: Event, dan: Registration, staff_client: StaffClient
) -> None:
    desk, page = staff_client(Role.SCRIBE, event), f"/desk/{event.code}/arrivals/register"
    elsewhere = make_registration(session, make_event(session))
    give_up_place(session, dan, actor="Dan")
    session.commit()

    said = desk.post_form(page, {"people": [str(dan.id)]}, follow_redirects=True)
    desk.post_form(page, {"people": [str(elsewhere.id)]})

    session.rollback()
    assert "1 checked in from the list." in words_of(said)
    assert (people_here(session, event), people_here(session, elsewhere.event)) == (1, 0)


def test_attack_9_the_door_answers_alike_whoever_is_on_the_list(
    session: Session, event: Event, dan: Registration, client: Visitor
) -> None:
    page = f"/e/{event.code}/here"

    known, ticket, unknown = (
        words_of(client.post_form(page, {"typed": typed}, follow_redirects=True))
        for typed in ("dan@example.org", dan.ticket, "nobody@example.org")
    )

    assert known == ticket == unknown
    assert "If you are on our list" in known
    session.rollback()
    assert people_here(session, event) == 1


def test_attack_38_a_phone_that_forgets_its_cookie_cannot_try_one_ticket_for_ever(
    app: Flask, session: Session, event: Event, dan: Registration
) -> None:
    page = f"/e/{event.code}/here"

    def tries(typed: str) -> int:
        return Visitor(app).post_form(page, {"typed": typed}).status_code

    assert [tries("dan@example.org") for _ in range(6)] == [302] * 5 + [429]
    assert tries(" DAN@example.org ") == 429
    assert tries(dan.ticket) == 302, "others are not held up"


def test_somebody_with_their_own_page_presses_one_button_on_the_day(
    session: Session, event: Event, dan: Registration, client: Visitor
) -> None:
    client.get(f"/p/{dan.participant.token}")
    page = f"/e/{event.code}/here"

    said = words_of(client.post_form(f"{page}/me", page=page, follow_redirects=True))
    assert "You are here" in said
    assert dan.ticket in said

    event.stage, dan.checked_in_at = Stage.BEFORE, None
    session.commit()
    assert "Come back on the day" in client.words(page)
