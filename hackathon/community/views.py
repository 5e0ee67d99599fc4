"""One insight and its comments; and the desk that looks after everything shared."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.community.forms import HideForm
from hackathon.community.operations import hide_insight, show_insight
from hackathon.community.queries import comments_on, reply_of
from hackathon.core.db import reading, transaction
from hackathon.events.queries import event_by_code, published_event
from hackathon.insights.models import HideReason
from hackathon.insights.queries import any_insight_by_number, any_newest_insights, card_of, insight_by_number
from hackathon.staff.queries import account_by_id
from hackathon.web.access import Door, may_pass, open_to, signed_in_staff
from hackathon.web.addresses import number_in_address
from hackathon.web.pages import desk_nav

bp = Blueprint("community", __name__)

A_PAGE = 50
NUMBER = "<int(max=999999999):number>"


@bp.get(f"/e/<code:code>/insights/{NUMBER}")
@open_to(Door.ANYONE)
def insight(code: str, number: int) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    insight = insight_by_number(session, event, number)
    replies = [reply_of(comment) for comment in comments_on(session, insight)]
    return render_template("community/insight.html", event=event, card=card_of(insight), replies=replies)


@bp.get("/desk/<code:code>/insights")
@open_to(Door.MODERATOR)
def insights(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    only_hidden = request.args.get("show") == "hidden"
    rows = any_newest_insights(
        session, event, before=number_in_address("before"), only_hidden=only_hidden, limit=A_PAGE + 1
    )
    shown, more = rows[:A_PAGE], rows[A_PAGE:]
    here: dict[str, Any] = {"code": code, "show": "hidden" if only_hidden else None}
    sees_names = may_pass(Door.ORGANISER, code)
    return render_template(
        "community/insights.html",
        event=event,
        desk_nav=desk_nav(event, "insights"),
        cards=[card_of(insight, names_of_hidden=sees_names) for insight in shown],
        reasons=HideReason,
        only_hidden=only_hidden,
        here=_here(),
        older=url_for(".insights", **here, before=shown[-1].number) if more else None,
        newest=url_for(".insights", **here) if "before" in request.args else None,
    )


@bp.post(f"/desk/<code:code>/insights/{NUMBER}/hide")
@open_to(Door.MODERATOR)
def hide(code: str, number: int) -> ResponseReturnValue:
    form = HideForm.from_request()
    if form.submitted():
        with transaction() as session:
            insight = any_insight_by_number(session, event_by_code(session, code), number)
            hide_insight(session, insight, actor=_staff_name(session), **form.values)
        flash(f"Number {number} is off every page.")
    else:
        flash("Choose one of the reasons for hiding it.", "problem")
    return redirect(url_for(".insights", code=code, **_here(), _anchor=f"insight-{number}"))


@bp.post(f"/desk/<code:code>/insights/{NUMBER}/show")
@open_to(Door.MODERATOR)
def show(code: str, number: int) -> ResponseReturnValue:
    with transaction() as session:
        insight = any_insight_by_number(session, event_by_code(session, code), number)
        show_insight(session, insight, actor=_staff_name(session))
    flash(f"Number {number} is back on the pages.")
    return redirect(url_for(".insights", code=code, **_here(), _anchor=f"insight-{number}"))


def _here() -> dict[str, Any]:
    """What the address says of the page of the list that is before somebody."""
    return {name: request.args[name] for name in ("show", "before") if name in request.args}


def _staff_name(session: Session) -> str:
    return account_by_id(session, signed_in_staff()).name
