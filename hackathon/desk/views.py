"""Where staff plan and run their events."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.desk.forms import NewEventForm
from hackathon.desk.operations import plan_event
from hackathon.desk.queries import Need, Task, tasks_of
from hackathon.events.queries import event_by_code, events_of
from hackathon.packs.transfer import pack_on_disk, packs_on_disk
from hackathon.staff.queries import account_by_id
from hackathon.web.access import Door, may_pass, open_to, signed_in_staff
from hackathon.web.pages import desk_nav

bp = Blueprint("desk", __name__)


@bp.get("/desk")
@open_to(Door.SIGNED_IN)
def events() -> ResponseReturnValue:
    """The events in which I have a role."""
    account = account_by_id(reading(), signed_in_staff())
    return render_template("desk/events.html", account=account, events=events_of(reading(), account.id))


@bp.route("/desk/new", methods=["GET", "POST"])
@open_to(Door.SIGNED_IN)
def new() -> ResponseReturnValue:
    packs = {pack.manifest.pack.id: pack.manifest for pack in packs_on_disk()}
    form = NewEventForm.from_request()
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
    event = event_by_code(reading(), code)
    groups = {heading: [_line(task, code) for task in tasks] for heading, tasks in tasks_of(reading(), event).items()}
    return render_template(
        "desk/plan.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        groups=groups,
        missing=[line["title"] for lines in groups.values() for line in lines if line["state"] == Need.NEEDED.value],
        may_change=may_pass(Door.ORGANISER, code),
    )


def _line(task: Task, code: str) -> dict[str, Any]:
    """A task as the page's list shows it."""
    return {
        "title": task.title,
        "hint": task.hint,
        "url": url_for(task.page, code=code),
        "state": task.need.value,
        "words": task.need.words,
        "row": (task.title, task.hint),
    }
