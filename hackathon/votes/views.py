"""Statements on the desk, rating them on a phone, and the results once the rating has closed."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.codes import fingerprint
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event, Place
from hackathon.events.queries import event_by_code, published_event
from hackathon.insights.operations import place_at_table
from hackathon.maths.standing import Standing
from hackathon.staff.queries import account_by_id
from hackathon.tables.models import Table
from hackathon.tables.queries import table_by_code
from hackathon.votes.forms import (
    CloseForm,
    MoveForm,
    OpenForm,
    RatingForm,
    RemoveForm,
    StatementChangeForm,
    StatementForm,
    TakeBackForm,
)
from hackathon.votes.models import Mark, Statement
from hackathon.votes.operations import (
    RoundClosed,
    add_statement,
    change_statement,
    close_round,
    move_statement,
    open_round,
    rate_statements,
    remove_statement,
    take_back_opening,
)
from hackathon.votes.queries import (
    FEWEST_BALLOTS,
    Tally,
    ballot_of,
    marks_on,
    round_of,
    rule_from_pack,
    shuffled,
    statement_by_number,
    statements_of,
    tallies_of,
    turnout_of,
)
from hackathon.web.access import Door, device, open_to, signed_in_staff
from hackathon.web.charts import Chart, RatingRow, ratings
from hackathon.web.charts import Table as Numbers
from hackathon.web.limits import WRONG_CODES, spend
from hackathon.web.pages import desk_nav

bp = Blueprint("votes", __name__)

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
                add_statement(session, event, actor=_actor(session), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".statements", code=code, _anchor="text"))
    voting, tallies = round_of(session, event), tallies_of(session, event)
    return render_template(
        "votes/statements.html",
        event=event,
        desk_nav=desk_nav(event, "statements"),
        form=form,
        statements=statements_of(session, event),
        voting=voting,
        rule=voting.rule if voting else rule_from_pack(session, event),
        turnout=turnout_of(session, event),
        chart=chart_of(tallies) if tallies else None,
        fewest=FEWEST_BALLOTS,
        places=Place,
        address=(current_app.extensions["settings"].address + url_for(".rate", code=code)).partition("//")[2],
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
                change_statement(session, statement, actor=_actor(session), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Statement {number} is changed.", "good")
            return redirect(url_for(".statements", code=code))
    return render_template(
        "votes/statement.html",
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
        try:
            with transaction() as session:
                move_statement(session, statement, up=way == "up", actor=_actor(session))
        except Refusal as refusal:
            flash(refusal.message, "problem")
    return redirect(url_for(".statements", code=event.code))


@bp.post(f"/desk/<code:code>/statements/{NUMBER}/remove")
@open_to(Door.FACILITATOR)
def remove(code: str, number: int) -> ResponseReturnValue:
    event, statement = _statement(code, number)
    if RemoveForm.from_request().submitted():
        try:
            with transaction() as session:
                remove_statement(session, statement, actor=_actor(session))
        except Refusal as refusal:
            flash(refusal.message, "problem")
        else:
            flash("The statement is off the list.", "good")
    return redirect(url_for(".statements", code=event.code))


@bp.route("/desk/<code:code>/statements/open", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def open_rating(code: str) -> ResponseReturnValue:
    """Say how many may rate, look at the rule once more, and open."""
    session = reading()
    event = event_by_code(session, code)
    form = OpenForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                open_round(session, event, actor=_actor(session), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("The rating is open. Ask people to open the address below on their phones.", "good")
            return redirect(url_for(".statements", code=code))
    return render_template(
        "votes/open_rating.html",
        event=event,
        desk_nav=desk_nav(event, "statements"),
        form=form,
        statements=statements_of(session, event),
        rule=rule_from_pack(session, event),
    )


@bp.post("/desk/<code:code>/statements/take-back")
@open_to(Door.FACILITATOR)
def take_back(code: str) -> ResponseReturnValue:
    """Undo an opening that nobody has answered."""
    event = event_by_code(reading(), code)
    if TakeBackForm.from_request().submitted():
        try:
            with transaction() as session:
                take_back_opening(session, event, actor=_actor(session))
        except Refusal as refusal:
            flash(refusal.message, "problem")
        else:
            flash("The rating is not open any more. You can change the statements again.", "good")
    return redirect(url_for(".statements", code=code))


@bp.route("/desk/<code:code>/statements/close", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def close_rating(code: str) -> ResponseReturnValue:
    """Closing cannot be undone, because everybody sees the results at once: so it is asked on a page of its own."""
    session = reading()
    event = event_by_code(session, code)
    form = CloseForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                close_round(session, event, actor=_actor(session))
        except Refusal as refusal:
            flash(refusal.message, "problem")
        else:
            flash("The rating is closed. Here is how the statements stand.", "good")
        return redirect(url_for(".statements", code=code))
    return render_template(
        "votes/close_rating.html",
        event=event,
        desk_nav=desk_nav(event, "statements"),
        form=form,
        voting=round_of(session, event),
        turnout=turnout_of(session, event),
    )


@bp.route("/e/<code:code>/rate", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def rate(code: str) -> ResponseReturnValue:
    """All statements on one page, in an order of this phone's own."""
    session = reading()
    event = published_event(session, code)
    table = _table(session, event)
    ballot = ballot_of(session, event, _ballot_device(event))
    marks = marks_on(session, ballot) if ballot else {}
    form = RatingForm.from_request(marks=marks, place=ballot.place if ballot else None)
    if table is not None:
        form.know_place(place_at_table(event))
    status = 200
    if form.submitted():
        try:
            with transaction() as session:
                rate_statements(session, event, device=_ballot_device(event), **form.values)
        except RoundClosed:
            status = 409
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".rated", code=code, table=table.code if table else None))
    page = render_template(
        "votes/rate.html",
        event=event,
        form=form,
        ballot=ballot,
        table=table,
        marks=Mark,
        statements=shuffled(statements_of(session, event), _ballot_device(event)),
        voting=round_of(session, event),
        too_late=status != 200,
    )
    return page, status


@bp.get("/e/<code:code>/rate/receipt")
@open_to(Door.ANYONE)
def rated(code: str) -> ResponseReturnValue:
    """What came in from this phone, and what happens next."""
    session = reading()
    event = published_event(session, code)
    table = _table(session, event)
    ballot = ballot_of(session, event, _ballot_device(event))
    if ballot is None:
        return redirect(url_for(".rate", code=code, table=table.code if table else None))
    return render_template(
        "votes/rated.html",
        event=event,
        ballot=ballot,
        table=table,
        marked=len(marks_on(session, ballot)),
        statements=statements_of(session, event),
        voting=round_of(session, event),
    )


@bp.get("/e/<code:code>/results")
@open_to(Door.ANYONE)
def results(code: str) -> ResponseReturnValue:
    """How the statements stand, for everybody, once the rating has closed; before that, that it has not."""
    session = reading()
    event = published_event(session, code)
    voting, tallies, turnout = round_of(session, event), tallies_of(session, event), turnout_of(session, event)
    return render_template(
        "votes/results.html",
        event=event,
        voting=voting,
        turnout=turnout,
        places=Place,
        fewest=FEWEST_BALLOTS,
        chart=chart_of(tallies) if tallies else None,
        by_place=_by_place(session, event),
    )


def chart_of(tallies: list[Tally]) -> Chart:
    """The ratings as diverging bars, with how many statements are agreed as the message."""
    agreed = sum(tally.standing is Standing.AGREED for tally in tallies)
    title = f"{agreed} of {len(tallies)} statements {'is' if agreed == 1 else 'are'} agreed"
    rows = [
        RatingRow(
            number=tally.statement.number,
            text=tally.statement.text,
            support=tally.support.text,
            standing=tally.standing.words,
            **{mark.value: number for mark, number in tally.counts.items()},
        )
        for tally in tallies
    ]
    return ratings(title, rows)


def _by_place(session: Session, event: Event) -> Numbers | None:
    """Support in the room and from outside, never added up without being shown apart where both can be shown."""
    room, outside = (tallies_of(session, event, place=place) for place in (Place.ROOM, Place.OUTSIDE))
    if not (room and outside):
        return None
    return Numbers(
        "Support in the room and from outside",
        ("Statement", "In the room", "From outside"),
        tuple(
            (f"{here.statement.number}. {here.statement.text}", here.support.text, there.support.text)
            for here, there in zip(room, outside, strict=True)
        ),
    )


def _statement(code: str, number: int) -> tuple[Event, Statement]:
    session = reading()
    event = event_by_code(session, code)
    return event, statement_by_number(session, event, number)


def _table(session: Session, event: Event) -> Table | None:
    """The table from whose page somebody came. One that is not of this event says nothing; wrong codes are counted."""
    code = request.args.get("table", "")
    if not code:
        return None
    try:
        table = _table_behind(session, code)
    except NotFound:
        spend(WRONG_CODES, request.remote_addr or "")
        return None
    return table if table.event_id == event.id else None


def _table_behind(session: Session, code: str) -> Table:
    if not code.isalnum():
        raise NotFound
    return table_by_code(session, code)


def _ballot_device(event: Event) -> str:
    """What a ballot keeps of a phone: a digest for ballots alone, so that no row elsewhere carries the same."""
    return fingerprint(str(current_app.config["SECRET_KEY"]), "ballot", event.code, device())


def _actor(session: Session) -> str:
    return account_by_id(session, signed_in_staff()).name
