"""The whole kit as one PDF: what is in it, that it validates, and that a face is unpacked once."""

from datetime import date, time
from io import BytesIO

import pytest
from pikepdf import Pdf
from sqlalchemy.orm import Session

from hackathon.desk.operations import plan_event
from hackathon.events.models import Event, Stage
from hackathon.packs.transfer import pack_on_disk
from hackathon.print_kit.transfer import make_everything, make_large_print, sheets_of
from hackathon.signs.queries import run_sheet_of, signs_of
from hackathon.tables.operations import name_rooms, take_seat
from hackathon.tables.queries import tables_of
from tests.makers import make_account, make_event, make_registration, make_table
from tests.printed import problems_of, sizes_in, words_on_pages
from tests.visitor import StaffClient

A3, A4 = [842, 1191], [595, 842]
LONG_AGO = date(2020, 3, 17)


@pytest.fixture
def event(session: Session) -> Event:
    event = plan_event(
        session,
        pack=pack_on_disk("change-model"),
        title="Hack the way we lead change",
        held_on=date(2027, 3, 17),
        starts=time(9, 30),
        venue="The Corn Store",
        expected_people=80,
        account=make_account(session),
    )
    name_rooms(session, event, rooms=["Quiet room, first floor on the left"], actor="Priya")
    event.stage = Stage.BEFORE
    session.commit()
    return event


def test_signs_are_made_from_the_rooms_one_for_the_door_and_one_for_the_way(session: Session, event: Event) -> None:
    signs = [(sign.title, sign.words, sign.on_the_way) for sign in signs_of(session, event)]

    assert len(signs) == 10
    assert ("Main room", "Tables 1 to 10", False) in signs
    assert signs[4:6] == [("Quiet room", "", False), ("Quiet room", "first floor on the left", True)]


def test_the_run_sheet_has_every_block_on_the_clock_with_its_card(session: Session, event: Event) -> None:
    lines = run_sheet_of(session, event)

    assert (lines[0].starts, lines[0].title, lines[0].minutes) == ("9:30am", "Welcome and the question", 30)
    assert [line.needs for line in lines if line.title.startswith("Sprint 3")] == ["Mini-hack card"]
    assert sum(line.minutes for line in lines) == 405


def test_everything_is_one_tagged_pdf_on_paper_of_its_own_sizes(session: Session, event: Event) -> None:
    printed = make_everything(session, event.id)

    with Pdf.open(BytesIO(printed)) as pdf:
        sizes = [sorted(round(float(side)) for side in page.mediabox[2:]) for page in pdf.pages]
    assert sizes == [A4] * 11 + [A3] * 10 + [A4, A3, A4]
    assert problems_of(printed) == []


def test_people_and_seats_are_printed_once_there_are_any(session: Session, event: Event) -> None:
    before = [sheet.title for sheet in sheets_of(session, event)]
    registration = make_registration(session, event)
    with_people = [sheet.title for sheet in sheets_of(session, event)]
    take_seat(session, tables_of(session, event)[0], registration.participant, actor="Ama")

    assert before == ["Table cards", "Signs", "Run sheet", "Poster", "Sign at the door"]
    assert with_people == [*before, "Badges", "List from A to Z"]
    assert [sheet.title for sheet in sheets_of(session, event)] == [*with_people, "Seats by table", "Seats by name"]


def test_an_event_without_a_pack_has_no_run_sheet(session: Session) -> None:
    event = make_event(session)
    make_table(session, event)

    assert "Run sheet" not in [sheet.title for sheet in sheets_of(session, event)]


def test_the_large_print_set_holds_the_day_the_tables_and_the_pack_and_nothing_under_18_points(
    session: Session, event: Event
) -> None:
    event.held_on = LONG_AGO  # so that all of the pack has come out, whatever day it is
    session.commit()

    printed = make_large_print(session, event.id)

    assert problems_of(printed) == []
    assert min(sizes_in(printed)) >= 18
    assert min(words_on_pages(printed)) > 20, "no line is left over"
    assert min(sizes_in(make_everything(session, event.id))) < 18, "the measure sees small print"
    with Pdf.open(BytesIO(printed)) as pdf:
        assert {tuple(sorted(round(float(side)) for side in page.mediabox[2:])) for page in pdf.pages} == {tuple(A4)}


def test_nobody_prints_everything_of_a_draft(session: Session, staff_client: StaffClient) -> None:
    draft = make_event(session, stage=Stage.DRAFT)

    assert staff_client(event=draft).get(f"/desk/{draft.code}/paper/everything.pdf").status_code == 404


def test_a_browser_hears_at_once_that_everything_is_being_made(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session, stage=Stage.BEFORE)
    session.commit()
    address, browser = f"/desk/{event.code}/paper/everything.pdf", {"Accept": "text/html"}

    first = staff_client(event=event).get(address, headers=browser)

    assert (first.status_code, first.headers["Refresh"]) == (202, "0; url=?gather=yes")
