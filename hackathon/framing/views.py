"""Planning what stands before an event opens: the question, the promise, the base, the people outside."""

import hmac
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.clock import today
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event
from hackathon.events.operations import ask_question, hold_event
from hackathon.events.queries import event_by_code, is_answered
from hackathon.framing.forms import BaseForm, OutsideForm, PromiseForm, QuestionForm, TrialForm
from hackathon.framing.models import DeclaredBase
from hackathon.framing.operations import call_outside, declare_base, make_promise, try_question
from hackathon.framing.queries import base_of, outside_call_of, promise_of, testers_token, tried_on, wordings_of
from hackathon.maths.readability import reading_age
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.limits import Limit, spend
from hackathon.web.pages import desk_nav
from hackathon.web.settings import our_address

bp = Blueprint("framing", __name__)

TRIALS_OF_A_CALLER = Limit("tries of a question, of one caller", burst=20, every=timedelta(seconds=30))


@bp.route("/desk/<code:code>/plan/question", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def question(code: str) -> ResponseReturnValue:
    """The question bench: its words, how hard they are, and what strangers make of them."""
    event = event_by_code(reading(), code)
    form = QuestionForm.from_request(obj=event)
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(obj=event)
                ask_question(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("desk.plan", code=code))
    return render_template(
        "framing/question.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        form=form,
        answered=is_answered(reading(), event),
        tried=tried_on(reading(), event),
        words=len(event.question.split()),
        age=round(reading_age([event.question])),
        wordings=wordings_of(reading(), event),
        link=f"{our_address()}/e/{event.code.lower()}/try/{testers_token(event, _secret())}",
    )


@bp.route("/e/<code:code>/try/<token>", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def trial(code: str, token: str) -> ResponseReturnValue:
    """What the testers' link opens, for a draft that nobody else sees."""
    event = event_by_code(reading(), code)
    if not hmac.compare_digest(token.encode(), testers_token(event, _secret()).encode()):
        raise NotFound
    form = TrialForm.from_request()
    if form.submitted():
        spend(TRIALS_OF_A_CALLER, request.remote_addr or "")
        try:
            with transaction() as session:
                wording = request.form.get("wording", "")
                try_question(session, hold_event(session, code), wording=wording, **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Thank you. That helps to ask it well. You can close this page.", "good")
            return redirect(url_for(".trial", code=code, token=token))
    event = event_by_code(reading(), code)
    return render_template("framing/trial.html", question=event.question, published=event.is_published, form=form)


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


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
