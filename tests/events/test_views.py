"""The pages on which an event is described, asked about, staffed and moved on."""

from datetime import date, time

import pytest
from sqlalchemy import event as happening
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.core.db import db
from hackathon.events.models import Event
from hackathon.events.operations import record
from hackathon.events.queries import members_of, roles_of
from hackathon.events.views import INVITATIONS_OF_ONE
from hackathon.staff.models import Role
from hackathon.staff.queries import account_by_email
from tests.makers import make_account, make_event, make_member
from tests.spending import spend_all
from tests.visitor import StaffClient, words_of

DETAILS = {
    "title": "Hack the way we lead change",
    "held_on": ["17", "3", "2026"],
    "starts": "9.30am",
    "ends": "16:15",
    "venue": "The Corn Store",
    "expected_people": "80",
    "contact_name": "Priya",
    "contact_email": "priya@example.org",
}


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


def test_details_are_saved_as_people_type_them(session: Session, event: Event, staff_client: StaffClient) -> None:
    answer = staff_client(event=event).post_form(f"/desk/{event.code}/plan/details", DETAILS)

    assert answer.location == f"/desk/{event.code}/plan"
    session.rollback()
    assert (event.title, event.held_on, event.starts, event.ends, event.expected_people) == (
        "Hack the way we lead change",
        date(2026, 3, 17),
        time(9, 30),
        time(16, 15),
        80,
    )


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"title": ""}, "Give the event a title"),
        ({"starts": "half nine"}, "Start must be a time"),
        ({"starts": "25:00"}, "Start must be a time"),
        ({"starts": "5pm"}, "The day must end after it starts"),
        ({"expected_people": "0"}, "Write a number from 1"),
        ({"held_on": ["17", "Marz", "2026"]}, "Date must be a real date"),
        ({"contact_email": "priya"}, "Write an address like"),
    ],
)
def test_a_mistake_in_the_details_is_said_and_nothing_is_saved(
    session: Session, event: Event, staff_client: StaffClient, answers: dict[str, object], said: str
) -> None:
    title = event.title

    answer = staff_client(event=event).post_form(f"/desk/{event.code}/plan/details", {**DETAILS, **answers})

    assert said in words_of(answer)
    session.rollback()
    assert event.title == title


def test_inviting_somebody_posts_them_a_letter(session: Session, event: Event, staff_client: StaffClient) -> None:
    organiser = staff_client(event=event)
    page = f"/desk/{event.code}/plan/people"

    organiser.post_form(page, {"name": "Jo Castellan", "email": "jo@example.org", "role": "facilitator"})

    session.rollback()
    letter = session.scalars(select(Letter)).one()
    account = account_by_email(session, "jo@example.org")
    assert account is not None
    assert roles_of(session, event, account.id) == {Role.FACILITATOR}
    assert (letter.to_address, f"https://hack.example.org/desk/{event.code}" in letter.text) == ("jo@example.org", True)
    assert (
        "Jo Castellan is invited as facilitator. No mail server is set, so nothing is sent. Hand over this address:"
        f" https://hack.example.org/desk/{event.code}. To sign in they need a link as well: who runs this site makes it"
        " with “.venv/bin/flask --app app staff link jo@example.org”." in organiser.words(page)
    )
    assert "a link that whoever runs this site makes for you" in letter.text
    assert "a code" not in letter.text


def test_with_a_mail_server_whoever_invites_is_told_of_the_letter(
    session: Session, event: Event, staff_client: StaffClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hackathon.events.views.sends_mail", lambda: True)
    organiser, page = staff_client(event=event), f"/desk/{event.code}/plan/people"

    organiser.post_form(page, {"name": "Jo Castellan", "email": "jo@example.org", "role": "facilitator"})

    assert "is invited as facilitator. A letter tells them." in organiser.words(page)
    session.rollback()
    assert "a code that we mail to you then" in session.scalars(select(Letter)).one().text


def test_an_invitation_that_cannot_be_posted_makes_no_account(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    answer = staff_client(event=event).post_form(
        f"/desk/{event.code}/plan/people", {"name": "Jo", "email": "jo..@example.org", "role": "facilitator"}
    )

    assert "There is a problem" in words_of(answer)
    session.rollback()
    assert account_by_email(session, "jo..@example.org") is None


def test_taking_a_role_away(session: Session, event: Event, staff_client: StaffClient) -> None:
    organiser = staff_client(event=event)
    member = make_member(session, event, make_account(session, name="Jo"), Role.FACILITATOR)
    session.commit()
    page = f"/desk/{event.code}/plan/people"

    organiser.post_form(f"{page}/{member.id}/remove", page=page)
    mine = members_of(session, event)[0].id
    organiser.post_form(f"{page}/{mine}/remove", page=page)

    assert "This is the only organiser" in organiser.words(page)
    session.rollback()
    assert [member.role for member in members_of(session, event)] == [Role.ORGANISER]


def test_figures_are_frozen_and_reopened_and_the_report_dated(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    organiser = staff_client(event=event)
    page = f"/desk/{event.code}/plan/report"

    organiser.post_form(f"/desk/{event.code}/plan/figures/freeze", page=page)
    frozen = organiser.words(page)
    organiser.post_form(f"/desk/{event.code}/plan/figures/reopen", page=page)
    refused = organiser.post_form(page, {"on": ["16", "3", "2026"]})
    organiser.post_form(page, {"on": ["21", "3", "2026"]})

    assert "They stand still since" in frozen
    assert "A report cannot come out before the day" in words_of(refused)
    session.rollback()
    assert (event.figures_frozen_at, event.report_first_published) == (None, date(2026, 3, 21))


def test_the_log_shows_what_happened_in_pages(session: Session, event: Event, staff_client: StaffClient) -> None:
    for number in range(101):
        record(session, event, "insight.shared", actor="someone", subject_id=number + 1)
    organiser = staff_client(event=event)

    newest = organiser.soup(f"/desk/{event.code}/log")
    older = newest.find("a", string=lambda words: words and "lder" in words)

    assert len(newest.select(".row-item")) == 100
    assert older is not None
    assert len(organiser.soup(str(older["href"])).select(".row-item")) == 1


@pytest.mark.parametrize("page", ["plan/people", "log"])
def test_a_longer_list_takes_no_more_queries(
    session: Session, event: Event, staff_client: StaffClient, page: str
) -> None:
    organiser = staff_client(event=event)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_member(session, event, make_account(session), Role.FACILITATOR)
            record(session, event, "something.happened", actor="Jo")
        session.commit()
        seen: list[str] = []
        happening.listen(db.engine, "before_cursor_execute", lambda *call, seen=seen: seen.append(call[2]))
        organiser.get(f"/desk/{event.code}/{page}")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_attack_38_a_flood_of_invitations_to_help_is_slowed(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    account = make_account(session)
    organiser = staff_client(event=event, account=account)
    url = f"/desk/{event.code}/plan/people"

    def invite(number: int) -> int:
        about = {"name": "Jo", "email": f"jo{number}@example.org", "role": "facilitator"}
        return organiser.post_form(url, about).status_code

    first, more = invite(1), spend_all(organiser.app, INVITATIONS_OF_ONE, str(account.id))

    assert (first, more, invite(2)) == (302, 29, 429)
    assert len(session.scalars(select(Letter)).all()) == 1
