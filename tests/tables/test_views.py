"""One's own page, a seat in a browser, and the desk's tables."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.events.models import Event, Place
from hackathon.participants.models import Answer, Participant, Registration, RegistrationState
from hackathon.participants.operations import set_places
from hackathon.staff.models import Role
from hackathon.tables.models import Table
from hackathon.tables.queries import seat_of, tables_of
from tests.makers import make_event, make_pack, make_participant, make_registration, make_table, make_theme
from tests.visitor import StaffClient, Visitor, words_of


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


@pytest.fixture
def person(client: Visitor, session: Session, event: Event) -> Participant:
    """Somebody with a place in the room, whose link this browser has opened."""
    row = make_registration(session, event, make_participant(session, event, name="Asha Karim"))
    session.commit()
    client.get(f"/p/{row.participant.token}")
    return row.participant


def test_my_page_says_how_my_place_stands_and_what_comes_next(
    client: Visitor, session: Session, event: Event, person: Participant
) -> None:
    said = client.words(f"/e/{event.code}/me")

    assert "Hello, Asha Karim You have a place in the room" in said
    for step in ("Read the hack pack", "Choose your themes", "Take a seat", "Add a thought"):
        assert step in said


def test_my_page_does_not_repeat_sensitive_answers(
    client: Visitor, session: Session, event: Event, person: Participant
) -> None:
    make_pack(session, event)
    row = session.scalars(select(Registration)).one()
    session.add_all(
        [
            Answer(registration=row, question="access", words="A ramp"),
            Answer(registration=row, question="photo", words="yes"),
        ]
    )
    session.commit()

    said = client.words(f"/e/{event.code}/me")

    assert "A ramp" not in said
    assert "Given. Only the access lead can see it." in said
    assert "May we include you in photographs? Yes" in said


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"attending": Place.OUTSIDE}, "You take part from outside"),
        ({"state": RegistrationState.CANCELLED}, "You have given your place up"),
        ({"state": RegistrationState.WAITING}, "You are number 2 on the waiting list"),
    ],
)
def test_my_page_says_where_i_stand(
    client: Visitor, session: Session, event: Event, columns: dict[str, Any], says: str
) -> None:
    make_registration(session, event, state=RegistrationState.WAITING)
    person = make_registration(session, event, **columns).participant
    session.commit()

    assert says in client.words(f"/p/{person.token}")


def test_whoever_waits_leaves_the_line_and_is_not_asked_to_give_up_a_place_that_they_do_not_have(
    client: Visitor, session: Session, event: Event
) -> None:
    waits = make_registration(session, event, state=RegistrationState.WAITING)
    comes = make_registration(session, event)
    session.commit()

    waiting, coming = (client.words(f"/p/{person.participant.token}") for person in (waits, comes))

    assert ("Leave the line" in waiting, "Give my place up" in waiting) == (True, False)
    assert ("Leave the line" in coming, "Give my place up" in coming) == (False, True)


def test_somebody_known_without_a_place_can_register(client: Visitor, session: Session, event: Event) -> None:
    person = make_participant(session, event)
    session.commit()

    assert "You have no place yet" in client.words(f"/p/{person.token}")


def test_attack_5_giving_a_place_up_takes_a_press_and_helps_the_next(
    client: Visitor, session: Session, event: Event
) -> None:
    mine = make_registration(session, event)
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    next_in_line = make_registration(session, event, state=RegistrationState.WAITING)
    table = make_table(session, event)
    session.commit()
    client.get(f"/p/{mine.participant.token}")
    page = f"/e/{event.code}/me"
    client.post_form(f"{page}/seat", {"table": str(table.number)})

    said = words_of(client.post_form(f"/p/{mine.participant.token}/give-up", page=page, follow_redirects=True))

    session.expire_all()
    assert "You have given your place up" in said
    assert (mine.state, next_in_line.state) == (RegistrationState.CANCELLED, RegistrationState.CONFIRMED)
    assert seat_of(session, mine.participant) is None
    subjects = session.scalars(select(Letter.subject).order_by(Letter.id)).all()
    assert [subject.partition(":")[0] for subject in subjects] == ["Your place is given up", "Your place"]


def test_a_seat_is_taken_moved_and_left(client: Visitor, session: Session, event: Event, person: Participant) -> None:
    theme = make_theme(session, event, title="Tools")
    for number in (1, 2):
        make_table(session, event, number=number, seats=8, theme=theme)
    session.commit()
    url = f"/e/{event.code}/me/seat"

    assert "You sit at table 1." in words_of(client.post_form(url, {"table": "1"}, follow_redirects=True))
    assert "You sit at table 2." in words_of(client.post_form(url, {"table": "2"}, follow_redirects=True))
    assert [table.taken for table in tables_of(session, event)] == [0, 1]

    said = words_of(client.post_form(f"{url}/leave", page=url, follow_redirects=True))
    assert "You have left your seat." in said


def test_a_seat_that_a_phone_asks_for_again_moves_nobody_back(
    client: Visitor, session: Session, event: Event, person: Participant
) -> None:
    """Attack 19, for seats."""
    for number, seats in ((1, 8), (2, 8), (3, 1)):
        make_table(session, event, number=number, seats=seats, taken=1 if seats == 1 else 0)
    session.commit()
    url = f"/e/{event.code}/me/seat"
    headers = {"Accept": "application/json", "X-CSRFToken": client.get("/token").get_json()["token"]}

    def ask(table: str, client_id: str) -> Any:
        return client.post(url, data={"table": table, "client_id": client_id}, headers=headers).get_json()

    first = ask("1", "first-of-the-phone")
    ask("2", "second-of-the-phone")
    session.execute(update(Table).where(Table.number == 1).values(taken=8))  # others have come meanwhile
    session.commit()
    again, other, full = ask("1", "first-of-the-phone"), ask("2", "first-of-the-phone"), ask("3", "third-of-the-phone")

    assert first == again
    assert first["words"] == "You sit at table 1. You can move while other tables have seats."
    assert "Send this once more" in other["message"]
    assert full["message"] == "Table 3 has just filled up. Choose another table. You keep your seat at table 2."
    assert [table.taken for table in tables_of(session, event)] == [8, 1, 1]


def test_a_seat_that_somebody_else_asked_for_on_this_phone_is_not_taken(
    client: Visitor, session: Session, event: Event, person: Participant
) -> None:
    make_table(session, event, number=1)
    before = make_registration(session, event).participant
    session.commit()
    headers = {"Accept": "application/json", "X-CSRFToken": client.get("/token").get_json()["token"]}
    asked = {"table": "1", "person": str(before.id), "client_id": "kept-on-the-phone"}

    answer = client.post(f"/e/{event.code}/me/seat", data=asked, headers=headers)

    assert answer.status_code == 422
    assert answer.get_json()["message"].startswith("Somebody else asked for this on this phone.")
    assert [table.taken for table in tables_of(session, event)] == [0]


def test_a_full_table_says_so_kindly(client: Visitor, session: Session, event: Event, person: Participant) -> None:
    make_table(session, event, number=1, seats=1, taken=1)
    make_table(session, event, number=2, seats=1)
    session.commit()
    url = f"/e/{event.code}/me/seat"

    assert "Full" in client.words(url)
    said = words_of(client.post_form(url, {"table": "1"}, follow_redirects=True))

    assert "Table 1 has just filled up. Choose another table." in said


@pytest.mark.parametrize("table", ["99", "x", "", "9" * 19, "-1", "\0"])
def test_attack_16_a_table_of_another_event_is_not_there(
    client: Visitor, session: Session, event: Event, person: Participant, table: str
) -> None:
    make_table(session, event, number=1)
    make_table(session, make_event(session), number=99)
    session.commit()

    answer = client.post_form(f"/e/{event.code}/me/seat", {"table": table})

    assert answer.status_code == 404
    assert seat_of(session, person) is None


def test_somebody_outside_sees_whom_seats_are_for(client: Visitor, session: Session, event: Event) -> None:
    person = make_registration(session, event, attending=Place.OUTSIDE).participant
    make_table(session, event, number=1)
    session.commit()
    client.get(f"/p/{person.token}")

    page = client.soup(f"/e/{event.code}/me/seat")

    assert "Seats are for people who have a place in the room." in page.get_text(" ")
    assert page.select("main form") == []


def test_the_desk_sets_out_tables_and_changes_one(session: Session, event: Event, staff_client: StaffClient) -> None:
    theme = make_theme(session, event, title="Tools", position=1)
    organiser = staff_client(Role.ORGANISER, event)
    url = f"/desk/{event.code}/tables"

    laid = organiser.post_form(url, {"number": "2", "seats": "6"}, follow_redirects=True)
    assert "There are 2 tables now, with 12 seats." in words_of(laid)

    changed = organiser.post_form(f"{url}/2", {"seats": "4", "theme": "0"}, follow_redirects=True)
    assert "Table 2 is changed." in words_of(changed)
    assert [(table.seats, table.theme) for table in tables_of(session, event)] == [(6, theme), (4, None)]

    refused = organiser.post_form(f"{url}/2", {"seats": "0", "theme": "0"})
    assert "Write a number of seats from 1 to 40." in words_of(refused)
    assert organiser.get(f"{url}/3").status_code == 404
