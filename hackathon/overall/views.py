"""The figures of a series: a table for its organisers and sponsors, and plain data for whoever wants to check them."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.db import reading
from hackathon.events.models import Series
from hackathon.events.queries import published_in, published_series
from hackathon.overall.document import groups_of, leading_of, names_of
from hackathon.overall.queries import series_figures
from hackathon.overall.transfer import figures_as_csv
from hackathon.series.queries import series_for
from hackathon.staff.queries import account_by_id
from hackathon.web.access import Door, may_pass, open_to, signed_in_staff

bp = Blueprint("overall", __name__)


@bp.get("/desk/s/<code:series_code>/figures")
@open_to(Door.SIGNED_IN)
def figures(series_code: str) -> ResponseReturnValue:
    """Each place beside the others, and the whole."""
    session = reading()
    series, _, _ = series_for(session, series_code, account_by_id(session, signed_in_staff()))
    return render_template("overall/figures.html", series=series, **_shown(session, series))


@bp.get("/s/<code:series_code>/figures")
@open_to(Door.ANYONE)
def everybody(series_code: str) -> ResponseReturnValue:
    """The same for everybody: what the files beside it say, to be read."""
    session = reading()
    series = published_series(session, series_code)
    return render_template("overall/everybody.html", series=series, **_shown(session, series))


@bp.get("/s/<code:series_code>/series-figures.json")
@open_to(Door.ANYONE)
def as_json(series_code: str) -> ResponseReturnValue:
    session = reading()
    series = published_series(session, series_code)
    return jsonify(series_figures(session, series, seen=_seen(series_code)).as_json())


@bp.get("/s/<code:series_code>/series-figures.csv")
@open_to(Door.ANYONE)
def as_csv(series_code: str) -> ResponseReturnValue:
    session = reading()
    series = published_series(session, series_code)
    found = series_figures(session, series, seen=_seen(series_code))
    name = f"series-figures-{series.code.lower()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(figures_as_csv(found), mimetype="text/csv", headers=headers)


def _shown(session: Session, series: Series) -> dict[str, Any]:
    """What both pages show."""
    found = series_figures(session, series, seen=_seen(series.code))
    return {
        "found": found,
        "names": names_of(found.places),
        "leading": leading_of(found),
        "groups": groups_of(found),
    }


def _seen(series_code: str) -> set[int]:
    """The events whose staff is looking, who may see what is hidden from everybody while they open up."""
    session = reading()
    events = published_in(session, published_series(session, series_code))
    return {event.id for event in events if event.hides_counts and may_pass(Door.STAFF, event.code)}
