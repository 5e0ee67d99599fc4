"""What anybody may hear of an event, by asking for it; and what nobody hears while a rating is open."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from hackathon.adapters import activity_log
from hackathon.core.db import transaction
from hackathon.events.models import Event, Stage
from hackathon.events.operations import record
from hackathon.statements.operations import close_round
from hackathon.votes.models import Mark
from hackathon.votes.operations import cast
from tests.makers import make_ballot, make_event, make_round, make_statement
from tests.visitor import Visitor

CHANGES = "/e/k7pm/changes"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM", stage=Stage.CONVERGE)
    session.commit()
    return event


def write(session: Session, event: Event, *kinds: str) -> list[int]:
    ids = [record(session, event, kind, actor="someone", subject_id=7) for kind in kinds]
    session.commit()
    return ids


def test_changes_are_what_the_stream_would_have_told(client: Visitor, session: Session, event: Event) -> None:
    first, _, second = write(session, event, "insight.shared", "ballot.cast", "insight.hidden")

    answer = client.get(f"{CHANGES}?after=0")

    assert answer.json == {
        "lines": [
            {"id": first, "kind": "insight.shared", "subject": 7},
            {"id": second, "kind": "insight.hidden", "subject": 7},
        ],
        "after": second,
        "more": False,
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"{CHANGES}?after={second}").json == {"lines": [], "after": second, "more": False}
    assert client.get(f"{CHANGES}?after=9e99").json == {"lines": [], "after": second, "more": False}


def test_many_changes_come_page_by_page(
    client: Visitor, session: Session, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = write(session, event, *["insight.shared"] * (activity_log.PAGE + 20))
    after, more, seen = 0, True, list[int]()

    while more:
        page = client.get(f"{CHANGES}?after={after}").json
        assert page is not None
        after, more = page["after"], page["more"]
        seen += [line["id"] for line in page["lines"]]

    assert seen == ids


def test_attack_16_changes_of_another_event_do_not_come_along(client: Visitor, session: Session, event: Event) -> None:
    other = make_event(session)
    write(session, other, "insight.shared")
    own = write(session, event, "insight.shared")
    write(session, other, "insight.shared")

    page = client.get(f"{CHANGES}?after=0").json

    assert page is not None
    assert [line["id"] for line in page["lines"]] == own


def test_a_change_waits_for_older_ones_that_are_still_under_way(
    client: Visitor, session: Session, event: Event, app: Flask
) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    engine = create_engine(app.extensions["settings"].database)
    share = (
        "INSERT INTO activity (event_id, kind, actor, detail, at)"
        f" VALUES ({event.id}, 'insight.shared', 'x', '{{}}', now()) RETURNING id"
    )
    with engine.connect() as early:
        early.execute(text("SELECT pg_current_xact_id()"))
        [late] = write(session, event, "insight.shared")
        waiting = client.get(f"{CHANGES}?after=0").json
        higher = early.execute(text(share)).scalar_one()
        early.commit()
    engine.dispose()

    assert waiting == {"lines": [], "after": 0, "more": False}
    page = client.get(f"{CHANGES}?after=0").json
    assert page is not None
    assert [line["id"] for line in page["lines"]] == [higher, late]
    assert page["after"] == late < higher
    assert client.get(f"{CHANGES}?after={late}").json == {"lines": [], "after": late, "more": False}


PUBLIC = ("", "/wall", "/wall/newest", "/insights", "/figures.json", "/insights.csv", "/changes", "/results")


def everything_public(client: Visitor) -> dict[str, str]:
    """What anybody gets at this moment, by address; the words that every page makes afresh are left out."""
    pages = {page: client.get(f"/e/k7pm{page}?after=0").text for page in PUBLIC}
    return {page: re.sub(r'name="csrf_token"[^>]*', "", words) for page, words in pages.items()}


@pytest.fixture
def rate(session: Session, event: Event) -> Callable[[Mark], None]:
    """Lets everybody rate the one statement like this, again and again. The rating is open."""
    statement = make_statement(session, event, number=1)
    make_round(session, event, entitled_room=12, entitled_outside=4)
    ballots = [make_ballot(session, event, {statement: Mark.NEUTRAL}) for _ in range(12)]
    session.commit()

    def rate(mark: Mark) -> None:
        with transaction() as writing:
            for ballot in ballots:
                cast(writing, event, ballot=ballot, marks={1: mark})

    return rate


def test_attack_13_while_a_rating_is_open_nobody_learns_how_or_when_somebody_rated(
    client: Visitor, session: Session, event: Event, rate: Callable[[Mark], None]
) -> None:
    write(session, event, "insight.shared")

    rate(Mark.AGREE)
    agreed = everything_public(client)
    rate(Mark.STRONGLY_DISAGREE)

    assert everything_public(client) == agreed
    assert "12 of 16 have voted" in client.words("/e/k7pm/wall")


def test_the_test_above_would_see_a_kind_that_tells_of_ballots(
    client: Visitor, event: Event, rate: Callable[[Mark], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity_log, "TOLD", activity_log.TOLD | {"ballot.cast"})

    before = everything_public(client)
    rate(Mark.AGREE)
    after = everything_public(client)

    assert {page for page in PUBLIC if before[page] != after[page]} == {"", "/wall", "/insights", "/changes"}


def test_the_test_above_would_see_a_result(
    client: Visitor, session: Session, event: Event, rate: Callable[[Mark], None]
) -> None:
    rate(Mark.AGREE)
    before = everything_public(client)
    close_round(session, event, actor="Jo")
    session.commit()

    assert everything_public(client)["/results"] != before["/results"]
