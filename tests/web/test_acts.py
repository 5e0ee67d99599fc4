"""What every act of a participant shares, as the phone's outbox meets it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from hackathon.web.acts import ActForm
from hackathon.web.fields import LONGEST_WAIT
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
