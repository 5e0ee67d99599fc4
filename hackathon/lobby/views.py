"""Where people arrive: the front page, the event's page, the wall with its stream, and what we promise everybody."""

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from hackathon.adapters.live import changes_behind, hand_over, last_activity_id
from hackathon.adapters.qr import qr_svg
from hackathon.core.db import reading
from hackathon.core.errors import NotFound
from hackathon.counts.queries import live_counts
from hackathon.events.models import Event, Series
from hackathon.events.queries import event_by_code, published_event
from hackathon.framing.queries import promise_of
from hackathon.lobby.queries import next_step, open_events, place_behind, rail_of, wall_of, ways_of
from hackathon.participants.models import Participant
from hackathon.participants.queries import person_behind, places_of
from hackathon.tables.models import Table
from hackathon.web.access import Door, open_to, participant_token, signed_in_staff
from hackathon.web.limits import wrong_codes_counted
from hackathon.web.settings import our_settings

bp = Blueprint("lobby", __name__)


@bp.app_context_processor
def footer() -> dict[str, object]:
    return {
        "footer_links": [("Privacy", "/privacy"), ("Accessibility", "/accessibility")],
    }


@bp.get("/")
@open_to(Door.ANYONE)
def front() -> ResponseReturnValue:
    return _front_page(reading())


@bp.get("/join")
@open_to(Door.ANYONE)
def join() -> ResponseReturnValue:
    session, code = reading(), request.args.get("code", "").strip()
    if not code:
        return _front_page(session, wrong="Type the code from the card on your table."), 422
    try:
        with wrong_codes_counted():
            found = place_behind(session, code)
    except NotFound:
        return _front_page(
            session, code=code, wrong="There is no table or event with this code. Check the card and try again."
        ), 404
    if isinstance(found, Table):
        return redirect(url_for("insights.table", table_code=found.code))
    if isinstance(found, Series):
        return redirect(url_for("series.series", series_code=found.code))
    return redirect(url_for(".home", code=found.code))


@bp.get("/e/<code:code>")
@open_to(Door.ANYONE)
def home(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    return _home_page(session, event, person_behind(session, event, participant_token(event.code)))


@bp.get("/desk/<code:code>/plan/preview")
@open_to(Door.ORGANISER)
def preview(code: str) -> ResponseReturnValue:
    """The event's page as everybody will see it, while it is a draft still."""
    session = reading()
    return _home_page(session, event_by_code(session, code), None)


def _home_page(session: Session, event: Event, participant: Participant | None) -> str:
    return render_template(
        "lobby/home.html",
        event=event,
        after=last_activity_id(session, event.id),
        participant=participant,
        next_step=next_step(session, event, participant),
        rail=rail_of(session, event),
        promise=promise_of(session, event),
        counts=live_counts(session, event),
        ways=ways_of(session, event),
        places=places_of(session, event),
    )


@bp.get("/e/<code:code>/wall")
@open_to(Door.ANYONE)
def wall(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    # Asked before the insights are read: what comes in between is then told by the stream, and never missed.
    last = last_activity_id(session, event.id)
    address = f"{our_settings().address}/e/{event.code}"
    return render_template(
        "lobby/wall.html",
        event=event,
        wall=wall_of(session, event),
        after=last,
        qr=qr_svg(address.upper(), f"QR code that opens {address}"),
        address=address.partition("://")[2],
        wall_light=request.args.get("light") is not None,
    )


@bp.get("/e/<code:code>/wall/newest")
@open_to(Door.ANYONE)
def newest(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    return render_template(
        "lobby/newest.html", event=event, wall=wall_of(session, event, after=request.args.get("after", type=_number))
    )


@bp.get("/e/<code:code>/stream")
@open_to(Door.ANYONE)
def stream(code: str) -> ResponseReturnValue:
    """The browser's own `Last-Event-ID` goes before the address: it knows what it has seen."""
    event = published_event(reading(), code)
    after = request.headers.get("Last-Event-ID", request.args.get("after", type=_number), type=_number)
    if hand_over(request.environ, our_settings().hub_socket, event.id, after):
        return Response()
    return Response("The live stream is away for a moment.", 503, {"Retry-After": "2"}, mimetype="text/plain")


@bp.get("/e/<code:code>/changes")
@open_to(Door.ANYONE)
def changes(code: str) -> ResponseReturnValue:
    """What the stream tells, for pages that no stream reaches."""
    session = reading()
    event = published_event(session, code)
    after = request.args.get("after", type=_number)
    told, after, more = changes_behind(
        session, event.id, last_activity_id(session, event.id) if after is None else after
    )
    lines = [{"id": line.id, "kind": line.kind, "subject": line.subject_id} for line in told]
    return jsonify(lines=lines, after=after, more=more)


@bp.get("/healthz")
@open_to(Door.ANYONE)
def healthz() -> ResponseReturnValue:
    try:
        reading().execute(text("SELECT 1"))
    except SQLAlchemyError:
        current_app.logger.exception("The database does not answer.")
        return Response("The database does not answer.\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@bp.get("/accessibility")
@open_to(Door.ANYONE)
def accessibility() -> ResponseReturnValue:
    return render_template("lobby/accessibility.html")


@bp.get("/privacy")
@open_to(Door.ANYONE)
def privacy() -> ResponseReturnValue:
    return render_template("lobby/privacy.html")


def _front_page(session: Session, code: str = "", wrong: str = "") -> str:
    return render_template(
        "lobby/front.html",
        code=code,
        wrong=wrong,
        open_events=open_events(session),
        signed_in=signed_in_staff() is not None,
    )


def _number(value: str) -> int:
    """A number of ours, small enough for every database; anything else counts as not given."""
    if value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    raise ValueError(value)
