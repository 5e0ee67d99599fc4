"""The page on which organisers read what the survey brought in, and hide what is not to be printed."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.events.queries import event_by_code
from hackathon.insights.models import HideReason
from hackathon.moderation.messages import send_for_care
from hackathon.surveys.forms import HideAnswerForm
from hackathon.surveys.operations import hide_answer, show_answer
from hackathon.surveys.queries import newest_answers, printed_answers, survey_answer, survey_questions_of
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.addresses import number_in_address
from hackathon.web.lists import page_of
from hackathon.web.pages import desk_nav
from hackathon.web.saying import offer_undo, trying
from hackathon.web.settings import our_address

bp = Blueprint("surveys", __name__)

ANSWER = "/desk/<code:code>/survey/<int(max=999999999):answer_id>"
OFF = "The answer is off this list and the write-up."


@bp.get("/desk/<code:code>/survey")
@open_to(Door.ORGANISER)
def survey(code: str) -> ResponseReturnValue:
    """First what the write-up prints, then everything that was answered to one question, or what is hidden."""
    session = reading()
    event = event_by_code(session, code)
    questions = survey_questions_of(session, event)
    if not questions:
        raise NotFound
    only_hidden, asked = request.args.get("show") == "hidden", number_in_address("question")
    shown = next((question for question in questions if question.number == asked), None)
    page = None
    if only_hidden or shown:
        which = {"show": "hidden"} if only_hidden else {"question": str(asked)}
        find = partial(newest_answers, session, event, question=None if only_hidden else shown)
        page = page_of(find, _nothing_newer, **which)
    return render_template(
        "surveys/survey.html",
        event=event,
        desk_nav=desk_nav(event, "insights"),
        shown=shown,
        pages=_tabs(event, [question.number for question in questions], asked=asked, only_hidden=only_hidden),
        only_hidden=only_hidden,
        page=page,
        cards=page.rows if page else printed_answers(session, event),
        reasons=HideReason,
        here=_here(),
    )


@bp.post(f"{ANSWER}/hide")
@open_to(Door.ORGANISER)
def hide(code: str, answer_id: int) -> ResponseReturnValue:
    form = HideAnswerForm.from_request()
    if not form.submitted():
        survey_answer(reading(), event_by_code(reading(), code), answer_id)
        flash("Choose one of the reasons for hiding it.", "problem")
        return _back(code)
    with transaction() as session:
        event = event_by_code(session, code)
        answer = survey_answer(session, event, answer_id)
        if hide_answer(session, answer, actor=my_name(), **form.values):
            send_for_care(session, event, address=our_address())
        if answer.is_escalated:
            flash(f"{OFF} The care lead alone can read it now.", "good")
        else:
            offer_undo(OFF, url_for(".show", code=code, answer_id=answer_id, **_here()))
    return _back(code)


@bp.post(f"{ANSWER}/show")
@open_to(Door.ORGANISER)
def show(code: str, answer_id: int) -> ResponseReturnValue:
    with trying() as session:
        show_answer(session, survey_answer(session, event_by_code(session, code), answer_id), actor=my_name())
        flash("The answer can be read and printed again.", "good")
    return _back(code)


def _tabs(
    event: Event, questions: Sequence[int], *, asked: int | None, only_hidden: bool
) -> list[tuple[str, str, bool]]:
    at = partial(url_for, ".survey", code=event.code)
    return [
        ("In the write-up", at(), asked not in questions and not only_hidden),
        *((f"Question {number}", at(question=number), number == asked and not only_hidden) for number in questions),
        ("Hidden", at(show="hidden"), only_hidden),
    ]


def _nothing_newer(_: int) -> int:
    """A survey is loaded as a whole: its list does not grow under the hand."""
    return 0


def _back(code: str) -> ResponseReturnValue:
    return redirect(url_for(".survey", code=code, **_here()))


def _here() -> dict[str, Any]:
    """What the address says of the list that is before somebody."""
    return {name: request.args[name] for name in ("question", "show", "before") if name in request.args}
