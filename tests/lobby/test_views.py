"""Arriving: the front page and its code, the event's page, the wall and its stream."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.db import db
from hackathon.events.models import Event, Place, Stage
from hackathon.events.queries import event_by_code
from hackathon.framing.models import Promise
from hackathon.insights.models import HideReason, Identity
from hackathon.lobby import queries as lobby_queries
from hackathon.lobby.queries import MOST_WAITING, MOST_WORDS
from hackathon.moderation.operations import hide_words
from hackathon.packs.operations import freeze_pack
from hackathon.packs.queries import manifest_of
from hackathon.packs.transfer import pack_on_disk
from hackathon.participants.models import Participant
from hackathon.staff.models import Role
from hackathon.synthesis.models import Coder, Coding
from hackathon.tables.models import Seat
from hackathon.themes.queries import themes_of
from hackathon.web.access import PARTICIPANTS_KEY
from hackathon.web.limits import WRONG_CODES, Buckets
from tests.counted import statements_in
from tests.makers import (
    kept,
    make_ballot,
    make_event,
    make_insight,
    make_participant,
    make_registration,
    make_round,
    make_table,
    make_theme,
)
from tests.visitor import Visitor, words_of


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    make_table(session, event, number=7, code="TAB7")
    session.commit()
    return event


@pytest.mark.parametrize("typed", ["TAB7", "tab7", " ta b7 ", "TA-B7", "https://hack.example.org/t/tab7", "/t/tab7/"])
def test_a_code_leads_to_its_table_however_it_is_typed(client: Visitor, event: Event, typed: str) -> None:
    answer = client.get("/join", query_string={"code": typed})

    assert (answer.status_code, answer.location) == (302, "/t/TAB7")


def test_a_code_leads_to_its_event(client: Visitor, event: Event) -> None:
    assert client.get("/join?code=k7pm").location == "/e/K7PM"


def test_a_wrong_code_is_told_kindly_and_kept_in_the_box(client: Visitor, event: Event) -> None:
    answer = client.get("/join?code=zz%22zz")

    assert answer.status_code == 404
    assert "There is no table or event with this code." in words_of(answer)
    assert 'value="zz&#34;zz"' in answer.text
    assert client.get("/join?code=").status_code == 422


@pytest.mark.parametrize("code", ["\0", "%00", "💥" * 100, "x" * 5000, "../../etc/passwd", "' OR 1=1 --"])
def test_attack_23_any_code_may_be_typed(client: Visitor, event: Event, code: str) -> None:
    assert client.get("/join", query_string={"code": code}).status_code == 404


def test_a_draft_cannot_be_joined(client: Visitor, session: Session) -> None:
    make_table(session, make_event(session, stage=Stage.DRAFT, code="DRAF"), code="TABD")
    session.commit()

    assert [client.get(f"/join?code={code}").status_code for code in ("draf", "tabd")] == [404, 404]


def test_attack_11_guessing_is_throttled_and_eighty_phones_join(app: Flask, client: Visitor, event: Event) -> None:
    app.extensions["limits"] = {WRONG_CODES.name: Buckets(WRONG_CODES, clock=lambda: 0.0)}
    phones = [Visitor(app) for _ in range(80)]
    assert [phone.get("/join?code=tab7").status_code for phone in phones] == [302] * 80
    assert [phone.get("/t/tab7").status_code for phone in phones] == [200] * 80
    mistyped = [phone.get("/join?code=tab8").status_code for phone in phones]
    assert (mistyped, client.get("/join?code=tab7").status_code) == ([404] * 80, 302)

    guesses = [Visitor(app).get(f"/t/zz{n:03}").status_code for n in range(WRONG_CODES.burst)]

    left = WRONG_CODES.burst - len(phones)
    assert guesses == [404] * left + [429] * len(phones)
    throttled = client.get("/join?code=tab8")
    assert throttled.status_code == 429
    assert int(throttled.headers["Retry-After"]) <= WRONG_CODES.every.total_seconds()
    # Attack 12: an address that somebody only claims to have changes nothing.
    assert client.get("/join?code=tab8", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429
    assert client.get("/e/k7pm/rate?table=tab8").status_code == 429
    # Whoever has the right code is let in, whatever others have tried behind the same address.
    right = [client.get(page).status_code for page in ("/join?code=tab7", "/t/tab7", "/e/k7pm/rate?table=tab7")]
    assert right == [302, 200, 200]


def test_attack_13_the_code_leads_nowhere_else(client: Visitor, event: Event) -> None:
    answers = [
        client.get("/join", query_string={"code": code}) for code in ("//evil.test", "\\\\evil.test", "javascript:x")
    ]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_the_front_page_lists_what_is_published(client: Visitor, session: Session, event: Event) -> None:
    make_event(session, title="Only a draft", stage=Stage.DRAFT)
    session.commit()

    words = client.words("/")

    assert event.title in words
    assert event.question in words
    assert "Only a draft" not in words
    session.rollback()
    one = statements_in(lambda: client.get("/"))
    make_event(session)
    make_event(session)
    session.commit()
    assert statements_in(lambda: client.get("/")) == one


def test_without_events_the_front_page_says_so(client: Visitor) -> None:
    assert "No event is open yet" in client.words("/")


def in_room(session: Session, event: Event) -> Participant:
    return make_registration(session, event).participant


def with_seat(session: Session, event: Event) -> Participant:
    person = in_room(session, event)
    kept(session, Seat(table=make_table(session, event, number=3, code="TAB3"), participant=person))
    return person


def from_outside(session: Session, event: Event) -> Participant:
    return make_registration(session, event, attending=Place.OUTSIDE).participant


def nobody(session: Session, event: Event) -> None:
    return None


Person = Callable[[Session, Event], Participant | None]
STEPS: list[tuple[Stage, Person, str, str]] = [
    (Stage.BEFORE, nobody, "Take part", "/e/K7PM/register"),
    (Stage.BEFORE, in_room, "Read the pack", "/e/K7PM/pack"),
    (Stage.WARM_UP, in_room, "Take a seat", "/e/K7PM/me/seat"),
    (Stage.DIVERGE, with_seat, "Add your thought", "/t/TAB3"),
    (Stage.DIVERGE, from_outside, "Add your thought", "/e/K7PM/outside"),
    (Stage.CONVERGE, nobody, "Add your thought", "/e/K7PM/outside"),
    (Stage.AFTER, with_seat, "See what came of it", "/e/K7PM/write-up"),
    (Stage.AFTER, nobody, "See what came of it", "/e/K7PM/write-up"),
]


@pytest.mark.parametrize(("stage", "person", "title", "address"), STEPS)
def test_there_is_one_next_step_for_this_person_now(
    client: Visitor, session: Session, event: Event, stage: Stage, person: Person, title: str, address: str
) -> None:
    event.stage = stage
    somebody = person(session, event)
    session.commit()
    if somebody is not None:
        client.hold(**{PARTICIPANTS_KEY: {"K7PM": somebody.token}})

    [step] = client.soup("/e/k7pm").select(".next-step")

    assert step.h2 is not None
    assert step.h2.get_text() == title
    [link] = step.select("a")
    assert link["href"] == address


def test_while_the_rating_is_open_the_next_step_is_to_rate(client: Visitor, session: Session, event: Event) -> None:
    make_round(session, event)
    event.stage = Stage.CONVERGE
    session.commit()

    assert client.soup("/e/k7pm").select(".next-step a")[0]["href"] == "/e/K7PM/rate"


def test_the_events_page_says_when_where_and_what_is_promised(client: Visitor, session: Session, event: Event) -> None:
    kept(session, Promise(event=event, sponsor_name="Harriet Dunmore", words="We will answer.", made_on=event.held_on))
    event.stage = Stage.CONVERGE
    make_insight(session, event, number=1)
    make_insight(session, event, number=2)
    make_insight(session, event, number=3, place=Place.OUTSIDE)
    make_registration(session, event)
    session.commit()

    words = client.words("/e/k7pm")

    assert "Tuesday 17 March 2026, 9:30am to 4:15pm The Corn Store" in words
    assert "What Harriet Dunmore promises We will answer. Given on 17 March 2026." in words
    assert "In the room 2 From outside 1" in words
    assert [stage.get_text(" ", strip=True) for stage in client.soup("/e/k7pm").select("[aria-current=step]")] == [
        "We are here Coming together"
    ]


@pytest.mark.parametrize("page", ["", "/wall", "/wall/newest", "/stream", "/outside", "/insights", "/insights.csv"])
def test_a_draft_and_an_unknown_event_are_not_there(client: Visitor, session: Session, page: str) -> None:
    make_event(session, stage=Stage.DRAFT, code="DRAF")
    session.commit()

    assert [client.get(f"/e/{code}{page}").status_code for code in ("draf", "none")] == [404, 404]


def newest(client: Visitor, query: str = "") -> tuple[list[str], list[str], str]:
    """What is large, what has settled, and how much waits."""
    soup = client.soup(f"/e/k7pm/wall/newest{query}")
    [split] = soup.select(".wall-now")
    return (
        [words.get_text() for words in soup.select(".newest__text")],
        [words.get_text() for words in soup.select(".note__text")],
        str(split["data-waiting"]),
    )


def test_words_are_large_in_turn_and_settle_in_their_lane(client: Visitor, session: Session, event: Event) -> None:
    theme = make_theme(session, event)
    for number in (1, 2, 3):
        make_insight(session, event, number=number, text=f"Words {number}", theme=theme)
    session.commit()

    assert newest(client) == (["Words 3"], ["Words 2"], "0")
    assert newest(client, "?after=1") == (["Words 2"], ["Words 1"], "1")
    assert newest(client, "?after=2") == (["Words 3"], ["Words 2"], "0")
    assert newest(client, "?after=3") == (["Words 3"], ["Words 2"], "0")
    assert newest(client, "?after=9e999") == (["Words 3"], ["Words 2"], "0")


def test_a_hidden_insight_is_gone_from_the_wall_at_the_next_look(
    client: Visitor, session: Session, event: Event
) -> None:
    theme = make_theme(session, event)
    rows = [make_insight(session, event, number=n, text=f"Words {n}", theme=theme) for n in (1, 2, 3)]
    hide_words(session, rows[2], reason=HideReason.UNKIND, actor="Jo")
    session.commit()

    assert newest(client, "?after=2") == (["Words 2"], ["Words 1"], "0")


def test_a_hidden_insight_is_gone_from_its_lane_and_its_number(client: Visitor, session: Session, event: Event) -> None:
    theme = make_theme(session, event)
    rows = [make_insight(session, event, number=n, text=f"Words {n}", theme=theme) for n in (1, 2, 3)]
    hide_words(session, rows[0], reason=HideReason.UNKIND, actor="Jo")
    event.stage = Stage.CONVERGE
    session.commit()

    counts = [lane.get_text(" ", strip=True) for lane in client.soup("/e/k7pm/wall").select(".wall-lane__counts")]

    assert newest(client) == (["Words 3"], ["Words 2"], "0")
    assert counts == ["2 room 0 outside"]


def test_the_wall_asks_no_more_for_four_people_than_for_one(client: Visitor, session: Session, event: Event) -> None:
    make_theme(session, event)
    for number in range(11, 12 + MOST_WAITING):
        make_insight(session, event, number=number)

    def statements_after_writing(*numbers: int) -> int:
        """Each by somebody else, and the session remembers none of them."""
        here = event_by_code(session, "K7PM")
        for number in numbers:
            author = make_participant(session, here)
            [theme] = themes_of(session, here)
            make_insight(session, here, number=number, theme=theme, author=author, identity=Identity.NAMED)
        session.commit()
        session.expunge_all()
        return statements_in(lambda: client.get("/e/k7pm/wall/newest"))

    assert statements_after_writing(1) == statements_after_writing(2, 3, 4)


def test_after_a_flood_only_a_few_wait(client: Visitor, session: Session, event: Event) -> None:
    theme = make_theme(session, event)
    for number in range(1, 47):
        make_insight(session, event, number=number, text=f"Words {number}", theme=theme)
    session.commit()

    large, notes, waiting = newest(client, "?after=1")

    assert (large, waiting) == ([f"Words {46 - MOST_WAITING}"], str(MOST_WAITING))
    assert notes == ["Words 39"]


def test_lanes_follow_the_lead_coder_count_room_and_outside_apart_and_leave_nothing_out(
    client: Visitor, session: Session, event: Event
) -> None:
    one, two = make_theme(session, event, position=1), make_theme(session, event, position=2)
    lead = kept(session, Coder(event=event, letter="a", name="Jo"))
    moved = make_insight(session, event, number=1, theme=one)
    taken_out = make_insight(session, event, number=2, theme=one)
    kept(session, Coding(coder=lead, insight=moved, theme=two))
    kept(session, Coding(coder=lead, insight=taken_out, theme=None))
    make_insight(session, event, number=3, theme=one, place=Place.OUTSIDE)
    make_insight(session, event, number=4, place=Place.OUTSIDE, text="Said from outside")
    make_insight(session, event, number=5)
    event.stage = Stage.CONVERGE
    session.commit()

    lanes = [lane.get_text(" ", strip=True) for lane in client.soup("/e/k7pm/wall").select(".wall-lane")]

    assert [lane.partition(" outside")[0].split()[-3:] for lane in lanes] == [
        ["0", "room", "1"],
        ["1", "room", "0"],
        ["2", "room", "1"],
    ]
    assert lanes[2] == "Under no theme 2 room 1 outside Said from outside"


@pytest.mark.parametrize("length", [3, 30, 39, 80])
def test_a_room_never_reads_more_than_forty_words_of_people_at_once(
    client: Visitor, session: Session, event: Event, length: int
) -> None:
    for number in range(1, 9):
        words = [f"w{n}" for n in range(20 if number < 8 else length)]
        make_insight(session, event, number=number, text=" ".join(words), theme=make_theme(session, event))
    session.commit()

    [large], notes, _ = newest(client)

    shown = [word for text in (large, *notes) for word in text.split() if word != "…"]
    assert len(large.removesuffix(" …").split()) == min(length, MOST_WORDS)
    assert len(notes) == {3: 4, 30: 1, 39: 0, 80: 0}[length]
    assert len(shown) <= MOST_WORDS


def test_while_the_room_opens_up_the_wall_shows_no_counts(client: Visitor, session: Session, event: Event) -> None:
    make_insight(session, event, number=1, theme=make_theme(session, event))
    session.commit()

    opening_up = client.soup("/e/k7pm/wall/newest")
    event = event_by_code(session, "K7PM")
    event.stage = Stage.CONVERGE
    session.commit()
    coming_together = client.soup("/e/k7pm/wall/newest")

    assert [bool(page.select(".wall-lane__counts, .wall-lane__bar")) for page in (opening_up, coming_together)] == [
        False,
        True,
    ]


def test_while_a_rating_is_open_the_wall_says_how_many_and_nothing_else(
    client: Visitor, session: Session, event: Event
) -> None:
    voting = make_round(session, event, entitled_room=8, entitled_outside=4)
    for _ in range(3):
        make_ballot(session, event, {})
    session.commit()

    wall = client.soup("/e/k7pm/wall")
    [panel], [way] = wall.select("#rating"), wall.select("#way .strip__words")
    voting = kept(session, voting)
    voting.closed_at = now()
    session.commit()

    assert "3 of 12 have voted" in panel.get_text(" ", strip=True)
    assert way.get_text() == "Rate the statements"
    closed = client.soup("/e/k7pm/wall")
    assert (closed.select("#rating"), closed.select("#way .strip__words")[0].get_text()) == ([], "Add your thought")


def test_the_wall_says_the_stage_the_block_and_how_long_it_lasts(
    client: Visitor, session: Session, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze_pack(session, event, pack_on_disk("change-model"), actor="Jo")
    session.commit()
    first = manifest_of(session, event).blocks[0]
    begins, event.stage = event.starts_at, Stage.WARM_UP
    session.commit()

    def said(minutes: float) -> str:
        monkeypatch.setattr(lobby_queries, "now", lambda: begins + timedelta(minutes=minutes))
        [moment] = client.soup("/e/k7pm/wall/newest").select(".wall-moment")
        return moment.get_text(" ", strip=True)

    assert said(-60) == "Warm-up"
    assert said(0) == f"Warm-up {first.title} {first.minutes} minutes left"
    assert said(first.minutes - 0.5) == f"Warm-up {first.title} 1 minute left"

    event = event_by_code(session, "K7PM")
    event.stage = Stage.DIVERGE
    session.commit()
    assert said(0) == "Opening up"  # it was moved by hand: the block of this minute is about another part of the day


def test_attack_10_the_wall_gives_the_configured_address(client: Visitor, event: Event) -> None:
    page = client.get("/e/k7pm/wall", headers={"Host": "evil.test", "X-Forwarded-Host": "evil.test"}).text

    assert "hack.example.org/e/K7PM" in page
    assert "evil.test" not in page


def test_without_a_hub_the_stream_says_when_to_come_back(client: Visitor, event: Event) -> None:
    answer = client.get("/e/k7pm/stream?after=9e999", headers={"Last-Event-ID": "x"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_healthz_knows_whether_the_database_answers(client: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")

    def away(*_statement: Any, **_options: Any) -> None:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    monkeypatch.setattr(db.session, "execute", away)
    monkeypatch.setattr(db.session(), "execute", away)

    assert client.get("/healthz").status_code == 503


@pytest.mark.parametrize("page", ["/accessibility", "/privacy"])
def test_every_page_leads_to_what_we_promise(client: Visitor, page: str) -> None:
    assert [link["href"] for link in client.soup("/").select("footer a")] == ["/privacy", "/accessibility"]
    assert client.get(page).status_code == 200


def test_an_organiser_sees_a_draft_as_everybody_will_and_nobody_else_does(
    session: Session, client: Visitor, staff_client: Callable[..., Visitor]
) -> None:
    event = make_event(session, stage=Stage.DRAFT, question="What would help you most?")
    session.commit()
    page = f"/desk/{event.code}/plan/preview"
    organiser = staff_client(Role.ORGANISER, event)

    seen = organiser.words(page)

    assert "What would help you most?" in seen
    assert "This is how everybody will see the event." in seen
    assert "See it as everybody will" in organiser.words(f"/desk/{event.code}/plan")
    assert staff_client(Role.FACILITATOR, event).get(page).status_code == 404
    assert client.get(f"/e/{event.code}").status_code == 404
