"""Sheets for the room, ready to print."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hackathon.ballots.operations import give_out_ballots
from hackathon.ballots.queries import batches_of
from hackathon.cards.document import ranges_text
from hackathon.cards.operations import number_cards
from hackathon.core.codes import fingerprint
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.queries import event_by_code, published_event, published_in, published_series
from hackathon.print_kit.forms import BallotsForm, CardsForm
from hackathon.print_kit.queries import LARGE, card_stacks_of, card_words_of
from hackathon.print_kit.transfer import (
    ballots_html,
    large_print_of,
    poster_html,
    seats_by_name_html,
    seats_html,
    series_poster_html,
    sheets_of,
    table_cards_html,
    tally_sheet_html,
)
from hackathon.staff.queries import account_by_id
from hackathon.tables.queries import tables_of
from hackathon.votes.queries import statements_of, way_of
from hackathon.web.access import Door, open_to, signed_in_staff
from hackathon.web.pages import desk_nav
from hackathon.web.papers import answer_with_paper, wait_before_gathering

bp = Blueprint("print_kit", __name__)
EVERYTHING = "everything"
LARGE_PRINT = "large-print"
TABLE_CARDS = "table-cards"
POSTER = "poster"
SERIES_POSTER = "series-poster"
CAPTURE_CARDS = "capture-cards"
BALLOTS = "ballots"
TALLY_SHEET = "tally-sheet"
SEATS = "seats"
SEATS_BY_NAME = "seats-by-name"
ONLY_HERE = {"127.0.0.1", "localhost", "::1", "0.0.0.0"}


@bp.get("/desk/<code:code>/paper")
@open_to(Door.STAFF)
def paper(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    tables = tables_of(session, event)
    nav = desk_nav(event, "paper")
    address = current_app.extensions["settings"].address
    return render_template(
        "print_kit/paper.html",
        event=event,
        desk_nav=nav,
        tables=tables,
        address=address,
        only_here=urlsplit(address).hostname in ONLY_HERE,
    )


@bp.get("/desk/<code:code>/paper/everything.pdf")
@open_to(Door.FACILITATOR)
def everything(code: str) -> ResponseReturnValue:
    """The whole kit of the day as one PDF, the list of its pages first."""
    session = reading()
    event = published_event(session, code)
    if waiting := wait_before_gathering():
        return waiting
    key = _key("".join(sheet.html for sheet in sheets_of(session, event)))
    return answer_with_paper(EVERYTHING, key, event.id, f"everything-{event.slug}.pdf")


# Open to anyone, as the pack and the cards are: somebody who needs it is not to ask for it.
@bp.get("/e/<code:code>/large-print.pdf")
@open_to(Door.ANYONE)
def large_print(code: str) -> ResponseReturnValue:
    """The day, the tables and the pack at 18 points and more."""
    session = reading()
    event = published_event(session, code)
    if waiting := wait_before_gathering():
        return waiting
    key = _key("".join(large_print_of(session, event)))
    return answer_with_paper(LARGE_PRINT, key, event.id, f"large-print-{event.slug}.pdf")


# Open to anyone, as the cards themselves are: they stand on tables for everybody in the room to scan.
@bp.get("/e/<code:code>/tables.pdf")
@open_to(Door.ANYONE)
def table_cards(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    html = table_cards_html(session, event)
    return answer_with_paper(TABLE_CARDS, _key(html), event.id, f"table-cards-{event.slug}.pdf")


@bp.get("/e/<code:code>/poster.pdf")
@open_to(Door.ANYONE)
def poster(code: str) -> ResponseReturnValue:
    event = published_event(reading(), code)
    return answer_with_paper(POSTER, _key(poster_html(event)), event.id, f"poster-{event.slug}.pdf")


@bp.get("/s/<code:series_code>/poster.pdf")
@open_to(Door.ANYONE)
def series_poster(series_code: str) -> ResponseReturnValue:
    """It is kept with the first of the places."""
    series = published_series(reading(), series_code)
    events = published_in(reading(), series)
    key = _key(series_poster_html(series, events))
    return answer_with_paper(SERIES_POSTER, key, events[0].id, f"poster-{series.code.lower()}.pdf")


@bp.route("/desk/<code:code>/paper/cards", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def cards(code: str) -> ResponseReturnValue:
    """Cards to write on: number the next ones, and print those that are numbered."""
    session = reading()
    event = event_by_code(session, code)
    tables = tables_of(session, event)
    form = CardsForm.asking(tables)
    if form.submitted():
        try:
            with transaction() as session:
                actor = account_by_id(session, signed_in_staff()).name
                numbered = number_cards(session, event_by_code(session, code), actor=actor, **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".cards", code=code, new=ranges_text(numbered)))
    return render_template(
        "print_kit/cards.html",
        event=event,
        desk_nav=desk_nav(event, "paper"),
        form=form,
        printed=[table for table in tables if table.cards_printed],
        new=card_stacks_of(session, event, request.args["new"]) if "new" in request.args else [],
    )


@bp.get("/desk/<code:code>/paper/cards.pdf")
@open_to(Door.FACILITATOR)
def capture_cards(code: str) -> ResponseReturnValue:
    """The cards that the address names, such as ?cards=7-1-48,8-1-48, or those of one table from here to there; with
    ?large=yes in large print.
    """
    session = reading()
    event = event_by_code(session, code)
    asked = request.args
    ranges = asked.get("cards") or "-".join(asked.get(name, "") for name in ("table", "first", "last"))
    ranges = LARGE + ranges if "large" in asked else ranges
    themes = [
        theme and (theme.letter, theme.title) for theme in (s.theme for s in card_stacks_of(session, event, ranges))
    ]
    key = _key(repr((event.id, event.title, ranges, themes, card_words_of(session, event))))
    return answer_with_paper(CAPTURE_CARDS, key, event.id, f"cards-{event.slug}.pdf", part=ranges)


@bp.route("/desk/<code:code>/paper/ballots", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def ballots(code: str) -> ResponseReturnValue:
    """Ballots with one-time codes: make some, and print those that were made."""
    session = reading()
    event = event_by_code(session, code)
    form = BallotsForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                actor = account_by_id(session, signed_in_staff()).name
                batch = give_out_ballots(session, event_by_code(session, code), actor=actor, **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".ballots", code=code, _anchor=f"batch-{batch}"))
    return render_template(
        "print_kit/ballots.html",
        event=event,
        desk_nav=desk_nav(event, "paper"),
        form=form,
        way=way_of(session, event),
        statements=statements_of(session, event),
        batches=batches_of(session, event),
    )


@bp.get("/desk/<code:code>/paper/ballots-<int(max=9999):batch>.pdf")
@open_to(Door.FACILITATOR)
def paper_ballots(code: str, batch: int) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    key = _key(ballots_html(session, event, batch))
    return answer_with_paper(BALLOTS, key, event.id, f"ballots-{event.slug}-{batch}.pdf", part=str(batch))


@bp.get("/desk/<code:code>/paper/tally-sheet.pdf")
@open_to(Door.FACILITATOR)
def tally_sheet(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    key = _key(tally_sheet_html(session, event))
    return answer_with_paper(TALLY_SHEET, key, event.id, f"tally-sheet-{event.slug}.pdf")


@bp.get("/desk/<code:code>/paper/seats.pdf")
@open_to(Door.FACILITATOR)
def seats(code: str) -> ResponseReturnValue:
    """Who sits at which table, to hang up or to hold."""
    session = reading()
    event = event_by_code(session, code)
    return answer_with_paper(SEATS, _key(seats_html(session, event)), event.id, f"seats-{event.slug}.pdf")


@bp.get("/desk/<code:code>/paper/seats-by-name.pdf")
@open_to(Door.FACILITATOR)
def seats_by_name(code: str) -> ResponseReturnValue:
    """Everybody from A to Z with their table, for the door."""
    session = reading()
    event = event_by_code(session, code)
    key = _key(seats_by_name_html(session, event))
    return answer_with_paper(SEATS_BY_NAME, key, event.id, f"seats-by-name-{event.slug}.pdf")


def _key(said: str) -> str:
    """What is printed tells whether it has been made already."""
    return fingerprint(current_app.config["SECRET_KEY"], said)
