"""Cards and ballots on paper: what is printed is what is typed in later."""

import io
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from hackathon.ballots.operations import give_out_ballots
from hackathon.ballots.queries import ballots_in, lines_of
from hackathon.core.db import transaction
from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Place
from hackathon.print_kit.document import BallotSide
from hackathon.print_kit.queries import ballot_sides_of, card_stacks_of, card_words_of
from hackathon.print_kit.transfer import make_ballots, make_capture_cards, make_tally_sheet
from hackathon.staff.models import Role
from hackathon.votes.models import Round, VoteMethod
from tests.applications import on_one_database
from tests.makers import make_event, make_pack, make_round, make_statement, make_table, make_theme
from tests.printed import (
    codes_in,
    heights_in,
    lowest_words_in,
    paper_of,
    problems_of,
    sizes_in,
    words_in,
    words_on_pages,
)
from tests.visitor import StaffClient

STATEMENTS = (
    "Answer every idea within a week",
    "Drop the word model",
    "Pay people who are paid by the hour for coming",
)


@pytest.fixture
def event(session: Session) -> Event:
    with transaction() as session:
        event = make_event(session, code="K7PM")
        make_pack(session, event)
        theme = make_theme(session, event, title="Words and names", prompt="Which word would you ban?", position=1)
        make_table(session, event, number=7, seats=2, cards_printed=12, theme=theme)
        make_table(session, event, number=10, cards_printed=0)
        for number, text in enumerate(STATEMENTS, start=1):
            make_statement(session, event, number=number, text=text)
        make_round(session, event)
    return event


def given_out(session: Session, event: Event, number: int, *, large: bool = False) -> int:
    batch = give_out_ballots(session, event, number=number, place=Place.ROOM, actor="Jo", large=large)
    session.commit()
    return batch


def test_the_piles_of_a_cut_print_are_one_pile_in_order(session: Session, event: Event) -> None:
    (stack,) = card_stacks_of(session, event, "7-1-12")

    piles = zip(*stack.sheets, strict=True)
    assert [card.typed if card else "" for pile in piles for card in pile] == [
        "",
        *[f"7-{number}" for number in range(1, 13)],
        *[""] * 3,
    ]
    assert (stack.count, stack.begins_with_example) == (12, True)


@pytest.mark.parametrize("ranges", ["7-1-13", "7-0-3", "7-5-4", "10-1-1", "9-1-1", "7-1", "", "7-1-2,x"])
def test_only_numbers_that_were_given_out_are_printed(session: Session, event: Event, ranges: str) -> None:
    with pytest.raises(NotFound):
        card_stacks_of(session, event, ranges)


def test_a_card_says_what_the_pack_says(session: Session, event: Event) -> None:
    words = card_words_of(session, event)

    assert words.beginnings == ("I have noticed that", "so we could")
    assert words.example[0].startswith("when a new form comes in")


@on_one_database
def test_the_small_code_on_a_card_holds_its_number(session: Session, event: Event, tmp_path: Path) -> None:
    found = codes_in(make_capture_cards(session, event.id, "7-1-4"), tmp_path)

    assert sorted(found) == ["7-1", "7-2", "7-3", "7-4"]
    assert min(found.values()) >= 20


@on_one_database
@pytest.mark.parametrize("size", ["", "large:"])
def test_the_longest_name_of_a_theme_covers_no_number(session: Session, event: Event, size: str) -> None:
    theme = make_theme(session, event, title="permission " * 7 + "asking", position=2)
    make_table(session, event, number=8, cards_printed=4, theme=theme)

    heights = heights_in(make_capture_cards(session, event.id, f"{size}8-2-2"))

    (number_top,) = [top for word, top, _ in heights if word == "8–2"]
    assert max(foot for word, _, foot in heights if word == "asking") < number_top + 4, "letters have air above them"


@on_one_database
def test_cards_in_large_print_are_two_on_a_sheet_and_nothing_on_them_is_under_18_points(
    session: Session, event: Event, tmp_path: Path
) -> None:
    printed = make_capture_cards(session, event.id, "large:7-1-3")

    found = codes_in(printed, tmp_path)
    assert (sorted(found), paper_of(printed)) == (["7-1", "7-2", "7-3"], (297, 210))
    assert len(words_on_pages(printed)) == 2, "the example is the first of four"
    assert min(sizes_in(printed)) >= 18
    assert min(found.values()) >= 24
    assert problems_of(printed) == []


@on_one_database
def test_the_words_on_a_card_are_14_points_or_more(session: Session, event: Event) -> None:
    pdf = make_capture_cards(session, event.id, "7-1-12")

    assert {14.0, 40.0} <= sizes_in(pdf)
    assert "7–12" in words_in(pdf)
    assert "Leave this one on table 7" in words_in(pdf)


def test_a_ballot_has_the_statements_in_the_order_in_which_they_are_typed(session: Session, event: Event) -> None:
    batch = given_out(session, event, 6)

    for ballot, sides in zip(ballots_in(session, event, batch), ballot_sides_of(session, event, batch), strict=True):
        assert sides == (
            BallotSide(
                code=ballot.code,
                place=Place.ROOM,
                number=1,
                of=1,
                lines=tuple(line.text for line in lines_of(session, event, ballot.code)),
            ),
        )


def test_two_ballots_stand_on_a_sheet_and_each_shows_a_marked_line(session: Session, event: Event) -> None:
    batch = given_out(session, event, 3)
    pdf = make_ballots(session, event.id, str(batch))

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 2
    assert paper_of(pdf) == (297, 210)
    words = words_in(pdf)
    assert words.count("An example, filled in") == 3
    assert all(words.count(ballot.code) == 1 for ballot in ballots_in(session, event, batch))


def test_ballots_in_large_print_have_codes_of_their_own_and_nothing_under_18_points(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    usual, jo = given_out(session, event, 2), staff_client(Role.FACILITATOR, event)
    page = "/desk/K7PM/paper/ballots"

    jo.post_form(page, {"number": "2", "place": "room", "large": "y"})
    said = jo.words(page)
    printed = make_ballots(session, event.id, str(usual + 1))

    codes = [{ballot.code for ballot in ballots_in(session, event, batch)} for batch in (usual, usual + 1)]
    assert len(codes[0] | codes[1]) == 4
    assert "2 ballots in large print, In the room" in said
    words = words_in(printed)
    assert all(f"The end of ballot {code}." in words for code in codes[1])
    assert not any(code in words for code in codes[0])
    assert min(sizes_in(printed)) >= 18
    assert paper_of(printed) == (210, 297)


def test_nine_statements_of_two_lines_stand_on_one_side_and_are_counted_on_one_sheet(
    session: Session, event: Event
) -> None:
    for number in range(4, 10):
        make_statement(session, event, number=number, text="Stop all new pilots until the old ones have been ended.")
    batch = given_out(session, event, 2)

    assert [len(sides) for sides in ballot_sides_of(session, event, batch)] == [1, 1]
    assert len(words_on_pages(make_ballots(session, event.id, str(batch)))) == 1
    assert len(words_on_pages(make_tally_sheet(session, event.id))) == 1


@on_one_database
@pytest.mark.parametrize("letters", ["i l ", "WM QW ", "Wäre ", "supercalifragilistic "])
def test_a_ballot_loses_no_line_whatever_its_letters(session: Session, event: Event, letters: str) -> None:
    for number in range(4, 16):
        make_statement(session, event, number=number, text=(letters * 30)[:88].strip() + f" end{number}.")
    batch = given_out(session, event, 1)

    (sides,) = ballot_sides_of(session, event, batch)
    lowest = lowest_words_in(make_ballots(session, event.id, str(batch)))
    assert len(sides) > 1
    assert lowest <= 206, "millimetres from the top of a side that is 210 high"


def test_long_statements_go_on_with_another_side(session: Session, event: Event) -> None:
    for number in range(4, 15):
        make_statement(session, event, number=number, text="A thought that has many words in it. " * 5)
    batch = given_out(session, event, 1)

    (sides,) = ballot_sides_of(session, event, batch)
    assert len(sides) > 1
    assert [side.number for side in sides] == list(range(1, len(sides) + 1))
    printed = words_in(make_ballots(session, event.id, str(batch)))
    assert f"side {len(sides)} of {len(sides)}" in printed


def test_ballots_that_say_something_else_than_the_statements_are_not_printed(session: Session, event: Event) -> None:
    batch = given_out(session, event, 1)
    make_statement(session, event, number=4)

    with pytest.raises(NotFound):
        ballot_sides_of(session, event, batch)


@on_one_database
def test_cards_are_accessible(session: Session, event: Event) -> None:
    assert problems_of(make_capture_cards(session, event.id, "7-1-12")) == []


@on_one_database
@pytest.mark.parametrize("method", VoteMethod)
def test_ballots_and_tally_sheets_are_accessible(session: Session, event: Event, method: VoteMethod) -> None:
    session.execute(update(Round).where(Round.event_id == event.id).values(method=method, dots=5))
    session.expire_all()
    batch, large = given_out(session, event, 3), given_out(session, event, 1, large=True)

    assert problems_of(make_ballots(session, event.id, str(batch))) == []
    assert problems_of(make_ballots(session, event.id, str(large))) == []
    assert problems_of(make_tally_sheet(session, event.id)) == []


def test_a_facilitator_numbers_cards_and_prints_them(session: Session, event: Event, staff_client) -> None:  # type: ignore[no-untyped-def]
    jo = staff_client(Role.FACILITATOR, event)
    page = "/desk/K7PM/paper/cards"

    sent = jo.post_form(page, {"per_seat": "3", "tables": "7"})

    assert sent.location == f"{page}?new=7-13-18"
    assert "6 cards have their numbers now" in jo.words(sent.location)
    papers = [f"{page}.pdf?{asked}" for asked in ("cards=7-13-18", "table=7&first=3&last=5", "table=7&first=3&last=99")]
    assert [jo.get(paper, headers={"Accept": "text/html"}).status_code for paper in papers] == [202, 202, 404]


def test_scribes_print_nothing(session: Session, event: Event, staff_client) -> None:  # type: ignore[no-untyped-def]
    batch = given_out(session, event, 1)
    sam = staff_client(Role.SCRIBE, event)

    papers = ("cards", "cards.pdf?cards=7-1-2", "ballots", f"ballots-{batch}.pdf", "tally-sheet.pdf")
    assert [sam.get(f"/desk/K7PM/paper/{paper}").status_code for paper in papers] == [404] * 5
