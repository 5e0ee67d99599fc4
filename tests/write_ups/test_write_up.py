"""The write-up twice: the document by its values, the page by what it says. On paper: test_paper.py."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.archive.commands import SAMPLE, load_folder
from hackathon.comments.operations import add_comment
from hackathon.core.db import transaction
from hackathon.events.models import Event, Place, Stage
from hackathon.follow_up.models import RecommendationSource
from hackathon.insights.models import AuthorRole, HideReason, Insight, Uncounted
from hackathon.insights.queries import insight_by_number, insights_of
from hackathon.moderation.operations import hide_words
from hackathon.packs.operations import freeze_pack
from hackathon.packs.transfer import pack_on_disk
from hackathon.write_ups.document import WriteUp
from hackathon.write_ups.queries import write_up_of
from hackathon.write_ups.transfer import charts_of, write_up_html
from tests.makers import (
    make_commitment,
    make_event,
    make_insight,
    make_participant,
    make_recommendation,
    make_table,
)
from tests.visitor import Visitor

EXPECTED = json.loads((Path(__file__).parent.parent / "figures" / "expected.json").read_text())
ADDRESS = "https://hack.example.org/e/K7PM/write-up"


@pytest.fixture
def event(session: Session) -> Event:
    return load_folder(SAMPLE)[0]


@pytest.fixture
def write_up(session: Session, event: Event) -> WriteUp:
    return write_up_of(session, event, address=ADDRESS)


def dead_links(page: BeautifulSoup) -> list[str]:
    ids = {str(tag["id"]) for tag in page.select("[id]")}
    return [str(link["href"]) for link in page.select('a[href^="#"]') if str(link["href"])[1:] not in ids]


def test_it_says_who_took_part_in_the_figures_of_the_event(write_up: WriteUp) -> None:
    assert write_up.standfirst == (
        "219 people took part: 80 in the room and 139 from outside. They made 330 contributions."
    )
    assert [(figure.key, figure.text) for figure in write_up.headlines] == [
        ("participation_rate", "219 of 280 (78.2%)"),
        ("outside_share_of_people", "139 of 209 (66.5%)"),
        ("turnout", "88 of 121 (73%)"),
        ("recommendations_taken_forward", "8 of 12 (67%)"),
    ]


def test_statements_stand_as_the_figures_say(write_up: WriteUp) -> None:
    standing = {statement.number: statement.standing for statement in write_up.statements}

    assert standing == {int(number): found["standing"] for number, found in EXPECTED["statements"].items()}
    assert write_up.standings == (("Agreed", 4), ("Contested", 2), ("Not clear", 1), ("Neither", 2))
    contested = [statement for statement in write_up.statements if statement.standing == "contested"]
    assert [statement.number for statement in contested] == [5, 6]
    assert all(statement.words for statement in contested), "what people wrote stands beside what divides them"


def test_every_number_that_is_drawn_is_the_one_in_figures_json(write_up: WriteUp) -> None:
    """Charts, their tables and the numbers in sentences, which are no rates."""
    steps = ("eligible", "invited_outside", "registered", "confirmed_in_room", "attended")
    people = [EXPECTED[key] for key in steps] + [EXPECTED[key]["total"] for key in ("participants", "contributors")]
    room, outside = (sum(numbers) for numbers in list(zip(*write_up.over_time, strict=True))[1:])
    decided = Counter(recommendation.decision for recommendation in write_up.recommendations)
    themed = [line for line in write_up.contributions if line.theme]

    assert [number for _, number in write_up.funnel] == people
    assert (room + outside + write_up.at_other_times, write_up.at_other_times) == (EXPECTED["contributions"], 6)
    assert decided == EXPECTED["recommendations_by_decision"]
    assert sum(number for _, number in write_up.decisions) == len(write_up.recommendations) == 12
    assert write_up.commitments.made == sum(EXPECTED["pledges_by_answer"].values())
    assert [part.answered for part in write_up.survey] == list(EXPECTED["survey_answers"].values())
    assert sum(spread.room + spread.outside for spread in write_up.themes) == len(themed)
    assert len(write_up.contributions) == sum(EXPECTED["insights_by_place"].values())
    for statement in write_up.statements:
        expected = EXPECTED["statements"][str(statement.number)]
        assert {mark: number for mark, number in statement.marks.items() if number} == expected["counts"]
        assert statement.support.text == expected["support"]["text"]


def test_what_is_tied_is_named_together(write_up: WriteUp) -> None:
    drawn = charts_of(write_up).over_time

    assert drawn is not None
    assert drawn.title == "Most was said in the quarters of an hour from 10:45am and 11:30am"


def test_every_contribution_is_there_once_with_its_exact_words(
    session: Session, event: Event, write_up: WriteUp
) -> None:
    printed = {line.quote.number: line.quote.text for line in write_up.contributions}

    assert printed == {insight.number: insight.text for insight in insights_of(session, event)}
    assert sum(len(line.comments) for line in write_up.contributions) == 120


def test_quotes_are_exact_and_name_nobody_who_did_not_choose_it(
    session: Session, event: Event, write_up: WriteUp
) -> None:
    insights = {insight.number: insight for insight in insights_of(session, event)}
    quotes = [
        quote for spread in write_up.themes for quote in (*spread.quotes, *([spread.pull] if spread.pull else []))
    ]

    assert len(quotes) >= 5 * 3
    for quote in quotes:
        insight = insights[quote.number]
        assert (quote.text, quote.place, quote.said_by) == (insight.text, insight.place.value, insight.said_by)
        assert not quote.said_by or insight.identity.value == "named"


def test_every_idea_is_followed_to_its_outcome(write_up: WriteUp) -> None:
    outcomes = {
        line.quote.number: [(outcome.number, outcome.decision) for outcome in line.outcomes]
        for line in write_up.contributions
        if line.outcomes
    }
    listed = {number for recommendation in write_up.recommendations for number in recommendation.sources}

    assert set(outcomes) == listed


def test_commitments_are_printed_only_with_leave(write_up: WriteUp) -> None:
    assert (write_up.commitments.made, write_up.commitments.kept.text) == (41, "20 of 41 (49%)")
    assert len(write_up.commitments.printed) < 41


def test_small_groups_cannot_be_picked_out(write_up: WriteUp) -> None:
    sectors = dict(write_up.sectors)

    assert sectors["nhs"] == 38
    assert sectors["fire"] is None
    assert all(number is None or number >= 5 for number in sectors.values())


@pytest.mark.parametrize("reason", [HideReason.UNKIND, HideReason.DISCLOSURE, HideReason.PERSONAL])
def test_what_was_hidden_is_counted_and_no_number_tells_a_disclosure_from_a_rude_word(
    session: Session, event: Event, reason: HideReason
) -> None:
    with transaction() as session:
        for number, why in ((61, reason), (62, HideReason.DUPLICATE)):
            hide_words(session, insight_by_number(session, event, number), reason=why, actor="Jo")
        hidden = session.scalars(select(Insight.text).where(Insight.event_id == event.id, Insight.number == 61)).one()

    write_up = write_up_of(session, event, address=ADDRESS)

    assert write_up.removed == (
        ("They could have hurt or identified somebody", 1),
        ("They came twice, or were about something else", 1),
    )
    assert hidden not in write_up_html(write_up)
    assert HideReason.DISCLOSURE.words not in write_up_html(write_up)


def test_the_packs_lists_stand_below_the_packs_question_and_no_other(session: Session) -> None:
    pack = pack_on_disk("change-model")
    question = pack.manifest.hack_question
    scope = {"scope_in": list(question.in_scope), "scope_out": list(question.out_of_scope)}
    found = {}
    for asked in (question.text, "Which forms could we stop?"):
        with transaction() as session:
            event = make_event(session, question=asked, **scope)
            freeze_pack(session, event, pack, actor="Priya")
        write_up = write_up_of(session, event, address=ADDRESS)
        found[asked] = write_up.scope_in, write_up.scope_out

    assert found == {question.text: (question.in_scope, question.out_of_scope), "Which forms could we stop?": ((), ())}


def test_the_same_data_gives_the_same_report(session: Session, event: Event, write_up: WriteUp) -> None:
    assert write_up_of(session, event, address=ADDRESS) == write_up


def test_an_event_in_which_nothing_was_said_has_a_report_too(session: Session) -> None:
    with transaction() as session:
        event = make_event(session)
        freeze_pack(session, event, pack_on_disk("change-model"), actor="Priya")

    write_up = write_up_of(session, event, address=ADDRESS)

    assert (write_up.status, write_up.findings, write_up.contributions) == ("Draft", (), ())
    assert "No rating has been closed yet" in write_up_html(write_up)


def test_a_small_table_is_not_named_where_the_pack_says_so(session: Session) -> None:
    with transaction() as session:
        event = make_event(session)
        freeze_pack(session, event, pack_on_disk("inclusion-and-system-leadership"), actor="Priya")
        for number, taken in ((1, 7), (2, 8)):
            make_insight(session, event, number=number, table=make_table(session, event, number=number, taken=taken))

    places = [said.quote.place_words for said in write_up_of(session, event, address=ADDRESS).contributions]

    assert places == ["In the room", "In the room, table 2"]


def test_what_nobody_said_and_what_was_practice_is_in_no_finding(session: Session) -> None:
    with transaction() as session:
        event = make_event(session)
        freeze_pack(session, event, pack_on_disk("change-model"), actor="Priya")
        seed = make_insight(session, event, number=1, uncounted=Uncounted.SEED)
        said, hidden = (
            make_insight(session, event, number=2),
            make_insight(session, event, number=3, uncounted=Uncounted.REHEARSAL),
        )
        hide_words(session, hidden, reason=HideReason.UNKIND, actor="Priya")
        recommendation = make_recommendation(session, event)
        session.add_all(RecommendationSource(recommendation=recommendation, insight=i) for i in (seed, said))
        make_commitment(session, event, text="Practise", may_print=True, rehearsal=True)

    write_up = write_up_of(session, event, address=ADDRESS)

    assert [part.sources for part in write_up.recommendations] == [(2,)]
    assert (write_up.commitments.made, write_up.commitments.printed) == (0, ())
    assert write_up.removed == ()


def test_a_manager_who_answers_is_named_as_on_the_pages(session: Session) -> None:
    with transaction() as session:
        event = make_event(session)
        freeze_pack(session, event, pack_on_disk("change-model"), actor="Priya")
        insight = make_insight(session, event, number=1)
        managers = [(make_participant(session, event, name="Amara Obi"), ""), (None, "Jo"), (None, "")]
        for number, (author, name) in enumerate(managers):
            add_comment(
                session,
                insight,
                text="We will look into it.",
                place=Place.ROOM,
                client_id=f"a-reply-{number}",
                author_role=AuthorRole.COMMUNITY_MANAGER,
                author=author,
                author_name=name,
            )

    [said] = write_up_of(session, event, address=ADDRESS).contributions

    assert [reply.said_by for reply in said.comments] == [
        "Amara Obi, community manager",
        "Jo, community manager",
        "community manager",
    ]


def test_the_page_says_what_the_document_says(client: Visitor, event: Event, write_up: WriteUp) -> None:
    words = client.words(f"/e/{event.code}/write-up")

    for figure in (*write_up.people, *write_up.definitions):
        assert f"{figure.label}" in words
        assert figure.text in words
    for statement in write_up.statements:
        assert statement.text in words


def test_every_table_of_the_pdf_has_header_cells(write_up: WriteUp) -> None:
    """The validator does not see a table without them, so the HTML is asked."""
    tables = BeautifulSoup(write_up_html(write_up), "html.parser").find_all("table")

    assert len(tables) > 8
    for table in tables:
        assert table.find("th", scope="col"), table.caption
        assert table.caption is not None


def test_every_quotation_leads_to_its_contribution(write_up: WriteUp) -> None:
    page = BeautifulSoup(write_up_html(write_up), "html.parser")

    quoted = page.select("blockquote:has(.mark), .pull")
    assert len(quoted) > 30
    for quote in quoted:
        [link], [words] = quote.select(".mark a"), quote.select("p")
        [row] = page.select(f"tr{link['href']}")
        assert words.text in row.text
    assert dead_links(page) == []


def test_no_link_leads_to_a_part_that_the_pack_leaves_out(write_up: WriteUp) -> None:
    without = {"all-contributions", "recommendations"}
    short = replace(write_up, sections=tuple(name for name in write_up.sections if name not in without))

    page = BeautifulSoup(write_up_html(short), "html.parser")

    assert "Number 149" in page.text
    assert dead_links(page) == []


def test_attack_17_markup_in_words_is_only_words(client: Visitor, session: Session) -> None:
    with transaction() as session:
        event = make_event(session, stage=Stage.AFTER)
        freeze_pack(session, event, pack_on_disk("change-model"), actor="Priya")
        make_insight(session, event, text='<script>alert(1)</script><img src=x onerror="alert(1)">')

    html = client.get(f"/e/{event.code}/write-up").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=" in html
    assert not BeautifulSoup(html, "html.parser").find_all("img", src="x")


def test_the_command_writes_a_file(app: Flask, session: Session, tmp_path: Path) -> None:
    with transaction() as session:
        event = make_event(session)
        freeze_pack(session, event, pack_on_disk("change-model"), actor="Priya")
    path = tmp_path / "report.pdf"

    result = app.test_cli_runner().invoke(args=["write-ups", "print", event.code, "-o", str(path)])

    assert (result.exit_code, path.read_bytes()[:5]) == (0, b"%PDF-")


def test_the_command_names_an_event_that_is_not_there(app: Flask, session: Session, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["write-ups", "print", "NONE", "-o", str(tmp_path / "x.pdf")])

    assert (result.exit_code, result.output) == (
        1,
        "Error: there is no event NONE. `.venv/bin/flask --app app events list` names them all.\n",
    )
