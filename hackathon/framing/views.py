"""Planning what stands before an event opens: the promise, the base, the people outside; and publishing."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.clock import today
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code
from hackathon.framing.forms import BaseForm, OutsideForm, PromiseForm
from hackathon.framing.models import DeclaredBase
from hackathon.framing.operations import call_outside, declare_base, make_promise, publish_event
from hackathon.framing.queries import base_of, outside_call_of, promise_of
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.pages import desk_nav

bp = Blueprint("framing", __name__)


@bp.route("/desk/<code:code>/plan/promise", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def promise(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    form = PromiseForm.from_request(obj=promise_of(reading(), event))
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(obj=promise_of(session, event))
                make_promise(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("desk.plan", code=code))
    return render_template("framing/promise.html", event=event, desk_nav=desk_nav(event, "plan"), form=form)


@bp.route("/desk/<code:code>/plan/base", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def base(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    form = BaseForm.from_request(**_answers(event, base_of(reading(), event)))
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(**_answers(event, base_of(session, event)))
                declare_base(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("desk.plan", code=code))
    return render_template("framing/base.html", event=event, desk_nav=desk_nav(event, "plan"), form=form)


@bp.route("/desk/<code:code>/plan/outside", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def outside(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    form = OutsideForm.from_request(obj=outside_call_of(reading(), event))
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(obj=outside_call_of(session, event))
                call_outside(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("desk.plan", code=code))
    return render_template("framing/outside.html", event=event, desk_nav=desk_nav(event, "plan"), form=form)


@bp.post("/desk/<code:code>/plan/publish")
@open_to(Door.ORGANISER)
def publish(code: str) -> ResponseReturnValue:
    try:
        with transaction() as session:
            publish_event(session, event_by_code(session, code), actor=my_name())
    except Refusal as refusal:
        flash(refusal.message, "problem")
    else:
        flash("The event is published. People can register and read the pack.", "good")
    return redirect(url_for("desk.plan", code=code))


def _answers(event: Event, base: DeclaredBase | None) -> dict[str, Any]:
    """A declared base as the form asks for it; before there is one, whoever opens the form declares it today."""
    if base is None:
        return {"declared_by": my_name(), "declared_on": today(event.timezone)}
    parts = {part["name"]: part for part in base.parts}
    answers = {"source": base.source, "declared_by": base.declared_by, "declared_on": base.declared_on}
    for name in ("room", "outside"):
        part = parts.get(name, {})
        answers |= {name: part.get("number", 0), f"{name}_note": part.get("note", "")}
    return answers
