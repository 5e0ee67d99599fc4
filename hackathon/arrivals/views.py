"""The front desk, and the door's own address for people who say themselves that they are here."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.adapters.live import last_activity_id
from hackathon.arrivals.forms import DESKS, CheckInForm, HereForm, RegisterForm, UndoForm, WalkInForm
from hackathon.arrivals.operations import (
    TooEarly,
    act_once,
    check_in,
    say_here,
    say_here_by_words,
    type_in_register,
    undo_check_in,
    welcome_walk_in,
)
from hackathon.arrivals.queries import arrivals_of, came_by, changed_since, since_words, tally_of
from hackathon.badges.queries import people_for_the_door
from hackathon.core.clock import spoken_date
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event, Stage
from hackathon.events.operations import SOMEONE
from hackathon.events.queries import event_by_code, published_event
from hackathon.participants.models import Registration
from hackathon.participants.queries import participant_in, registration_by_id, registration_of
from hackathon.web import acts
from hackathon.web.access import Door, device, my_name, open_to, participant_token
from hackathon.web.addresses import number_of_ours
from hackathon.web.limits import Limit, spend
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying

bp = Blueprint("arrivals", __name__)

MOST_SHOWN = 12
SAYING_HERE = Limit("saying that one is here", burst=20, every=timedelta(seconds=15))
SAYING_HERE_OF_ONE = Limit("saying that this one is here", burst=5, every=timedelta(minutes=2))
SAYING_HERE_OF_A_CALLER = Limit("a caller saying who is here", burst=600, every=timedelta(seconds=1))
"""A phone that forgets its cookie is a new one. So what was typed is counted, too, and the address it came from, behind
which a whole venue may stand."""


@bp.get("/desk/<code:code>/arrivals")
@open_to(Door.SCRIBE)
def desk(code: str) -> ResponseReturnValue:
    """One box. With JavaScript the page keeps the list and filters it as one types; without, this searches."""
    session = reading()
    event = event_by_code(session, code)
    find, last = request.args.get("find", "").strip(), request.args.get("last", type=number_of_ours)
    everybody = arrivals_of(session, event) if find or last else []
    return render_template(
        "arrivals/desk.html",
        event=event,
        desk_nav=desk_nav(event, "arrivals"),
        tally=tally_of(session, event),
        find=find,
        found=[each for each in everybody if find and each.is_meant(find)][:MOST_SHOWN],
        last=next((each for each in everybody if each.id == last), None),
        is_sure="early" in request.args,
        letter=_desk_letter(),
        letters=DESKS,
        walk_in=WalkInForm.from_request(),
    )


@bp.get("/desk/<code:code>/arrivals/list.json", endpoint="everybody")
@open_to(Door.SCRIBE)
def list_for_laptop(code: str) -> ResponseReturnValue:
    """What a laptop keeps: everybody, or those whose lines have changed since it last asked."""
    session = reading()
    event = event_by_code(session, code)
    upto, after = last_activity_id(session, event.id), request.args.get("after", type=number_of_ours)
    changed = None if after is None else changed_since(session, event, after)
    people = [] if changed == set() else arrivals_of(session, event, changed)
    return {
        "upto": upto,
        "changed": None if changed is None else sorted(changed),
        "people": [asdict(each) for each in people],
        "over": event.stage is Stage.AFTER,
        "to_come": spoken_date(event.held_on) if event.is_to_come else "",
        **asdict(tally_of(session, event)),
    }


@bp.post("/desk/<code:code>/arrivals/<int(max=999999999):registration_id>/here")
@open_to(Door.SCRIBE)
def arrive(code: str, registration_id: int) -> ResponseReturnValue:
    form = CheckInForm.from_request()

    def welcome(session: Session, event: Event) -> dict[str, Any]:
        registration = registration_by_id(session, event, registration_id)
        said = {**form.values, "at": form.written_at, "client_id": form.client_id.data or ""}
        is_new = check_in(session, registration, actor=my_name(), **said)
        return _receipt(session, registration, is_new=is_new)

    return _answer(code, form, "person.here", registration_id, welcome)


@bp.post("/desk/<code:code>/arrivals/<int(max=999999999):registration_id>/not-here")
@open_to(Door.SCRIBE)
def take_back(code: str, registration_id: int) -> ResponseReturnValue:
    form = UndoForm.from_request()

    def undo(session: Session, event: Event) -> dict[str, Any]:
        registration = registration_by_id(session, event, registration_id)
        said = {"of": form.of.data, "client_id": form.client_id.data or ""}
        undo_check_in(session, registration, actor=my_name(), **said)
        return _receipt(session, registration, is_new=False)

    return _answer(code, form, "person.not_here", [registration_id, form.of.data], undo)


@bp.post("/desk/<code:code>/arrivals/walk-in")
@open_to(Door.SCRIBE)
def walk_in(code: str) -> ResponseReturnValue:
    form = WalkInForm.from_request()

    def welcome(session: Session, event: Event) -> dict[str, Any]:
        said = {**form.values, "client_id": form.client_id.data or ""}
        registration = welcome_walk_in(session, event, at=form.written_at, actor=my_name(), **said)
        return _receipt(session, registration, is_new=came_by(session, registration, form.client_id.data or ""))

    said = [form.name.data, form.organisation.data, form.email.data]
    return _answer(code, form, "person.walked_in", said, welcome)


@bp.route("/desk/<code:code>/arrivals/register", methods=["GET", "POST"])
@open_to(Door.SCRIBE)
def register(code: str) -> ResponseReturnValue:
    """The printed list, typed in: in its own order, many ticks at once. Whoever stood on it and came is here, even if
    they gave their place up since."""
    session = reading()
    event = event_by_code(session, code)
    ticked = request.form.getlist("people", type=number_of_ours)
    people = people_for_the_door(session, event, besides=ticked)
    form = RegisterForm.listing(people)
    if form.submitted():
        try:
            with transaction() as session:
                typed = type_in_register(session, event_by_code(session, code), actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            known = f" {typed.known} had been checked in before." if typed.known else ""
            flash(f"{typed.new} checked in from the list.{known}", "good")
            return redirect(url_for(".register", code=code))
    return render_template(
        "arrivals/register.html", event=event, desk_nav=desk_nav(event, "arrivals"), form=form, people=people
    )


@bp.route("/e/<code:code>/here", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def here(code: str) -> ResponseReturnValue:
    """What the sign at the door opens. Whoever types is answered alike, on the list or not."""
    event = published_event(reading(), code)
    mine = _my_registration(reading(), code)
    form = HereForm.from_request()
    if mine is None and form.submitted():
        _slow_saying_here(event, form.typed.data)
        try:
            with transaction() as session:
                say_here_by_words(session, published_event(session, code), actor=SOMEONE, **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Thank you. If you are on our list, you are marked as here. If not, tell the front desk.", "good")
            return redirect(url_for(".here", code=code))
    return render_template("arrivals/here.html", event=event, form=form, mine=mine)


@bp.post("/e/<code:code>/here/me")
@open_to(Door.PARTICIPANT)
def say_so(code: str) -> ResponseReturnValue:
    """I am here: with my own page at hand, one button."""
    with trying() as session:
        if (registration := _my_registration(session, code)) is None:
            raise NotFound
        say_here(session, registration, actor=SOMEONE)
    return redirect(url_for("tables.me", code=code))


def _slow_saying_here(event: Event, typed: str) -> None:
    spend(SAYING_HERE, device())
    spend(SAYING_HERE_OF_A_CALLER, request.remote_addr or "")
    spend(SAYING_HERE_OF_ONE, f"{event.id} {''.join(typed.split()).casefold()}")


def _answer(
    code: str, form: acts.ActForm, kind: str, body: object, do: Callable[[Session, Event], dict[str, Any]]
) -> ResponseReturnValue:
    """The receipt for the laptop; without JavaScript, the desk with whoever it was about."""
    back_to = partial(url_for, ".desk", code=code, desk=request.form.get("desk") or None)
    if form.submitted():
        try:
            with transaction() as session:
                event, client_id = event_by_code(session, code), form.client_id.data or ""
                receipt = act_once(
                    session, event, client_id=client_id, kind=kind, body=body, do=lambda: do(session, event)
                )
        except TooEarly as refusal:
            form.refuse(refusal)
            back_to = partial(back_to, early="yes", last=body if isinstance(body, int) else None)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return acts.answer(receipt, otherwise=back_to(last=receipt["person"]))
    if (no := acts.refuse(form)) is not None:
        return no
    flash(next(str(errors[0]) for errors in form.errors.values() if errors), "problem")
    return redirect(back_to())


def _receipt(session: Session, registration: Registration, *, is_new: bool) -> dict[str, Any]:
    """It is kept with the act, so it names nobody."""
    since = since_words(session, registration)
    words = "Not here." if not since else f"Here since {since}." if is_new else f"Already here since {since}."
    return {"words": words, "person": registration.id, "is_new": is_new}


def _desk_letter() -> str:
    letter = request.args.get("desk", "").upper()
    return letter if letter in set(DESKS) else DESKS[0]


def _my_registration(session: Session, code: str) -> Registration | None:
    """Mine, by the personal link that this browser holds; it is no longer good where somebody was erased."""
    if (token := participant_token(code)) is None:
        return None
    try:
        return registration_of(session, participant_in(session, published_event(session, code), token))
    except NotFound:
        return None
