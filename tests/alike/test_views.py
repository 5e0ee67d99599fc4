"""What others have said that is alike: found by shared words, shown with the reason, never more than three."""

from datetime import timedelta

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.events.models import Event
from hackathon.insights.models import HideReason
from tests.makers import make_event, make_insight
from tests.visitor import Visitor

TYPED = "Our night staff never read the noticeboard"


def suggested(client: Visitor, event: Event, words: str = TYPED) -> dict[int, list[str]]:
    """The numbers that are suggested, in their order, with the words that are marked in each."""
    answer = client.get(f"/e/{event.code}/insights/alike", query_string={"words": words})
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.text, "html.parser")
    return {
        int(str(item["data-alike-number"])): [mark.get_text() for mark in item.find_all("mark")]
        for item in soup.find_all("li")
    }


def test_what_shares_two_telling_words_is_shown_with_the_words_that_it_shares(
    client: Visitor, session: Session
) -> None:
    event = make_event(session)
    make_insight(session, event, number=1, text="Night staff hear about changes from the noticeboard.")
    make_insight(session, event, number=2, text="The night is long, & <b>nights</b> are cold.")
    make_insight(session, event, number=3, text="Nobody reads noticeboards at night.")
    session.commit()

    assert suggested(client, event) == {1: ["Night", "staff", "noticeboard"], 3: ["reads", "noticeboards", "night"]}
    page = client.get(f"/e/{event.code}/insights/alike", query_string={"words": TYPED}).text
    assert "Shown because it also says" in page
    assert f'href="/e/{event.code}/insights/1"' in page.lower().replace(event.code.lower(), event.code)


def test_no_more_than_three_are_shown_and_no_number_of_how_many_there_are(client: Visitor, session: Session) -> None:
    event = make_event(session)
    for number in range(1, 8):
        make_insight(session, event, number=number, text="Night staff and noticeboard")
    session.commit()

    assert list(suggested(client, event)) == [7, 6, 5]


def test_fewer_than_three_telling_words_find_nothing(client: Visitor, session: Session) -> None:
    event = make_event(session)
    make_insight(session, event, text="Night staff hear about changes from the noticeboard.")
    session.commit()

    assert suggested(client, event, "the night staff") == {}
    assert suggested(client, event, "") == {}
    assert suggested(client, event, "\" OR * night staff noticeboard ' \0") != {}


def test_what_nobody_may_read_is_never_suggested(client: Visitor, session: Session) -> None:
    event, other = make_event(session), make_event(session)
    make_insight(session, event, text=TYPED, hidden_at=now(), hidden_reason=HideReason.UNKIND)
    make_insight(session, event, text=TYPED, waits=True)
    make_insight(session, event, text=TYPED, hidden_at=now(), escalated_at=now() - timedelta(hours=1))
    make_insight(session, other, text=TYPED)
    session.commit()

    assert suggested(client, event) == {}


def test_asking_too_often_is_refused_for_a_while(app: Flask, session: Session) -> None:
    event = make_event(session)
    session.commit()
    client, neighbour = Visitor(app), Visitor(app)
    address = f"/e/{event.code}/insights/alike?words="

    assert {client.get(address).status_code for _ in range(30)} == {200}
    assert client.get(address).status_code == 429
    assert neighbour.get(address).status_code == 200
