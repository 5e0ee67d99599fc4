"""The short way of a thought: it does what the long way does, and knows only yes."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request_started
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hackathon.insights import views
from hackathon.insights.models import Insight
from hackathon.tables.models import Table
from hackathon.web.access import DEVICE_KEY, PARTICIPANTS_KEY
from hackathon.web.acts import FROM_A_PHONE, FROM_AN_ADDRESS, NOT_TAKEN
from hackathon.web.express import LONGEST, fields_in
from hackathon.web.limits import Buckets
from tests.applications import on_one_database
from tests.makers import make_event, make_participant, make_table, make_theme
from tests.visitor import Visitor

AT_TABLE, OUTSIDE = "/t/tab7/insights", "/e/k7pm/outside/insights"
THOUGHT = {"text": "Forms travel\r\nfaster ", "identity": "hidden", "author_name": " Ada  L ", "waited": "90"}
NO_FIELD_OF_OURS = {"unheard-of": "1"}
"""What sends a thought the long way, and means nothing there."""


@pytest.fixture
def table(session: Session) -> Table:
    event = make_event(session, code="K7PM")
    table = make_table(session, event, number=7, code="TAB7", theme=make_theme(session, event))
    session.commit()
    return table


@pytest.fixture
def seen(app: Flask) -> Iterator[list[str]]:
    """What Flask was asked to send or change: what took the short way is not among it."""
    paths: list[str] = []

    def note(_app: Flask, **_rest: Any) -> None:
        from flask import request  # noqa: PLC0415 - only while it answers

        paths.extend([request.path] if request.method == "POST" else [])

    with request_started.connected_to(note, app):
        yield paths


def send(phone: Visitor, address: str, client_id: str, *, token: str | None = None, **rest: Any) -> TestResponse:
    """Send as the outbox does."""
    token = phone.get("/token").get_json()["token"] if token is None else token
    fields = {**THOUGHT, "client_id": client_id, **rest.pop("fields", {})}
    headers = {"Accept": "application/json", "X-CSRFToken": token, **rest.pop("headers", {})}
    return phone.post(address, data=rest.pop("data", fields), headers=headers, **rest)


def held(phone: Visitor) -> dict[str, Any]:
    with phone.client.session_transaction() as cookie:
        return dict(cookie)


def rows(session: Session) -> list[dict[str, Any]]:
    """Each thought, but for what no two have in common."""
    session.rollback()
    own = {"id", "number", "client_id", "captured_at", "received_at", "device"}
    return [
        {name: value for name, value in vars(row).items() if name not in own and not name.startswith("_")}
        for row in session.scalars(select(Insight).order_by(Insight.number))
    ]


@pytest.mark.parametrize("address", [AT_TABLE, OUTSIDE])
@pytest.mark.parametrize("is_known", [True, False])
def test_both_ways_leave_and_answer_the_same(
    app: Flask, session: Session, table: Table, seen: list[str], address: str, is_known: bool
) -> None:
    short, long = Visitor(app), Visitor(app)
    if is_known:
        token = make_participant(session, table.event).token
        session.commit()
        for phone in (short, long):
            phone.hold(**{PARTICIPANTS_KEY: {"K7PM": token}})

    one = send(short, address, "by-the-short-way")
    assert seen == []
    two = send(long, address, "by-the-long-way", fields=NO_FIELD_OF_OURS)
    assert seen == [address]

    assert one.get_json() == {**two.get_json(), "number": 1, "words": "Sent, number 1."}
    assert {name for name, _ in one.headers} == {name for name, _ in two.headers}
    assert (one.status, one.headers["Cache-Control"], one.headers["Vary"]) == (two.status, "no-store", "Cookie")
    first, second = rows(session)
    assert first == second
    first_held, second_held = held(short), held(long)
    assert first_held.keys() == second_held.keys() >= {DEVICE_KEY, "_permanent"}
    assert [first_held[name] for name in ("receipts", "writes_as")] == [[["K7PM", [1]]], second_held["writes_as"]]


def test_what_was_sent_is_the_same_by_either_way(
    app: Flask, session: Session, table: Table, client: Visitor, seen: list[str]
) -> None:
    receipts = [send(client, AT_TABLE, "the-same-id", fields=fields).get_json() for fields in ({}, NO_FIELD_OF_OURS)]

    assert receipts[0] == receipts[1]
    assert len(rows(session)) == 1


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "attack 1: no token": ({"token": ""}, 400),
    "attack 1: a token of another browser": ({"token": "another's"}, 400),
    "nothing in it": ({"fields": {"text": "  "}}, 422),
    "too long": ({"fields": {"text": "x" * 501}}, 422),
    "larger than any thought": ({"fields": {"text": "x" * LONGEST}}, 422),
    "a rule that is none": ({"fields": {"identity": "king"}}, 422),
    "no id of a phone": ({"fields": {"client_id": "a b"}}, 422),
    "a form of another kind": ({"content_type": "application/x-www-form-urlencodedX"}, 422),
    "over https from no address": ({"base_url": "https://localhost", "headers": {"Referer": "https://["}}, 400),
    "over https from nowhere": ({"base_url": "https://localhost"}, 400),
    "over https from elsewhere": ({"base_url": "https://localhost", "headers": {"Referer": "https://else.org/"}}, 400),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_right_goes_the_long_way_and_is_told_there(
    app: Flask, session: Session, table: Table, client: Visitor, seen: list[str], case: str
) -> None:
    how, status = REFUSED[case]
    other = Visitor(app).get("/token").get_json()["token"]
    given = {**how, "token": other} if how.get("token") == "another's" else how

    answer = send(client, AT_TABLE, "an-id-of-a-phone", **given)

    assert (answer.status_code, rows(session)) == (status, [])
    assert answer.get_json()["message"]
    assert seen == [AT_TABLE]


def test_a_code_that_leads_nowhere_is_told_and_counted(client: Visitor, table: Table, seen: list[str]) -> None:
    assert send(client, "/t/nope/insights", "an-id-of-a-phone").status_code == 404
    assert seen == ["/t/nope/insights"]


def test_over_https_the_own_page_may_send(client: Visitor, session: Session, table: Table, seen: list[str]) -> None:
    token = client.get("/token", base_url="https://localhost").get_json()["token"]

    answer = send(
        client,
        AT_TABLE,
        "an-id-of-a-phone",
        token=token,
        base_url="https://localhost",
        headers={"Referer": "https://localhost/t/tab7"},
    )

    assert (answer.status_code, seen, len(rows(session))) == (200, [], 1)


def test_what_was_cut_off_on_the_way_is_not_taken_for_whole(
    app: Flask, session: Session, table: Table, client: Visitor, seen: list[str]
) -> None:
    """gunicorn marks every body as ending where it ends; then its length has to be looked at."""
    token = client.get("/token").get_json()["token"]
    whole = f"csrf_token={token}&text=Words&identity=anonymous&client_id=an-id-of-a-phone"

    for lost in (0, 6):
        answer = client.post(
            AT_TABLE,
            input_stream=io.BytesIO(whole[: len(whole) - lost].encode()),
            headers={"Accept": "application/json"},
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"CONTENT_LENGTH": str(len(whole)), "wsgi.input_terminated": True},
        )
        assert answer.status_code == (400 if lost else 200)
    assert len(rows(session)) == 1


def test_an_empty_body_is_told_what_it_lacks(client: Visitor, table: Table) -> None:
    assert send(client, AT_TABLE, "", data={}).get_json()["field"] == "text"


def test_a_phone_behind_an_address_that_floods_keeps_its_own_turn(
    client: Visitor, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def wait(buckets: Buckets, _key: str) -> float:
        asked.append(buckets.limit.name)
        return 5.0 if buckets.limit is FROM_AN_ADDRESS else 0.0

    monkeypatch.setattr(Buckets, "wait", wait)

    assert send(client, AT_TABLE, "one-too-many").status_code == 429
    assert FROM_A_PHONE.name not in asked


@on_one_database
def test_attack_15_a_phone_that_floods_is_slowed(
    app: Flask, session: Session, client: Visitor, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/t/tab7")
    send(client, AT_TABLE, "the-first-of-many")
    monkeypatch.setattr(Buckets, "wait", lambda buckets, _key: 5.0 if buckets.limit is FROM_A_PHONE else 0.0)

    answer = send(client, AT_TABLE, "one-too-many")

    assert (answer.status_code, answer.headers["Retry-After"], len(rows(session))) == (429, "5", 1)


def test_a_fault_is_written_down_and_answered_once(
    client: Visitor, table: Table, seen: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_anything: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(views, "answers_in", fail)

    answer = send(client, AT_TABLE, "an-id-of-a-phone")

    assert (answer.status_code, answer.get_json()["message"]) == (500, NOT_TAKEN)
    assert "ZeroDivisionError" in caplog.text
    assert seen == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"a=1&b=&c=%C3%A9+x", {"a": "1", "b": "", "c": "\u00e9 x"}),
        (b"a=1&a=2", None),
        (b"a=\xc3\xa9", None),
        (b"a=%C3", None),
        (b"", {"": ""}),
        (b"a=1&&b=2&", None),
    ],
)
def test_fields_are_read_when_each_is_there_once(body: bytes, fields: dict[str, str] | None) -> None:
    assert fields_in(body) == fields
