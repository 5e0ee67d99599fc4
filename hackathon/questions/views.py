"""The desk's pages of the registration form, with the privacy notice that follows from it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code
from hackathon.handouts.queries import asked_for
from hackathon.participants.queries import questions_of
from hackathon.questions.forms import ChangeQuestionForm, QuestionForm, WordingForm, said_by
from hackathon.questions.operations import (
    add_question,
    ask_again,
    change_question,
    move_question,
    remove_question,
    retire_question,
    reword_question,
)
from hackathon.questions.queries import answers_by_question, is_answered, question_by_id
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying

bp = Blueprint("questions", __name__)
ACTS = {"remove": remove_question, "retire": retire_question, "ask-again": ask_again}


@bp.get("/desk/<code:code>/plan/questions")
@open_to(Door.ORGANISER)
def questions(code: str) -> ResponseReturnValue:
    """What people are asked when they register, and the lines of the privacy notice that come of it."""
    session = reading()
    event = event_by_code(session, code)
    asked = questions_of(session, event)
    return render_template(
        "questions/questions.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        questions=asked,
        answers=answers_by_question(session, event),
        notice=asked_for(asked),
    )


@bp.route("/desk/<code:code>/plan/questions/new", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def add(code: str) -> ResponseReturnValue:
    event = event_by_code(reading(), code)
    form = QuestionForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                add_question(session, hold_event(session, code), actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("The form asks it from now on, and the privacy notice says so.", "good")
            return redirect(url_for(".questions", code=code))
    return render_template("questions/add.html", event=event, desk_nav=desk_nav(event, "plan"), form=form)


@bp.route("/desk/<code:code>/plan/questions/<int(max=999999999):question>", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def change(code: str, question: int) -> ResponseReturnValue:
    """All of a question until somebody has answered it; after that, its words."""
    session = reading()
    event = event_by_code(session, code)
    asked = question_by_id(session, event, question)
    answered = is_answered(session, asked)
    form = (WordingForm if answered else ChangeQuestionForm).from_request(**said_by(asked))
    if form.submitted():
        try:
            with transaction() as session:
                asked = question_by_id(session, hold_event(session, code), question)
                form.stay_on(**said_by(asked))
                (reword_question if answered else change_question)(session, asked, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Kept. The form and the privacy notice say it.", "good")
            return redirect(url_for(".questions", code=code))
    return render_template(
        "questions/change.html", event=event, desk_nav=desk_nav(event, "plan"), form=form, answered=answered
    )


@bp.post("/desk/<code:code>/plan/questions/<int(max=999999999):question>/<any(up, down):way>")
@open_to(Door.ORGANISER)
def move(code: str, question: int, way: str) -> ResponseReturnValue:
    with transaction() as session:
        asked = question_by_id(session, hold_event(session, code), question)
        move_question(session, asked, up=way == "up", actor=my_name())
    return redirect(url_for(".questions", code=code, _anchor=f"question-{question}"))


@bp.post('/desk/<code:code>/plan/questions/<int(max=999999999):question>/<any(remove, retire, "ask-again"):act>')
@open_to(Door.ORGANISER)
def take_off(code: str, question: int, act: str) -> ResponseReturnValue:
    """Take a question off the form, or put it back."""
    with trying() as session:
        ACTS[act](session, question_by_id(session, hold_event(session, code), question), actor=my_name())
    return redirect(url_for(".questions", code=code))
