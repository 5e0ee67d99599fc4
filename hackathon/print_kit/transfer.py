"""Sheets as HTML for paper, and as PDFs."""

from collections.abc import Sequence

from flask import current_app, render_template
from sqlalchemy.orm import Session

from hackathon.adapters.pdf import pdf_from_html
from hackathon.adapters.qr import qr_svg
from hackathon.core.config import Settings
from hackathon.events.models import Event
from hackathon.insights.models import Identity
from hackathon.print_kit.document import BallotSide
from hackathon.print_kit.queries import (
    ballot_sides_of,
    ballot_words_of,
    card_stacks_of,
    card_words_of,
    poster_of,
    seat_plan_of,
    table_cards_of,
    tally_sheet_of,
)
from hackathon.votes.queries import way_of

NAME_WORDS = {Identity.NAMED: "everybody may see it", Identity.HIDDEN: "for the organisers only"}
LONG_QUESTION = 90
"""From this length on, the poster's question is set smaller so that it stays on its sheet."""


def table_cards_html(session: Session, event: Event) -> str:
    cards = table_cards_of(session, event, address=_address())
    return render_template("print_kit/print/table_cards.html", event=event, cards=cards, qr_svg=qr_svg)


def poster_html(event: Event) -> str:
    poster = poster_of(event, address=_address())
    return render_template("print_kit/print/poster.html", poster=poster, qr_svg=qr_svg, long_question=LONG_QUESTION)


def capture_cards_html(session: Session, event: Event, ranges: str) -> str:
    return render_template(
        "print_kit/print/capture_cards.html",
        event=event,
        words=card_words_of(session, event),
        stacks=card_stacks_of(session, event, ranges),
        name_words=NAME_WORDS,
        qr_svg=qr_svg,
    )


def make_capture_cards(session: Session, event_id: int, ranges: str) -> bytes:
    """Numbered cards to write on as one PDF, for the job process."""
    return pdf_from_html(capture_cards_html(session, session.get_one(Event, event_id), ranges))


def ballots_html(session: Session, event: Event, batch: int) -> str:
    ballots = ballot_sides_of(session, event, batch)
    return render_template(
        "print_kit/print/ballots.html",
        event=event,
        words=ballot_words_of(way_of(session, event)),
        sheets=_two_on_a_sheet(ballots),
    )


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


def _address() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.address
