"""Lists on the desk, what became of them, and the page behind an invitation's own link."""

from datetime import timedelta
from itertools import islice
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hackathon.adapters.sheets import SheetErrors
from hackathon.core.clock import now, today
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code
from hackathon.framing.queries import base_of
from hackathon.invitations.document import counted
from hackathon.invitations.forms import BaseForm, TakeForm, UploadForm
from hackathon.invitations.operations import (
    decline_invitation,
    drop_draft,
    give_list_back,
    keep_draft,
    open_invitation,
    take_list,
    take_list_as_base,
)
from hackathon.invitations.queries import (
    counts_by_group,
    counts_by_list,
    draft_by_id,
    invitee_by_token,
    list_by_id,
    look_at,
    source_of,
    standings_of,
    to_remind,
)
from hackathon.invitations.transfer import list_from, states_as_csv, states_as_workbook
from hackathon.web.access import Door, my_name, open_to, signed_in_staff
from hackathon.web.limits import Limit, spend
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying
from hackathon.web.settings import our_settings

bp = Blueprint("invitations", __name__)

FILES_OF_ONE = Limit("lists sent by one organiser", burst=10, every=timedelta(minutes=1))
ANSWERS_TO_ONE = Limit("answers to one invitation", burst=20, every=timedelta(minutes=1))
FIRST_ROWS, MOST_PROBLEMS = 5, 20
MIME = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@bp.get("/desk/<code:code>/invitations")
@open_to(Door.ORGANISER)
def invitations(code: str) -> ResponseReturnValue:
    """Who is invited and what came of it, by list and by group; every rate with its base."""
    session = reading()
    event = event_by_code(session, code)
    standings = standings_of(session, event)
    lists = counts_by_list(session, event, standings)
    return render_template(
        "invitations/invitations.html",
        event=event,
        desk_nav=desk_nav(event, "invitations"),
        everybody=counted("All lists", standings, source=source_of([taken for taken, _ in lists])),
        lists=lists,
        list_rows=[(count.name, count) for _, count in lists],
        groups=counts_by_group(session, event, standings),
        to_remind=len(to_remind(session, event)),
    )


@bp.route("/desk/<code:code>/invitations/new", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def new(code: str) -> ResponseReturnValue:
    """Send a list. Nothing is taken before somebody has looked at it."""
    event = event_by_code(reading(), code)
    form, problems = UploadForm.from_request(), []
    if form.submitted():
        spend(FILES_OF_ONE, str(signed_in_staff()))
        try:
            name, read = list_from(form.file.data)
            with transaction() as session:
                draft = keep_draft(session, event_by_code(session, code), file=read, name=name)
        except SheetErrors as errors:
            problems = [error.message for error in islice(errors.errors, MOST_PROBLEMS)]
            form.refuse(
                Refusal(problems[0] if len(errors.errors) == 1 else "The file cannot be read as it is.", "file")
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".match", code=code, draft_id=draft.id))
    nav = desk_nav(event, "invitations")
    return render_template("invitations/new.html", event=event, desk_nav=nav, form=form, problems=problems)


@bp.route("/desk/<code:code>/invitations/new/<int(max=999999999):draft_id>", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def match(code: str, draft_id: int) -> ResponseReturnValue:
    """Which column holds what, what taking the list would do, and the button that does it."""
    session = reading()
    event = event_by_code(session, code)
    draft = draft_by_id(session, event, draft_id)
    form = TakeForm.about(draft, declared_by=my_name(), day=today(event.timezone))
    if "look" not in request.form and form.submitted():
        try:
            with transaction() as session:
                draft = draft_by_id(session, event_by_code(session, code), draft_id, lock=True)
                taken = take_list(session, draft, actor=my_name(), **form.values)
        except Refusal as refusal:
            flash(refusal.message, "problem")
        else:
            flash(f"{taken.people:,} people are on this list now.", "good")
            return redirect(url_for(".invitations", code=code))
    return render_template(
        "invitations/match.html",
        event=event,
        desk_nav=desk_nav(event, "invitations"),
        form=form,
        draft=draft,
        first_rows=draft.rows[:FIRST_ROWS],
        look=look_at(reading(), draft, form.chosen),
        most_problems=MOST_PROBLEMS,
    )


@bp.post("/desk/<code:code>/invitations/new/<int(max=999999999):draft_id>/drop")
@open_to(Door.ORGANISER)
def drop(code: str, draft_id: int) -> ResponseReturnValue:
    with transaction() as session:
        drop_draft(session, draft_by_id(session, event_by_code(session, code), draft_id))
    flash("Nothing of this file is kept.", "good")
    return redirect(url_for(".invitations", code=code))


@bp.route("/desk/<code:code>/invitations/<int(max=999999999):list_id>/base", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def base(code: str, list_id: int) -> ResponseReturnValue:
    """Read every rate against one list."""
    session = reading()
    event = event_by_code(session, code)
    taken = list_by_id(session, event, list_id)
    form = BaseForm.from_request(room=min(taken.people, event.expected_people))
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                take_list_as_base(session, list_by_id(session, event, list_id), actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Rates are read against {taken.people:,} people now.", "good")
            return redirect(url_for(".invitations", code=code))
    return render_template(
        "invitations/base.html",
        event=event,
        desk_nav=desk_nav(event, "invitations"),
        form=form,
        taken=taken,
        before=base_of(reading(), event),
    )


@bp.post("/desk/<code:code>/invitations/<int(max=999999999):list_id>/give-back")
@open_to(Door.ORGANISER)
def give_back(code: str, list_id: int) -> ResponseReturnValue:
    with trying() as session:
        event = event_by_code(session, code)
        give_list_back(session, list_by_id(session, event, list_id), actor=my_name())
        flash("The list is taken out, with everybody on it.", "good")
    return redirect(url_for(".invitations", code=code))


@bp.get("/desk/<code:code>/invitations.<any(csv, xlsx):kind>")
@open_to(Door.ORGANISER)
def states(code: str, kind: str) -> ResponseReturnValue:
    """Everybody on a list with how far it has got, as a file."""
    session = reading()
    event = event_by_code(session, code)
    write = states_as_csv if kind == "csv" else states_as_workbook
    file = write(standings_of(session, event), address=our_settings().address)
    name = f"invitations-{event.code.lower()}-{now():%Y-%m-%d-%H%M}Z.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file, mimetype=MIME[kind], headers=headers)


@bp.get("/i/<token>")
@open_to(Door.ANYONE)
def invitation(token: str) -> ResponseReturnValue:
    """What an invitation leads to. Mail scanners open links, so opening it changes nothing and counts as nothing."""
    return render_template("invitations/invitation.html", **_invited(token))


@bp.post("/i/<token>")
@open_to(Door.ANYONE)
def answer(token: str) -> ResponseReturnValue:
    """Somebody pressed the button: that is a person, and counts as having opened it."""
    spend(ANSWERS_TO_ONE, token)
    with transaction() as session:
        open_invitation(session, invitee_by_token(session, token))
    return redirect(url_for("bookings.invited", token=token))


@bp.route("/i/<token>/no", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def no(token: str) -> ResponseReturnValue:
    """No, thank you: the link shows a button, and the button stops the reminders."""
    if request.method == "POST":
        spend(ANSWERS_TO_ONE, token)
        with transaction() as session:
            decline_invitation(session, invitee_by_token(session, token))
        return redirect(url_for(".no", token=token))
    return render_template("invitations/no.html", **_invited(token))


def _invited(token: str) -> dict[str, Any]:
    invitee = invitee_by_token(reading(), token)
    return {"invitee": invitee, "event": invitee.event}
