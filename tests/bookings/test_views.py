"""Registering, one's personal link, and a phone that holds it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.events.models import Event, Place, Stage
from hackathon.participants.models import Answer, Participant, Registration, RegistrationState
from hackathon.participants.operations import register as take_in
from hackathon.participants.operations import set_places
from hackathon.web.limits import REGISTERING_OF_A_CALLER
from tests.conftest import settings_for
from tests.makers import make_event, make_pack, make_participant, make_registration
from tests.spending import spend_all
from tests.visitor import Visitor, words_of

ASHA = {"name": "Asha Karim", "email": "asha@example.org", "attending": "room"}


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    make_pack(session, event)
    session.commit()
    return event


def register(client: Visitor, event: Event, **said: str) -> str:
    answer = client.post_form(f"/e/{event.code}/register", {**ASHA, **said}, follow_redirects=True)
    assert answer.status_code == 200
    return words_of(answer)


def sign_up(session: Session, event: Event, email: str) -> Registration:
    said = {"organisation": "", "job_role": "", "attending": Place.ROOM, "answers": {}}
    return take_in(session, event, name="Sample Person", email=email, **said).registration  # type: ignore[arg-type]  # each has its own type - mypy sees object


def test_registering_shows_the_personal_link_when_there_is_no_mail_server(
    client: Visitor, session: Session, event: Event
) -> None:
    said = register(client, event, **{"answers-access": "A ramp", "answers-photo": "no"})

    token = session.scalars(select(Participant.token)).one()
    letter = session.scalars(select(Letter)).one()
    assert f"https://hack.example.org/p/{token}" in said
    assert f"https://hack.example.org/p/{token}" in letter.text
    assert dict(session.execute(select(Answer.question, Answer.words)).all()) == {
        "access": "A ramp",
        "photo": "no",
    }


def test_an_address_copied_with_something_that_nobody_sees_is_the_same_person(
    client: Visitor, session: Session, event: Event
) -> None:
    register(client, event)
    register(client, event, email="\u200basha@example.org\ufeff")

    assert session.scalars(select(Participant.email)).all() == ["asha@example.org"]


def test_the_form_says_why_each_question_is_asked_and_who_sees_it(client: Visitor, event: Event) -> None:
    said = client.words(f"/e/{event.code}/register")

    assert "Tell us what you need to take part fully (optional) So that we can arrange what you need." in said
    assert "Seen by the access lead and the front desk only. Deleted on 31 March 2026." in said


def test_a_mistake_is_named_beside_its_question(client: Visitor, session: Session, event: Event) -> None:
    said = words_of(client.post_form(f"/e/{event.code}/register", {"name": "", "email": "asha", "attending": "moon"}))

    assert "There is a problem" in said
    assert "Write your name" in said
    assert "Write an email address like name@example.org" in said
    assert session.scalar(select(func.count(Participant.id))) == 0


def test_attack_9_a_known_address_is_answered_like_a_new_one_and_shows_no_link(
    client: Visitor, session: Session, event: Event
) -> None:
    register(client, event)

    said = register(client, event, email="ASHA@example.org", name="Mallory")

    assert "Check your mail" in said
    assert "/p/" not in said
    assert session.scalars(select(Participant.name)).all() == ["Asha Karim"]
    assert session.scalar(select(func.count(Letter.id))) == 2


def test_attack_9_with_a_mail_server_the_two_pages_are_the_same(
    app: Flask, client: Visitor, session: Session, event: Event
) -> None:
    app.extensions["settings"] = settings_for(app.extensions["settings"].data_dir, smtp_url="smtp://localhost:25")

    new, known = register(client, event), register(client, event)

    assert new == known
    assert "Check your mail" in new


def test_attack_10_the_link_never_takes_its_host_from_the_request(
    client: Visitor, session: Session, event: Event
) -> None:
    url = f"/e/{event.code}/register"
    evil: dict[str, Any] = {
        "base_url": "https://evil.test",
        "headers": {"X-Forwarded-Host": "evil.test", "Referer": f"https://evil.test{url}"},
    }
    form = BeautifulSoup(client.get(url, **evil).text, "html.parser").find("input", attrs={"name": "csrf_token"})
    assert form is not None

    answer = client.post(url, data={**ASHA, "csrf_token": form["value"]}, **evil)

    assert answer.status_code == 302
    letter = session.scalars(select(Letter)).one()
    assert "evil" not in f"{letter.text}{letter.html}"
    assert "https://hack.example.org/p/" in letter.text


def test_a_flood_of_letters_to_one_address_is_stopped(client: Visitor, session: Session, event: Event) -> None:
    codes = [client.post_form(f"/e/{event.code}/register", ASHA).status_code for _ in range(6)]

    assert codes == [302] * 4 + [429] * 2
    assert session.scalar(select(func.count(Letter.id))) == 4


def test_a_hospital_behind_one_address_may_register_and_a_flood_may_not(
    client: Visitor, session: Session, event: Event
) -> None:
    token = client.token_on(f"/e/{event.code}/register")

    def come(number: int) -> int:
        said = {**ASHA, "email": f"person{number}@example.org", "csrf_token": token}
        return client.post(f"/e/{event.code}/register", data=said).status_code

    first = come(1)
    more = spend_all(client.app, REGISTERING_OF_A_CALLER)

    assert (first, more >= 160) == (302, True)
    assert come(2) == 429


def test_attack_3_a_draft_has_no_form_and_a_past_day_takes_nobody(client: Visitor, session: Session) -> None:
    draft, past = make_event(session, stage=Stage.DRAFT), make_event(session, stage=Stage.AFTER)
    open_one = make_event(session)
    session.commit()
    token = client.token_on(f"/e/{open_one.code}/register")

    answers = [client.post(f"/e/{event.code}/register", data={**ASHA, "csrf_token": token}) for event in (draft, past)]

    assert [answer.status_code for answer in answers] == [404, 200]
    assert "The day is over" in words_of(answers[1])
    assert session.scalar(select(func.count(Registration.id))) == 0


def test_a_full_room_says_so_kindly_before_and_after(client: Visitor, session: Session, event: Event) -> None:
    event.stage = Stage.BEFORE
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    session.commit()
    before = client.words(f"/e/{event.code}")
    register(client, event)

    for page in (f"/e/{event.code}", f"/e/{event.code}/register"):
        said = client.words(page)
        assert "The room is full: you will be put on the waiting list" in said
        assert "Join the waiting list" in said
    told = register(client, event, email="second@example.org")

    assert "waiting list" not in before
    assert "Whoever has no place in it is on the waiting list" in told
    assert "you are on the waiting list" in session.scalars(select(Letter.text).order_by(Letter.id)).all()[1]


def test_the_personal_link_opens_ones_own_page_and_can_be_forgotten(
    client: Visitor, session: Session, event: Event
) -> None:
    person = make_registration(session, event).participant
    session.commit()

    assert client.get(f"/e/{event.code}/me").status_code == 404
    assert "You have a place in the room" in client.words(f"/P/{person.token.upper()}")

    client.post_form(f"/e/{event.code}/forget", page=f"/e/{event.code}/me")
    assert client.get(f"/e/{event.code}/me").status_code == 404


def test_a_phone_that_forgets_keeps_no_name_no_numbers_and_no_ids(
    client: Visitor, session: Session, event: Event
) -> None:
    person = make_registration(session, event).participant
    session.commit()
    client.get(f"/p/{person.token}")
    client.hold(receipts={event.code: [46]}, writes_as=["named", "Asha"], next_ids={event.code: "a2" * 16})
    forms = client.soup(f"/e/{event.code}/me").select("form[data-outbox-clear]")

    client.post_form(f"/e/{event.code}/forget", page=f"/e/{event.code}/me")

    assert [form["action"] for form in forms] == [f"/e/{event.code}/forget"], "the phone clears itself, too"
    with client.client.session_transaction() as cookie:
        assert not {"participants", "receipts", "writes_as", "next_ids", "device"} & cookie.keys()


def test_opening_ones_own_link_keeps_the_numbers_of_the_phone_until_it_changes_hands(
    client: Visitor, session: Session, event: Event
) -> None:
    asha, dan = (make_registration(session, event).participant for _ in range(2))
    session.commit()
    client.hold(receipts={event.code: [46]})
    held = []

    for person in (asha, asha, dan):
        client.get(f"/p/{person.token}")
        with client.client.session_transaction() as cookie:
            held.append(cookie.get("receipts"))

    assert held == [{event.code: [46]}, {event.code: [46]}, None]


def test_attack_5_opening_links_changes_nothing(client: Visitor, session: Session, event: Event) -> None:
    person = make_registration(session, event).participant
    session.commit()

    client.get(f"/p/{person.token}")
    answers = [client.get(f"/e/{event.code}/{act}").status_code for act in ("forget", "me/seat/leave")]

    assert answers == [405, 405]
    assert session.scalars(select(Registration.state)).all() == [RegistrationState.CONFIRMED]


def test_attack_16_a_link_of_one_event_opens_nothing_in_another(
    client: Visitor, session: Session, event: Event
) -> None:
    other = make_event(session)
    person = make_registration(session, other).participant
    session.commit()

    client.hold(participants={event.code: person.token})

    assert [client.get(f"/e/{event.code}/me{rest}").status_code for rest in ("", "/themes", "/seat")] == [404] * 3
    assert client.get("/p/nobody").status_code == 404


def test_a_personal_link_opens_nothing_while_its_event_is_a_draft(client: Visitor, session: Session) -> None:
    person = make_participant(session, make_event(session, code="DRAF", stage=Stage.DRAFT))
    session.commit()

    assert client.get(f"/p/{person.token}").status_code == 404


def test_once_the_day_is_over_no_place_is_given_up_or_given(client: Visitor, session: Session, event: Event) -> None:
    """An old link and an open page still work; a no-show stays one, and nobody is invited to a day that is over."""
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    holder = sign_up(session, event, "holder@example.org")
    waiting = sign_up(session, event, "waiting@example.org")
    link = f"/p/{holder.participant.token}"
    session.commit()
    client.get(link)
    token = client.token_on(f"{link}/give-up")
    event.stage = Stage.AFTER
    session.commit()

    told = client.post(f"{link}/give-up", data={"csrf_token": token}, follow_redirects=True)
    changed = client.post_form(f"/e/{event.code}/me/change", {"name": "Holder", "attending": "outside"})

    assert "The day is over, so there is no place left to give up." in words_of(told)
    assert "Give my place up" not in words_of(told)
    assert "there is no place left to give up" in client.words(f"{link}/give-up")
    assert "The day is over, so how you took part stays as it is." in words_of(changed)
    session.expire_all()
    assert (holder.state, waiting.state) == (RegistrationState.CONFIRMED, RegistrationState.WAITING)
    assert session.scalars(select(Letter)).all() == []


def test_whoever_is_erased_after_the_day_leaves_no_place_to_anybody(
    client: Visitor, session: Session, event: Event
) -> None:
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    holder = sign_up(session, event, "holder@example.org")
    waiting = sign_up(session, event, "waiting@example.org")
    event.stage = Stage.AFTER
    session.commit()
    client.get(f"/p/{holder.participant.token}")

    client.post_form(f"/e/{event.code}/me/erase", {"keep_words": "keep"})

    session.expire_all()
    assert session.scalars(select(Registration)).all() == [waiting]
    assert waiting.state is RegistrationState.WAITING
    assert session.scalars(select(Letter)).all() == []
