"""What everybody shared: the list and the spreadsheet."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from hackathon.adapters.sheets import plain
from hackathon.comments.operations import add_comment
from hackathon.events.models import Event, Place
from hackathon.insights.models import HideReason, Identity, Uncounted
from hackathon.insights.queries import any_insight_by_number
from hackathon.insights.transfer import COLUMNS
from hackathon.moderation.operations import hide_words
from hackathon.packs.operations import freeze_pack
from hackathon.packs.transfer import pack_on_disk
from tests.counted import statements_in
from tests.makers import make_event, make_insight, make_participant, make_table, make_theme
from tests.visitor import Visitor

AWKWARD = [
    "<b>Bold</b> <script>alert('x')</script> <svg onload=alert(1)> [go](javascript:alert(1))",
    '=HYPERLINK("http://evil.example","x")',
    "+44 20 7946 0018",
    "-5",
    "@everyone",
    "التغيير يبدأ بكلمة واحدة",
    "👩‍🌾 tools 🛠️",
    "My number is 999 123 4567",
    "'quoted",
]


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    session.commit()
    return event


def cards(client: Visitor, page: str) -> list[int]:
    return [int(number.get_text()) for number in client.soup(page).select(".said__number")]


def rows(client: Visitor, page: str = "/e/k7pm/insights.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(page).text)))


def test_the_list_is_newest_first_in_pages(client: Visitor, session: Session, event: Event) -> None:
    for number in range(1, 61):
        make_insight(session, event, number=number)
    session.commit()

    first = client.soup("/e/k7pm/insights")
    assert cards(client, "/e/k7pm/insights") == list(range(60, 10, -1))
    [older] = [str(link["href"]) for link in first.select(".pager a")]
    assert older == "/e/K7PM/insights?before=11"
    assert cards(client, older) == list(range(10, 0, -1))
    assert [str(link["href"]) for link in client.soup(older).select(".pager a")] == ["/e/K7PM/insights"]


def test_the_list_by_place_and_theme(client: Visitor, session: Session, event: Event) -> None:
    theme = make_theme(session, event, key="tools")
    make_insight(session, event, number=1, place=Place.OUTSIDE, theme=theme)
    make_insight(session, event, number=2, place=Place.ROOM, theme=theme)
    make_insight(session, event, number=3, place=Place.OUTSIDE)
    session.commit()

    assert cards(client, "/e/k7pm/insights?place=outside") == [3, 1]
    assert cards(client, "/e/k7pm/insights?theme=tools") == [2, 1]
    assert cards(client, "/e/k7pm/insights?theme=tools&place=outside") == [1]
    assert cards(client, "/e/k7pm/insights?theme=nothing&place=9e999&before=-1") == [3, 2, 1]


@pytest.mark.parametrize("page", ["/e/k7pm/insights", "/e/k7pm/insights.csv", "/e/k7pm/wall", "/e/k7pm/insights/1"])
def test_a_page_asks_the_database_as_much_for_three_rows_as_for_one(
    client: Visitor, session: Session, event: Event, page: str
) -> None:
    def add(number: int) -> None:
        person = make_participant(session, event)
        theme = make_theme(session, event)
        table = make_table(session, event, theme=theme)
        named = make_insight(
            session, event, number=number, identity=Identity.NAMED, author=person, theme=theme, table=table
        )
        add_comment(session, named, text="Yes", place=Place.ROOM, client_id=f"comment-{number}", author=person)
        session.commit()

    add(1)
    one = statements_in(lambda: client.get(page))
    add(2)
    add(3)

    assert statements_in(lambda: client.get(page)) == one


def test_names_are_shown_by_choice_alone(client: Visitor, session: Session, event: Event) -> None:
    person = make_participant(session, event, name="Zoe Kitteridge")
    make_insight(session, event, number=1, identity=Identity.NAMED, author=person)
    make_insight(session, event, number=2, identity=Identity.HIDDEN, author=person)
    make_insight(session, event, number=3, identity=Identity.NAMED, author_name="Dan Smith")
    make_insight(session, event, number=4)
    session.commit()

    facts = [card.get_text(" ", strip=True) for card in client.soup("/e/k7pm/insights").select(".said__facts")]

    assert [next(w for w in ("Anonymous", "Dan Smith", "Name hidden", "Zoe Kitteridge") if w in f) for f in facts] == [
        "Anonymous",
        "Dan Smith",
        "Name hidden",
        "Zoe Kitteridge",
    ]
    assert [(row["said_by"], row["author_email"]) for row in rows(client)] == [
        ("Zoe Kitteridge", ""),
        ("", ""),
        ("Dan Smith", ""),
        ("", ""),
    ]


def test_hidden_insights_are_nowhere(client: Visitor, session: Session, event: Event) -> None:
    theme = make_theme(session, event)
    table = make_table(session, event, code="TAB7", theme=theme)
    rude = make_insight(session, event, number=1, text="Something rude", table=table, theme=theme)
    hide_words(session, rude, reason=HideReason.UNKIND, actor="Jo")
    session.commit()

    for page in ("/e/k7pm/insights", "/e/k7pm/insights.csv", "/e/k7pm/wall", "/e/k7pm/wall/newest", "/t/tab7"):
        assert "Something rude" not in client.get(page).text
    assert client.get("/e/k7pm/insights/1").status_code == 404


def test_attack_17_awkward_words_are_inert_and_whole(client: Visitor, session: Session, event: Event) -> None:
    for number, text in enumerate(AWKWARD, 1):
        make_insight(session, event, number=number, text=text)
        session.commit()
        assert client.soup("/e/k7pm/wall").select(".newest__text")[0].get_text() == text

    shown = [words.get_text() for words in client.soup("/e/k7pm/insights").select(".said__text")]
    assert shown == AWKWARD[::-1]
    for number, text in enumerate(AWKWARD, 1):
        assert client.soup(f"/e/k7pm/insights/{number}").select(".said__text")[0].get_text() == text
    assert "<script>" not in client.get("/e/k7pm/insights").text


def test_attack_34_cells_are_neutral_and_come_back_unchanged(client: Visitor, session: Session, event: Event) -> None:
    for number, text in enumerate(AWKWARD, 1):
        make_insight(session, event, number=number, text=text)
    session.commit()

    cells = [row["text"] for row in rows(client)]

    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert [plain(cell) for cell in cells] == AWKWARD


def test_the_sheet_has_the_columns_of_an_archive_and_says_its_moment(
    client: Visitor, session: Session, event: Event
) -> None:
    frozen = datetime(2026, 3, 17, 16, 15, tzinfo=UTC)
    theme = make_theme(session, event, key="tools")
    table = make_table(session, event, number=3)
    make_insight(
        session, event, number=1, text="In time", theme=theme, table=table, card_number="3-014", captured_at=frozen
    )
    make_insight(session, event, number=2, text="Too late", captured_at=frozen + timedelta(seconds=1))
    event.figures_frozen_at = frozen
    session.commit()

    answer = client.get("/e/k7pm/insights.csv")

    assert tuple(answer.text.splitlines()[0].split(",")) == COLUMNS
    assert (answer.mimetype, answer.headers["X-Figures-As-Of"]) == ("text/csv", "2026-03-17T16:15:00+00:00")
    assert 'filename="insights-k7pm-2026-03-17-1615Z.csv"' in answer.headers["Content-Disposition"]
    assert [
        (r["number"], r["captured_at"], r["table"], r["theme"], r["card_number"], r["text"]) for r in rows(client)
    ] == [("1", "2026-03-17T16:15:00+00:00", "3", "tools", "3-014", "In time")]


def test_the_sheet_marks_words_to_begin_with_and_leaves_out_practice_and_what_was_removed(
    client: Visitor, session: Session, event: Event
) -> None:
    make_insight(session, event, number=1, uncounted=Uncounted.SEED)
    make_insight(session, event, number=2, uncounted=Uncounted.REHEARSAL)
    for number in (3, 4):
        make_insight(session, event, number=number)
    hide_words(session, any_insight_by_number(session, event, 3), reason=HideReason.UNKIND, actor="Jo")
    session.commit()

    assert [(row["number"], row["uncounted"]) for row in rows(client)] == [("1", "seed"), ("4", "")]


def test_attack_22_nobody_takes_the_receipt_of_another_phone_with_what_stands_in_the_sheet(
    client: Visitor, session: Session, event: Event
) -> None:
    make_insight(session, event, number=1, text="Ring the bell", client_id="made-on-a-phone", place=Place.OUTSIDE)
    session.commit()
    [row] = rows(client)

    sent = {"text": row["text"], "identity": "anonymous", "client_id": row["client_id"]}
    client.post_form("/e/k7pm/outside/insights", sent, page="/e/k7pm/outside")

    with client.client.session_transaction() as cookie:
        assert cookie["receipts"] == [["K7PM", [2]]]
    assert len({row["client_id"] for row in rows(client)}) == 2


def test_a_small_table_is_not_named_where_the_pack_says_so(client: Visitor, session: Session, event: Event) -> None:
    freeze_pack(session, event, pack_on_disk("inclusion-and-system-leadership"), actor="a test")
    for number, taken in ((1, 7), (2, 8)):
        table = make_table(session, event, number=number, taken=taken, code=f"TAB{number}")
        make_insight(session, event, number=number, table=table, card_number=f"{number}-001")
    session.commit()

    assert [(row["table"], row["card_number"]) for row in rows(client)] == [("", ""), ("2", "2-001")]
    assert [cards(client, f"/t/tab{number}") for number in (1, 2)] == [[], [2]]
    for page in ("/e/k7pm/insights", "/e/k7pm/insights/1", "/e/k7pm/insights/2", "/e/k7pm/wall"):
        assert "table" not in client.words(page).lower()
