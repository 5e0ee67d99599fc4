"""Commitments: anybody makes one and answers for it; the desk lists them."""

from datetime import date, datetime, timedelta

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.commitments.forms import AnswerForm, CommitmentForm
from hackathon.commitments.messages import send_reminder
from hackathon.commitments.models import Commitment, Kept
from hackathon.commitments.operations import AlreadySent, answer_commitment, commit_to
from hackathon.commitments.queries import commitment_by_number, commitment_by_token, commitments_of
from hackathon.core.clock import local
from hackathon.core.codes import long_token
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.queries import event_by_code, published_event
from hackathon.maths.rates import Rate
from hackathon.web import acts
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.limits import Limit, may_spend
from hackathon.web.pages import desk_nav
from hackathon.web.settings import our_address

bp = Blueprint("commitments", __name__)

NUMBER = "<int(max=999999999):number>"
TOO_MANY_LETTERS = "This address gets several letters already. Leave it out, or try again in a few hours."
LATE = "It arrived late, and is kept and counted all the same."
ASK_AFTER = {1: "In a week", 3: "In three weeks", 6: "In six weeks", 12: "In twelve weeks"}
REMINDERS_TO_ONE = Limit("reminders to one address", burst=4, every=timedelta(hours=6))


@bp.get("/desk/<code:code>/commitments")
@open_to(Door.FACILITATOR)
def commitments(code: str) -> ResponseReturnValue:
    """What people said they would do, and what they answered."""
    session = reading()
    event = event_by_code(session, code)
    made = commitments_of(session, event)
    counted = [each for each in made if not each.rehearsal]
    return render_template(
        "commitments/commitments.html",
        event=event,
        desk_nav=desk_nav(event, "recommendations"),
        commitments=made,
        answers=[kept for kept in Kept if kept is not Kept.NO_ANSWER],
        kept=Rate(sum(each.kept is Kept.KEPT for each in counted), len(counted)),
        answered=Rate(sum(each.kept is not Kept.NO_ANSWER for each in counted), len(counted)),
    )


@bp.post(f"/desk/<code:code>/commitments/{NUMBER}")
@open_to(Door.FACILITATOR)
def answer(code: str, number: int) -> ResponseReturnValue:
    """Write down what somebody said when asked in person."""
    session = reading()
    event = event_by_code(session, code)
    commitment = commitment_by_number(session, event, number)
    form = AnswerForm.from_request()
    if form.submitted():
        with transaction() as session:
            answer_commitment(session, commitment, actor=my_name(), **form.values)
    return redirect(url_for(".commitments", code=code, _anchor=f"commitment-{number}"))


@bp.route("/e/<code:code>/commit", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def commit(code: str) -> ResponseReturnValue:
    """One thing that I will do. No account; the page that follows is the receipt and the place to answer."""
    session = reading()
    event = published_event(session, code)
    form = CommitmentForm.from_request()
    form.offer(_days(event, form.written_at))
    if form.submitted():
        acts.slow_a_flood()
        try:
            return _receipt(_commit(event, form))
        except AlreadySent:
            return _receipt(commitment_by_token(reading(), event, form.values["client_id"]))
        except Refusal as refusal:
            form.refuse(refusal)
    page = form.under(form.client_id.data or long_token())
    return acts.refuse(form) or render_template("commitments/commit.html", event=event, form=page)


@bp.route("/e/<code:code>/commit/<token>", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def commitment(code: str, token: str) -> ResponseReturnValue:
    """The receipt, known only to whoever made it. Opening it changes nothing; its buttons answer."""
    session = reading()
    event = published_event(session, code)
    commitment = commitment_by_token(session, event, token)
    form = AnswerForm.from_request()
    if form.submitted():
        with transaction() as session:
            answer_commitment(session, commitment, **form.values)
        return redirect(url_for(".commitment", code=code, token=token))
    return render_template(
        "commitments/commitment.html",
        event=event,
        commitment=commitment,
        form=form,
        no_answer=Kept.NO_ANSWER,
    )


def _commit(event: Event, form: CommitmentForm) -> Commitment:
    with transaction() as session:
        made = commit_to(session, event, written_at=form.written_at, **form.values)
        if form.remind_to.data and not made.rehearsal:
            # Here, so that a phone that sends the same thing again spends nothing. And in words, because a phone that
            # hears "too many requests" tries for ever.
            if not may_spend(REMINDERS_TO_ONE, form.remind_to.data.casefold()):
                raise Refusal(TOO_MANY_LETTERS, "remind_to")
            address = our_address()
            send_reminder(session, made, email=form.remind_to.data, link=address + _address_of(made))
    return made


def _receipt(made: Commitment) -> ResponseReturnValue:
    words = f"Kept, number {made.number}. {LATE if made.late else ''}".strip()
    page = _address_of(made)
    receipt = acts.Receipt(
        words=words, number=made.number, late=made.late, href=page, link="Open it and keep its address"
    )
    return acts.answer(receipt, otherwise=page)


def _address_of(made: Commitment) -> str:
    return url_for(".commitment", code=made.event.code, token=made.token)


def _days(event: Event, at: datetime) -> dict[date, str]:
    """The days on which we could ask, each in words, as they were offered at a moment."""
    today = local(at, event.timezone).date()
    days = {today + timedelta(weeks=weeks): words for weeks, words in ASK_AFTER.items()}
    return {day: f"{words}, on {day.day} {day:%B}" for day, words in days.items()}
