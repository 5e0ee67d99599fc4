"""The write-up: a page for everybody, the same as a PDF."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.codes import fingerprint
from hackathon.core.db import reading
from hackathon.events.models import Event
from hackathon.events.queries import published_event
from hackathon.web.access import Door, may_pass, open_to
from hackathon.web.papers import answer_with_paper
from hackathon.write_ups.queries import newest_change
from hackathon.write_ups.queries import write_up_of as write_up_now
from hackathon.write_ups.transfer import charts_of

bp = Blueprint("write_ups", __name__)
PAPER, LARGE = "write-up", "write-up-large"


@bp.get("/e/<code:code>/write-up")
@open_to(Door.ANYONE)
def write_up(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    if _is_to_come(event):
        return render_template("write_ups/to_come.html", event=event)
    found = write_up_now(session, event, address=url_for(".write_up", code=code))
    return render_template("write_ups/write_up.html", event=event, write_up=found, charts=charts_of(found))


@bp.get("/e/<code:code>/write-up.pdf")
@open_to(Door.ANYONE)
def write_up_pdf(code: str) -> ResponseReturnValue:
    return _on_paper(code, PAPER)


@bp.get("/e/<code:code>/write-up-large.pdf")
@open_to(Door.ANYONE)
def large_pdf(code: str) -> ResponseReturnValue:
    return _on_paper(code, LARGE)


def _on_paper(code: str, kind: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    if _is_to_come(event):
        return redirect(url_for(".write_up", code=code))
    key = fingerprint(current_app.config["SECRET_KEY"], kind, *newest_change(session, event))
    return answer_with_paper(kind, key, event.id, f"{kind}-{event.slug}.pdf")


def _is_to_come(event: Event) -> bool:
    """It says how much was said about what, and that steers people as long as the tables open up."""
    return event.hides_counts and not may_pass(Door.STAFF, event.code)
