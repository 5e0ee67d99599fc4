"""The care lead's own page."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.care.forms import AnswerForm
from hackathon.care.messages import send_answered
from hackathon.care.operations import answer_in_confidence
from hackathon.care.queries import (
    answers_in_confidence,
    escalated_comment,
    escalated_comments,
    escalated_insight,
    escalated_insights,
)
from hackathon.core.codes import long_token
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.queries import event_by_code
from hackathon.insights.models import Comment
from hackathon.insights.queries import card_of
from hackathon.moderation.document import waits_again, words_for
from hackathon.moderation.operations import show_escalated
from hackathon.staff.queries import account_by_id
from hackathon.web.access import Door, my_name, open_to, signed_in_staff
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying
from hackathon.web.settings import our_address

bp = Blueprint("care", __name__)

NUMBER = "<int(max=999999999):number>"


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
    return _care_page(code, form, number)


@bp.post(f"/desk/<code:code>/care/{NUMBER}/put-back")
@bp.post(
    f"/desk/<code:code>/care/{NUMBER}/comments/<int(max=999999999):comment_id>/put-back", endpoint="put_comment_back"
)
@open_to(Door.CARE_LEAD)
def put_back(code: str, number: int, comment_id: int | None = None) -> ResponseReturnValue:
    """It was no disclosure after all: everybody reads it again."""
    with trying() as session:
        event = event_by_code(session, code)
        said = (
            escalated_insight(session, event, number)
            if comment_id is None
            else escalated_comment(session, event, comment_id)
        )
        show_escalated(session, said, actor=my_name())
        if said.waits:
            flash(waits_again(number, comment_id))
        else:
            flash(f"{words_for(number, comment_id)} is on the pages again.", "good")
    return redirect(url_for(".care", code=code))


def _care_page(code: str, form: AnswerForm, refused: int | None = None) -> ResponseReturnValue:
    """The care lead's page; with the words that were `refused` still in the box of that number."""
    session = reading()
    event = event_by_code(session, code)
    told = escalated_insights(session, event)
    if refused is not None:
        escalated_insight(session, event, refused)
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
        comments=escalated_comments(session, event),
    )
    return page, 422 if form.errors else 200
