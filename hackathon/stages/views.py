"""Where the event is now: moved by hand, opened by the clock, taken back."""

from datetime import time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.clock import local
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Stage
from hackathon.events.operations import hold_event, move_to
from hackathon.events.queries import event_by_code
from hackathon.stages.forms import StageForm, StageTimesForm
from hackathon.stages.operations import plan_times, take_back
from hackathon.stages.queries import last_move, proposed_times, stage_times_of, waiting_times
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.addresses import number_of_ours
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying

bp = Blueprint("stages", __name__)


@bp.route("/desk/<code:code>/plan/stage", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def stage(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    form = StageForm.from_request(obj=event)
    if form.submitted():
        try:
            with transaction() as session:
                event = move_to(session, event_by_code(session, code), actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"The event is now here: {event.stage.words}.", "good")
            return redirect(url_for(".stage", code=code))
    return render_template(
        "stages/stage.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        form=form,
        says=[{"hint": {"text": stage.says}} for stage in Stage if stage is not Stage.DRAFT],
        moved=last_move(reading(), event),
        words={stage.value: stage.words for stage in Stage},
        waiting=waiting_times(stage_times_of(reading(), event)),
    )


@bp.route("/desk/<code:code>/plan/stage/times", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def times(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    form = StageTimesForm.from_request(**_times(reading(), event))
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(**_times(session, event))
                plan_times(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("The times are kept. Moving the event by hand goes before them.", "good")
            return redirect(url_for(".stage", code=code))
    is_proposal = not stage_times_of(reading(), event)
    return render_template(
        "stages/times.html", event=event, desk_nav=desk_nav(event, "plan"), form=form, is_proposal=is_proposal
    )


@bp.post("/desk/<code:code>/plan/stage/take-back")
@open_to(Door.FACILITATOR)
def undo(code: str) -> ResponseReturnValue:
    moved = request.form.get("moved", 0, type=number_of_ours)
    with trying() as session:
        event = take_back(session, event_by_code(session, code), moved=moved, actor=my_name())
        flash(f"Taken back. The event is here again: {event.stage.words}.", "good")
    return redirect(url_for(".stage", code=code))


def _times(session: Session, event: Event) -> dict[str, time]:
    """What the form starts with: the times that are kept, or those of the run sheet."""
    kept = {each.stage: local(each.opens_at, event.timezone).time() for each in stage_times_of(session, event)}
    return {stage.value: at for stage, at in (kept or proposed_times(session, event)).items()}
