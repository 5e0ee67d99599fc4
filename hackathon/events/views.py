"""Planning an event: what it is called, who helps, what happened."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.config import COMMAND_LINE
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.forms import DetailsForm, InviteForm, ReportForm
from hackathon.events.messages import send_invitation
from hackathon.events.models import ROLE_WORDS, Membership
from hackathon.events.operations import (
    describe_event,
    freeze_figures,
    hold_event,
    invite_member,
    publish_report,
    remove_member,
    reopen_figures,
)
from hackathon.events.queries import event_by_code, log_of, members_of, membership_of
from hackathon.web.access import Door, my_name, open_to, signed_in_staff
from hackathon.web.addresses import number_of_ours
from hackathon.web.limits import Limit, spend
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying
from hackathon.web.settings import our_address, sends_mail

bp = Blueprint("events", __name__)

LINES_A_PAGE = 100
INVITATIONS_OF_ONE = Limit("invitations to help, of one organiser", burst=30, every=timedelta(minutes=1))
MOVED_ALONG = "Saved. Every date to come, the times of the stages and the hours on duty moved to the new date with it."


@bp.route("/desk/<code:code>/plan/details", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def details(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    form = DetailsForm.from_request(obj=event)
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(obj=event)
                describe_event(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if form.held_on.data != form.held_on.object_data:
                flash(MOVED_ALONG, "good")
            return _back_to_plan(code)
    return render_template("events/details.html", event=event, desk_nav=desk_nav(event, "plan"), form=form)


@bp.route("/desk/<code:code>/plan/people", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def people(code: str) -> ResponseReturnValue:
    """Who helps to run the event; inviting somebody posts them a letter."""
    event = event_by_code(reading(), code)
    form = InviteForm.from_request()
    if form.submitted():
        spend(INVITATIONS_OF_ONE, str(signed_in_staff()))
        try:
            with transaction() as session:
                member = invite_member(session, event_by_code(session, code), actor=my_name(), **form.values)
                send_invitation(session, member, invited_by=my_name(), address=our_address(), by_code=sends_mail())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"{member.account.name} is invited as {member.role.words}. {_how_they_hear(member)}", "good")
            return redirect(url_for(".people", code=code))
    members = members_of(reading(), event)
    return render_template(
        "events/people.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        form=form,
        members=members,
        role_words=ROLE_WORDS,
    )


@bp.post("/desk/<code:code>/plan/people/<int(max=999999999):membership_id>/remove")
@open_to(Door.ORGANISER)
def remove(code: str, membership_id: int) -> ResponseReturnValue:
    with trying() as session:
        membership = membership_of(session, event_by_code(session, code), membership_id)
        name, role = membership.account.name, membership.role.words
        remove_member(session, membership, actor=my_name())
        flash(f"{name} is no longer {role} of this event.", "good")
    return redirect(url_for(".people", code=code))


@bp.route("/desk/<code:code>/plan/report", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def report(code: str) -> ResponseReturnValue:
    """When the figures stand still, and when the report came out."""
    event = event_by_code(reading(), code)
    form = ReportForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                publish_report(session, hold_event(session, code), actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _back_to_plan(code)
    return render_template("events/report.html", event=event, desk_nav=desk_nav(event, "plan"), form=form)


@bp.post("/desk/<code:code>/plan/figures/freeze")
@open_to(Door.ORGANISER)
def freeze(code: str) -> ResponseReturnValue:
    with transaction() as session:
        freeze_figures(session, event_by_code(session, code), actor=my_name())
    flash("The figures stand still from now on.", "good")
    return redirect(url_for(".report", code=code))


@bp.post("/desk/<code:code>/plan/figures/reopen")
@open_to(Door.ORGANISER)
def reopen(code: str) -> ResponseReturnValue:
    with transaction() as session:
        reopen_figures(session, event_by_code(session, code), actor=my_name())
    flash("The figures move again with what comes in.", "good")
    return redirect(url_for(".report", code=code))


@bp.get("/desk/<code:code>/log")
@open_to(Door.ORGANISER)
def log(code: str) -> ResponseReturnValue:
    """Everything that happened in the event, the newest first."""
    event = event_by_code(reading(), code)
    before = request.args.get("before", type=number_of_ours)
    lines = log_of(reading(), event, before=before, limit=LINES_A_PAGE)
    older = url_for(".log", code=code, before=lines[-1].id) if len(lines) == LINES_A_PAGE else None
    newer = url_for(".log", code=code) if before else None
    return render_template(
        "events/log.html", event=event, desk_nav=desk_nav(event, "plan"), lines=lines, older=older, newer=newer
    )


def _back_to_plan(code: str) -> ResponseReturnValue:
    return redirect(url_for("desk.plan", code=code))


def _how_they_hear(member: Membership) -> str:
    """Who was invited hears by letter, or else by whoever invited them."""
    if sends_mail():
        return "A letter tells them."
    return (
        f"No mail server is set, so nothing is sent. Hand over this address: {our_address()}/desk/{member.event.code}."
        f" To sign in they need a link as well: who runs this site makes it with"
        f" “{COMMAND_LINE} staff link {member.account.email}”."
    )
