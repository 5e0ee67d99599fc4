"""The page behind a table's code, kept ready: the same page, nobody else's, and never an old one."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from hackathon.events.models import Event
from hackathon.insights.models import HideReason, Identity, Insight
from hackathon.moderation.operations import hide_words
from hackathon.tables.models import Table
from hackathon.themes.models import Theme
from hackathon.web.access import PARTICIPANTS_KEY, RECEIPTS_KEY
from hackathon.web.acts import WRITES_AS
from hackathon.web.kept_ready import OWN, SHELF, Shelf
from tests.applications import on_one_database
from tests.counted import statements_in
from tests.makers import make_account, make_event, make_insight, make_participant, make_round, make_table, make_theme
from tests.visitor import Visitor

PAGE = "/t/tab7"
WORDS = "Forms travel faster than people"
NewVisitor = Callable[[], Visitor]


@pytest.fixture
def table(session: Session) -> Table:
    event = make_event(session, code="K7PM")
    theme = make_theme(session, event, title="Words and names", prompt="Which words put people off?")
    table = make_table(session, event, number=7, code="TAB7", theme=theme)
    make_insight(session, event, table=table, text=f'{WORDS} <input name="client_id" value="x">')
    session.commit()
    return table


@pytest.fixture
def phone(app: Flask, session: Session, table: Table) -> NewVisitor:
    """Phones that scan the code; the page that all of them could be given has been made."""
    Visitor(app).get(PAGE)
    session.rollback()
    assert statements_in(lambda: Visitor(app).get(PAGE)) <= 1
    return lambda: Visitor(app)


def own_of(page: TestResponse) -> list[tuple[bytes, bytes]]:
    return OWN.findall(page.data)


def rest_of(page: TestResponse) -> tuple[bytes, dict[str, str]]:
    """A page and its headers without what is one phone's own."""
    rest = OWN.sub(rb"\1", page.data)
    return rest, {name: value for name, value in page.headers if name not in ("Set-Cookie", "Content-Length")}


@on_one_database
def test_a_page_that_was_ready_is_the_page_that_is_made(phone: NewVisitor) -> None:
    ready, made = phone().get("/T/Tab7"), phone().get(f"{PAGE}?x=1")

    assert rest_of(ready) == rest_of(made)
    assert WORDS in ready.text
    assert [name for name, _ in own_of(ready)] == [name for name, _ in own_of(made)] == [b"csrf_token", b"client_id"]
    attributes = [page.headers["Set-Cookie"].split(";", 1)[1] for page in (ready, made)]
    assert attributes[0] == attributes[1]


@on_one_database
def test_a_packed_page_says_the_same(phone: NewVisitor) -> None:
    mine = phone()

    packed = mine.client.get(PAGE, headers={"Accept-Encoding": "gzip, br"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == mine.get(PAGE).data.replace(*_tokens(mine.get(PAGE), packed))


def _tokens(now: TestResponse, packed: TestResponse) -> tuple[bytes, bytes]:
    """A token carries the second in which it was signed."""
    return own_of(now)[0][1], OWN.findall(gzip.decompress(packed.data))[0][1]


def test_each_phone_has_a_token_and_an_id_of_its_own_and_can_send(phone: NewVisitor, session: Session) -> None:
    pages = []
    for words in ("First", "Second"):
        mine = phone()
        first, again = (dict(own_of(mine.get(PAGE))) for _ in range(2))
        assert first[b"client_id"] == again[b"client_id"]
        sent = mine.post(
            f"{PAGE}/insights", data={name.decode(): value.decode() for name, value in first.items()} | {"text": words}
        )
        assert (sent.status_code, "Sent, number" in mine.words(sent.location)) == (303, True)
        pages.append(first)

    assert not set(pages[0].values()) & set(pages[1].values())
    session.rollback()
    assert list(session.scalars(select(Insight.text).order_by(Insight.number)))[1:] == ["First", "Second"]


@on_one_database
def test_attack_a_token_of_one_phone_opens_nothing_for_another(phone: NewVisitor) -> None:
    token = dict(own_of(phone().get(PAGE)))[b"csrf_token"].decode()
    other = phone()
    other.get(PAGE)

    assert other.post(f"{PAGE}/insights", data={"csrf_token": token, "text": "Theirs"}).status_code == 400


@on_one_database
@pytest.mark.parametrize("has", ["receipts", "name", "link", "account", "notice"])
def test_attack_what_one_phone_is_shown_is_in_nobody_elses_page(
    app: Flask, session: Session, table: Table, has: str
) -> None:
    """It asks first, and again when the page for everybody is ready; then somebody asks who has nothing."""
    make_insight(session, table.event, number=4711, text="From somewhere else")
    person = make_participant(session, table.event, name="Mair Invented")
    account = make_account(session)
    session.commit()
    mine = Visitor(app)
    held: dict[str, dict[str, Any]] = {
        "receipts": {RECEIPTS_KEY: [["K7PM", [4711]]]},
        "name": {WRITES_AS: [Identity.NAMED.value, "Mair Invented"]},
        "link": {PARTICIPANTS_KEY: {"K7PM": person.token}},
        "account": {"staff_id": account.id},
        "notice": {"_flashes": [["good", "Only for Mair"]]},
    }
    mine.hold(**held[has])
    shown = {"receipts": "4711", "name": "Mair Invented", "link": "Mair Invented", "notice": "Only for Mair"}.get(has)

    first = mine.get(PAGE).text
    session.rollback()
    others = [Visitor(app).get(PAGE).text for _ in range(2)]
    again = mine.get(PAGE).text

    if shown:
        assert shown in first
        assert (shown in again) is (has != "notice")
        assert not [page for page in others if shown in page]
    shelf: Shelf = app.extensions[SHELF]
    kept = [piece for _, page in shelf._pages.values() for piece in page.pieces]
    assert kept
    assert not [piece for piece in kept if shown and shown.encode() in piece]


@on_one_database
@pytest.mark.parametrize("cookie", ["hack=broken", "hack=eyJ9.a.b; hack=x", "other=1;hack=broken"])
def test_attack_a_cookie_that_is_not_ours_gets_a_page_and_a_cookie(phone: NewVisitor, cookie: str) -> None:
    answer = phone().app.test_client(use_cookies=False).get(PAGE, headers={"Cookie": cookie})

    assert (answer.status_code, WORDS in answer.text) == (200, True)
    assert answer.headers["Set-Cookie"].startswith("hack=")


def _hide(session: Session, event: Event) -> None:
    hide_words(session, session.scalars(select(Insight)).one(), reason=next(iter(HideReason)), actor="Someone")


def _ask_something_else(session: Session, event: Event) -> None:
    session.scalars(select(Theme)).one().prompt = "What is new here?"


CHANGES: list[tuple[Callable[[Session, Event], object], str, bool]] = [
    (_hide, WORDS, False),
    (make_round, "It is open now", True),
    (_ask_something_else, "What is new here?", True),
]


@pytest.mark.parametrize(("change", "words", "is_there"), CHANGES)
def test_the_next_answer_after_a_change_shows_it(
    phone: NewVisitor,
    session: Session,
    table: Table,
    change: Callable[[Session, Event], object],
    words: str,
    is_there: bool,
) -> None:
    session.rollback()
    before = phone().get(PAGE).text
    change(session, session.merge(table).event)
    session.commit()

    assert [words in page for page in (before, phone().get(PAGE).text)] == [not is_there, is_there]
