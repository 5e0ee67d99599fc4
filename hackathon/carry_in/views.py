"""Carrying words from outside to the tables: the desk's list, its paper, and the answer on a table's phones."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.adapters.live import last_activity_id
from hackathon.carry_in.forms import AnswerForm
from hackathon.carry_in.operations import answer_carried, carry_in, swap
from hackathon.carry_in.queries import (
    answered_by,
    carried_at_table,
    carried_by_id,
    carried_to,
    is_carried_to,
    is_tables_answer,
    slips_of,
)
from hackathon.carry_in.transfer import slips_html
from hackathon.comments.messages import send_reply
from hackathon.core.codes import fingerprint, long_token
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.queries import event_by_code
from hackathon.insights.queries import card_of
from hackathon.tables.models import Table
from hackathon.tables.queries import table_by_code
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.acts import answer as answer_with
from hackathon.web.acts import refuse, slow_a_flood
from hackathon.web.limits import wrong_codes_counted
from hackathon.web.pages import desk_nav
from hackathon.web.papers import answer_with_paper
from hackathon.web.saying import trying
from hackathon.web.settings import our_address

bp = Blueprint("carry_in", __name__)

PAPER = "carried-in"
READ_FIRST = "Sent. Somebody reads it before it is shown."
ID = "<int(max=999999999):carried_id>"
NUMBER = "<int(max=999999999):number>"


@bp.app_context_processor
def carried() -> dict[str, Any]:
    """For the pages of rooms below: what lies before a table, where it answers that, and which tables have."""
    return {
        "from_outside": _from_outside,
        "answer_address": _answer_address,
        "answered_by": lambda event, number: answered_by(reading(), event, number),
    }


@bp.get("/desk/<code:code>/carried-in")
@open_to(Door.FACILITATOR)
def desk(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    return render_template(
        "carry_in/desk.html",
        event=event,
        desk_nav=desk_nav(event, "carried-in"),
        slips=slips_of(reading(), event),
    )


@bp.post("/desk/<code:code>/carried-in")
@open_to(Door.FACILITATOR)
def carry(code: str) -> ResponseReturnValue:
    with trying() as session:
        number = carry_in(session, event_by_code(session, code), actor=my_name())
        flash(f"{number} thoughts from outside lie before the tables now.", "good")
    return redirect(url_for(".desk", code=code))


@bp.post(f"/desk/<code:code>/carried-in/{ID}/swap")
@open_to(Door.FACILITATOR)
def exchange(code: str, carried_id: int) -> ResponseReturnValue:
    with trying() as session:
        other = swap(session, carried_by_id(session, event_by_code(session, code), carried_id), actor=my_name())
        table, number = other.table.number, other.insight.number
        flash(f"Table {table} has number {number} now.", "good")
    return redirect(url_for(".desk", code=code))


@bp.get("/desk/<code:code>/carried-in.pdf")
@open_to(Door.FACILITATOR)
def slips(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    key = fingerprint(current_app.config["SECRET_KEY"], slips_html(session, event))
    return answer_with_paper(PAPER, key, event.id, f"carried-in-{event.slug}.pdf")


@bp.route(f"/t/<code:table_code>/carried-in/{NUMBER}", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def answer(table_code: str, number: int) -> ResponseReturnValue:
    """One thought from outside with a box for the table's answer: where the form of the table's page leads."""
    with wrong_codes_counted():
        table = table_by_code(reading(), table_code)
    form = AnswerForm.from_request()
    if not form.client_id.raw_data:
        form.under(long_token())
    if form.submitted():
        slow_a_flood()
        words, at = form.values, form.written_at
        try:
            with transaction() as session:
                here = table_by_code(session, table_code)
                comment = answer_carried(session, here, number=number, written_at=at, **words)
                if is_tables_answer(session, comment):
                    send_reply(session, comment, address=our_address())
                said = READ_FIRST if comment.waits else f"Sent. Whoever wrote number {number} can read it."
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(said, "good")
            return answer_with({"words": said}, otherwise=url_for("insights.table", table_code=table_code))
    card = card_of(carried_at_table(reading(), table, number).insight)
    page = render_template("carry_in/answer.html", event=table.event, table=table, card=card, form=form)
    return refuse(form) or (page, 422 if form.errors or form.seen else 200)


def _from_outside(table: Table) -> dict[str, Any]:
    """What the table's page shows under its box. Its forms read nothing of what was sent to that page."""
    session = reading()
    return {
        "after": last_activity_id(session, table.event_id),
        "asked": [(each, AnswerForm(formdata=None).under(long_token())) for each in carried_to(session, table)],
    }


def _answer_address(table: Table | None, number: int) -> str | None:
    """Where this table's answer to an insight goes, if that was carried to it: there it is ticked off its list."""
    if table is None or not is_carried_to(reading(), table, number):
        return None
    return url_for("carry_in.answer", table_code=table.code, number=number)
