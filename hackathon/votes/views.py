"""Voting on the statements, on a phone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    after_this_request,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.codes import fingerprint, long_token
from hackathon.core.db import reading
from hackathon.core.errors import NotFound, Refusal
from hackathon.core.group import together
from hackathon.events.models import Event
from hackathon.events.queries import published_event, stage_at
from hackathon.insights.operations import place_at_table
from hackathon.insights.queries import last_place_of
from hackathon.tables.models import Table
from hackathon.tables.queries import table_by_code
from hackathon.votes import operations
from hackathon.votes.forms import RatingForm
from hackathon.votes.models import Ballot, Mark, Round
from hackathon.votes.operations import RoundClosed
from hackathon.votes.queries import ballot_of, is_exposed, marks_on, open_round_of, round_of, shuffled, statements_of
from hackathon.web.access import Door, device, open_to
from hackathon.web.acts import Receipt, answer, numbers_on_phone, refuse, slow_a_flood
from hackathon.web.limits import Limit, may_spend, wrong_codes_counted

bp = Blueprint("votes", __name__)

EXPOSURES = Limit("exposures", burst=2000, every=timedelta(seconds=1))
"""Phones behind one address of which it is written down what they were shown: a whole hospital, and no flood."""


@bp.route("/e/<code:code>/rate", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def rate(code: str) -> ResponseReturnValue:
    """All statements on one page, in an order of this phone's own."""
    session = reading()
    event = published_event(session, code)
    table = _table(session, event)
    ballot = ballot_of(session, event, _ballot_device(event))
    form = RatingForm.from_request(
        marks=marks_on(session, ballot) if ballot else {},
        place=ballot.place if ballot else last_place_of(session, event, numbers_on_phone(event.code)),
    )
    if table is not None:
        # Where they sat when they pressed the button: what is sent again is the same, wherever the event is by now.
        form.know_place(place_at_table(event, stage_at(session, event, form.written_at)))
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
