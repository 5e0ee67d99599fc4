"""The care lead's own page."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.care.forms import AnswerForm, CareForm
from hackathon.care.messages import send_answered
from hackathon.care.operations import answer_in_confidence, write_down_care
from hackathon.care.queries import (
    answers_in_confidence,
    escalated_comment,
    escalated_insight,
    escalated_insights,
    told_without_a_way_back,
)
from hackathon.core.codes import long_token
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.queries import event_by_code
from hackathon.insights.models import Comment, Insight, SurveyAnswer
from hackathon.insights.queries import card_of
from hackathon.moderation.document import waits_again, words_for
from hackathon.moderation.operations import show_escalated
from hackathon.staff.queries import account_by_id
from hackathon.surveys.operations import show_escalated_answer
from hackathon.surveys.queries import escalated_answer
from hackathon.web.access import Door, my_name, open_to, signed_in_staff
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying
from hackathon.web.settings import our_address

bp = Blueprint("care", __name__)

NUMBER = "<int(max=999999999):number>"
TOLD = "/desk/<code:code>/care/<any(comments, answers):kind>/<int(max=999999999):told>"


@bp.get("/desk/<code:code>/care")
@open_to(Door.CARE_LEAD)
def care(code: str) -> ResponseReturnValue:
    """What somebody told of harm. Nobody else reads this page."""
    return _care_page(code, AnswerForm(formdata=None))


@bp.post(f"/desk/<code:code>/care/{NUMBER}/answer")
@open_to(Door.CARE_LEAD)
def answer(code: str, number: int) -> ResponseReturnValue:
    """Write to whoever told of harm."""
    form = AnswerForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                insight = escalated_insight(session, event_by_code(session, code), number)
                if (
                    answer_in_confidence(
                        session, insight, account=account_by_id(session, signed_in_staff()), **form.values
                    )
                    is not None
                ):
                    send_answered(session, insight, address=our_address())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Your answer stands on the phone that sent number {number}.", "good")
            return redirect(url_for(".care", code=code, _anchor=f"insight-{number}"))
    escalated_insight(reading(), event_by_code(reading(), code), number)
    return _care_page(code, form, f"insight-{number}")


@bp.post(f"{TOLD}/done")
@open_to(Door.CARE_LEAD)
def done(code: str, kind: str, told: int) -> ResponseReturnValue:
    """Write down what was done about words that nobody can answer."""
    form = CareForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                said = _said(session, event_by_code(session, code), kind, told)
                write_down_care(session, said, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Written down. It waits for you no more.", "good")
            return redirect(url_for(".care", code=code, _anchor=f"{kind}-{told}"))
    _said(reading(), event_by_code(reading(), code), kind, told)
    return _care_page(code, form, f"{kind}-{told}")


@bp.post(f"{TOLD}/put-back")
@open_to(Door.CARE_LEAD)
def put_told_back(code: str, kind: str, told: int) -> ResponseReturnValue:
    """A comment, or an answer of the survey, tells of no harm after all."""
    with trying() as session:
        said = _said(session, event_by_code(session, code), kind, told)
        if isinstance(said, Comment):
            show_escalated(session, said, actor=my_name())
            _say_that_it_is_back(said, said.insight.number, said.id)
        else:
            show_escalated_answer(session, said, actor=my_name())
            flash("The answer can be read and printed again.", "good")
    return redirect(url_for(".care", code=code))


@bp.post(f"/desk/<code:code>/care/{NUMBER}/put-back")
@open_to(Door.CARE_LEAD)
def put_back(code: str, number: int) -> ResponseReturnValue:
    """It was no disclosure after all: everybody reads it again."""
    with trying() as session:
        insight = escalated_insight(session, event_by_code(session, code), number)
        show_escalated(session, insight, actor=my_name())
        _say_that_it_is_back(insight, number)
    return redirect(url_for(".care", code=code))


def _said(session: Session, event: Event, kind: str, told: int) -> Comment | SurveyAnswer:
    """What an address names that has no number of its own."""
    found = escalated_comment if kind == "comments" else escalated_answer
    return found(session, event, told)


def _say_that_it_is_back(said: Insight | Comment, number: int, comment_id: int | None = None) -> None:
    if said.waits:
        flash(waits_again(number, comment_id))
    else:
        flash(f"{words_for(number, comment_id)} is on the pages again.", "good")


def _care_page(code: str, form: AnswerForm | CareForm, refused: str = "") -> ResponseReturnValue:
    """The care lead's page; with the words that were `refused` still in the box where they were typed."""
    session = reading()
    event = event_by_code(session, code)
    told = escalated_insights(session, event)
    answers: dict[int, list[Comment]] = {insight.id: [] for insight in told}
    for answer in answers_in_confidence(session, *told):
        answers[answer.insight_id].append(answer)
    page = render_template(
        "care/care.html",
        event=event,
        desk_nav=desk_nav(event, "care"),
        form=form,
        refused=refused,
        new_id=long_token(),
        told=[(card_of(insight), answers[insight.id]) for insight in told],
        told_alone=told_without_a_way_back(session, event),
    )
    return page, 422 if form.errors else 200
