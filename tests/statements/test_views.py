"""Statements on the desk, and opening and closing the vote on them."""

import pytest
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.events.models import Event, Stage
from hackathon.staff.models import Role
from hackathon.votes.models import Mark, VoteMethod, Way
from hackathon.votes.queries import round_of, statements_of
from tests.makers import make_ballot, make_event, make_pack, make_registration, make_round, make_statement
from tests.visitor import StaffClient, Visitor, words_of


@pytest.fixture
def event(session: Session) -> Event:
    """An event whose two statements are being rated."""
    event = make_event(session, stage=Stage.CONVERGE)
    for number, text in ((1, "Answer every idea"), (2, "Drop the word model")):
        make_statement(session, event, number=number, text=text)
    make_round(session, event)
    session.commit()
    return event


def test_a_facilitator_writes_orders_changes_and_removes_statements(
    session: Session, staff_client: StaffClient
) -> None:
    event = make_event(session)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/statements"
    assert "No statements yet" in jo.words(page)

    for text in ("First", "Second", "Third"):
        jo.post_form(page, {"text": text})
    jo.post_form(f"{page}/3/up", page=page)
    jo.post_form(f"{page}/2", {"text": "Third, better", "seen": "Third"})
    jo.post_form(f"{page}/1/remove", page=page)

    assert [(each.number, each.text) for each in statements_of(session, event)] == [(1, "Third, better"), (2, "Second")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write the statement"),
        ("x" * 201, "200 characters or fewer"),
        ("ANSWER every idea", "Statement 1 says this already"),
    ],
)
def test_a_statement_that_cannot_be_kept_comes_back_with_the_reason(
    session: Session, staff_client: StaffClient, text: str, says: str
) -> None:
    event = make_event(session)
    make_statement(session, event, number=1, text="Answer every idea")
    jo = staff_client(Role.FACILITATOR, event)

    answer = jo.post_form(f"/desk/{event.code}/statements", {"text": text})

    assert says in words_of(answer)
    assert len(statements_of(session, event)) == 1


def test_changing_a_statement_that_changed_meanwhile_shows_both(session: Session, staff_client: StaffClient) -> None:
    """Attack 21."""
    event = make_event(session)
    make_statement(session, event, number=1, text="As Sam has it")
    jo = staff_client(Role.FACILITATOR, event)

    answer = jo.post_form(f"/desk/{event.code}/statements/1", {"text": "As Jo has it", "seen": "As it was"})

    assert "It now says: “As Sam has it”" in words_of(answer)
    assert "As Jo has it" in answer.text


def test_opening_shows_turnout_only_and_closing_leads_to_the_results(
    session: Session, staff_client: StaffClient
) -> None:
    event = make_event(session, stage=Stage.CONVERGE)
    statement = make_statement(session, event, number=1, text="Answer every idea")
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/statements"

    jo.post_form(
        f"{page}/open",
        {"method": "rate", "entitled_room": "80", "entitled_outside": "41", "entitled_note": "all who came"},
    )
    for _ in range(10):
        make_ballot(session, event, {statement: Mark.STRONGLY_AGREE})
    session.commit()
    while_open = jo.words(page)
    assert "10 of 80 (12%)" in while_open
    assert "10 of 121 (8%)" in while_open
    assert "10 ballots have come in, of 121 people who may vote" in jo.words(f"{page}/close")

    closed = jo.post_form(f"{page}/close", follow_redirects=True)

    assert "It is closed, and everybody can see the results" in words_of(closed)
    assert "10 of 10 (100%) in support" in jo.words(f"/e/{event.code}/results")


def test_phones_are_closed_first_where_paper_is_to_be_typed_in(
    session: Session, event: Event, client: Visitor, staff_client: StaffClient
) -> None:
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/statements"

    answer = jo.post_form(f"{page}/close-phones", page=f"{page}/close", follow_redirects=True)

    assert "Phones are closed. Type in what is on paper" in words_of(answer)
    assert "Ballots on paper are being typed in" in client.words(f"/e/{event.code}/rate")
    assert "Close the rating" in jo.words(page)


def test_the_pack_says_how_people_vote_and_the_organiser_may_say_otherwise(
    session: Session, staff_client: StaffClient
) -> None:
    event = make_event(session)
    make_pack(session, event)
    make_statement(session, event, number=1)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/statements/open"
    assert [str(box["value"]) for box in jo.soup(page).select("input[name=method][checked]")] == ["rate"]

    refused = jo.post_form(page, {"method": "dots", "dots": "3", "dots_on_one": "4"})
    assert "Nobody who has 3 dots can put 4 on one statement" in words_of(refused)
    jo.post_form(page, {"method": "dots", "dots": "3", "dots_on_one": ""})

    session.rollback()
    voting = round_of(session, event)
    assert voting is not None
    assert voting.way == Way(VoteMethod.DOTS, 3, None)


def test_what_is_asked_of_dots_stands_apart_and_a_small_event_hears_what_few_ballots_say(
    session: Session, staff_client: StaffClient
) -> None:
    event = make_event(session, expected_people=8)
    make_statement(session, event, number=1)
    jo = staff_client(Role.FACILITATOR, event)
    address = f"/desk/{event.code}/statements/open"

    page = jo.soup(address)

    group = page.select_one("fieldset:has(> legend):has(#dots)")
    assert group is not None
    assert group.select_one("legend:-soup-contains('Only where dots are spread')") is not None
    assert [box["name"] for box in group.select("input")] == ["dots", "dots_on_one"]
    assert "Only 8 people are expected. Fewer than 10 ratings of a statement say nothing" in jo.words(address)
    event.expected_people = 10
    session.commit()
    assert "say nothing about agreement" not in jo.words(address)
    make_registration(session, event, checked_in_at=now())
    assert "Only 1 person is checked in. Fewer than 10 ratings" in jo.words(address)


def test_an_opening_is_taken_back_while_nobody_has_rated(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/statements"

    answer = jo.post_form(f"{page}/take-back", page=page, follow_redirects=True)

    assert "You can change the statements again" in words_of(answer)
    session.rollback()
    voting = round_of(session, event)
    assert voting is not None
    assert not voting.is_open


def test_another_events_statements_are_not_there(session: Session, staff_client: StaffClient) -> None:
    """Attack 16."""
    event, other = make_event(session), make_event(session)
    make_statement(session, other, number=5, text="Theirs")
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/statements"

    answers = [jo.get(f"{page}/5")]
    answers += [jo.post_form(f"{page}/5{act}", {"text": "Ours"}, page=page) for act in ("", "/up", "/remove")]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert [statement.text for statement in statements_of(session, other)] == ["Theirs"]
