"""The box as a phone's outbox meets it: receipts in JSON, late words, refusals, and what is kept on a phone."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hackathon.core.clock import now
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import move_to
from hackathon.events.queries import log_of
from hackathon.insights.models import AuthorRole, Comment, HideReason, Insight
from hackathon.tables.models import Table
from hackathon.web.limits import WRONG_CODES, Buckets
from tests.makers import backdate, kept, make_event, make_insight, make_table
from tests.visitor import Visitor

WORDS = "Forms travel faster than people"
THOUGHT = {"text": WORDS, "identity": "anonymous", "client_id": "made-on-the-phone-1"}
AN_HOUR_AGO = str(60 * 60)


@pytest.fixture
def table(session: Session) -> Table:
    table = make_table(session, make_event(session, code="K7PM"), number=7, code="TAB7")
    session.commit()
    return table


def send(client: Visitor, address: str, **answers: str) -> TestResponse:
    """Send as the outbox does: with a fresh token, asking for JSON."""
    headers = {"Accept": "application/json", "X-CSRFToken": client.get("/token").get_json()["token"]}
    return client.post(address, data={**THOUGHT, **answers}, headers=headers)


def all_insights(session: Session) -> list[Insight]:
    session.rollback()
    return list(session.scalars(select(Insight).order_by(Insight.number)))


def moved_since(session: Session, event: Event, stage: Stage) -> None:
    """The event went on to another stage half an hour ago."""
    move_to(session, event, stage=stage, actor="a test")
    backdate(session, log_of(session, event)[0], now() - timedelta(minutes=30))
    session.commit()


@pytest.mark.parametrize("address", ["/t/tab7/insights", "/e/k7pm/outside/insights"])
def test_attack_19_fifty_times_it_is_one_row_and_one_receipt(
    client: Visitor, session: Session, table: Table, address: str
) -> None:
    receipts = [send(client, address).get_json() for _again in range(50)]

    assert (
        receipts
        == [{"words": "Sent, number 1.", "number": 1, "late": False, "href": "/e/K7PM/wall", "link": "See the wall"}]
        * 50
    )
    assert [insight.text for insight in all_insights(session)] == [WORDS]


def test_attack_19_other_words_under_an_old_id_are_refused_in_words(
    client: Visitor, session: Session, table: Table
) -> None:
    send(client, "/t/tab7/insights")

    refused = send(client, "/t/tab7/insights", text="Something else")

    assert (refused.status_code, refused.get_json()["field"]) == (422, "text")
    assert "The ones you sent before are kept as number 1." in refused.get_json()["message"]
    assert [insight.text for insight in all_insights(session)] == [WORDS]


@pytest.mark.parametrize(("answers", "field"), [({"text": " "}, "text"), ({"identity": "named"}, "author_name")])
def test_a_refusal_names_its_field(
    client: Visitor, session: Session, table: Table, answers: dict[str, str], field: str
) -> None:
    refused = send(client, "/t/tab7/insights", **answers)

    assert (refused.status_code, refused.get_json()["field"], all_insights(session)) == (422, field, [])


def test_a_stage_that_closed_meanwhile_makes_a_thought_late_and_keeps_it(
    client: Visitor, session: Session, table: Table
) -> None:
    moved_since(session, table.event, Stage.AFTER)

    receipt = send(client, "/t/tab7/insights", waited=AN_HOUR_AGO).get_json()

    words = "Sent, number 1. Arrived late: “Opening up” closed meanwhile. It is kept and counted."
    assert (receipt["words"], receipt["late"]) == (words, True)
    [insight] = all_insights(session)
    assert (insight.late, insight.phase, insight.place) == (True, Stage.DIVERGE, Place.ROOM)
    assert insight.received_at - insight.captured_at >= timedelta(hours=1)
    assert "1 arrived late" in client.words("/t/tab7")


def test_what_waited_in_the_same_stage_is_on_time(client: Visitor, session: Session, table: Table) -> None:
    moved_since(session, table.event, Stage.CONVERGE)

    receipt = send(client, "/t/tab7/insights", waited="600").get_json()

    assert (receipt["words"], all_insights(session)[0].late) == ("Sent, number 1.", False)


def test_attack_15_a_code_that_was_withdrawn_is_refused_in_words(
    client: Visitor, session: Session, table: Table
) -> None:
    session.delete(table)
    session.commit()

    refused = send(client, "/t/tab7/insights")

    assert refused.status_code == 404
    assert "its code may have been withdrawn" in refused.get_json()["message"]


def test_attack_36_the_outbox_needs_a_token_like_everybody(client: Visitor, session: Session, table: Table) -> None:
    refused = client.post("/t/tab7/insights", data=THOUGHT, headers={"Accept": "application/json"})

    assert (refused.status_code, all_insights(session)) == (400, [])


def receipt_states(session: Session, event: Event) -> list[int]:
    """One that was answered, one that waits for a moderator, a hidden one that the care lead answered, and one with a
    reply that was hidden."""
    answered, _waits, cared_for, silent = (
        make_insight(session, event, number=1),
        make_insight(session, event, number=2, waits=True),
        make_insight(session, event, number=3, hidden_at=now(), hidden_reason=HideReason.UNKIND),
        make_insight(session, event, number=4),
    )
    by_manager, by_care_lead = AuthorRole.COMMUNITY_MANAGER, AuthorRole.CARE_LEAD
    for insight, role, rest in (
        (answered, by_manager, {}),
        (cared_for, by_care_lead, {}),
        (silent, by_manager, {"hidden_at": now()}),
    ):
        reply: dict[str, Any] = {"author_role": role, "place": Place.OUTSIDE, "text": "Thanks"}
        kept(session, Comment(event=event, insight=insight, client_id=f"reply-{insight.number}", **reply, **rest))
    session.commit()
    return [4, 3, 2, 1]


def test_a_receipt_says_what_became_of_the_words(client: Visitor, session: Session, table: Table) -> None:
    client.hold(receipts={"K7PM": receipt_states(session, table.event)})

    page = client.soup("/t/tab7")

    said = [" ".join(item.get_text(" ").split()) for item in page.select(".receipt")]
    assert said == ["4", "3 answered, not shown", "2 will be read before it is shown", "1 answered"]
    links = [str(link["href"]) for link in page.select(".receipt a")]
    assert links == [f"/e/K7PM/insights/{number}?table=TAB7" for number in (4, 3, 2, 1)]


def test_a_shared_phone_can_be_cleared(client: Visitor, session: Session, table: Table) -> None:
    send(client, "/t/tab7/insights", identity="named", author_name="Dan Smith")
    assert "Your numbers: 1" in client.words("/on-this-phone")

    cleared = client.post_form("/on-this-phone/clear", page="/on-this-phone")

    assert cleared.location == "/on-this-phone"
    assert "Nothing is kept on this phone any more." in client.words("/on-this-phone")
    assert "Your numbers" not in client.words("/t/tab7") + client.words("/on-this-phone")
    assert client.soup("/t/tab7").select_one("#author_name[value='Dan Smith']") is None


def test_attack_11_codes_are_not_guessed_by_sending_either(app: Flask, client: Visitor, table: Table) -> None:
    app.extensions["limits"] = {WRONG_CODES.name: Buckets(WRONG_CODES, clock=lambda: 0.0)}
    headers = {"Accept": "application/json", "X-CSRFToken": client.get("/token").get_json()["token"]}

    def guess(code: str, **answers: str) -> int:
        return client.post(f"/t/{code}/insights", data={"text": WORDS, **answers}, headers=headers).status_code

    with_names = [guess(f"zz{n:03}", identity="anonymous") for n in range(WRONG_CODES.burst // 2)]
    without = [guess(f"zz{n:03}") for n in range(WRONG_CODES.burst)]

    assert with_names == [404] * 60
    assert without == [404] * 60 + [429] * 60
    assert send(Visitor(app), "/t/tab7/insights").status_code == 200, "the right code is let in"
