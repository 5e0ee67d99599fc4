"""How pages and files are sent."""

import threading
import time

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import run_next_job
from hackathon.factory import PAPERS
from hackathon.web import papers
from tests.makers import make_event
from tests.visitor import Visitor

KEPT_FOR_EVER = "public, max-age=31536000, immutable"


def test_a_versioned_file_is_kept_and_a_missing_one_is_not(client: Visitor) -> None:
    found, missing = (client.get(f"/static/css/{name}.css?v=1") for name in ("base", "nothere"))

    assert (found.status_code, found.headers["Cache-Control"]) == (200, KEPT_FOR_EVER)
    assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "no-cache")


def test_every_answer_carries_the_safe_headers(client: Visitor) -> None:
    for path in ("/", "/nowhere", "/static/css/base.css", "/healthz"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_attack_41_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask, client: Visitor) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]

    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))


def test_attack_29_a_form_of_ten_thousand_parts_is_refused(client: Visitor) -> None:
    answer = client.post("/sign-in", data={f"part{n}": "x" for n in range(10_000)}, content_type="multipart/form-data")

    assert answer.status_code == 413


def test_attack_28_those_who_wait_for_paper_do_not_hold_every_thread(
    app: Flask, session: Session, client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_event(session, code="K7PM")
    session.commit()
    monkeypatch.setattr(papers, "WAITERS", threading.BoundedSemaphore(1))
    papers.WAITERS.acquire()

    start = time.monotonic()
    turned_away = client.get("/e/k7pm/poster.pdf")

    assert (turned_away.status_code, turned_away.headers["Retry-After"]) == (503, "10")
    assert time.monotonic() - start < papers.LONGEST_WAIT / 10
    run_next_job(PAPERS, app.extensions["settings"].papers)
    assert client.get("/e/k7pm/poster.pdf").status_code == 200
