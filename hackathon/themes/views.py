"""Naming themes on the desk, and choosing among them before the day."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code, published_event
from hackathon.participants.queries import participant_in
from hackathon.themes.forms import ChoicesForm, FitForm, NameForm
from hackathon.themes.operations import choose_themes, find_themes_fit, rename_theme
from hackathon.themes.queries import choices_of, question_unlike_themes, theme_at, themes_of
from hackathon.web.access import Door, my_name, open_to, participant_token
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying

bp = Blueprint("themes", __name__)


@bp.get("/desk/<code:code>/plan/themes")
@open_to(Door.ORGANISER)
def themes(code: str) -> ResponseReturnValue:
    """The themes that came with the pack, and what the event calls them."""
    session = reading()
    event = event_by_code(session, code)
    return render_template(
        "themes/themes.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        themes=themes_of(session, event),
        unlike=question_unlike_themes(session, event),
    )


@bp.post("/desk/<code:code>/plan/themes/fit")
@open_to(Door.ORGANISER)
def find_fit(code: str) -> ResponseReturnValue:
    """The themes were looked at with the event's own question, and may stay."""
    if FitForm.from_request().submitted():
        with trying() as session:
            find_themes_fit(session, hold_event(session, code), actor=my_name())
            flash("The themes stay as they are.", "good")
    return redirect(url_for(".themes", code=code))


@bp.route("/desk/<code:code>/plan/themes/<int(max=999):position>", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def theme(code: str, position: int) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    theme = theme_at(session, event, position)
    form = NameForm.from_request(obj=theme)
    if form.submitted():
        try:
            with transaction() as session:
                theme = theme_at(session, hold_event(session, code), position)
                form.stay_on(obj=theme)
                rename_theme(session, theme, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Theme {theme.letter} is called “{theme.title}” now.", "good")
            return redirect(url_for(".themes", code=code))
    return render_template("themes/theme.html", event=event, desk_nav=desk_nav(event, "plan"), form=form, theme=theme)


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
