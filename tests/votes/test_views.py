"""Statements on the desk, rating on a phone, and results."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.events.models import Event, Place, Stage
from hackathon.insights.models import Insight
from hackathon.staff.models import Role
from hackathon.votes.models import Ballot, Mark, Rating
from hackathon.votes.queries import marks_on, round_of, statements_of, tallies_of
from tests.counted import statements_in
from tests.makers import make_ballot, make_event, make_round, make_statement, make_table
from tests.visitor import Visitor, words_of

StaffClient = Callable[..., Visitor]
RESULT_WORDS = ("Agreed", "Contested", "in support", "agree (", "statements are agreed")


@pytest.fixture
def event(session: Session) -> Event:
    """An event whose two statements are being rated."""
    event = make_event(session, stage=Stage.CONVERGE)
    for number, text in ((1, "Answer every idea"), (2, "Drop the word model")):
        make_statement(session, event, number=number, text=text)
    make_round(session, event)
    session.commit()
    return event


def sole_ballot(session: Session) -> Ballot:
    session.rollback()
    return session.scalars(select(Ballot)).one()


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


def test_opening_shows_turnout_only_and_closing_shows_the_results(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session, stage=Stage.CONVERGE)
    statement = make_statement(session, event, number=1, text="Answer every idea")
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/statements"

    jo.post_form(f"{page}/open", {"entitled_room": "80", "entitled_outside": "41", "entitled_note": "all who came"})
    for _ in range(10):
        make_ballot(session, event, {statement: Mark.STRONGLY_AGREE})
    session.commit()
    while_open = jo.get(page)
    assert "10 of 80 (12%)" in words_of(while_open)
    assert "10 of 121 (8%)" in words_of(while_open)
    assert [word for word in RESULT_WORDS if word in jo.get(f"/e/{event.code}/results").text] == []
    assert "chart" not in (jo.soup(page).main or jo.soup(page)).decode()
    assert "10 ballots have come in, of 121 people who may rate" in jo.words(f"{page}/close")

    closed = jo.post_form(f"{page}/close", follow_redirects=True)

    assert "1 of 1 statements is agreed" in words_of(closed)
    assert "10 of 10 (100%) in support" in jo.words(f"/e/{event.code}/results")


def test_nothing_of_the_results_is_in_any_page_before_closing(
    session: Session, event: Event, client: Visitor, staff_client: StaffClient
) -> None:
    """Attack 20's other half: not even in the page's source, and not in the figures."""
    for statement in statements_of(session, event):
        for _ in range(12):
            make_ballot(session, event, {statement: Mark.STRONGLY_AGREE})
    jo = staff_client(Role.FACILITATOR, event)
    addresses = [f"/e/{event.code}/{page}" for page in ("results", "rate", "figures.json", "outcomes")]
    addresses += [f"/desk/{event.code}/statements", f"/desk/{event.code}/statements/close"]

    sources = [(client if address.startswith("/e/") else jo).get(address) for address in addresses]

    assert [source.status_code for source in sources] == [200] * len(addresses)
    assert [word for source in sources for word in RESULT_WORDS if word in source.text.partition("The rule")[0]] == []
    assert tallies_of(session, event) == []


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


def test_two_phones_rate_and_a_reload_doubles_nothing(session: Session, event: Event, client: Visitor) -> None:
    other = Visitor(client.app)
    rate = f"/e/{event.code}/rate"

    for _ in range(3):
        answer = client.post_form(rate, {"marks-1": "agree", "marks-2": "not_clear", "place": "room"})
    other.post_form(rate, {"marks-1": "disagree", "place": "outside"})

    assert answer.location.lower() == f"{rate}/receipt".lower()
    session.rollback()
    ballots = session.scalars(select(Ballot).order_by(Ballot.id)).all()
    assert [(marks_on(session, ballot), ballot.place) for ballot in ballots] == [
        ({1: Mark.AGREE, 2: Mark.NOT_CLEAR}, Place.ROOM),
        ({1: Mark.DISAGREE}, Place.OUTSIDE),
    ]
    assert session.scalar(select(func.count(Rating.id))) == 4
    receipt = client.words(f"{rate}/receipt")
    assert f"Your ballot is {ballots[0].code}" in receipt
    assert "You rated 2 of 2 statements" in receipt


def test_nothing_is_marked_beforehand_and_what_i_sent_is_there_to_change(
    session: Session, event: Event, client: Visitor
) -> None:
    rate = f"/e/{event.code}/rate"
    assert client.soup(rate).select("input[checked]") == []

    client.post_form(rate, {"marks-1": "agree", "place": "room"})

    assert sorted(str(field["value"]) for field in client.soup(rate).select("input[checked]")) == ["agree", "room"]
    client.post_form(rate, {"marks-2": "neutral", "place": "room"})
    assert marks_on(session, sole_ballot(session)) == {2: Mark.NEUTRAL}


def test_the_order_stays_on_one_phone_and_six_points_stand_apart(event: Event, client: Visitor) -> None:
    orders = [
        [
            legend.get_text(strip=True)
            for legend in client.soup(f"/e/{event.code}/rate").select("legend.rating__statement")
        ]
        for _ in range(3)
    ]

    assert orders[0] == orders[1] == orders[2]
    assert sorted(orders[0]) == ["Answer every idea", "Drop the word model"]
    points = client.soup(f"/e/{event.code}/rate").select("fieldset.rating")[0]
    assert [label.get_text(strip=True) for label in points.select(".rating__scale label")] == [
        "Strongly disagree",
        "Disagree",
        "Neutral",
        "Agree",
        "Strongly agree",
    ]
    assert [label.get_text(strip=True) for label in points.select(".rating__apart label")] == ["Not clear to me"]


def test_who_comes_from_a_table_is_in_the_room_unasked(session: Session, event: Event, client: Visitor) -> None:
    table = make_table(session, event, number=7)
    session.commit()
    rate = f"/e/{event.code}/rate?table={table.code.lower()}"
    assert "Where are you taking part?" not in client.words(rate)

    client.post_form(rate, {"marks-1": "agree"})

    assert sole_ballot(session).place is Place.ROOM
    assert "Back to table 7" in client.words(f"/e/{event.code}/rate/receipt?table={table.code}")


def test_a_table_of_another_event_says_nothing_about_the_place(session: Session, event: Event, client: Visitor) -> None:
    """Attack 16."""
    table = make_table(session, make_event(session))
    session.commit()

    assert "Where are you taking part?" in client.words(f"/e/{event.code}/rate?table={table.code}")


@pytest.mark.parametrize("code", ["%00", "TAB7%00", "x" * 5000, "%F0%9F%92%A5", "9" * 30])
def test_attack_23_any_table_may_be_asked_for(event: Event, client: Visitor, code: str) -> None:
    assert "Where are you taking part?" in client.words(f"/e/{event.code}/rate?table={code}")


@pytest.mark.parametrize(
    "sent",
    [
        {"place": "room"},
        {"marks-1": "", "place": "room"},
        {"marks-1": "splendid", "place": "room"},
        {"marks-9": "agree", "place": "room"},
        {"marks-9e999": "agree", "place": "room"},
        {"marks-": "agree", "place": "room"},
        {"marks-1[]": "agree", "place": "room"},
        {"marks-1": "agree"},
        {"marks-1": "agree", "place": "mars"},
    ],
)
def test_a_ballot_of_the_wrong_shape_comes_back_and_nothing_is_kept(
    session: Session, event: Event, client: Visitor, sent: dict[str, str]
) -> None:
    """Attack 23."""
    answer = client.post_form(f"/e/{event.code}/rate", sent)

    assert answer.status_code == 200
    assert "There is a problem" in words_of(answer)
    session.rollback()
    assert session.scalars(select(Ballot)).all() == []


def test_ratings_after_closing_are_refused_in_words_and_not_counted(
    session: Session, event: Event, client: Visitor
) -> None:
    """Attacks 3 and 20: the page was open on the phone when the rating closed."""
    rate = f"/e/{event.code}/rate"
    token = client.token_on(rate)
    voting = round_of(session, event)
    assert voting is not None
    voting.closed_at = now()
    session.commit()

    answer = client.post(rate, data={"marks-1": "agree", "place": "room", "csrf_token": token})

    assert answer.status_code == 409
    assert "came after it closed, so they were not counted" in words_of(answer)
    session.rollback()
    assert session.scalars(select(Ballot)).all() == []


def test_rating_a_draft_or_an_event_without_a_round_is_told_kindly(session: Session, client: Visitor) -> None:
    bare, draft = make_event(session), make_event(session, stage=Stage.DRAFT)
    session.commit()

    assert "There is nothing to rate yet" in client.words(f"/e/{bare.code}/rate")
    assert "Nothing has been rated yet" in client.words(f"/e/{bare.code}/results")
    assert [client.get(f"/e/{draft.code}/{page}").status_code for page in ("rate", "results", "rate/receipt")] == [
        404
    ] * 3


def test_a_ballot_cannot_be_joined_to_what_its_phone_wrote(session: Session, event: Event, client: Visitor) -> None:
    """The digest on a ballot is a ballot's alone: no insight carries it, and none leads to it."""
    client.post_form(f"/e/{event.code}/rate", {"marks-1": "agree", "place": "room"})
    client.post_form(
        f"/e/{event.code}/outside/insights",
        {
            "text": "Something",
            "identity": "named",
            "author_name": "Dan",
            "client_id": "a-client",
            "theme": "0",
        },
        page=f"/e/{event.code}/outside",
    )

    session.rollback()
    ballot = session.scalars(select(Ballot)).one()
    insights = session.scalars(select(Insight)).all()
    assert [insight.text for insight in insights] == ["Something"]
    assert ballot.device not in {insight.device for insight in insights}


def test_results_show_rule_turnout_and_places_apart(session: Session, client: Visitor) -> None:
    event = make_event(session, stage=Stage.AFTER)
    statement = make_statement(session, event, number=1, text="Answer every idea")
    make_round(session, event, closed_at=now(), entitled_room=8, entitled_outside=6, entitled_note="all who came")
    for mark, place, times in ((Mark.AGREE, Place.ROOM, 7), (Mark.DISAGREE, Place.OUTSIDE, 5)):
        for _ in range(times):
            make_ballot(session, event, {statement: mark}, place=place)
    session.commit()

    page = client.soup(f"/e/{event.code}/results")
    words = " ".join((page.main or page).get_text(" ").split())

    assert "7 of 12 (58%) in support" in words
    assert "In the room 7 of 8 (88%) From outside 5 of 6 (83%) Together 12 of 14 (86%)" in words
    assert "1. Answer every idea 7 of 7 (100%) 0 of 5 (0%)" in words
    assert "Contested Of those who rated it, 25% or more agree and 25% or more disagree" in words
    assert page.select("table th[scope=row]") != []


@pytest.mark.parametrize(("ballots", "shown"), [(1, False), (4, False), (5, True)])
def test_how_a_few_people_rated_is_told_nowhere(
    session: Session, client: Visitor, staff_client: StaffClient, ballots: int, shown: bool
) -> None:
    event = make_event(session, stage=Stage.AFTER)
    statement = make_statement(session, event, number=1)
    make_round(session, event, closed_at=now())
    for _ in range(ballots):
        make_ballot(session, event, {statement: Mark.STRONGLY_AGREE})
    jo = staff_client(Role.FACILITATOR, event)

    pages = [f"/e/{event.code}/results", f"/desk/{event.code}/statements"]
    told = [
        ("too few ballots to show without telling who" in words, "in support" in words)
        for words in map(jo.words, pages)
    ]

    assert told == [(not shown, shown)] * 2
    assert bool(json.loads(client.get(f"/e/{event.code}/figures.json").text)["statements"]) is shown


def test_a_place_with_few_ballots_is_not_shown_apart(session: Session, client: Visitor) -> None:
    event = make_event(session, stage=Stage.AFTER)
    statement = make_statement(session, event, number=1)
    make_round(session, event, closed_at=now())
    for place in (*[Place.ROOM] * 9, *[Place.OUTSIDE] * 4):
        make_ballot(session, event, {statement: Mark.AGREE}, place=place)
    session.commit()

    words = client.words(f"/e/{event.code}/results")

    assert "fewer than 5 people rated from one of the two places" in words
    assert "4 of 4" not in words


def test_markup_in_a_statement_stays_words(
    session: Session, event: Event, client: Visitor, staff_client: StaffClient
) -> None:
    """Attack 17."""
    bad = "<script>alert(1)</script><svg onload=alert(2)>"
    statement = make_statement(session, event, number=3, text=bad)
    for _ in range(5):
        make_ballot(session, event, {statement: Mark.AGREE})
    jo = staff_client(Role.FACILITATOR, event)

    for visitor, address in ((client, f"/e/{event.code}/rate"), (jo, f"/desk/{event.code}/statements")):
        page = visitor.soup(address)
        assert bad in page.get_text()
        assert page.select("[onload]") == []
    jo.post_form(f"/desk/{event.code}/statements/close")
    page = client.soup(f"/e/{event.code}/results")
    assert bad in page.get_text()
    assert page.select("[onload]") == []


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


@pytest.mark.parametrize("address", ["/desk/{}/statements", "/e/{}/rate", "/e/{}/results"])
@pytest.mark.parametrize("closed", [False, True])
def test_longer_lists_ask_no_more_of_the_database(
    session: Session, staff_client: StaffClient, address: str, closed: bool
) -> None:
    event = make_event(session)
    make_round(session, event, closed_at=now() if closed else None)
    jo = staff_client(Role.FACILITATOR, event)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            statement = make_statement(session, event)
            for _ in range(6):
                make_ballot(session, event, {statement: Mark.AGREE})
        session.commit()
        counts.append(statements_in(lambda: jo.get(address.format(event.code))))

    assert counts[0] == counts[1]


def test_the_page_on_the_phone_is_light(event: Event, client: Visitor) -> None:
    """The page on the phone: no script, and few bytes beside the style sheets that the table page has fetched."""
    page = client.get(f"/e/{event.code}/rate")

    assert "<script" not in page.text
    assert len(page.data) < 20_000
