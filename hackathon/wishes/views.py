"""The desk's pages of wishes and needs."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.queries import event_by_code
from hackathon.tables.queries import people_to_seat, person_to_seat, person_words, tables_of
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.addresses import number_of_ours
from hackathon.web.pages import desk_nav
from hackathon.wishes.forms import NeedsForm, WishForm
from hackathon.wishes.operations import drop_wish, note_needs, wish_for_seats
from hackathon.wishes.queries import needs_of, wish_by_id, wishes_of

bp = Blueprint("wishes", __name__)


@bp.route("/desk/<code:code>/seats/wishes", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def wishes(code: str) -> ResponseReturnValue:
    """Who sits together, and who does not."""
    session = reading()
    event = event_by_code(session, code)
    form = _wish_form(session, event)
    if form.submitted():
        try:
            with transaction() as session:
                event = event_by_code(session, code)
                wish_for_seats(session, event, actor=_staff(), **_wish_form(session, event).values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("The next plan keeps to it.", "good")
            return redirect(url_for(".wishes", code=code))
    return _page("wishes/wishes.html", event, form=form, wishes=wishes_of(reading(), event))


@bp.post("/desk/<code:code>/seats/wishes/<int(max=999999999):wish>/drop")
@open_to(Door.FACILITATOR)
def forget_wish(code: str, wish: int) -> ResponseReturnValue:
    with transaction() as session:
        drop_wish(session, wish_by_id(session, event_by_code(session, code), wish), actor=_staff())
    return redirect(url_for(".wishes", code=code))


@bp.get("/desk/<code:code>/seats/needs")
@open_to(Door.ACCESS_LEAD)
def needs(code: str) -> ResponseReturnValue:
    """What people's tables must be: for the access lead, and for nobody else."""
    session = reading()
    event = event_by_code(session, code)
    noted = needs_of(session, event)
    people = sorted(
        people_to_seat(session, event), key=lambda each: (each.participant_id not in noted, person_words(each))
    )
    return _page("wishes/needs.html", event, people=people, needs=noted, tables=tables_of(session, event))


@bp.route("/desk/<code:code>/seats/needs/<int(max=999999999):person>", methods=["GET", "POST"])
@open_to(Door.ACCESS_LEAD)
def need(code: str, person: int) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    registration = person_to_seat(session, event, person)
    form = NeedsForm.from_request(marks=list(needs_of(session, event).get(person, ())))
    if form.submitted():
        with transaction() as session:
            registration = person_to_seat(session, event_by_code(session, code), person)
            note_needs(session, registration, actor=_staff(), **form.values)
        flash("The next plan seats them there first.", "good")
        return redirect(url_for(".needs", code=code))
    return _page("wishes/need.html", event, form=form, registration=registration)


def _page(template: str, event: Event, **values: object) -> str:
    return render_template(template, event=event, desk_nav=desk_nav(event, "seats"), **values)


def _wish_form(session: Session, event: Event) -> WishForm:
    people = sorted(people_to_seat(session, event), key=lambda each: person_words(each).casefold())
    return WishForm.among(people, one=request.args.get("one", type=number_of_ours))


def _staff() -> str:
    return my_name()
