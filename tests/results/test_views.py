"""The page of results: what it shows once a vote has closed, and that nothing anywhere shows it before."""

import json
import re

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.events.models import Event, Place, Stage
from hackathon.staff.models import Role
from hackathon.votes.models import Mark, Rating, VoteMethod
from tests.makers import make_ballot, make_event, make_insight, make_pack, make_round, make_statement
from tests.visitor import StaffClient, Visitor

CHANGES_BY_ITSELF = re.compile(r'name="(csrf_token|client_id|token)"[^>]*value="[^"]*"|Figures counted on [^<]*')


def test_results_show_rule_turnout_and_places_apart(session: Session, client: Visitor) -> None:
    event = make_event(session, stage=Stage.AFTER)
    statement = make_statement(session, event, number=1, text="Answer every idea")
    make_round(
        session,
        event,
        closed_at=now(),
        entitled_room=8,
        entitled_outside=6,
        entitled_note="all who came",
        minimum_ballots=5,
    )
    for mark, place, times in ((Mark.AGREE, Place.ROOM, 7), (Mark.DISAGREE, Place.OUTSIDE, 5)):
        for _ in range(times):
            make_ballot(session, event, {statement: mark}, place=place)
    session.commit()

    page = client.soup(f"/e/{event.code}/results")
    words = " ".join((page.main or page).get_text(" ").split())

    assert "7 of 12 (58%) in support" in words
    assert "In the room 7 of 8 (88%) From outside 5 of 6 (83%) Together 12 of 14 (86%)" in words
    assert "1. Answer every idea 7 of 7 (100%) 0 of 5 (0%) 7 of 12 (58%)" in words
    assert "Contested Of those who rated it, 25% or more agree and 25% or more disagree" in words
    assert page.select("table th[scope=row]") != []


@pytest.mark.parametrize(("ballots", "shown"), [(1, False), (4, False), (5, True)])
def test_how_a_few_people_rated_is_told_nowhere(
    session: Session, client: Visitor, staff_client: StaffClient, ballots: int, shown: bool
) -> None:
    event = make_event(session, stage=Stage.AFTER)
    statement = make_statement(session, event, number=1)
    make_round(session, event, closed_at=now())
    for _ in range(ballots):
        make_ballot(session, event, {statement: Mark.STRONGLY_AGREE})
    jo = staff_client(Role.FACILITATOR, event)

    words = jo.words(f"/e/{event.code}/results")

    assert ("too few ballots to show without telling who" in words, "in support" in words) == (not shown, shown)
    assert bool(json.loads(client.get(f"/e/{event.code}/figures.json").text)["statements"]) is shown


@pytest.mark.parametrize(
    ("ballots", "message"),
    [
        ((6, 6), "Too few ballots to say whether any statement is agreed"),
        ((12, 6), "Too few ballots to say on 1 of 2; 1 of 2 statements is agreed"),
        ((12, 12), "2 of 2 statements are agreed"),
    ],
)
def test_too_few_ballots_are_said_before_what_is_agreed(
    session: Session, client: Visitor, ballots: tuple[int, int], message: str
) -> None:
    event = make_event(session, stage=Stage.AFTER)
    make_round(session, event, closed_at=now())
    for number, came in enumerate(ballots, start=1):
        statement = make_statement(session, event, number=number)
        for _ in range(came):
            make_ballot(session, event, {statement: Mark.AGREE})
    session.commit()

    caption = client.soup(f"/e/{event.code}/results").select_one("figure figcaption, .chart__title, figure h2")

    assert caption is not None
    assert caption.get_text(" ", strip=True).startswith(message)


def test_a_place_with_few_ballots_is_not_shown_apart(session: Session, client: Visitor) -> None:
    event = make_event(session, stage=Stage.AFTER)
    statement = make_statement(session, event, number=1)
    make_round(session, event, closed_at=now(), minimum_ballots=5)
    for place in (*[Place.ROOM] * 9, *[Place.OUTSIDE] * 4):
        make_ballot(session, event, {statement: Mark.AGREE}, place=place)
    session.commit()

    words = client.words(f"/e/{event.code}/results")

    assert "fewer than 5 people rated from one of the two places" in words
    assert "4 of 4" not in words


@pytest.mark.parametrize(
    ("method", "says"),
    [
        (VoteMethod.DOTS, ["What people chose", "Statement 1 drew the most dots, 12 of 12 (100%)", "6 of 6 (100%)"]),
        (VoteMethod.RANKING, ["Statement 1 won, with 6 of 6 (100%) ballots", "Every count", "has more than half."]),
    ],
)
def test_dots_and_rankings_have_results_in_tables_and_words(
    session: Session, client: Visitor, method: VoteMethod, says: list[str]
) -> None:
    event = make_event(session, stage=Stage.AFTER)
    statement = make_statement(session, event, number=1, text="Answer every idea")
    make_round(session, event, closed_at=now(), method=method, dots=5)
    for _ in range(6):
        ballot = make_ballot(session, event, {})
        on_it = {"dots": 2} if method is VoteMethod.DOTS else {"rank": 1}
        session.add(Rating(ballot=ballot, statement=statement, **on_it))
    session.commit()

    page = client.soup(f"/e/{event.code}/results")
    words = " ".join((page.main or page).get_text(" ").split())

    assert [missing for missing in says if missing not in words] == []
    assert "How it was counted" in words
    assert page.select("table.stacked th[scope=rowgroup]") != []
    assert "Agreed" not in words


def test_late_ballots_and_what_was_shown_are_said_beside_the_results(session: Session, client: Visitor) -> None:
    event = make_event(session, stage=Stage.AFTER)
    statement = make_statement(session, event, number=1)
    make_round(session, event, closed_at=now())
    for late in (False,) * 5 + (True,) * 2:
        make_ballot(session, event, {statement: Mark.AGREE}, late=late)
    session.commit()

    words = client.words(f"/e/{event.code}/results")

    assert (
        "2 ballots were marked in time and came after the vote had closed. They are kept, and counted nowhere" in words
    )
    assert "Shown to" not in words


def test_while_paper_is_typed_in_nobody_sees_a_result(session: Session, client: Visitor) -> None:
    event = make_event(session, stage=Stage.CONVERGE)
    statement = make_statement(session, event, number=1)
    make_round(session, event, phones_closed_at=now())
    for _ in range(12):
        make_ballot(session, event, {statement: Mark.AGREE})
    session.commit()

    words = client.words(f"/e/{event.code}/results")

    assert "Phones have closed, and ballots on paper are being typed in" in words
    assert "in support" not in words


@pytest.mark.parametrize("phones", ["open", "closed"])
def test_before_closing_no_source_of_any_page_depends_on_what_is_on_the_ballots(
    session: Session, client: Visitor, staff_client: StaffClient, phones: str
) -> None:
    """Attack 20's other half, for every address of an event, for passers-by and for its organiser.

    The control is the same look once the vote has closed.
    """
    event = make_event(session, stage=Stage.CONVERGE)
    make_pack(session, event)
    make_insight(session, event)
    statements = [make_statement(session, event, number=number) for number in (1, 2)]
    voting = make_round(session, event, phones_closed_at=now() if phones == "closed" else None)
    for place in (*[Place.ROOM] * 12, *[Place.OUTSIDE] * 12):
        make_ballot(session, event, dict.fromkeys(statements, Mark.AGREE), place=place)
    session.commit()
    jo = staff_client(Role.ORGANISER, event)

    assert differing_pages(session, event, client, jo) == []
    voting.closed_at = now()
    session.commit()
    assert f"/e/{event.code}/results" in differing_pages(session, event, client, jo)


def differing_pages(session: Session, event: Event, *visitors: Visitor) -> list[str]:
    """The addresses of an event whose sources are not the same when everybody agrees and when everybody disagrees."""
    sources = []
    for mark in (Mark.STRONGLY_AGREE, Mark.STRONGLY_DISAGREE):
        session.execute(update(Rating).values(mark=mark))
        session.commit()
        sources.append([source_of(visitor, address) for visitor in visitors for address in addresses(event, visitor)])
    return [address for (address, one), (_, other) in zip(*sources, strict=True) if one != other]


def addresses(event: Event, visitor: Visitor) -> list[str]:
    """Every address that needs nothing but the event's code, but for streams and paper."""
    rules = visitor.app.url_map.iter_rules()
    plain = [rule.rule for rule in rules if rule.arguments == {"code"} and "GET" in (rule.methods or ())]
    return [
        rule.replace("<code:code>", event.code)
        for rule in sorted(plain)
        if not rule.endswith((".pdf", "/stream", "/leave"))
    ]


def source_of(visitor: Visitor, address: str) -> tuple[str, str]:
    return address, CHANGES_BY_ITSELF.sub("", visitor.client.get(address).get_data(as_text=True))
