"""Statements on the desk, and opening and closing the vote on them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place
from hackathon.events.queries import event_by_code
from hackathon.participants.queries import people_here
from hackathon.statements import operations
from hackathon.statements.forms import (
    CloseForm,
    ClosePhonesForm,
    MoveForm,
    OpenForm,
    RemoveForm,
    StatementChangeForm,
    StatementForm,
    TakeBackForm,
)
from hackathon.votes.models import Statement
from hackathon.votes.queries import (
    paper_of,
    round_of,
    rule_from_pack,
    statement_by_number,
    statements_of,
    turnout_of,
    way_from_pack,
)
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying
from hackathon.web.settings import our_address

bp = Blueprint("statements", __name__)

NUMBER = "<int(max=999999999):number>"


@bp.route("/desk/<code:code>/statements", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def statements(code: str) -> ResponseReturnValue:
    """The list, a box for one more, and the way to open and close the rating."""
    session = reading()
    event = event_by_code(session, code)
    form = StatementForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                operations.add_statement(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".statements", code=code, _anchor="text"))
    voting = round_of(session, event)
    return render_template(
        "statements/statements.html",
        event=event,
        desk_nav=desk_nav(event, "statements"),
        form=form,
        statements=statements_of(session, event),
        voting=voting,
        rule=voting.rule if voting else rule_from_pack(session, event),
        turnout=turnout_of(session, event),
        places=Place,
        address=(our_address() + url_for("votes.rate", code=code)).partition("//")[2],
    )


@bp.route(f"/desk/<code:code>/statements/{NUMBER}", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def statement(code: str, number: int) -> ResponseReturnValue:
    """Put a statement into other words, while nobody rates it."""
    event, statement = _statement(code, number)
    form = StatementChangeForm.from_request(text=statement.text, seen=statement.text)
    if form.submitted():
        try:
            with transaction() as session:
                operations.change_statement(session, statement, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Statement {number} is changed.", "good")
            return redirect(url_for(".statements", code=code))
    return render_template(
        "statements/statement.html",
        event=event,
        desk_nav=desk_nav(event, "statements"),
        form=form,
        statement=statement,
        voting=round_of(reading(), event),
    )


@bp.post(f"/desk/<code:code>/statements/{NUMBER}/<any(up, down):way>")
@open_to(Door.FACILITATOR)
def move(code: str, number: int, way: str) -> ResponseReturnValue:
    event, statement = _statement(code, number)
    if MoveForm.from_request().submitted():
        with trying() as session:
            operations.move_statement(session, statement, up=way == "up", actor=my_name())
    return redirect(url_for(".statements", code=event.code))


@bp.post(f"/desk/<code:code>/statements/{NUMBER}/remove")
@open_to(Door.FACILITATOR)
def remove(code: str, number: int) -> ResponseReturnValue:
    event, statement = _statement(code, number)
    if RemoveForm.from_request().submitted():
        with trying() as session:
            operations.remove_statement(session, statement, actor=my_name())
            flash("The statement is off the list.", "good")
    return redirect(url_for(".statements", code=event.code))


@bp.route("/desk/<code:code>/statements/open", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def open_rating(code: str) -> ResponseReturnValue:
    """Say how many may rate, look at the rule once more, and open."""
    session = reading()
    event = event_by_code(session, code)
    way = way_from_pack(session, event)
    form = OpenForm.from_request(method=way.method, dots=way.dots, dots_on_one=way.dots_on_one)
    if form.submitted():
        try:
            with transaction() as session:
                operations.open_round(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("It is open. Ask people to open the address below on their phones.", "good")
            return redirect(url_for(".statements", code=code))
    return render_template(
        "statements/open_rating.html",
        event=event,
        desk_nav=desk_nav(event, "statements"),
        form=form,
        statements=statements_of(session, event),
        rule=rule_from_pack(session, event),
        here=people_here(session, event),
    )


@bp.post("/desk/<code:code>/statements/take-back")
@open_to(Door.FACILITATOR)
def take_back(code: str) -> ResponseReturnValue:
    """Undo an opening that nobody has answered."""
    event = event_by_code(reading(), code)
    if TakeBackForm.from_request().submitted():
        with trying() as session:
            operations.take_back_opening(session, event, actor=my_name())
            flash("It is not open any more. You can change the statements again.", "good")
    return redirect(url_for(".statements", code=code))


@bp.post("/desk/<code:code>/statements/close-phones")
@open_to(Door.FACILITATOR)
def close_to_phones(code: str) -> ResponseReturnValue:
    """Take no more from phones; the results stay secret while paper is typed in."""
    event = event_by_code(reading(), code)
    if ClosePhonesForm.from_request().submitted():
        with trying() as session:
            operations.close_phones(session, event, actor=my_name())
            flash("Phones are closed. Type in what is on paper, then close and show the results.", "good")
    return redirect(url_for(".statements", code=code))


@bp.route("/desk/<code:code>/statements/close", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def close_rating(code: str) -> ResponseReturnValue:
    """Closing cannot be undone, because everybody sees the results at once: so it is asked on a page of its own."""
    session = reading()
    event = event_by_code(session, code)
    form = CloseForm.from_request()
    if form.submitted():
        with trying() as session:
            operations.close_round(session, event, actor=my_name())
            flash("It is closed, and everybody can see the results.", "good")
        return redirect(url_for(".statements", code=code))
    return render_template(
        "statements/close_rating.html",
        event=event,
        desk_nav=desk_nav(event, "statements"),
        form=form,
        voting=round_of(session, event),
        turnout=turnout_of(session, event),
        paper=paper_of(session, event),
    )


def _statement(code: str, number: int) -> tuple[Event, Statement]:
    session = reading()
    event = event_by_code(session, code)
    return event, statement_by_number(session, event, number)
