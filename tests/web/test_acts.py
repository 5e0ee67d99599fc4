"""What every act of a participant shares, as the phone's outbox meets it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import TooManyRequests

from hackathon.events.models import Stage
from hackathon.web.acts import FROM_A_PHONE, FROM_AN_ADDRESS, ActForm, slow_a_flood
from hackathon.web.fields import LONGEST_WAIT
from hackathon.web.limits import Buckets, Limit
from tests.makers import make_event, make_insight, make_registration, make_round, make_statement, make_table
from tests.visitor import Visitor

JSON = {"Accept": "application/json"}


@pytest.mark.parametrize(
    ("sent", "waited"),
    [
        ("90", timedelta(seconds=90)),
        ("", timedelta()),
        ("-5", timedelta()),
        ("9e999", timedelta()),
        ("999999999", LONGEST_WAIT),
        ("9" * 5000, timedelta()),
    ],
)
def test_how_long_an_act_waited_is_a_span_that_no_clock_can_spoil(app: Flask, sent: str, waited: timedelta) -> None:
    with app.test_request_context("/", method="POST"):
        form = ActForm(MultiDict({"waited": sent, "client_id": "an-id-of-a-phone"}))

        assert (form.waited.data, form.values) == (waited, {"client_id": "an-id-of-a-phone"})


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/e/k7pm/insights/46/comments", {"text": "So true"}),
        ("/e/k7pm/rate", {"marks-1": "agree", "place": "room"}),
        ("/e/k7pm/commit", {"text": "Walk", "remind_on": ""}),
        ("/e/k7pm/me/seat", {"table": "7"}),
    ],
)
def test_a_phone_that_floods_waits_whatever_it_sends(
    client: Visitor, session: Session, address: str, said: dict[str, str]
) -> None:
    event = make_event(session, code="K7PM", stage=Stage.CONVERGE)
    make_insight(session, event, number=46)
    make_statement(session, event, number=1)
    make_round(session, event)
    make_table(session, event, number=7)
    client.hold(participants={"K7PM": make_registration(session, event).participant.token})
    session.commit()
    one = Limit(FROM_A_PHONE.name, burst=1, every=timedelta(days=1))
    client.app.extensions["limits"] = {one.name: Buckets(one)}
    headers = {**JSON, "X-CSRFToken": client.get("/token").get_json()["token"]}

    first, second = (client.post(address, data={**said, "client_id": number * 32}, headers=headers) for number in "ab")

    assert (first.status_code, second.status_code) == (200, 429)
    assert int(second.headers["Retry-After"]) > 0


def test_a_hospital_behind_one_address_sends_and_rates_at_once(app: Flask) -> None:
    """The control: 1,500 phones with two acts each are no flood, and one phone with as many is."""
    limits = (FROM_A_PHONE, FROM_AN_ADDRESS)
    app.extensions["limits"] = {limit.name: Buckets(limit, clock=lambda: 0.0) for limit in limits}

    for _phone in range(1500):
        with app.test_request_context(method="POST", environ_base={"REMOTE_ADDR": "192.0.2.1"}):
            slow_a_flood()
            slow_a_flood()

    with app.test_request_context(method="POST", environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        for _act in range(FROM_A_PHONE.burst):
            slow_a_flood()
        with pytest.raises(TooManyRequests):
            slow_a_flood()


def test_an_old_page_fetches_a_fresh_token(client: Visitor, session: Session) -> None:
    stale = client.post("/e/nowhere/commit", headers=JSON)
    token = client.get("/token").get_json()["token"]

    fresh = client.post("/e/nowhere/commit", headers={**JSON, "X-CSRFToken": token})

    assert (stale.status_code, fresh.status_code) == (400, 404)
    assert fresh.get_json()["message"].startswith("There is nothing at this address any more")


def test_the_service_worker_may_look_after_the_whole_site_and_is_asked_for_afresh(client: Visitor) -> None:
    script = client.get("/sw.js")

    assert (script.status_code, script.mimetype, script.headers["Cache-Control"]) == (
        200,
        "text/javascript",
        "no-cache",
    )
