"""Choosing themes before the day."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.queries import published_event
from hackathon.participants.queries import participant_in
from hackathon.themes.forms import ChoicesForm
from hackathon.themes.operations import choose_themes
from hackathon.themes.queries import choices_of, themes_of
from hackathon.web.access import Door, open_to, participant_token

bp = Blueprint("themes", __name__)


@bp.route("/e/<code:code>/me/themes", methods=["GET", "POST"])
@open_to(Door.PARTICIPANT)
def choose(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    participant = participant_in(session, event, participant_token(code))
    themes = themes_of(session, event)
    form = ChoicesForm.among(themes, choices_of(session, participant))
    if form.submitted():
        try:
            with transaction() as session:
                choose_themes(session, participant, actor="someone", **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Your themes are kept. You can change them until the day.", "good")
            return redirect(url_for("tables.me", code=code))
    return render_template("themes/choose.html", event=event, form=form, themes=themes)
