"""The desk's view of places, of who is coming and of who is here."""

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.config import Settings
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Place
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code, roles_of
from hackathon.maths.turnout import expected_turnout
from hackathon.participants.forms import PlacesForm
from hackathon.participants.messages import send_places
from hackathon.participants.models import Registration, RegistrationState
from hackathon.participants.operations import (
    set_places,
)
from hackathon.participants.queries import (
    answers_of,
    applied_in_order,
    earlier_days,
    moved_from,
    people_here,
    places_of,
    questions_of,
    registrations_of,
    waiting_in_order,
)
from hackathon.web.access import (
    Door,
    may_pass,
    my_name,
    open_to,
    signed_in_staff,
)
from hackathon.web.pages import desk_nav

bp = Blueprint("participants", __name__)

SHOWN = {
    "all": "Everybody",
    "room": "In the room",
    "outside": "From outside",
    "waiting": "Waiting",
    "here": "Here",
}


@bp.get("/desk/<code:code>/people")
@open_to(Door.STAFF)
def people(code: str) -> ResponseReturnValue:
    """Who is coming and who is here. Answers are shown to those alone whom the registration form named; sensitive ones
    are on another page, behind another door.
    """
    session = reading()
    event = event_by_code(session, code)
    registrations = registrations_of(session, event)
    wanted, find = request.args.get("show", "all"), request.args.get("find", "").strip()
    roles = roles_of(session, event, signed_in_staff() or 0)
    mine = [question for question in questions_of(session, event) if question.is_seen_by(roles)]
    open_questions = [question for question in mine if not question.sensitive]
    return render_template(
        "participants/people.html",
        event=event,
        desk_nav=desk_nav(event, "people"),
        registrations=[r for r in registrations if _is_shown(r, wanted) and _is_found(r, find)],
        tabs=[
            (f"{words} ({sum(_is_shown(r, name) for r in registrations)})", _people_url(code, name), name == wanted)
            for name, words in SHOWN.items()
        ],
        named={each.id: each.participant.name or "somebody without a name" for each in registrations},
        moved_to=moved_from(session, event),
        find=find,
        wanted=wanted,
        here=people_here(session, event),
        questions=open_questions,
        answers=answers_of(session, event, [question.key for question in open_questions]),
        may_check_in=may_pass(Door.SCRIBE, code),
        may_see_access=may_pass(Door.ACCESS_LEAD, code),
        purposes={question.purpose for question in mine},
        may_set_places=may_pass(Door.ORGANISER, code),
    )


@bp.route("/desk/<code:code>/places", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def places(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    form = PlacesForm.about(event, places_of(session, event))
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(**PlacesForm.answers(event, places_of(session, event)))
                changed = set_places(session, event, actor=my_name(), **form.values)
                send_places(session, changed, address=_settings().address)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"There are {form.chairs.data} chairs now.{_told(changed)}", "good")
            return redirect(url_for("desk.plan", code=code))
    kept = places_of(session, event)
    return render_template(
        "participants/places.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        form=form,
        places=kept,
        waiting=len(waiting_in_order(session, event)),
        applied=len(applied_in_order(session, event)),
        turnout=expected_turnout(kept.taken, earlier_days(session, event)) if kept and kept.taken else None,
    )


def _told(changed: Sequence[Registration]) -> str:
    """Who got a place by it and who stands in line now, each with a letter."""
    lucky = sum(registration.holds_place for registration in changed)
    got = f" {lucky} from the waiting list got one, and a letter." if lucky else ""
    in_line = len(changed) - lucky
    return got + (f" {in_line} who had applied now {'waits' if in_line == 1 else 'wait'} in line." if in_line else "")


def _is_shown(registration: Registration, wanted: str) -> bool:
    if wanted == "here":
        return registration.checked_in_at is not None
    if wanted == "waiting":
        return registration.is_in_line
    if wanted in ("room", "outside"):
        return registration.attending is Place(wanted) and registration.state is RegistrationState.CONFIRMED
    return True


def _is_found(registration: Registration, find: str) -> bool:
    participant = registration.participant
    return find.casefold() in f"{participant.name} {participant.organisation}".casefold()


def _people_url(code: str, show: str) -> str:
    return url_for(".people", code=code, show=None if show == "all" else show)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
