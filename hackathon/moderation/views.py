"""The desk that looks after everything shared, and what somebody reports."""

from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.adapters.full_text import words_to_find
from hackathon.adapters.live import last_activity_id
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code, published_event
from hackathon.insights.models import HideReason
from hackathon.insights.queries import (
    any_insight_by_number,
    any_newest_insights,
    card_of,
    count_any_newer,
    has_survey,
    insight_by_number,
)
from hackathon.moderation.document import waits_again, words_for
from hackathon.moderation.forms import HideForm, ModerationForm, ReportForm
from hackathon.moderation.messages import send_for_care
from hackathon.moderation.operations import (
    Said,
    choose_moderation,
    hide_words,
    hold_words,
    keep_words,
    raise_concern,
    show_words,
)
from hackathon.moderation.queries import any_comment, care_leads_of, shown_comment
from hackathon.web.access import Door, device, may_pass, my_name, open_to
from hackathon.web.addresses import local_address
from hackathon.web.limits import Limit, spend
from hackathon.web.lists import page_of, search_in_address
from hackathon.web.pages import desk_nav
from hackathon.web.saying import offer_undo, trying
from hackathon.web.settings import our_address

bp = Blueprint("moderation", __name__)

A_PAGE = 50
NUMBER = "<int(max=999999999):number>"
ON_THE_DESK = f"/desk/<code:code>/insights/{NUMBER}"
COMMENT = f"{ON_THE_DESK}/comments/<int(max=999999999):comment_id>"
REPORT = f"/e/<code:code>/insights/{NUMBER}"
REPORTS_OF_A_DEVICE = Limit("reports of a device", burst=6, every=timedelta(minutes=10))
REPORTS_OF_AN_ADDRESS = Limit("reports behind an address", burst=60, every=timedelta(minutes=1))


@bp.get("/desk/<code:code>/insights")
@open_to(Door.MODERATOR)
def insights(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    after = last_activity_id(session, event.id)
    only_hidden = request.args.get("show") == "hidden"
    sought = search_in_address()
    wanted: dict[str, Any] = {"only_hidden": only_hidden, "saying": words_to_find(sought)}
    page = page_of(
        partial(any_newest_insights, session, event, **wanted),
        partial(count_any_newer, session, event, **wanted),
        show="hidden" if only_hidden else None,
        q=sought or None,
    )
    sees_names = may_pass(Door.ORGANISER, code)
    return render_template(
        "moderation/insights.html",
        event=event,
        desk_nav=desk_nav(event, "insights"),
        after=after,
        page=page,
        cards=[card_of(insight, names_of_hidden=sees_names) for insight in page.rows],
        reasons=HideReason,
        has_survey=sees_names and has_survey(session, event),
        only_hidden=only_hidden,
        sought=sought,
        here=_here(),
    )


@bp.post(f"{ON_THE_DESK}/hide")
@bp.post(f"{COMMENT}/hide", endpoint="hide_comment")
@open_to(Door.MODERATOR)
def hide(code: str, number: int, comment_id: int | None = None) -> ResponseReturnValue:
    form = HideForm.from_request()
    if not form.submitted():
        _said(reading(), code, number, comment_id)
        flash("Choose one of the reasons for hiding it.", "problem")
        return _back(code, number)
    with transaction() as session:
        event, said = _said(session, code, number, comment_id)
        if hide_words(session, said, actor=my_name(), **form.values):
            send_for_care(session, event, address=our_address())
        if said.escalated_at is not None:
            flash(f"{words_for(number, comment_id)} is off every page, and with the care lead alone.", "good")
        else:
            show_again = url_for(_like(".show", comment_id), **_address(code, number, comment_id))
            offer_undo(f"{words_for(number, comment_id)} is off every page.", show_again)
    return _back(code, number)


@bp.post(f"{ON_THE_DESK}/show")
@bp.post(f"{COMMENT}/show", endpoint="show_comment")
@open_to(Door.MODERATOR)
def show(code: str, number: int, comment_id: int | None = None) -> ResponseReturnValue:
    with trying() as session:
        _, said = _said(session, code, number, comment_id)
        waited, words = said.waits, f"{words_for(number, comment_id)} is on the pages."
        show_words(session, said, actor=my_name())
        if said.waits:
            flash(waits_again(number, comment_id))
        elif waited:
            offer_undo(words, url_for(_like(".hold", comment_id), **_address(code, number, comment_id)))
        else:
            flash(words, "good")
    return _back(code, number)


@bp.post(f"{ON_THE_DESK}/hold")
@bp.post(f"{COMMENT}/hold", endpoint="hold_comment")
@open_to(Door.MODERATOR)
def hold(code: str, number: int, comment_id: int | None = None) -> ResponseReturnValue:
    """Take back that it was let through."""
    with transaction() as session:
        _, said = _said(session, code, number, comment_id)
        hold_words(session, said, actor=my_name())
    flash(waits_again(number, comment_id))
    return _back(code, number)


@bp.post(f"{ON_THE_DESK}/keep")
@bp.post(f"{COMMENT}/keep", endpoint="keep_comment")
@open_to(Door.MODERATOR)
def keep(code: str, number: int, comment_id: int | None = None) -> ResponseReturnValue:
    """It was reported, and it stays."""
    with transaction() as session:
        _, said = _said(session, code, number, comment_id)
        keep_words(session, said, actor=my_name())
    flash(f"{words_for(number, comment_id)} stays, and what was reported of it is settled.", "good")
    return _back(code, number)


@bp.route(f"{REPORT}/report", methods=["GET", "POST"])
@bp.route(
    f"{REPORT}/comments/<int(max=999999999):comment_id>/report", methods=["GET", "POST"], endpoint="report_comment"
)
@open_to(Door.ANYONE)
def report(code: str, number: int, comment_id: int | None = None) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    said = _shown(session, event, number, comment_id)
    form = ReportForm.from_request()
    if form.submitted():
        spend(REPORTS_OF_AN_ADDRESS, request.remote_addr or "")
        spend(REPORTS_OF_A_DEVICE, device())
        try:
            with transaction() as session:
                raise_concern(session, _shown(session, event, number, comment_id), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Thank you. Those who look after the words here have it now, and read it soon.", "good")
            return redirect(url_for("comments.insight", code=code, number=number))
    page = render_template(
        "moderation/report.html", event=event, form=form, number=number, said=said, is_comment=comment_id is not None
    )
    return page, 422 if form.errors else 200


@bp.route("/desk/<code:code>/plan/moderation", methods=["GET", "POST"])
@open_to(Door.ORGANISER)
def moderation(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    form = ModerationForm.from_request(obj=event)
    if form.submitted():
        try:
            with transaction() as session:
                event = hold_event(session, code)
                form.stay_on(obj=event)
                choose_moderation(session, event, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Saved.", "good")
            return redirect(url_for("desk.plan", code=code))
    return render_template(
        "moderation/moderation.html",
        event=event,
        desk_nav=desk_nav(event, "plan"),
        form=form,
        care_leads=care_leads_of(session, event),
    )


def _said(session: Session, code: str, number: int, comment_id: int | None) -> tuple[Event, Said]:
    """What an address of the desk names: an insight, or a comment under it."""
    event = event_by_code(session, code)
    insight = any_insight_by_number(session, event, number)
    return event, insight if comment_id is None else any_comment(session, insight, comment_id)


def _shown(session: Session, event: Event, number: int, comment_id: int | None) -> Said:
    insight = insight_by_number(session, event, number)
    return insight if comment_id is None else shown_comment(session, insight, comment_id)


def _like(endpoint: str, comment_id: int | None) -> str:
    return endpoint if comment_id is None else f"{endpoint}_comment"


def _address(code: str, number: int, comment_id: int | None) -> dict[str, Any]:
    named = {"code": code, "number": number}
    return named if comment_id is None else {**named, "comment_id": comment_id}


def _back(code: str, number: int) -> ResponseReturnValue:
    """To where whoever pressed the button wants to go on, or else to the place of the list where they were."""
    stood_at = url_for(".insights", code=code, **_here(), _anchor=f"insight-{number}")
    return redirect(local_address(request.form.get("next"), otherwise=stood_at))


def _here() -> dict[str, Any]:
    """What the address says of the page of the list that is before somebody."""
    return {name: request.args[name] for name in ("show", "before", "q") if name in request.args}
