"""The desk's pages of needs, food and photographs. Each opens for those alone whom the registration form named."""

from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.badges.document import Photos
from hackathon.core.clock import now, today
from hackathon.core.codes import fingerprint
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code
from hackathon.needs.document import counted
from hackathon.needs.forms import LeadTimesForm, NeedForm, start_of
from hackathon.needs.models import AccessNeed
from hackathon.needs.operations import call_off, keep_need, list_needs, note_photos, set_lead_times, split_need
from hackathon.needs.queries import (
    access_questions,
    freed_booking_by_id,
    freed_bookings_of,
    history_of,
    lead_days,
    meals_of,
    need_by_id,
    photo_counts,
    photo_lines,
    questions_for,
    unlisted_needs,
    words_behind,
    work_list,
)
from hackathon.needs.transfer import MEAL_NAMES, MEALS, PHOTOS, meals_html, photos_html
from hackathon.participants.models import CATERING, PHOTO_CONSENT
from hackathon.participants.queries import registration_by_id
from hackathon.staff.models import Role
from hackathon.web.access import Door, my_name, open_to, signed_in_staff
from hackathon.web.pages import desk_nav
from hackathon.web.papers import answer_with_paper

bp = Blueprint("needs", __name__)


@bp.get("/desk/<code:code>/access")
@open_to(Door.ACCESS_LEAD)
def access(code: str) -> ResponseReturnValue:
    """What people need to take part fully, by when it must be booked: for the access lead, and for nobody else."""
    event = event_by_code(reading(), code)
    if unlisted_needs(reading(), event):
        with transaction() as session:
            list_needs(session, hold_event(session, code), actor=my_name())
    lines = work_list(reading(), event, today=today(event.timezone))
    return render_template(
        "needs/access.html",
        event=event,
        desk_nav=desk_nav(event, "people"),
        questions=access_questions(reading(), event),
        lines=lines,
        counts=counted([line for line in lines if not line.is_to_be_called_off]),
        freed=freed_bookings_of(reading(), event),
    )


@bp.route("/desk/<code:code>/access/<int(max=999999999):need>", methods=["GET", "POST"])
@open_to(Door.ACCESS_LEAD)
def need(code: str, need: int) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    line = need_by_id(session, event, need)
    form = NeedForm.from_request(**_said_by(line))
    if form.submitted():
        try:
            with transaction() as session:
                line = need_by_id(session, hold_event(session, code), need)
                form.stay_on(**_said_by(line))
                keep_need(session, line, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Kept: {line.state.words.lower()}.", "good")
            return redirect(url_for(".access", code=code, _anchor=f"need-{need}"))
    return render_template(
        "needs/need.html",
        event=event,
        desk_nav=desk_nav(event, "people"),
        form=form,
        need=line,
        words=words_behind(reading(), line),
        history=history_of(reading(), event, line),
    )


@bp.post("/desk/<code:code>/access/<int(max=999999999):need>/called-off")
@bp.post("/desk/<code:code>/access/freed/<int(max=999999999):booking>/called-off", endpoint="freed_called_off")
@open_to(Door.ACCESS_LEAD)
def called_off(code: str, need: int | None = None, booking: int | None = None) -> ResponseReturnValue:
    """What was booked for somebody who does not need it any more is called off."""
    with transaction() as session:
        event = hold_event(session, code)
        found = (
            need_by_id(session, event, need) if need is not None else freed_booking_by_id(session, event, booking or 0)
        )
        call_off(session, event, found, actor=my_name())
    flash("It is off the list.", "good")
    return redirect(url_for(".access", code=code))


@bp.post("/desk/<code:code>/access/<int(max=999999999):need>/add")
@open_to(Door.ACCESS_LEAD)
def add_need(code: str, need: int) -> ResponseReturnValue:
    """The same person needs one thing more."""
    with transaction() as session:
        further = split_need(session, need_by_id(session, hold_event(session, code), need), actor=my_name())
    return redirect(url_for(".need", code=code, need=further.id))


@bp.route("/desk/<code:code>/access/lead-times", methods=["GET", "POST"])
@open_to(Door.ACCESS_LEAD)
def lead_times(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    form = LeadTimesForm.about(lead_days(reading(), event))
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(**start_of(lead_days(session, event)))
                set_lead_times(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("The list counts with these days now.", "good")
            return redirect(url_for(".access", code=code))
    return render_template("needs/lead_times.html", event=event, desk_nav=desk_nav(event, "people"), form=form)


@bp.get("/desk/<code:code>/food")
@open_to(Door.STAFF)
def food(code: str) -> ResponseReturnValue:
    """What to tell the caterer: for the roles that the question names."""
    session = reading()
    event = event_by_code(session, code)
    questions = questions_for(session, event, signed_in_staff(), CATERING)
    return render_template(
        "needs/food.html",
        event=event,
        desk_nav=desk_nav(event, "people"),
        questions=questions,
        meals=meals_of(session, event, questions, as_of=now()),
        may_print_names=any(question.is_seen_by({Role.ACCESS_LEAD}) for question in questions),
    )


@bp.get("/desk/<code:code>/food.pdf")
@open_to(Door.STAFF)
def food_sheet(code: str) -> ResponseReturnValue:
    """Counts alone: nothing on it says who eats what."""
    return _meal_paper(code, MEALS, names=False)


@bp.get("/desk/<code:code>/food-by-name.pdf")
@open_to(Door.ACCESS_LEAD)
def food_names(code: str) -> ResponseReturnValue:
    """Who eats what, where the question names the access lead."""
    return _meal_paper(code, MEAL_NAMES, names=True)


@bp.get("/desk/<code:code>/photos")
@open_to(Door.STAFF)
def photos(code: str) -> ResponseReturnValue:
    """Who may be photographed: for the roles that the question names."""
    session = reading()
    event = event_by_code(session, code)
    questions = questions_for(session, event, signed_in_staff(), PHOTO_CONSENT)
    lines = photo_lines(session, event)
    return render_template(
        "needs/photos.html",
        event=event,
        desk_nav=desk_nav(event, "people"),
        questions=questions,
        lines=lines,
        counts=photo_counts(lines),
        choices=Photos,
    )


@bp.post("/desk/<code:code>/photos/<int(max=999999999):registration_id>/<any(yes, no, ask):choice>")
@open_to(Door.STAFF)
def change_photos(code: str, registration_id: int, choice: str) -> ResponseReturnValue:
    """Somebody says at the desk what they want of photographs."""
    with transaction() as session:
        event = event_by_code(session, code)
        question = questions_for(session, event, signed_in_staff(), PHOTO_CONSENT)[0]
        registration = registration_by_id(session, event, registration_id)
        note_photos(session, registration, question, choice=Photos(choice), actor=my_name())
    flash("Kept. A badge that is printed already says what it said: print it again.", "good")
    return redirect(url_for(".photos", code=code, _anchor=f"person-{registration_id}"))


@bp.get("/desk/<code:code>/photos.pdf")
@open_to(Door.STAFF)
def photo_sheet(code: str) -> ResponseReturnValue:
    """For the photographer to carry."""
    session = reading()
    event = event_by_code(session, code)
    questions_for(session, event, signed_in_staff(), PHOTO_CONSENT)
    key = _key(photos_html(event, photo_lines(session, event), as_of=_this_hour()))
    return answer_with_paper(PHOTOS, key, event.id, f"photographs-{event.slug}.pdf")


def _meal_paper(code: str, kind: str, *, names: bool) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    questions = list(questions_for(session, event, signed_in_staff(), CATERING))
    if names and not (questions := [each for each in questions if each.is_seen_by({Role.ACCESS_LEAD})]):
        raise NotFound
    key = _key(meals_html(session, event, questions, names=names, as_of=_this_hour()))
    part = ",".join(question.key for question in questions)
    return answer_with_paper(kind, key, event.id, f"{kind}-{event.slug}.pdf", part=part)


def _said_by(line: AccessNeed) -> dict[str, object]:
    return {"kind": line.kind, "state": line.state, "booked_with": line.booked_with, "note": line.note}


def _this_hour() -> datetime:
    """A sheet says as of when it is; one that would say the same is made anew once an hour, and not at every look."""
    return now().replace(minute=0, second=0, microsecond=0)


def _key(said: str) -> str:
    return fingerprint(current_app.config["SECRET_KEY"], said)
