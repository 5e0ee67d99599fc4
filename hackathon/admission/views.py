"""Deciding who is let in, the public page of a ballot, and the two buttons behind the links of a letter."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.admission.document import published_list
from hackathon.admission.forms import CloseListForm, DrawForm, ShareForm
from hackathon.admission.operations import (
    approve,
    close_list,
    decline,
    draw_places,
    remove_share,
    reserve_share,
)
from hackathon.admission.queries import draw_again, draw_of, share_of, shares_of
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.queries import event_by_code, published_event
from hackathon.participants.messages import send_places
from hackathon.participants.models import Way
from hackathon.participants.queries import applied_in_order, places_of, registration_by_id
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying
from hackathon.web.settings import how_it_goes, our_address

bp = Blueprint("admission", __name__)


@bp.get("/desk/<code:code>/people/applied")
@open_to(Door.ORGANISER)
def applied(code: str) -> ResponseReturnValue:
    """Who waits for a yes or a no."""
    event = event_by_code(reading(), code)
    return render_template(
        "admission/applied.html",
        event=event,
        desk_nav=desk_nav(event, "people"),
        applied=applied_in_order(reading(), event),
        places=places_of(reading(), event),
    )


@bp.post("/desk/<code:code>/people/<int(max=999999999):registration_id>/<any(yes, no):answer>")
@open_to(Door.ORGANISER)
def decide(code: str, registration_id: int, answer: str) -> ResponseReturnValue:
    with trying() as session:
        registration = registration_by_id(session, event_by_code(session, code), registration_id)
        decided = (approve if answer == "yes" else decline)(session, registration, actor=my_name())
        send_places(session, decided, address=our_address())
        letter = how_it_goes("The letter is on its way.")
        flash(f"{decided[0].participant.name or 'This person'}: {answer}. {letter}", "good")
    return redirect(url_for(".applied", code=code))


@bp.route("/desk/<code:code>/places/ballot", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def ballot(code: str) -> ResponseReturnValue:
    """The rule of the ballot, and each step of it in its turn: shares, closing the list, the draw."""
    session = reading()
    event = event_by_code(session, code)
    draw = draw_of(session, event)
    form = ShareForm.from_request()
    if draw is None and form.submitted():
        try:
            with transaction() as session:
                reserve_share(session, event_by_code(session, code), actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".ballot", code=code))
    return render_template(
        "admission/ballot.html",
        event=event,
        desk_nav=desk_nav(event, "people"),
        form=form,
        shares=shares_of(session, event),
        draw=draw,
        applied=len(applied_in_order(session, event)),
        places=places_of(session, event),
    )


@bp.post("/desk/<code:code>/places/ballot/<int(max=999999999):share_id>/remove")
@open_to(Door.ORGANISER)
def drop_share(code: str, share_id: int) -> ResponseReturnValue:
    with trying() as session:
        remove_share(session, share_of(session, event_by_code(session, code), share_id), actor=my_name())
    return redirect(url_for(".ballot", code=code))


@bp.route("/desk/<code:code>/places/ballot/<any(close, draw):step>", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def hold(code: str, step: str) -> ResponseReturnValue:
    """Close the list, and later draw: one page each, because neither can be taken back."""
    event = event_by_code(reading(), code)
    form = CloseListForm.from_request() if step == "close" else DrawForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                event = event_by_code(session, code)
                if step == "close":
                    close_list(session, event, actor=my_name(), **form.values)
                else:
                    send_places(
                        session, draw_places(session, event, actor=my_name(), **form.values), address=our_address()
                    )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".draw", code=code))
    return render_template(
        "admission/close.html" if step == "close" else "admission/hold.html",
        event=event,
        desk_nav=desk_nav(event, "people"),
        form=form,
        draw=draw_of(reading(), event),
        applied=len(applied_in_order(reading(), event)),
        places=places_of(reading(), event),
    )


@bp.get("/e/<code:code>/draw")
@open_to(Door.ANYONE)
def draw(code: str) -> ResponseReturnValue:
    """The rule, the list by numbers, the seed and the outcome: all that it takes to draw the same again."""
    session = reading()
    event = published_event(session, code)
    held, places = draw_of(session, event), places_of(session, event)
    if held is None and (places is None or places.way is not Way.BALLOT):
        raise NotFound
    drawn = draw_again(held) if held and held.drawn_at else None
    return render_template(
        "admission/draw.html",
        event=event,
        shares=shares_of(session, event),
        draw=held,
        drawn=drawn,
        the_list=published_list(held.entrants, drawn) if held else None,
    )
