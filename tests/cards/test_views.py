"""The page on which cards are typed in, and the list of those that are missing."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.events.models import Event, Place
from hackathon.figures.queries import figures_of
from hackathon.insights.models import Identity, Insight
from hackathon.maths.rates import Rate
from hackathon.staff.models import Role
from tests.counted import statements_in
from tests.makers import make_event, make_insight, make_table
from tests.visitor import StaffClient, Visitor, words_of


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, held_on=date.today())  # noqa: DTZ011 - a day in the life of this machine is good enough
    make_table(session, event, number=7, cards_printed=12)
    session.commit()
    return event


@pytest.fixture
def page(event: Event) -> str:
    return f"/desk/{event.code}/cards"


@pytest.fixture
def sam(event: Event, staff_client: StaffClient) -> Visitor:
    return staff_client(Role.SCRIBE, event)


def card(number: str = "7-3", **changed: str) -> dict[str, str]:
    return {
        "number": number,
        "text": "We wait for the form",
        "identity": "hidden",
        "author_name": "",
        "state": "typed",
        "client_id": f"typed-for-{number}",
        **changed,
    }


def insights(session: Session) -> list[tuple[str | None, str]]:
    session.rollback()
    rows = session.execute(select(Insight.card_number, Insight.text).order_by(Insight.number))
    return [(number, text) for number, text in rows]


def test_a_scribe_types_a_card_and_is_asked_for_the_next(session: Session, sam: Visitor, page: str) -> None:
    sent = sam.post_form(page, card())

    assert (sent.status_code, sent.location) == (302, f"{page}?done=7-3")
    after = sam.soup(sent.location)
    assert "7–3 is in, with number 1." in after.get_text(" ", strip=True)
    fields = after.find_all("input", attrs={"name": "number"})
    assert [(field.get("type"), field.get("value", "")) for field in fields] == [("text", ""), ("hidden", "7-4")]
    assert fields[0].has_attr("autofocus")
    assert insights(session) == [("7-3", "We wait for the form")]


@pytest.mark.parametrize(("typed", "kept"), [("", "7-4"), ("9", "7-9"), ("7–9", "7-9"), ("7 9", "7-9")])
def test_the_table_is_kept_and_an_empty_number_is_the_one_proposed(
    session: Session, sam: Visitor, page: str, typed: str, kept: str
) -> None:
    sent = sam.post_form(page, {**card(), "number": [typed, "7-4"]})

    assert sent.location == f"{page}?done={kept}"
    assert insights(session) == [(kept, "We wait for the form")]


@pytest.mark.parametrize(
    ("typed", "pressed", "says"),
    [
        ("7-3i", "typed", "nobody could read it"),
        ("7-3 b", "typed", "nothing was on it"),
        ("7-3", "illegible", "nobody could read it"),
    ],
)
def test_a_card_is_put_aside_by_a_letter_or_a_button(
    session: Session, sam: Visitor, page: str, typed: str, pressed: str, says: str
) -> None:
    sam.post_form(page, card(typed, text="", state=pressed))

    assert f"7–3 is put aside: {says}" in sam.words(f"{page}?done=7-3")
    assert insights(session) == []


def test_a_number_that_is_in_shows_what_is_there_and_keeps_what_was_typed(
    session: Session, sam: Visitor, page: str
) -> None:
    sam.post_form(page, card())

    refused = sam.post_form(page, card(text="Other words", client_id="typed-once-more"))

    assert refused.status_code == 422
    assert "7–3 is in already: “We wait for the form”" in words_of(refused)
    assert ">Other words</textarea>" in refused.text.replace("\r", "").replace("\n", "")
    assert insights(session) == [("7-3", "We wait for the form")]


@pytest.mark.parametrize("number", ["", "seven", "712", "7-0", "9-1", "7-13"])
def test_a_number_on_no_card_is_refused_in_words(session: Session, sam: Visitor, page: str, number: str) -> None:
    refused = sam.post_form(page, card(number))

    assert refused.status_code == 422
    assert "There is a problem" in words_of(refused)
    assert insights(session) == []


def test_cards_are_the_paper_share_of_what_is_said_in_the_room(
    session: Session, event: Event, sam: Visitor, page: str
) -> None:
    make_insight(session, event, number=1)
    make_insight(session, event, number=2, place=Place.OUTSIDE)
    session.commit()
    sam.post_form(page, card())

    session.rollback()
    assert figures_of(session, event).contributions.paper_share == Rate(1, 2)


def test_a_reload_makes_no_second_card(session: Session, sam: Visitor, page: str) -> None:
    again = [sam.post_form(page, card()).location for _ in range(2)]

    assert again == [f"{page}?done=7-3"] * 2
    assert len(insights(session)) == 1


def test_a_card_without_a_name_is_under_no_name(session: Session, sam: Visitor, page: str) -> None:
    sam.post_form(page, card("7-1", identity="named"))
    sam.post_form(page, card("7-2", identity="named", author_name="Sample Person"))

    rows = session.execute(select(Insight.identity, Insight.author_name).order_by(Insight.number)).all()
    assert [tuple(row) for row in rows] == [(Identity.HIDDEN, ""), (Identity.NAMED, "Sample Person")]


def test_a_scribe_is_told_what_a_card_may_give_away(sam: Visitor, page: str) -> None:
    sent = sam.post_form(page, card(text="Ring me on 07700 900123"))

    assert "It looks as if it holds a phone number" in sam.words(sent.location)


def test_a_card_is_mended_on_the_same_page(session: Session, sam: Visitor, page: str) -> None:
    sam.post_form(page, card())

    sent = sam.post_form(f"{page}/7-3", {"number": "7-5", "text": "We wait", "seen": "We wait for the form"})

    assert sent.location == f"{page}?done=7-5"
    assert insights(session) == [("7-5", "We wait")]
    assert sam.get(f"{page}/7-3").status_code == 404


def test_who_mends_too_late_sees_both_texts(sam: Visitor, page: str) -> None:
    sam.post_form(page, card())

    refused = sam.post_form(f"{page}/7-3", {"number": "7-3", "text": "Mine", "seen": "What it said before"})

    assert refused.status_code == 422
    assert "It now says: “We wait for the form”" in words_of(refused)
    assert "Mine" in refused.text


def test_the_list_says_which_cards_are_missing(sam: Visitor, page: str) -> None:
    sam.post_form(page, card("7-3"))
    sam.post_form(page, card("7-6", text="", state="illegible"))

    assert "7 1 of 12 0 6 10: 1–2, 4–5, 7–12" in sam.words(f"{page}/missing")


def test_the_page_costs_the_same_with_one_card_and_with_five(sam: Visitor, page: str) -> None:
    sam.post_form(page, card("7-1"))
    one = statements_in(lambda: sam.get(f"{page}?done=7-1"))
    for number in range(2, 6):
        sam.post_form(page, card(f"7-{number}"))

    assert statements_in(lambda: sam.get(f"{page}?done=7-1")) == one


def test_it_is_for_those_who_type(event: Event, staff_client: StaffClient, page: str) -> None:
    answers = {role: staff_client(role, event).get(page).status_code for role in Role}

    lets_in = {Role.SCRIBE, Role.ORGANISER, Role.FACILITATOR, Role.COMMUNITY_MANAGER}
    assert answers == {role: 200 if role in lets_in else 404 for role in Role}
