"""Moving to another place of the series: from one's own link, and by an organiser."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.clock import short_date
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event, Stage
from hackathon.events.operations import SOMEONE
from hackathon.events.queries import event_by_code, published_event
from hackathon.moves.forms import MoveForm
from hackathon.moves.operations import Moved, move
from hackathon.moves.queries import asked_anew, booked_along, elsewhere
from hackathon.participants.messages import send_places
from hackathon.participants.models import Registration
from hackathon.participants.queries import registration_behind, registration_by_id
from hackathon.web.access import Door, my_name, open_to, remember_participant
from hackathon.web.limits import slow_registering
from hackathon.web.pages import desk_nav
from hackathon.web.settings import how_it_goes, our_address, sends_mail

bp = Blueprint("moves", __name__)


@bp.route("/p/<token>/move", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def choose(token: str) -> ResponseReturnValue:
    """Where else I can go. Mail scanners open links, so opening it changes nothing.

    Whoever moves others would learn by it where those are registered: each of them has a link of their own. And where
    no letters leave, a link does not show whose address it is.
    """
    registration = registration_behind(reading(), token)
    form = _form_for(registration)
    del form.with_others
    if sends_mail() and form.submitted():
        try:
            moved = _move(registration.event.code, registration.id, form, actor=SOMEONE)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _to_the_page_there(moved)
    return render_template(
        "moves/choose.html",
        event=registration.event,
        registration=registration,
        form=form,
        by_link=sends_mail(),
    )


@bp.route("/desk/<code:code>/people/<int(max=999999999):registration_id>/move", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def desk(code: str, registration_id: int) -> ResponseReturnValue:
    """Move somebody who asked for it."""
    registration = registration_by_id(reading(), event_by_code(reading(), code), registration_id)
    event = registration.event
    form = _form_for(registration)
    if form.submitted():
        try:
            moved = _move(code, registration_id, form, actor=my_name())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            who, letter = moved.there.participant.name or "They", how_it_goes("The letter is on its way.")
            flash(f"{who}: {_how_it_went(moved)} {letter}", "good")
            return redirect(url_for("participants.people", code=code))
    return render_template(
        "moves/desk.html",
        event=event,
        desk_nav=desk_nav(event, "people"),
        registration=registration,
        form=form,
        others=booked_along(reading(), registration),
    )


def _form_for(registration: Registration) -> MoveForm:
    """The form with every other place of the series that is still to come."""
    if not registration.event.is_published or not (places := elsewhere(reading(), registration.event)):
        raise NotFound
    form = MoveForm.from_request()
    form.to.offer({event.code: _named(event) for event in places if event.stage is not Stage.AFTER})
    return form


def _named(event: Event) -> str:
    return f"{event.venue or event.title}, {short_date(event.held_on)}"


def _move(code: str, registration_id: int, form: MoveForm, *, actor: str) -> Moved:
    with transaction() as session:
        registration = registration_by_id(session, event_by_code(session, code), registration_id)
        to = published_event(session, form.to.data)
        slow_registering(to.id, registration.participant.email or "")
        moved = move(session, registration, proven=sends_mail(), actor=actor, **{**form.values, "to": to})
        send_places(session, moved.changed, address=our_address())
        return moved


def _to_the_page_there(moved: Moved) -> ResponseReturnValue:
    """To one's own page there; or first to what is asked there and was not asked here."""
    there = moved.there
    remember_participant(there.event.code, there.participant.token)
    flash(_how_it_went(moved), "good")
    if asked_anew(reading(), there):
        flash("This place asks something that you were not asked before.", "good")
        return redirect(url_for("bookings.change", code=there.event.code))
    return redirect(url_for("tables.me", code=there.event.code))


def _how_it_went(moved: Moved) -> str:
    there, left = moved.there, moved.there.moves_from
    if left is not None and left.has_ended:
        return f"Moved to {_named(there.event)}."
    kept = f" The place at {_named(left.event)} is kept until then." if left is not None else ""
    return f"No place is free at {_named(there.event)} yet, so you are in line there.{kept}"
