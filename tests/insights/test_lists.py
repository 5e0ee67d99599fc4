"""What everybody shared: the list, one insight, the spreadsheet; and the desk that hides and shows."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from hackathon.adapters.sheets import plain
from hackathon.events.models import Event, Place
from hackathon.events.queries import log_of
from hackathon.insights.models import AuthorRole, HideReason, Identity
from hackathon.insights.operations import add_comment, hide_insight
from hackathon.insights.queries import insights_of
from hackathon.insights.transfer import COLUMNS
from hackathon.packs.operations import freeze_pack
from hackathon.packs.transfer import pack_on_disk
from hackathon.staff.models import Role
from tests.counted import statements_in
from tests.makers import make_event, make_insight, make_participant, make_table, make_theme
from tests.visitor import Visitor

DESK_ROLES = (Role.ORGANISER, Role.FACILITATOR, Role.COMMUNITY_MANAGER)
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


def test_one_insight_with_its_comments(client: Visitor, session: Session, event: Event) -> None:
    insight = make_insight(session, event, number=46, text="Forms travel faster than people")
    person = make_participant(session, event, name="Maureen Tibbs")
    add_comment(session, insight, text="So true", place=Place.OUTSIDE, client_id="comment-1", author=person)
    add_comment(
        session,
        insight,
        text="Thank you. Which form?",
        place=Place.OUTSIDE,
        client_id="comment-2",
        author_role=AuthorRole.COMMUNITY_MANAGER,
        author_name="Sam Okell",
    )
    session.commit()

    words = client.words("/e/k7pm/insights/46")

    assert "Forms travel faster than people" in words
    assert "2 comments So true From outside" in words
    assert "Thank you. Which form? From outside Sam Okell, community manager" in words
    assert "Maureen" not in words


@pytest.mark.parametrize("number", ["1", "0", "999999999", "99999999999999999999", "-1", "x"])
def test_attack_16_a_number_of_another_event_is_not_here(
    client: Visitor, session: Session, event: Event, number: str
) -> None:
    make_insight(session, make_event(session), number=1)
    session.commit()

    assert client.get(f"/e/k7pm/insights/{number}").status_code == 404


def test_hidden_insights_are_nowhere(client: Visitor, session: Session, event: Event) -> None:
    theme = make_theme(session, event)
    table = make_table(session, event, code="TAB7", theme=theme)
    rude = make_insight(session, event, number=1, text="Something rude", table=table, theme=theme)
    hide_insight(session, rude, reason=HideReason.UNKIND, actor="Jo")
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


@pytest.mark.parametrize("role", DESK_ROLES)
def test_the_desk_hides_with_a_reason_and_shows_again(
    staff_client: Any, session: Session, event: Event, role: Role
) -> None:
    insight = make_insight(session, event, number=46)
    desk = staff_client(role, event)
    page = "/desk/k7pm/insights"

    hidden = desk.post_form(f"{page}/46/hide", {"reason": "unkind"}, page=page)
    assert hidden.location == "/desk/K7PM/insights#insight-46"
    assert "Number 46 is off every page." in desk.words(page)
    assert "Hidden: It is rude or unkind" in desk.words(f"{page}?show=hidden")
    session.refresh(insight)
    assert insight.hidden_reason is HideReason.UNKIND

    desk.post_form(f"{page}/46/show", page=page)
    assert "Number 46 is back on the pages." in desk.words(page)
    session.rollback()
    assert [i.number for i in insights_of(session, event)] == [46]
    assert [line.kind for line in log_of(session, event)] == ["insight.shown", "insight.hidden"]


@pytest.mark.parametrize("reason", ["", "9e999", "because"])
def test_hiding_needs_one_of_the_reasons(staff_client: Any, session: Session, event: Event, reason: str) -> None:
    make_insight(session, event, number=46)
    desk = staff_client(Role.FACILITATOR, event)

    desk.post_form("/desk/k7pm/insights/46/hide", {"reason": reason}, page="/desk/k7pm/insights")

    assert "Choose one of the reasons" in desk.words("/desk/k7pm/insights")
    assert len(insights_of(session, event)) == 1


def test_attack_16_the_desk_of_one_event_does_not_reach_into_another(
    staff_client: Any, session: Session, event: Event
) -> None:
    theirs = make_insight(session, make_event(session), number=7)
    make_insight(session, event, number=1)
    desk = staff_client(Role.ORGANISER, event)

    answer = desk.post_form("/desk/k7pm/insights/7/hide", {"reason": "unkind"}, page="/desk/k7pm/insights")

    session.refresh(theirs)
    assert (answer.status_code, theirs.hidden_at) == (404, None)


@pytest.mark.parametrize("role", [Role.SPONSOR, Role.ACCESS_LEAD])
def test_the_desk_is_closed_to_others(staff_client: Any, session: Session, event: Event, role: Role) -> None:
    assert staff_client(role, event).get("/desk/k7pm/insights").status_code == 404


def test_only_organisers_see_hidden_names(staff_client: Any, session: Session, event: Event) -> None:
    make_insight(session, event, identity=Identity.HIDDEN)
    make_insight(
        session, event, identity=Identity.HIDDEN, author=make_participant(session, event, name="Zoe Kitteridge")
    )

    seen = {role: "Zoe Kitteridge" in staff_client(role, event).words("/desk/k7pm/insights") for role in DESK_ROLES}

    assert seen == {Role.ORGANISER: True, Role.FACILITATOR: False, Role.COMMUNITY_MANAGER: False}
