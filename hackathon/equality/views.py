"""The form that belongs to nobody, and its counts for the organisers."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.equality.forms import EqualityForm
from hackathon.equality.operations import count_answers
from hackathon.equality.queries import asks_about_equality, counted_answers, equality_rule, shows_counts
from hackathon.events.queries import event_by_code, published_event
from hackathon.web.access import Door, open_to
from hackathon.web.acts import slow_a_flood
from hackathon.web.pages import desk_nav

bp = Blueprint("equality", __name__)

COUNTED = "counted"
"""In the cookie: the events for which this browser has answered. It says nothing about what."""


@bp.route("/e/<code:code>/equality", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def form(code: str) -> ResponseReturnValue:
    """Answers without a name. The same page for everybody, whoever they are to this browser."""
    event = published_event(reading(), code)
    if not asks_about_equality(reading(), event):
        raise NotFound
    answered = event.code in cookie.get(COUNTED, [])
    asked = EqualityForm.from_request()
    if not answered and asked.submitted():
        slow_a_flood()
        try:
            with transaction() as session:
                count_answers(session, published_event(session, code), **asked.values)
        except Refusal as refusal:
            flash(refusal.message, "problem")
        else:
            cookie[COUNTED] = [*cookie.get(COUNTED, []), event.code]
            flash("Counted. Nobody can tell that it was you.", "good")
        return redirect(url_for(".form", code=code))
    return render_template("equality/form.html", event=event, form=asked, answered=answered)


@bp.get("/desk/<code:code>/people/equality")
@open_to(Door.ORGANISER)
def counts(code: str) -> ResponseReturnValue:
    """The counts, from the day of the event on."""
    event = event_by_code(reading(), code)
    if (rule := equality_rule(reading(), event)) is None:
        raise NotFound
    return render_template(
        "equality/counts.html",
        event=event,
        desk_nav=desk_nav(event, "people"),
        smallest=rule.suppress_below,
        tables=counted_answers(reading(), event) if shows_counts(event) else [],
    )
