"""The desk on which two people put insights under themes; and what whoever wrote them says to that."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event
from hackathon.events.queries import event_by_code, published_event
from hackathon.insights.models import Insight
from hackathon.insights.queries import insight_by_number, manners_of, table_shown
from hackathon.participants.queries import person_behind
from hackathon.staff.models import Account
from hackathon.staff.queries import account_by_id
from hackathon.synthesis.forms import FITS_NONE, ThemingForm
from hackathon.synthesis.operations import (
    code_insight,
    coder_for,
    object_to_theme,
    undo_last_coding,
    withdraw_objection,
)
from hackathon.synthesis.queries import (
    Heard,
    agreement_of,
    coded_by,
    coder_of,
    coders_of,
    heard_of,
    last_coding_of,
    next_to_code,
    open_objections,
    settled_of,
)
from hackathon.themes.queries import themes_of
from hackathon.web import acts
from hackathon.web.access import Door, may_pass, open_to, participant_token, signed_in_staff
from hackathon.web.addresses import local_address
from hackathon.web.pages import desk_nav
from hackathon.web.saying import trying

bp = Blueprint("synthesis", __name__)

NUMBER = "<int(max=999999999):number>"
HIGHEST = 999_999_999
ON_THE_PAGE = f"/e/<code:code>/insights/{NUMBER}"


@bp.app_context_processor
def heard() -> dict[str, Any]:
    """For the pages of rooms below: under which themes went what this phone, or whoever holds it, has sent."""
    return {"heard": _heard}


@bp.get("/desk/<code:code>/theming")
@open_to(Door.FACILITATOR)
def theming(code: str) -> ResponseReturnValue:
    """The next insight that I have not looked at, or the one that the address asks for, and how far everybody is."""
    session = reading()
    event = event_by_code(session, code)
    me = coder_of(session, event, _me(session))
    asked, after = _number("number"), _number("after")
    insight = insight_by_number(session, event, asked) if asked else next_to_code(session, event, me, after=after)
    return render_template(
        "synthesis/theming.html",
        event=event,
        desk_nav=desk_nav(event, "theming"),
        insight=insight,
        table=table_shown(insight, manners_of(session, event)) if insight else None,
        themes=themes_of(session, event),
        fits_none=FITS_NONE,
        settled=settled_of(session, event),
        me=me,
        coders=coders_of(session, event),
        coded=coded_by(session, event),
        last=last_coding_of(session, me) if me else None,
        agreement=agreement_of(session, event),
        objections=open_objections(session, event),
        may_answer=may_pass(Door.COMMUNITY_MANAGER, code),
    )


@bp.post(f"/desk/<code:code>/theming/{NUMBER}")
@open_to(Door.FACILITATOR)
def put_under(code: str, number: int) -> ResponseReturnValue:
    """One tap or key: under this theme, or under none."""
    session = reading()
    event = event_by_code(session, code)
    insight = insight_by_number(session, event, number)
    form = ThemingForm.from_request()
    form.offer(themes_of(session, event))
    if not form.submitted():
        abort(400)
    account = _me(session)
    with trying() as session:
        coder = coder_for(session, event, account)
        code_insight(session, insight, coder=coder, actor=account.name, **form.values)
    return redirect(url_for(".theming", code=code))


@bp.post("/desk/<code:code>/theming/undo")
@open_to(Door.FACILITATOR)
def undo(code: str) -> ResponseReturnValue:
    """Take back my last one; it is the next to look at."""
    session = reading()
    event = event_by_code(session, code)
    account = _me(session)
    if (me := coder_of(session, event, account)) is None:
        raise NotFound
    try:
        with transaction() as session:
            insight = undo_last_coding(session, me, actor=account.name)
            number = insight.number
    except Refusal as refusal:
        flash(refusal.message, "problem")
        return redirect(url_for(".theming", code=code))
    return redirect(url_for(".theming", code=code, number=number))


@bp.get("/desk/<code:code>/theming/under/<key>")
@open_to(Door.FACILITATOR)
def under(code: str, key: str) -> ResponseReturnValue:
    """Everything under one theme, or what fits none."""
    session = reading()
    event = event_by_code(session, code)
    themes = themes_of(session, event)
    theme = next((theme for theme in themes if theme.key == key), None)
    if theme is None and key != FITS_NONE:
        raise NotFound
    settled = [each for each in settled_of(session, event) if each.theme == theme]
    return render_template(
        "synthesis/under.html",
        event=event,
        desk_nav=desk_nav(event, "theming"),
        themes=themes,
        fits_none=FITS_NONE,
        theme=theme,
        settled=settled,
    )


@bp.post(f"{ON_THE_PAGE}/not-what-i-meant")
@open_to(Door.ANYONE)
def object_to(code: str, number: int) -> ResponseReturnValue:
    """One tap of whoever wrote it, which needs no account: the phone holds the number, or their own link."""
    acts.slow_a_flood()
    with trying() as session:
        object_to_theme(session, _of_mine(session, code, number))
    return _back_to(number)


@bp.post(f"{ON_THE_PAGE}/what-i-meant")
@open_to(Door.ANYONE)
def withdraw(code: str, number: int) -> ResponseReturnValue:
    """Take that back."""
    acts.slow_a_flood()
    with transaction() as session:
        withdraw_objection(session, _of_mine(session, code, number))
    return _back_to(number)


def _heard(event: Event) -> list[Heard]:
    session = reading()
    return heard_of(
        session,
        event,
        numbers=acts.numbers_on_phone(event.code),
        author=person_behind(session, event, participant_token(event.code)),
    )


def _of_mine(session: Session, code: str, number: int) -> Insight:
    event = published_event(session, code)
    insight, author = (
        insight_by_number(session, event, number),
        person_behind(session, event, participant_token(event.code)),
    )
    if number not in acts.numbers_on_phone(code) and (author is None or insight.author_id != author.id):
        raise NotFound
    return insight


def _back_to(number: int) -> ResponseReturnValue:
    """The list in which the button stood, at the same thought."""
    page = local_address(request.form.get("back"), url_for("insights.on_this_phone"))
    return redirect(f"{page}#heard-{number}")


def _me(session: Session) -> Account:
    return account_by_id(session, signed_in_staff())


def _number(name: str) -> int:
    """A number from the address; 0 where there is none that could be a receipt."""
    number = request.args.get(name, 0, type=int)
    return number if 0 < number <= HIGHEST else 0
