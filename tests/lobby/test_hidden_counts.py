"""While the tables open up, no public page tells how much was said, or about what."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.events.models import Event, Place, Stage
from hackathon.insights.models import AuthorRole, Comment
from hackathon.staff.models import Role
from hackathon.web.access import Door
from tests.makers import kept, make_event, make_insight, make_pack, make_table, make_theme
from tests.visitor import Visitor

IN_ROOM, OUTSIDE, COMMENTS = 57, 83, 61
TELLING = {
    str(number)
    for number in (IN_ROOM, OUTSIDE, COMMENTS, IN_ROOM + OUTSIDE, IN_ROOM + COMMENTS, IN_ROOM + OUTSIDE + COMMENTS)
}
FIRST = 2000
EXCUSED = {"/static/<path:filename>", "/e/<code:code>/stream", "/e/<code:code>/insights.csv"}
"""Files and the stream; and the words themselves, which anybody may count."""


@pytest.fixture
def event(session: Session) -> Event:
    """One theme and one table with many words: every number that could be told is one of a kind."""
    event = make_event(session, stage=Stage.DIVERGE, code="K7PM")
    make_pack(session, event)
    theme = make_theme(session, event, position=1, key="words")
    table = make_table(session, event, number=1, code="TAB1", theme=theme)
    for number in range(IN_ROOM + OUTSIDE):
        place = Place.ROOM if number < IN_ROOM else Place.OUTSIDE
        at = {"table": table} if place is Place.ROOM else {}
        insight = make_insight(session, event, number=FIRST + number, text="Words", place=place, theme=theme, **at)
    for number in range(COMMENTS):
        kept(
            session,
            Comment(
                event=event,
                insight=insight,
                client_id=f"comment-{number}",
                text="Yes",
                place=Place.ROOM,
                author_role=AuthorRole.PARTICIPANT,
            ),
        )
    session.commit()
    return event


def addresses(app: Flask) -> list[str]:
    """Everything that anybody may open, about this event."""
    filling = {"code": "k7pm", "table_code": "tab1", "number": str(FIRST + IN_ROOM + OUTSIDE - 1), "key": "words"}
    return [
        re.sub(r"<(?:[^>]*:)?(\w+)>", lambda found: filling.get(found[1], "purpose"), rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.rule not in EXCUSED
        and not rule.rule.endswith(".pdf")
        and getattr(app.view_functions[rule.endpoint], "door", None) is Door.ANYONE
        and ("code>" in rule.rule)
    ]


def telling(app: Flask, visitor: Visitor) -> set[str]:
    """The addresses at which one of the numbers stands, scripts and addresses of files aside."""
    found = set()
    for address in addresses(app):
        answer = visitor.get(address)
        words = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", answer.text, flags=re.S)
        if answer.status_code == 200 and TELLING & set(re.findall(r"\d+", words)):
            found.add(address)
    return found


def test_no_public_page_counts_while_the_tables_open_up(
    app: Flask, session: Session, event: Event, client: Visitor
) -> None:
    assert telling(app, client) == set()


def test_the_same_look_finds_the_counts_in_every_other_stage(
    app: Flask, session: Session, event: Event, client: Visitor
) -> None:
    """The control: what the test above would show."""
    event.stage = Stage.CONVERGE
    session.commit()

    assert telling(app, client) >= {
        "/e/k7pm",
        "/e/k7pm/wall",
        "/e/k7pm/wall/newest",
        "/e/k7pm/insights",
        f"/e/k7pm/insights/{FIRST + IN_ROOM + OUTSIDE - 1}",
        "/e/k7pm/figures.json",
        "/e/k7pm/write-up",
    }


def test_staff_see_the_figures_and_the_write_up_all_the_time(
    session: Session, event: Event, client: Visitor, staff_client: Callable[..., Visitor]
) -> None:
    jo = staff_client(Role.FACILITATOR, event)

    assert json.loads(jo.get("/e/k7pm/figures.json").text)["contributions"] == IN_ROOM + OUTSIDE + COMMENTS
    assert "contributions" not in json.loads(client.get("/e/k7pm/figures.json").text)
    assert "still to come" not in jo.words("/e/k7pm/write-up")
    assert "still to come" in client.words("/e/k7pm/write-up")
    assert client.get("/e/k7pm/write-up.pdf").status_code == 302
