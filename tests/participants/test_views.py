"""Registering in a browser, and the desk's pages about people."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.core.db import db
from hackathon.events.models import Event, Place, Stage
from hackathon.participants.models import Answer, Participant, Registration, RegistrationQuestion, RegistrationState
from hackathon.participants.operations import set_places
from hackathon.staff.models import Role
from hackathon.web.limits import REGISTERING_OF_A_CALLER
from tests.conftest import settings_for
from tests.makers import make_event, make_pack, make_participant, make_registration
from tests.spending import spend_all
from tests.visitor import Visitor, words_of

StaffClient = Callable[..., Visitor]
ASHA = {"name": "Asha Karim", "email": "asha@example.org", "attending": "room"}


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    make_pack(session, event)
    session.commit()
    return event


def queries_for(visitor: Visitor, url: str) -> int:
    """How many statements a page asks of the database."""
    statements: list[str] = []
    with visitor.app.app_context():
        engine = db.engine

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    try:
        assert visitor.get(url).status_code == 200
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def register(client: Visitor, event: Event, **said: str) -> str:
    answer = client.post_form(f"/e/{event.code}/register", {**ASHA, **said}, follow_redirects=True)
    assert answer.status_code == 200
    return words_of(answer)


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
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    session.commit()
    register(client, event)

    assert "you are on the waiting list" in client.words(f"/e/{event.code}/register")
    register(client, event, email="second@example.org")

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


def test_the_desk_lists_people_without_their_sensitive_answers(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    row = make_registration(session, event, make_participant(session, event, name="Edith Marlow"))
    for question, words in (("access", "Large print"), ("diet", "Renal diet"), ("photo", "no")):
        session.add(Answer(registration=row, question=question, words=words))
    organiser, lead = staff_client(Role.ORGANISER, event), staff_client(Role.ACCESS_LEAD, event)

    said = organiser.words(f"/desk/{event.code}/people")

    assert "Edith Marlow" in said
    assert "May we include you in photographs? No" in said
    assert "Large print" not in said
    assert "Renal diet" not in said
    assert organiser.get(f"/desk/{event.code}/access").status_code == 404
    assert "Large print" in lead.words(f"/desk/{event.code}/access")


@pytest.mark.parametrize(
    ("seen_by", "readers"),
    [
        ([], {Role.ORGANISER}),
        (["facilitator", "community-manager"], {Role.FACILITATOR, Role.COMMUNITY_MANAGER}),
        (["access-lead"], {Role.ACCESS_LEAD}),
        (["front-desk"], {Role.FACILITATOR}),
    ],
)
def test_an_answer_is_shown_to_those_alone_whom_the_form_named(
    session: Session, event: Event, staff_client: StaffClient, seen_by: list[str], readers: set[Role]
) -> None:
    session.scalars(select(RegistrationQuestion).where(RegistrationQuestion.key == "photo")).one().seen_by = seen_by
    session.add(Answer(registration=make_registration(session, event), question="photo", words="no"))
    session.commit()

    said = {role: staff_client(role, event).words(f"/desk/{event.code}/people") for role in Role}

    assert {role for role, words in said.items() if "photographs" in words} == readers


def test_the_list_is_found_and_filtered(session: Session, event: Event, staff_client: StaffClient) -> None:
    make_registration(session, event, make_participant(session, event, name="Ann Lee"), attending=Place.OUTSIDE)
    make_registration(session, event, make_participant(session, event, name="Bo Diaz", organisation="Lee Trust"))
    make_registration(session, event, make_participant(session, event, name="Cy Ford"), state=RegistrationState.WAITING)
    desk = staff_client(Role.ORGANISER, event)

    def shown(query: str) -> list[str]:
        names = ("Ann Lee", "Bo Diaz", "Cy Ford")
        return [name for name in names if name in desk.words(f"/desk/{event.code}/people{query}")]

    assert shown("") == ["Ann Lee", "Bo Diaz", "Cy Ford"]
    assert shown("?find=LEE") == ["Ann Lee", "Bo Diaz"]
    assert shown("?show=outside") == ["Ann Lee"]
    assert shown("?show=waiting") == ["Cy Ford"]
    assert shown("?show=here") == []


def test_more_people_ask_no_more_of_the_database(session: Session, event: Event, staff_client: StaffClient) -> None:
    desk = staff_client(Role.ORGANISER, event)
    make_registration(session, event)
    session.commit()
    one = queries_for(desk, f"/desk/{event.code}/people")
    for _ in range(2):
        make_registration(session, event)
    session.commit()

    assert queries_for(desk, f"/desk/{event.code}/people") == one


def test_more_places_reach_those_who_wait_with_a_letter(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    make_registration(session, event, state=RegistrationState.WAITING)
    desk = staff_client(Role.ORGANISER, event)
    url = f"/desk/{event.code}/places"

    answers = {"chairs": "5", "way": "first_come", "cut_off": ["15", "3", "2026"]}
    said = words_of(desk.post_form(url, answers, follow_redirects=True))

    assert "There are 5 chairs now. 1 from the waiting list got one, and a letter." in said
    assert "You have a place in the room." in session.scalars(select(Letter.text)).one()
    assert "Write a number of chairs" in words_of(desk.post_form(url, {"chairs": "0"}))
