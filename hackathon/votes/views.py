"""Statements on the desk, and voting on them on a phone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    after_this_request,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.codes import fingerprint, long_token
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.core.group import together
from hackathon.events.models import Event, Place
from hackathon.events.queries import event_by_code, published_event
from hackathon.insights.operations import place_at_table
from hackathon.tables.models import Table
from hackathon.tables.queries import table_by_code
from hackathon.votes import operations
from hackathon.votes.forms import (
    CloseForm,
    ClosePhonesForm,
    MoveForm,
    OpenForm,
    RatingForm,
    RemoveForm,
    StatementChangeForm,
    StatementForm,
    TakeBackForm,
)
from hackathon.votes.models import Ballot, Mark, Round, Statement
from hackathon.votes.operations import RoundClosed
from hackathon.votes.queries import (
    ballot_of,
    is_exposed,
    marks_on,
    open_round_of,
    paper_of,
    round_of,
    rule_from_pack,
    shuffled,
    statement_by_number,
    statements_of,
    turnout_of,
    way_from_pack,
)
from hackathon.web.access import Door, device, my_name, open_to
from hackathon.web.acts import Receipt, answer, refuse, slow_a_flood
from hackathon.web.limits import Limit, may_spend, wrong_codes_counted
from hackathon.web.pages import desk_nav
from hackathon.web.settings import our_address

bp = Blueprint("votes", __name__)

NUMBER = "<int(max=999999999):number>"
EXPOSURES = Limit("exposures", burst=2000, every=timedelta(seconds=1))
"""Phones behind one address of which it is written down what they were shown: a whole hospital, and no flood."""


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
        "votes/statements.html",
        event=event,
        desk_nav=desk_nav(event, "statements"),
        form=form,
        statements=statements_of(session, event),
        voting=voting,
        rule=voting.rule if voting else rule_from_pack(session, event),
        turnout=turnout_of(session, event),
        places=Place,
        address=(our_address() + url_for(".rate", code=code)).partition("//")[2],
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
                operations.move_statement(session, statement, up=way == "up", actor=my_name())
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
                operations.remove_statement(session, statement, actor=my_name())
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
                operations.take_back_opening(session, event, actor=my_name())
        except Refusal as refusal:
            flash(refusal.message, "problem")
        else:
            flash("It is not open any more. You can change the statements again.", "good")
    return redirect(url_for(".statements", code=code))


@bp.post("/desk/<code:code>/statements/close-phones")
@open_to(Door.FACILITATOR)
def close_to_phones(code: str) -> ResponseReturnValue:
    """Take no more from phones; the results stay secret while paper is typed in."""
    event = event_by_code(reading(), code)
    if ClosePhonesForm.from_request().submitted():
        try:
            with transaction() as session:
                operations.close_phones(session, event, actor=my_name())
        except Refusal as refusal:
            flash(refusal.message, "problem")
        else:
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
        try:
            with transaction() as session:
                operations.close_round(session, event, actor=my_name())
        except Refusal as refusal:
            flash(refusal.message, "problem")
        else:
            flash("It is closed, and everybody can see the results.", "good")
        return redirect(url_for(".statements", code=code))
    return render_template(
        "votes/close_rating.html",
        event=event,
        desk_nav=desk_nav(event, "statements"),
        form=form,
        voting=round_of(session, event),
        turnout=turnout_of(session, event),
        paper=paper_of(session, event),
    )


@bp.route("/e/<code:code>/rate", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def rate(code: str) -> ResponseReturnValue:
    """All statements on one page, in an order of this phone's own."""
    session = reading()
    event = published_event(session, code)
    table = _table(session, event)
    ballot = ballot_of(session, event, _ballot_device(event))
    form = RatingForm.from_request(
        marks=marks_on(session, ballot) if ballot else {}, place=ballot.place if ballot else None
    )
    if table is not None:
        form.know_place(place_at_table(event))
    status = 200
    if form.submitted():
        slow_a_flood()
        try:
            receipt = _vote(event, form)
        except Refusal as refusal:
            form.refuse(refusal)
            status = 409 if isinstance(refusal, RoundClosed) else 200
        else:
            here = url_for(".rated", code=code, table=table.code if table else None)
            said = Receipt(words=receipt["words"], late=receipt["late"], href=here, link="See what you sent")
            return answer(said, otherwise=here)
    return refuse(form) or (_ballot_page(event, form, table, ballot, too_late=status != 200), status)


def _vote(event: Event, form: RatingForm) -> dict[str, Any]:
    event_id, said = event.id, {**form.values, "device": _ballot_device(event), "written_at": form.written_at}
    return together(lambda session: operations.rate_statements(session, session.get_one(Event, event_id), **said))


def _ballot_page(event: Event, form: RatingForm, table: Table | None, ballot: Ballot | None, *, too_late: bool) -> str:
    session = reading()
    device = _ballot_device(event)
    voting = round_of(session, event)
    statements = shuffled(statements_of(session, event), device)
    if voting is not None and voting.takes_phones and not is_exposed(session, event, device):
        _note_exposure_later(event, [statement.number for statement in statements])
    return render_template(
        "votes/rate.html",
        event=event,
        form=form.under(long_token()),
        ballot=ballot,
        table=table,
        marks=Mark,
        statements=statements,
        voting=voting,
        too_late=too_late,
    )


def _note_exposure_later(event: Event, order: Sequence[int]) -> None:
    """Write down what this phone was shown once it has been: the page does not wait for it."""
    if request.method != "GET" or not may_spend(EXPOSURES, request.remote_addr or ""):
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the request is over by then - Flask's own name for what is behind the proxy
    event_id, device = event.id, _ballot_device(event)

    def note() -> None:
        with app.app_context():
            together(
                lambda session: operations.note_exposure(
                    session, session.get_one(Event, event_id), device=device, order=order
                )
            )

    @after_this_request
    def when_sent(response: Response) -> Response:
        response.call_on_close(note)
        return response


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
        marks=marks_on(session, ballot),
        statements=statements_of(session, event),
        voting=round_of(session, event),
    )


@bp.app_template_global()
def open_round(event: Event) -> Round | None:
    """The vote to which a page for people leads at this moment; rooms below this one know of it by this word alone."""
    return open_round_of(reading(), event)


@bp.app_template_global()
def has_results(event: Event) -> bool:
    """Whether the vote is over, and everybody may read what it came to."""
    voting = round_of(reading(), event)
    return voting is not None and voting.is_closed


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
        with wrong_codes_counted():
            table = _table_behind(session, code)
    except NotFound:
        return None
    return table if table.event_id == event.id else None


def _table_behind(session: Session, code: str) -> Table:
    if not code.isalnum():
        raise NotFound
    return table_by_code(session, code)


def _ballot_device(event: Event) -> str:
    """What a ballot keeps of a phone: a digest for ballots alone, so that no row elsewhere carries the same."""
    return fingerprint(str(current_app.config["SECRET_KEY"]), "ballot", event.code, device())
