"""Typing in ballots that were marked on paper: a code, then a figure for each line."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hackathon.ballots.forms import POINTS, BallotForm
from hackathon.ballots.operations import CODE_LENGTH, ballot_to_type, type_ballot
from hackathon.ballots.queries import batches_of, lines_of
from hackathon.core.db import reading
from hackathon.core.errors import Refusal
from hackathon.core.group import together
from hackathon.events.queries import event_by_code
from hackathon.votes.models import VoteMethod
from hackathon.votes.queries import round_of, way_of
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.pages import desk_nav

bp = Blueprint("ballots", __name__)


@bp.get("/desk/<code:code>/ballots")
@open_to(Door.SCRIBE)
def ballots(code: str) -> ResponseReturnValue:
    """Which ballot is next? Its code leads to its lines, or to the reason why it cannot be counted."""
    session = reading()
    event = event_by_code(session, code)
    typed = "".join(c for c in request.args.get("ballot", "") if c.isascii() and c.isalnum()).upper()
    problem = ""
    if typed:
        try:
            ballot_to_type(session, event, typed)
        except Refusal as refusal:
            problem = refusal.message
        else:
            return redirect(url_for(".ballot", code=code, ballot=typed))
    return render_template(
        "ballots/ballots.html",
        event=event,
        desk_nav=desk_nav(event, "typing"),
        typed=typed,
        problem=problem,
        longest=CODE_LENGTH,
        batches=batches_of(session, event),
        voting=round_of(session, event),
    )


@bp.route("/desk/<code:code>/ballots/<code:ballot>", methods=["GET", "POST"])
@open_to(Door.SCRIBE)
def ballot(code: str, ballot: str) -> ResponseReturnValue:
    """The lines of one ballot, in the order in which they stand on its paper."""
    session = reading()
    event = event_by_code(session, code)
    way = way_of(session, event)
    form = BallotForm.asking(way.method)
    try:
        ballot_to_type(session, event, ballot)
        if form.submitted():
            marks, actor = form.marks.data, my_name()
            together(
                lambda session: type_ballot(
                    session, event_by_code(session, code), code=ballot, marks=marks, actor=actor
                )
            )
            flash(f"{ballot} is in.", "good")
            return redirect(url_for(".ballots", code=code))
    except Refusal as refusal:
        if refusal.field == "code":
            return redirect(url_for(".ballots", code=code, ballot=ballot))
        form.refuse(refusal)
    words = render_template(
        "ballots/ballot.html",
        event=event,
        desk_nav=desk_nav(event, "typing"),
        form=form,
        ballot=ballot,
        lines=lines_of(session, event, ballot),
        way=way,
        points={key: mark.words for key, mark in POINTS.items()} if way.method is VoteMethod.RATE else {},
    )
    return words, 422 if form.errors else 200
