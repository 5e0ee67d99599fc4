"""Sheets for the room, ready to print."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from hackathon.core.codes import fingerprint
from hackathon.core.db import reading
from hackathon.events.queries import event_by_code, published_event
from hackathon.print_kit.transfer import poster_html, table_cards_html
from hackathon.tables.queries import tables_of
from hackathon.web.access import Door, open_to
from hackathon.web.pages import desk_nav
from hackathon.web.papers import answer_with_paper

bp = Blueprint("print_kit", __name__)
TABLE_CARDS = "table-cards"
POSTER = "poster"
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


def _key(html: str) -> str:
    """Sheets are small, so what they say tells whether they have been made already."""
    return fingerprint(current_app.config["SECRET_KEY"], html)
