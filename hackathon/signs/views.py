"""Signs and the run sheet, ready to print."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from hackathon.core.codes import fingerprint
from hackathon.core.db import reading
from hackathon.events.queries import event_by_code
from hackathon.signs.transfer import run_sheet_html, signs_html
from hackathon.web.access import Door, open_to
from hackathon.web.papers import answer_with_paper

bp = Blueprint("signs", __name__)

SIGNS = "signs"
RUN_SHEET = "run-sheet"


@bp.get("/desk/<code:code>/paper/signs.pdf")
@open_to(Door.SCRIBE)
def signs(code: str) -> ResponseReturnValue:
    """What hangs on walls and doors."""
    session = reading()
    event = event_by_code(session, code)
    return answer_with_paper(SIGNS, _key(signs_html(session, event)), event.id, f"signs-{event.slug}.pdf")


@bp.get("/desk/<code:code>/paper/run-sheet.pdf")
@open_to(Door.SCRIBE)
def run_sheet(code: str) -> ResponseReturnValue:
    """The day by the clock, for whoever leads it."""
    session = reading()
    event = event_by_code(session, code)
    return answer_with_paper(RUN_SHEET, _key(run_sheet_html(session, event)), event.id, f"run-sheet-{event.slug}.pdf")


def _key(said: str) -> str:
    """What is printed tells whether it has been made already."""
    return fingerprint(current_app.config["SECRET_KEY"], said)
