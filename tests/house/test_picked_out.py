"""Nobody is picked out by a small table: where its words stand, its number does not, on any page, sheet or paper."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.counts.queries import insights_by_table
from hackathon.events.models import Event, Stage
from hackathon.figures.queries import figures_of
from hackathon.follow_up.models import RecommendationSource
from hackathon.insights.models import AuthorRole, Comment
from hackathon.participants.models import RegistrationState
from hackathon.staff.models import Role
from hackathon.tables.models import Table
from hackathon.write_ups.queries import write_up_of
from tests.house.test_attacks_crawled import addresses
from tests.makers import (
    kept,
    make_account,
    make_event,
    make_insight,
    make_member,
    make_pack,
    make_participant,
    make_recommendation,
    make_registration,
    make_table,
    make_theme,
)
from tests.visitor import Visitor

HERE = "https://hack.example.org"
SMALL, LARGE = 7717, 8818
SAID_AT_SMALL, SAID_AT_LARGE = "Quokkas knit in bay four", "Wombats yodel in bay nine"
PAPER = re.compile(r"\.pdf$")
HOLDS_THE_PAPER = re.compile(r"/desk/[^/]+/(cards|ballots)")
"""Whoever types in a card has it in hand, with its table's number on it."""


@pytest.fixture
def event(session: Session) -> Event:
    """The inclusion pack names no table below eight people; two sit at one table here, and eight at the other."""
    event = make_event(session, stage=Stage.CONVERGE)
    make_pack(session, event, "inclusion-and-system-leadership")
    theme = make_theme(session, event)
    recommendation = make_recommendation(session, event)
    for number, (table_number, taken, text) in enumerate(
        [(SMALL, 2, SAID_AT_SMALL), (LARGE, 8, SAID_AT_LARGE)], start=1
    ):
        table = make_table(session, event, number=table_number, taken=taken, theme=theme, seats=8)
        insight = make_insight(
            session, event, number=number, text=text, table=table, theme=theme, card_number=f"{table_number}-3"
        )
        columns = {"client_id": f"comment-{number}", "place": insight.place, "author_role": AuthorRole.PARTICIPANT}
        kept(session, Comment(event=event, insight=insight, text=f"So do I: {text}", **columns))
        kept(session, RecommendationSource(recommendation=recommendation, insight=insight))
    session.commit()
    return event


def pages(app: Flask, session: Session, event: Event, read: Callable[[Visitor, str], str]) -> dict[str, str]:
    """What every address of this event answers, to everybody and to somebody who holds every role."""
    account = make_account(session)
    for role in Role:
        make_member(session, event, account, role)
    session.commit()
    visitor, staff = Visitor(app), Visitor(app)
    staff.sign_in(account.id)
    doors = {door for view in app.view_functions.values() if (door := getattr(view, "door", None)) is not None}
    found = {}
    for number in (1, 2):
        for _, address, _ in addresses(app, code=event.code, unsafe=False, doors=doors):
            address = re.sub(r"/1(?=/|$)", f"/{number}", address)
            if not PAPER.search(address) and "/stream" not in address:
                found[address] = read(visitor, address)
                found[f"{address} (staff)"] = read(staff, address)
    for name in ("/insights?q=bay", "/insights/alike?words=quokkas+knit+wombats+yodel+bay", "/wall/newest?after=0"):
        found[name] = read(visitor, f"/e/{event.code}{name}")
    return found


def test_the_words_of_a_small_table_stand_nowhere_beside_its_number(app: Flask, session: Session, event: Event) -> None:
    def read(visitor: Visitor, address: str) -> str:
        return visitor.get(address, follow_redirects=True).text

    found = pages(app, session, event, read)
    found["write-up"] = repr(write_up_of(session, event, address=HERE))

    def beside(words: str, number: int) -> set[str]:
        return {address for address, text in found.items() if words in text and re.search(rf"\b{number}\b", text)}

    saying = {address for address, text in found.items() if SAID_AT_SMALL in text}
    with_number = {address for address in beside(SAID_AT_SMALL, SMALL) if not HOLDS_THE_PAPER.match(address)}
    assert with_number == set()
    # The control: the words were met, and a table that is large enough is named beside its own.
    assert {f"/e/{event.code}/insights.csv".lower(), "write-up"} <= {address.lower() for address in saying}
    assert {f"/e/{event.code}/insights.csv".lower(), "write-up"} <= {a.lower() for a in beside(SAID_AT_LARGE, LARGE)}


def test_a_small_table_is_in_no_chart_and_cannot_be_worked_out_from_the_others(session: Session, event: Event) -> None:
    middle, large = (make_table(session, event, number=number, taken=8) for number in (9, 10))
    for number in range(3, 8):
        make_insight(session, event, number=number, table=large if number > 3 else middle)

    assert [(table.number, count) for table, count in insights_by_table(session, event)] == [(10, 4), (LARGE, 1)]


def test_a_small_sector_is_left_out_of_the_figures_and_one_more_with_it(session: Session, event: Event) -> None:
    for sector, number in {"nhs": 12, "care": 9, "army": 2}.items():
        for _ in range(number):
            person = make_participant(session, event, sector=sector)
            make_registration(session, event, person, state=RegistrationState.CONFIRMED, checked_in_at=now())

    assert figures_of(session, event).as_json()["attended_by_sector"] == {"army": None, "care": None, "nhs": 12}
    assert dict(write_up_of(session, event, address=HERE).sectors) == {"army": None, "care": None, "nhs": 12}


def test_without_a_number_in_the_pack_every_table_is_named(session: Session) -> None:
    event = make_event(session)
    table: Table = make_table(session, event, number=SMALL, taken=1)
    make_insight(session, event, table=table)

    assert [(table.number, count) for table, count in insights_by_table(session, event)] == [(SMALL, 1)]
