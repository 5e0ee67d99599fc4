"""The promise to answer, on the plan."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.clock import local
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.duty.forms import PromiseForm
from hackathon.duty.operations import promise_replies
from hackathon.duty.queries import reply_promise_of
from hackathon.events.models import Event
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.pages import desk_nav

bp = Blueprint("duty", __name__)


@bp.route("/desk/<code:code>/plan/replies", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def replies(code: str) -> ResponseReturnValue:
    """What is promised to whoever asks, and when somebody is on duty to keep it."""
    session = reading()
    event = event_by_code(session, code)
    form = PromiseForm.from_request(**_promised(session, event))
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(**_promised(session, event))
                promise_replies(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Saved.", "good")
            return redirect(url_for("desk.plan", code=code))
    page = render_template("duty/replies.html", event=event, desk_nav=desk_nav(event, "plan"), form=form)
    return page, 422 if form.errors else 200


def _promised(session: Session, event: Event) -> dict[str, Any]:
    """What the form starts with: as it stands, or as it would do for the day itself."""
    if (promise := reply_promise_of(session, event)) is None:
        return {"staffed": [(event.held_on, event.starts, event.ends)]}
    staffed = [[local(moment, event.timezone) for moment in pair] for pair in promise.periods]
    return {
        "kind": promise.kind,
        "within_hours": promise.within_hours,
        "staffed": [(since.date(), since.time(), to.time()) for since, to in staffed],
    }
