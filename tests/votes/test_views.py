"""Rating on a phone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hackathon.core.clock import now
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import move_to
from hackathon.insights.models import Insight
from hackathon.staff.models import Role
from hackathon.votes.models import Ballot, Exposure, Mark, Rating, VoteMethod
from hackathon.votes.queries import marks_on, round_of
from tests.counted import statements_in
from tests.makers import make_ballot, make_event, make_insight, make_round, make_statement, make_table
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


def send(visitor: Visitor, page: str, marks: dict[str, str], **options: Any) -> TestResponse:
    """Send the page's form, with the id that came with it, as a browser without JavaScript does."""
    soup = visitor.soup(page)
    hidden = {str(field["name"]): str(field["value"]) for field in soup.select("form.act input[type=hidden]")}
    return visitor.post(page, data={**hidden, **marks}, **options)


def sole_ballot(session: Session) -> Ballot:
    session.rollback()
    return session.scalars(select(Ballot)).one()


def test_two_phones_rate_and_a_reload_doubles_nothing(session: Session, event: Event, client: Visitor) -> None:
    other = Visitor(client.app)
    rate = f"/e/{event.code}/rate"

    for _ in range(3):
        answer = send(client, rate, {"marks-1": "agree", "marks-2": "not_clear", "place": "room"})
    send(other, rate, {"marks-1": "disagree", "place": "outside"})

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

    send(client, rate, {"marks-1": "agree", "place": "room"})

    assert sorted(str(field["value"]) for field in client.soup(rate).select("input[checked]")) == ["agree", "room"]
    send(client, rate, {"marks-2": "neutral", "place": "room"})
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

    send(client, rate, {"marks-1": "agree"})

    assert sole_ballot(session).place is Place.ROOM
    assert "Back to table 7" in client.words(f"/e/{event.code}/rate/receipt?table={table.code}")


def test_where_a_phone_takes_part_comes_first_and_begins_with_what_it_sent_last(
    session: Session, event: Event, client: Visitor
) -> None:
    for number, place in ((1, Place.ROOM), (2, Place.OUTSIDE)):
        make_insight(session, event, number=number, place=place)
    session.commit()
    client.hold(receipts={event.code: [2, 1]})

    radios = client.soup(f"/e/{event.code}/rate").select("input[type=radio]")

    assert [radio["name"] == "place" for radio in radios[:3]] == [True, True, False]
    assert [radio["value"] for radio in radios if radio.has_attr("checked")] == ["outside"]


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
    answer = send(client, f"/e/{event.code}/rate", sent)

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

    sent = {"marks-1": "agree", "place": "room", "csrf_token": token, "client_id": "a-phones-id"}
    answer = client.post(rate, data=sent)

    assert answer.status_code == 409
    assert "came after it closed, so it was not counted" in words_of(answer)
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
    send(client, f"/e/{event.code}/rate", {"marks-1": "agree", "place": "room"})
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
    """The page on the phone: few bytes beside the style sheets and scripts that the table page has fetched."""
    page = client.get(f"/e/{event.code}/rate")

    assert len(page.data) < 20_000


def test_what_a_phone_was_shown_is_written_down_once_the_page_is_sent(
    session: Session, event: Event, client: Visitor
) -> None:
    for _ in range(3):
        page = client.get(f"/e/{event.code}/rate")
        page.close()
    Visitor(client.app).get(f"/e/{event.code}/rate").close()

    session.rollback()
    shown = session.execute(select(Exposure.device, Exposure.position).order_by(Exposure.device, Exposure.position))
    assert [position for _, position in shown] == [1, 2, 1, 2]


JSON = {"Accept": "application/json"}


def test_the_outbox_gets_a_receipt_and_the_same_one_again(session: Session, event: Event, client: Visitor) -> None:
    rate = f"/e/{event.code}/rate"

    answers = [
        send(client, rate, {"marks-1": "agree", "place": "room", "client_id": "a-phones-id"}, headers=JSON)
        for _ in range(3)
    ]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [answer.json for answer in answers] == [answers[0].json] * 3
    assert (answers[0].json or {})["words"] == "Your ratings are in: you rated 1 of 2 statements."
    assert sole_ballot(session).late is False


def test_a_lost_receipt_is_given_again_when_the_day_has_ended_meanwhile(
    session: Session, event: Event, client: Visitor
) -> None:
    page = f"/e/{event.code}/rate?table={make_table(session, event).code}"
    session.commit()
    sent = {"client_id": "a-phones-id", "marks-1": "agree", "csrf_token": client.token_on(page)}
    first = client.post(page, data=sent, headers=JSON)
    move_to(session, event, stage=Stage.AFTER, actor="the test")
    session.commit()

    again = client.post(page, data={**sent, "waited": "60"}, headers=JSON)

    assert (first.status_code, again.status_code, again.json) == (200, 200, first.json)
    assert sole_ballot(session).place is Place.ROOM


def test_a_late_ballot_says_so_on_its_receipt_and_page(session: Session, event: Event, client: Visitor) -> None:
    rate = f"/e/{event.code}/rate"
    token = client.token_on(rate)
    voting = round_of(session, event)
    assert voting is not None
    voting.opened_at, voting.closed_at = now() - timedelta(hours=1), now() - timedelta(minutes=1)
    session.commit()

    sent = {"marks-1": "agree", "place": "room", "client_id": "a-phones-id", "waited": "300", "csrf_token": token}
    answer = client.post(rate, data=sent, headers=JSON)

    assert answer.json is not None
    assert answer.json["late"] is True
    assert "It is kept, and counted nowhere" in answer.json["words"]
    assert sole_ballot(session).late is True
    assert "It is kept, and counted nowhere" in client.words(f"{rate}/receipt")
    assert "It is kept, and counted nowhere" in client.words(rate)


def test_the_outbox_is_refused_in_words(event: Event, client: Visitor) -> None:
    answer = send(client, f"/e/{event.code}/rate", {"place": "room"}, headers=JSON)

    assert (answer.status_code, answer.json) == (422, {"message": "Rate at least one statement.", "field": "marks"})


@pytest.mark.parametrize(
    ("method", "marks", "says"),
    [
        (VoteMethod.DOTS, {"marks-1": "3", "marks-2": ""}, "You spread 3 of 5 dots"),
        (VoteMethod.RANKING, {"marks-1": "2", "marks-2": "1"}, "You ranked 2 of 2 statements"),
    ],
)
def test_dots_and_ranks_are_sent_without_javascript_and_can_be_changed(
    session: Session, client: Visitor, method: VoteMethod, marks: dict[str, str], says: str
) -> None:
    event = make_event(session, stage=Stage.CONVERGE)
    for number in (1, 2):
        make_statement(session, event, number=number)
    make_round(session, event, method=method, dots=5)
    session.commit()
    rate = f"/e/{event.code}/rate"

    answer = send(client, rate, {**marks, "place": "room"}, follow_redirects=True)

    assert says in words_of(answer)
    kept = {str(box["name"]): str(box["value"]) for box in client.soup(rate).select("#marks input")}
    assert kept == marks


def test_too_many_dots_are_refused_in_words_and_stay_to_be_mended(session: Session, client: Visitor) -> None:
    event = make_event(session, stage=Stage.CONVERGE)
    make_statement(session, event, number=1)
    make_round(session, event, method=VoteMethod.DOTS, dots=5)
    session.commit()

    answer = send(client, f"/e/{event.code}/rate", {"marks-1": "9", "place": "room"})

    assert "You have 5 dots, and these are 9. Take 4 away." in words_of(answer)
    assert 'value="9"' in answer.text


@pytest.mark.parametrize("stage", [Stage.WARM_UP, Stage.DIVERGE, Stage.CONVERGE, Stage.AFTER])
def test_a_vote_that_is_open_is_linked_from_where_people_are(session: Session, client: Visitor, stage: Stage) -> None:
    event = make_event(session, stage=stage)
    table = make_table(session, event)
    make_statement(session, event, number=1)
    voting = make_round(session, event, method=VoteMethod.DOTS, dots=5)
    session.commit()
    pages = [f"/t/{table.code}", f"/e/{event.code}/outside"]

    def seen(words: str) -> list[bool]:
        return [words in client.words(page) for page in pages]

    assert (seen("Spread your dots"), seen("What the vote came to")) == ([True, True], [False, False])
    voting.closed_at = now()
    session.commit()
    assert (seen("Spread your dots"), seen("What the vote came to")) == ([False, False], [True, True])
