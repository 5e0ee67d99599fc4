"""Typing in ballots: a code, then a figure for each line."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.ballots.operations import give_out_ballots
from hackathon.ballots.queries import ballots_in
from hackathon.events.models import Event, Place, Stage
from hackathon.staff.models import Role
from hackathon.votes.models import Ballot, Mark, Rating
from tests.makers import make_event, make_round, make_statement
from tests.visitor import StaffClient, Visitor, words_of


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, stage=Stage.CONVERGE)
    for number, text in ((1, "Answer every idea"), (2, "Drop the word model")):
        make_statement(session, event, number=number, text=text)
    make_round(session, event)
    session.commit()
    return event


@pytest.fixture
def code(session: Session, event: Event) -> str:
    give_out_ballots(session, event, number=1, place=Place.OUTSIDE, actor="Jo")
    session.commit()
    return ballots_in(session, event, 1)[0].code


@pytest.fixture
def page(event: Event) -> str:
    return f"/desk/{event.code}/ballots"


@pytest.fixture
def sam(event: Event, staff_client: StaffClient) -> Visitor:
    return staff_client(Role.SCRIBE, event)


def marks(session: Session) -> list[Mark | None]:
    session.rollback()
    return list(session.scalars(select(Rating.mark).order_by(Rating.statement_id)))


def test_a_code_leads_to_its_lines_however_it_is_typed(sam: Visitor, page: str, code: str) -> None:
    typed = f" {code[:2].lower()}-{code[2:]} "

    assert sam.get(page, query_string={"ballot": typed}).location == f"{page}/{code}"


def test_a_ballot_is_typed_by_its_figures(session: Session, sam: Visitor, page: str, code: str) -> None:
    sent = sam.post_form(f"{page}/{code}", {"marks-1": "4", "marks-2": "0"})

    assert sent.location == page
    after = sam.words(page)
    assert ("1 of 1" in after, marks(session)) == (True, [Mark.AGREE, None])
    assert session.scalars(select(Ballot.place)).one() is Place.OUTSIDE


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"marks-1": "7", "marks-2": "0"}, "There is no box 7"),
        ({"marks-1": "x", "marks-2": "0"}, "is no figure"),
        ({"marks-1": "4", "marks-2": ""}, "A line has no figure yet"),
        ({"marks-1": "4"}, "A line has no figure yet"),
        ({"marks-1": "0", "marks-2": "0"}, "Nothing is marked"),
    ],
)
def test_what_cannot_be_read_off_a_ballot_is_refused_and_kept(
    session: Session, sam: Visitor, page: str, code: str, figures: dict[str, str], says: str
) -> None:
    refused = sam.post_form(f"{page}/{code}", figures)

    assert refused.status_code == 422
    assert says in words_of(refused)
    assert f'value="{figures["marks-1"]}"' in refused.text
    assert marks(session) == []


def test_a_code_that_is_in_says_so_and_shows_no_marks(sam: Visitor, page: str, code: str) -> None:
    sam.post_form(f"{page}/{code}", {"marks-1": "4", "marks-2": "0"})

    told = sam.words(f"{page}?ballot={code}")
    assert f"{code} is in already. A code counts once." in told
    assert not [mark.words for mark in Mark if mark.words in told]
    assert sam.get(f"{page}/{code}").location == f"{page}?ballot={code}"


def test_no_page_lists_the_codes(sam: Visitor, page: str, code: str, event: Event, staff_client: StaffClient) -> None:
    jo = staff_client(Role.ORGANISER, event)

    seen = [sam.words(page), jo.words(f"/desk/{event.code}/paper/ballots"), jo.words(f"/desk/{event.code}/log")]
    assert not [words for words in seen if code in words]


def test_results_stay_secret_while_paper_is_typed(
    client: Visitor, event: Event, sam: Visitor, staff_client: StaffClient, page: str, code: str
) -> None:
    jo = staff_client(Role.FACILITATOR, event)
    jo.post_form(f"/desk/{event.code}/statements/close-phones", page=f"/desk/{event.code}/statements")

    sam.post_form(f"{page}/{code}", {"marks-1": "4", "marks-2": "0"})

    told = client.words(f"/e/{event.code}/results")
    assert not [words for words in ("Agreed", "in support", "agree (") if words in told]


def test_it_is_for_those_who_type(event: Event, staff_client: StaffClient, page: str) -> None:
    answers = {role: staff_client(role, event).get(page).status_code for role in Role}

    lets_in = {Role.SCRIBE, Role.ORGANISER, Role.FACILITATOR, Role.COMMUNITY_MANAGER}
    assert answers == {role: 200 if role in lets_in else 404 for role in Role}


def test_closing_says_how_much_paper_was_printed_and_typed(
    session: Session, event: Event, sam: Visitor, code: str, page: str, staff_client: StaffClient
) -> None:
    give_out_ballots(session, event, number=3, place=Place.ROOM, actor="Jo")
    session.commit()
    sam.post_form(f"{page}/{code}", {"marks-1": "4", "marks-2": "0"})
    close = f"/desk/{event.code}/statements/close"

    with_some_out = staff_client(Role.FACILITATOR, event).words(close)

    assert "4 ballots were printed, and 1 is typed in. 3 are not." in with_some_out
