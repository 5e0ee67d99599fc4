"""Where staff plan and run their events."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.dates.queries import clash_of, days_of, parted
from hackathon.desk.forms import USUAL_START, NewEventForm, PublishForm
from hackathon.desk.operations import plan_event
from hackathon.desk.queries import OPEN, THE_DAY, Task, count_open, first_tasks, tasks_of
from hackathon.events.models import Event
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code, events_of
from hackathon.framing.operations import NotReady, name_people, publish_event, who_is_missing
from hackathon.framing.queries import promise_of
from hackathon.needs.queries import asks_for_nobody
from hackathon.packs.transfer import pack_on_disk, packs_on_disk
from hackathon.staff.queries import account_by_id
from hackathon.themes.queries import question_unlike_themes
from hackathon.web.access import Door, may_pass, my_name, open_to, signed_in_staff
from hackathon.web.pages import desk_nav

bp = Blueprint("desk", __name__)

DAYS_SHOWN = 4


@bp.get("/desk")
@open_to(Door.SIGNED_IN)
def events() -> ResponseReturnValue:
    """The events in which I have a role. Who has none begins one."""
    account = account_by_id(reading(), signed_in_staff())
    if not (events := events_of(reading(), account.id)):
        return redirect(url_for(".new"))
    return render_template("desk/events.html", account=account, events=events)


@bp.route("/desk/new", methods=["GET", "POST"])
@open_to(Door.SIGNED_IN)
def new() -> ResponseReturnValue:
    packs = {pack.manifest.pack.id: pack.manifest for pack in packs_on_disk()}
    form = NewEventForm.from_request(starts=USUAL_START)
    form.pack.offer({name: manifest.pack.title for name, manifest in packs.items()})
    if form.submitted():
        try:
            with transaction() as session:
                account = account_by_id(session, signed_in_staff())
                answers = {**form.values, "pack": pack_on_disk(form.values["pack"])}
                event = plan_event(session, account=account, **answers)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".plan", code=event.code))
    summaries = [{"hint": {"text": manifest.pack.summary}} for manifest in packs.values()]
    return render_template("desk/new.html", form=form, summaries=summaries)


@bp.get("/desk/<code:code>/plan")
@open_to(Door.STAFF)
def plan(code: str) -> ResponseReturnValue:
    """What is planned and what is left to plan. Only organisers change it."""
    session = reading()
    event = event_by_code(session, code)
    form, promise = PublishForm.from_request(), promise_of(session, event)
    if "too_early" in request.args and not event.is_published:
        for missing in who_is_missing(promise):
            form.refuse(missing)
    groups = {heading: [_line(task, code) for task in tasks] for heading, tasks in tasks_of(session, event).items()}
    return render_template(
        "desk/plan.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        first=[_line(task, code) for task in first_tasks(session, event)],
        groups=groups,
        unfolded=None if event.is_to_come else THE_DAY,
        days=parted(days_of(session, event), event, shown=DAYS_SHOWN),
        clash=clash_of(event, event.held_on),
        form=form,
        unread=asks_for_nobody(session, event),
        unlike=question_unlike_themes(session, event),
        unnamed=[form[name] for name in ("sponsor_name", "owner_name") if not getattr(promise, name, "")],
        may_change=may_pass(Door.ORGANISER, code),
    )


@bp.post("/desk/<code:code>/plan/publish")
@open_to(Door.ORGANISER)
def publish(code: str) -> ResponseReturnValue:
    """Open the draft to everybody. Who is named meanwhile stays named, also where publishing is refused: then the plan
    asks for each of those who are not."""
    form = PublishForm.from_request()
    if form.submitted():
        with transaction() as session:
            name_people(session, hold_event(session, code), actor=my_name(), **form.values)
    try:
        with transaction() as session:
            publish_event(session, hold_event(session, code), actor=my_name())
    except NotReady:
        return redirect(url_for(".plan", code=code, too_early="yes"))
    except Refusal as refusal:
        flash(refusal.message, "problem")
    else:
        flash("The event is published. People can register and read the pack.", "good")
    return redirect(url_for(".plan", code=code))


@bp.app_template_global()
def open_steps(event: Event) -> int:
    """How many steps of the plan are open while the day is to come; the dashboard knows of the plan by this word."""
    return count_open(reading(), event) if event.is_published and event.is_to_come else 0


def _line(task: Task, code: str) -> dict[str, Any]:
    """A task as the page's list shows it."""
    return {
        "title": task.title,
        "hint": task.hint,
        "url": url_for(task.page, code=code),
        "state": task.need.value,
        "words": task.need.words,
        "is_open": task.need in OPEN,
        "row": (task.title, task.hint),
    }
