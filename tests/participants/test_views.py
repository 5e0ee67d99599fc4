"""The desk's pages about people and places."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.core.clock import now
from hackathon.events.models import Event, Place
from hackathon.participants.models import Answer, RegistrationQuestion, RegistrationState
from hackathon.participants.operations import set_places
from hackathon.staff.models import Role
from tests.counted import statements_in
from tests.makers import make_event, make_pack, make_participant, make_registration
from tests.visitor import StaffClient, words_of


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    make_pack(session, event)
    session.commit()
    return event


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


def test_who_waits_is_whoever_is_in_line_on_every_page(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    """Neither those who came without a place, nor who comes along with somebody in line."""
    make_registration(session, event)
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    waits = make_registration(
        session, event, make_participant(session, event, name="Cy Ford"), state=RegistrationState.WAITING
    )
    make_registration(session, event, state=RegistrationState.WAITING, companion_of=waits)
    make_registration(session, event, state=RegistrationState.WAITING, checked_in_at=now())
    session.commit()
    desk = staff_client(Role.ORGANISER, event)

    places, people = desk.words(f"/desk/{event.code}/places"), desk.words(f"/desk/{event.code}/people?show=waiting")

    assert "1 person waits" in places
    assert "Waiting (1)" in people
    assert people.count("Cy Ford") == 1


def test_more_people_ask_no_more_of_the_database(session: Session, event: Event, staff_client: StaffClient) -> None:
    desk, page = staff_client(Role.ORGANISER, event), f"/desk/{event.code}/people"
    make_registration(session, event)
    session.commit()
    one = statements_in(lambda: desk.get(page))
    for _ in range(2):
        make_registration(session, event)
    session.commit()

    assert statements_in(lambda: desk.get(page)) == one


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


def test_whoever_moved_to_another_place_has_not_cancelled(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    left = make_registration(session, event, state=RegistrationState.CANCELLED)
    there = make_event(session, venue="Ashmoor Library")
    make_registration(session, there, moves_from=left)
    session.commit()

    words = staff_client(event=event).words(f"/desk/{event.code}/people")

    assert "Moved to Ashmoor Library" in words
    assert "Cancelled" not in words
