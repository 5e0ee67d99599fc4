"""The figures: a dashboard for whoever runs the event, and plain data for whoever wants to check them."""

from collections.abc import Callable
from datetime import UTC
from functools import partial

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from hackathon.adapters.live import last_activity_id
from hackathon.core.clock import local
from hackathon.core.db import reading
from hackathon.counts.queries import contributions_by_quarter_hour, insights_by_table, insights_by_theme, live_counts
from hackathon.events.models import Event
from hackathon.events.queries import event_by_code, published_event
from hackathon.figures.document import grouped, shown
from hackathon.figures.queries import figures_of, needs_of
from hackathon.results.queries import tallies_of
from hackathon.web.access import Door, may_pass, open_to
from hackathon.web.charts import Count, Slot, ThemeRow, contributions_over_time, counts, themes_by_place
from hackathon.web.drawing import NARROW, WIDTH, Chart
from hackathon.web.pages import desk_nav

bp = Blueprint("figures", __name__)
MOST_NEEDS = 3


@bp.get("/desk/<code:code>")
@open_to(Door.STAFF)
def dashboard(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    after = last_activity_id(session, event.id)
    found = figures_of(session, event)
    return render_template(
        "figures/dashboard.html",
        event=event,
        after=after,
        desk_nav=desk_nav(event, "dashboard"),
        needs=needs_of(
            session,
            event,
            sees_care=may_pass(Door.CARE_LEAD, code),
            sees_access=may_pass(Door.ACCESS_LEAD, code),
        )[:MOST_NEEDS],
        now=live_counts(session, event),
        charts=_charts(event),
        tallies=tallies_of(session, event),
        people_here=shown(found, "attended")[0],
        groups=grouped(found),
    )


@bp.get("/e/<code:code>/figures.json")
@open_to(Door.ANYONE)
def figures(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    found = figures_of(session, event)
    answer = jsonify(found.as_json(counted=not event.hides_counts or may_pass(Door.STAFF, code)))
    answer.headers["X-Figures-As-Of"] = found.as_of.astimezone(UTC).isoformat()
    return answer


def _charts(event: Event) -> list[tuple[str, Chart, Chart]]:
    """Insights by quarter of an hour, theme and table, each drawn once there is something to draw: wide, and again for
    a phone.
    """
    session = reading()
    drawn: list[tuple[str, Callable[..., Chart]]] = []
    if slots := contributions_by_quarter_hour(session, event):
        labelled = [Slot(f"{local(at, event.timezone):%H:%M}", room, outside) for at, room, outside in slots]
        drawn.append(("by-time", partial(contributions_over_time, "Contributions by quarter of an hour", labelled)))
    under = [(theme, room, outside) for theme, room, outside in insights_by_theme(session, event) if theme]
    if any(room + outside for _, room, outside in under):
        rows = [ThemeRow(t.letter, t.title, t.tone, room, outside) for t, room, outside in under]
        drawn.append(("by-theme", partial(themes_by_place, "Insights by theme and place", rows)))
    tables = insights_by_table(session, event)
    if any(number for _, number in tables):
        lines = [Count(f"Table {table.number}", number) for table, number in tables]
        drawn.append(("by-table", partial(counts, "Insights by table", lines, of="Insights")))
    return [(name, draw(width=WIDTH), draw(width=NARROW)) for name, draw in drawn]
