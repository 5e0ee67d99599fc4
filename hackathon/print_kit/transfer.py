"""Sheets as HTML for paper, and as PDFs."""

from collections.abc import Sequence
from dataclasses import replace

from flask import current_app, render_template
from sqlalchemy.orm import Session

from hackathon.adapters.pdf import pdf_from_html, pdf_from_pages
from hackathon.adapters.qr import qr_svg
from hackathon.badges.document import BadgePrint
from hackathon.badges.queries import people_for_the_door
from hackathon.badges.transfer import badges_html, door_sign_html, register_html
from hackathon.ballots.queries import large_batches_of
from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Series
from hackathon.events.queries import published_in
from hackathon.handouts.transfer import pack_html
from hackathon.insights.models import Identity
from hackathon.packs.queries import frozen_pack_of
from hackathon.print_kit.document import BallotSide, Poster, Sheet
from hackathon.print_kit.queries import (
    LARGE,
    ballot_sides_of,
    ballot_words_of,
    card_stacks_of,
    card_words_of,
    large_ballots_of,
    poster_of,
    seat_plan_of,
    series_poster_of,
    table_cards_of,
    tally_sheet_of,
)
from hackathon.signs.queries import run_sheet_of
from hackathon.signs.transfer import run_sheet_html, signs_html
from hackathon.votes.queries import way_of

NAME_WORDS = {Identity.NAMED: "everybody may see it", Identity.HIDDEN: "for the organisers only"}
ONE_BLANK_FOR = 10
"""One badge in ten is blank, for people who were not expected."""
LONG_QUESTION = 90
"""From this length on, the poster's question is set smaller so that it stays on its sheet."""


def table_cards_html(session: Session, event: Event) -> str:
    cards = table_cards_of(session, event, address=_address())
    return render_template("print_kit/print/table_cards.html", event=event, cards=cards, qr_svg=qr_svg)


def poster_html(event: Event) -> str:
    return _laid_out(poster_of(event, address=_address()))


def series_poster_html(series: Series, events: Sequence[Event]) -> str:
    return _laid_out(series_poster_of(series, events, address=_address()))


def _laid_out(poster: Poster) -> str:
    return render_template("print_kit/print/poster.html", poster=poster, qr_svg=qr_svg, long_question=LONG_QUESTION)


def capture_cards_html(session: Session, event: Event, ranges: str) -> str:
    return render_template(
        "print_kit/print/capture_cards.html",
        event=event,
        words=card_words_of(session, event),
        stacks=card_stacks_of(session, event, ranges),
        large=ranges.startswith(LARGE),
        name_words=NAME_WORDS,
        qr_svg=qr_svg,
    )


def make_capture_cards(session: Session, event_id: int, ranges: str) -> bytes:
    """Numbered cards to write on as one PDF, for the job process."""
    return pdf_from_html(capture_cards_html(session, session.get_one(Event, event_id), ranges))


def ballots_html(session: Session, event: Event, batch: int) -> str:
    """In the one size that this print has."""
    words = ballot_words_of(way_of(session, event))
    if batch in large_batches_of(session, event):
        ballots = large_ballots_of(session, event, batch)
        return render_template("print_kit/print/large_ballots.html", event=event, words=words, ballots=ballots)
    sheets = _two_on_a_sheet(ballot_sides_of(session, event, batch))
    return render_template("print_kit/print/ballots.html", event=event, words=words, sheets=sheets)


def make_ballots(session: Session, event_id: int, batch: str) -> bytes:
    """The ballots of one print as one PDF, for the job process."""
    return pdf_from_html(ballots_html(session, session.get_one(Event, event_id), int(batch)))


def _two_on_a_sheet(ballots: Sequence[Sequence[BallotSide]]) -> list[Sequence[BallotSide]]:
    """Sides of A5 on sheets of A4: two ballots where each is one side, otherwise every ballot on sheets of its own."""
    if all(len(sides) == 1 for sides in ballots):
        ballots = [[side for sides in ballots for side in sides]]
    return [sides[first : first + 2] for sides in ballots for first in range(0, len(sides), 2)]


def tally_sheet_html(session: Session, event: Event) -> str:
    sheet = tally_sheet_of(session, event)
    return render_template("print_kit/print/tally_sheet.html", event=event, sheet=sheet)


def make_tally_sheet(session: Session, event_id: int) -> bytes:
    """The sheet for counting by hand as a PDF, for the job process."""
    return pdf_from_html(tally_sheet_html(session, session.get_one(Event, event_id)))


def seats_html(session: Session, event: Event) -> str:
    return render_template("print_kit/print/seats.html", event=event, plan=seat_plan_of(session, event))


def seats_by_name_html(session: Session, event: Event) -> str:
    return render_template("print_kit/print/seats_by_name.html", event=event, plan=seat_plan_of(session, event))


def make_seat_plan(session: Session, event_id: int) -> bytes:
    """Who sits at which table as a PDF, for the job process."""
    return pdf_from_html(seats_html(session, session.get_one(Event, event_id)))


def make_seats_by_name(session: Session, event_id: int) -> bytes:
    """Everybody from A to Z with their table as a PDF, for the job process."""
    return pdf_from_html(seats_by_name_html(session, session.get_one(Event, event_id)))


def make_table_cards(session: Session, event_id: int) -> bytes:
    """The cards of every table of an event as one PDF, for the job process."""
    return pdf_from_html(table_cards_html(session, session.get_one(Event, event_id)))


def make_poster(session: Session, event_id: int) -> bytes:
    """The poster of an event as a PDF, for the job process."""
    return pdf_from_html(poster_html(session.get_one(Event, event_id)))


def make_series_poster(session: Session, event_id: int) -> bytes:
    """The poster of the series in which an event stands."""
    event = session.get_one(Event, event_id)
    if event.series is None:
        raise NotFound
    return pdf_from_html(series_poster_html(event.series, published_in(session, event.series)))


def sheets_of(session: Session, event: Event) -> list[Sheet]:
    """Every paper that the day needs and that can be printed as things stand: people and seats where there are any."""
    sheets = [
        Sheet("Table cards", "A4", "Fold along the line; one on each table", table_cards_html(session, event)),
        Sheet("Signs", "A3", "Hang up; colour in the arrows", signs_html(session, event)),
    ]
    if frozen_pack_of(session, event):
        sheets.append(Sheet("Run sheet", "A4", "For whoever leads the day", run_sheet_html(session, event)))
    sheets += [
        Sheet("Poster", "A3", "Corridors and doors", poster_html(event)),
        Sheet("Sign at the door", "A4", "Where people come in", door_sign_html(event)),
    ]
    if people := people_for_the_door(session, event):
        badges = BadgePrint(blanks=-(-len(people) // ONE_BLANK_FOR)).part
        sheets += [
            Sheet("Badges", "A4", "Cut; in trays from A to Z", badges_html(session, event, badges)),
            Sheet("List from A to Z", "A4", "Front desk, in case no screen works", register_html(session, event)),
        ]
    if seat_plan_of(session, event).names:
        sheets += [
            Sheet("Seats by table", "A4", "For those who lead", seats_html(session, event)),
            Sheet("Seats by name", "A4", "Beside the door of the main room", seats_by_name_html(session, event)),
        ]
    return sheets


def make_everything(session: Session, event_id: int) -> bytes:
    """The whole kit as one PDF with its list of pages, for the job process."""
    event = session.get_one(Event, event_id)
    sheets = sheets_of(session, event)

    def page_list(pages: Sequence[int]) -> str:
        counted = [replace(sheet, pages=number) for sheet, number in zip(sheets, pages, strict=True)]
        return render_template("print_kit/print/page_list.html", event=event, sheets=counted, made_at=now())

    return pdf_from_pages([sheet.html for sheet in sheets], first=page_list)


def large_print_of(session: Session, event: Event) -> list[str]:
    """The day, every table and the pack, for people who read nothing small. A copier that enlarges makes lines that do
    not fit their sheet.
    """
    has_pack = frozen_pack_of(session, event) is not None
    set_of_the_day = render_template(
        "print_kit/print/large_print.html",
        event=event,
        lines=run_sheet_of(session, event) if has_pack else [],
        cards=table_cards_of(session, event, address=_address()),
        qr_svg=qr_svg,
    )
    return [set_of_the_day, *([pack_html(session, event, large=True)] if has_pack else [])]


def make_large_print(session: Session, event_id: int) -> bytes:
    """The large-print set as one PDF, for the job process."""
    return pdf_from_pages(large_print_of(session, session.get_one(Event, event_id)))


def _address() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.address
