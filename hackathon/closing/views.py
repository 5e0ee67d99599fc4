"""The day on which an event is closed, closing it, and what is read afterwards."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.closing.document import Reckoning, lines_of
from hackathon.closing.forms import CloseForm, ClosingDayForm
from hackathon.closing.operations import close_by_hand, set_closing_day
from hackathon.closing.queries import (
    closing_certificate,
    count_what_goes,
    count_what_stays,
    prove,
    why_not_to_be_closed,
)
from hackathon.closing.transfer import PAPER
from hackathon.core.clock import now
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code, published_event
from hackathon.mailings.queries import letters_planned
from hackathon.web import acts
from hackathon.web.access import Door, my_name, open_to, participant_tokens
from hackathon.web.pages import desk_nav
from hackathon.web.papers import answer_with_paper

bp = Blueprint("closing", __name__)

ROOMS_ABOUT_PEOPLE = frozenset(
    {
        *("participants", "bookings", "invitations", "admission", "moves", "mailings"),
        *("badges", "arrivals", "needs", "wishes", "seating"),
    }
)
VIEWS_ABOUT_PEOPLE = frozenset(
    {
        *("tables.me", "tables.seat", "tables.sit", "tables.stand_up", "themes.choose", "equality.form"),
        *("privacy.copy", "privacy.copy_file", "privacy.erase", "comments.tell_me", "commitments.commit"),
        *("print_kit.seats", "print_kit.seats_by_name", "insights.outside"),
    }
)
"""Once people are forgotten there is nothing behind these, nor behind any view of those rooms."""
STILL_OPEN = frozenset({"bookings.forget", "admission.draw"})
"""What a phone forgets, and the published ballot, which holds numbers and no names."""


@bp.before_app_request
def say_that_it_is_closed() -> ResponseReturnValue | None:
    """Tell whoever opens an address about people of a closed event that they are forgotten, and where it is proved."""
    if not is_about_people(request.endpoint or "") or (code := _code_asked_for()) is None:
        return None
    try:
        event = event_by_code(reading(), code)
    except NotFound:
        return None
    if not event.is_closed:
        return None
    return acts.refuse_in_words(410) if acts.comes_from_outbox() else _gone(event)


def _code_asked_for() -> str | None:
    """The event that an address names; a personal link names none, and only a browser that opened it knows better."""
    asked = request.view_args or {}
    opened = (code for code, token in participant_tokens().items() if token == asked.get("token"))
    code: str | None = asked.get("code", next(opened, None))
    return code


def is_about_people(view: str) -> bool:
    room, _, _ = view.partition(".")
    return view not in STILL_OPEN and (room in ROOMS_ABOUT_PEOPLE or view in VIEWS_ABOUT_PEOPLE)


def _gone(event: Event) -> ResponseReturnValue:
    return render_template("closing/gone.html", event=event), 410


@bp.get("/e/<code:code>/closed")
@open_to(Door.ANYONE)
def certificate(code: str) -> ResponseReturnValue:
    """The deletion certificate, for everybody: what went, what stays and why. It names nobody but who closed it."""
    session = reading()
    event = published_event(session, code)
    found = closing_certificate(session, event)
    return render_template(
        "closing/certificate.html",
        event=event,
        certificate=found,
        reckoning=lines_of(found.erased, found.stays),
        proof=prove(session, event, at=now()) if "check" in request.args else None,
    )


@bp.get("/e/<code:code>/closed.pdf")
@open_to(Door.ANYONE)
def certificate_sheet(code: str) -> ResponseReturnValue:
    event = published_event(reading(), code)
    found = closing_certificate(reading(), event)
    return answer_with_paper(PAPER, found.reference, event.id, f"deletion-certificate-{event.slug}.pdf")


@bp.get("/desk/<code:code>/plan/closing")
@open_to(Door.ORGANISER)
def plan(code: str) -> ResponseReturnValue:
    """What goes, what stays, and when."""
    session = reading()
    event = event_by_code(session, code)
    if event.is_closed:
        return redirect(url_for(".certificate", code=code))
    return render_template(
        "closing/plan.html", event=event, desk_nav=desk_nav(event, "plan"), reckoning=_reckoning(session, event)
    )


@bp.route("/desk/<code:code>/plan/closing/day", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def day(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    form = ClosingDayForm.from_request(on=event.closes_on)
    if form.submitted():
        try:
            with transaction() as session:
                set_closing_day(session, hold_event(session, code), at=now(), actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Kept. People read this day where they read what is kept about them.", "good")
            return redirect(url_for(".plan", code=code))
    return render_template("closing/day.html", event=event, desk_nav=desk_nav(event, "plan"), form=form)


@bp.route("/desk/<code:code>/plan/closing/now", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def close(code: str) -> ResponseReturnValue:
    """Close the event at once, with the numbers of what goes before one's eyes."""
    event = event_by_code(reading(), code)
    form = CloseForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                close_by_hand(
                    session,
                    hold_event(session, code),
                    at=now(),
                    papers=current_app.extensions["settings"].papers,
                    actor=my_name(),
                    **form.values,
                )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".certificate", code=code))
    return render_template(
        "closing/close.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        form=form,
        why_not=why_not_to_be_closed(reading(), event, at=now()),
        planned=letters_planned(reading(), event, at=now()),
        reckoning=_reckoning(reading(), event),
    )


def _reckoning(session: Session, event: Event) -> Reckoning:
    at = now()
    return lines_of(count_what_goes(session, event, at=at), count_what_stays(session, event, at=at))
