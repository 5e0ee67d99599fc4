"""The rehearsal: start it, let pretend people write, end it and wipe everything."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.clock import now
from hackathon.core.db import reading, transaction
from hackathon.events.queries import event_by_code
from hackathon.rehearsal.document import MINUTES, PEOPLE
from hackathon.rehearsal.operations import MAY_REHEARSE, call_crowd, end_rehearsal, start_rehearsal, wipe_stragglers
from hackathon.rehearsal.queries import has_begun, practised_in
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying

bp = Blueprint("rehearsal", __name__)


@bp.get("/desk/<code:code>/plan/rehearsal")
@open_to(Door.FACILITATOR)
def rehearsal(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    return render_template(
        "rehearsal/rehearsal.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        may_rehearse=event.stage in MAY_REHEARSE and not has_begun(event, at=now()),
        practised=practised_in(reading(), event),
        people=PEOPLE,
        minutes=MINUTES,
    )


@bp.post("/desk/<code:code>/plan/rehearsal/start")
@open_to(Door.FACILITATOR)
def start(code: str) -> ResponseReturnValue:
    with trying() as session:
        start_rehearsal(session, event_by_code(session, code), actor=my_name())
        flash("The rehearsal has begun. Every page says so.", "good")
    return redirect(url_for(".rehearsal", code=code))


@bp.post("/desk/<code:code>/plan/rehearsal/crowd")
@open_to(Door.FACILITATOR)
def crowd(code: str) -> ResponseReturnValue:
    with trying() as session:
        call_crowd(session, event_by_code(session, code), actor=my_name())
        flash(f"{PEOPLE} pretend people write for {MINUTES} minutes. Watch the wall.", "good")
    return redirect(url_for(".rehearsal", code=code))


@bp.post("/desk/<code:code>/plan/rehearsal/end")
@open_to(Door.FACILITATOR)
def end(code: str) -> ResponseReturnValue:
    with transaction() as session:
        end_rehearsal(session, event_by_code(session, code), actor=my_name())
    flash("The rehearsal is over, and everything that came in with it is wiped.", "good")
    return redirect(url_for(".rehearsal", code=code))


@bp.post("/desk/<code:code>/plan/rehearsal/wipe")
@open_to(Door.FACILITATOR)
def wipe(code: str) -> ResponseReturnValue:
    """What was practised and came in when the rehearsal was over."""
    with transaction() as session:
        wipe_stragglers(session, event_by_code(session, code), actor=my_name())
    flash("What came in after the rehearsal is wiped.", "good")
    return redirect(url_for(".rehearsal", code=code))
