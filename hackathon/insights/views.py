"""The box for one thought, at a table and from outside; and what everybody shared."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.adapters.full_text import words_to_find
from hackathon.adapters.live import last_activity_id
from hackathon.core.clock import now
from hackathon.core.codes import long_token
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event, Place
from hackathon.events.queries import published_event, published_events, stage_at
from hackathon.insights.document import Receipt
from hackathon.insights.forms import InsightForm, OutsideForm
from hackathon.insights.models import Identity, Source
from hackathon.insights.operations import AlreadySent, place_at_table, share_insight
from hackathon.insights.queries import (
    Manners,
    card_of,
    comment_counts,
    count_newer,
    manners_of,
    newest_insights,
    receipt_of,
    receipts_of,
)
from hackathon.insights.transfer import insights_sheet
from hackathon.participants.models import Participant
from hackathon.participants.queries import participant_in
from hackathon.tables.models import Table
from hackathon.tables.queries import table_by_code
from hackathon.themes.queries import themes_of
from hackathon.web import acts
from hackathon.web.access import Door, device, forget_everything, open_to, participant_token
from hackathon.web.addresses import number_in_address
from hackathon.web.limits import WRONG_CODES, spend
from hackathon.web.lists import page_of, search_in_address

bp = Blueprint("insights", __name__)

SO_FAR = 3
MOST_RECEIPTS = 12
NEXT_IDS = "next_ids"


@bp.get("/t/<code:table_code>")
@bp.route("/t/<code:table_code>/insights", methods=["GET", "POST"], endpoint="share_at_table")
@open_to(Door.ANYONE)
def table(table_code: str) -> ResponseReturnValue:
    session = reading()
    table = _table_behind(session, table_code)
    event, author = table.event, _author(session, table.event)
    manners = manners_of(session, event)
    form = InsightForm.asking(manners, author, **_usual_answers(manners))
    if form.submitted():
        try:
            receipt = _take_in(event, form, author, source=Source.PHONE, table=table)
        except Refusal as refusal:
            _refuse(form, event, refusal)
        else:
            return _answer(
                event, form, receipt, otherwise=url_for(".table", table_code=table_code, sent=receipt.number)
            )
    so_far = newest_insights(session, event, table=table, limit=SO_FAR) if manners.shows(table) else []
    return _box_page("table", event, form, manners, author, table=table, so_far=[card_of(i) for i in so_far])


@bp.get("/e/<code:code>/outside")
@bp.route("/e/<code:code>/outside/insights", methods=["GET", "POST"], endpoint="share_outside")
@open_to(Door.ANYONE)
def outside(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    author, manners = _author(session, event), manners_of(session, event)
    form = OutsideForm.asking(manners, author, **_usual_answers(manners))
    form.offer_themes(themes_of(session, event))
    if form.submitted():
        try:
            receipt = _take_in(event, form, author, source=Source.WEB)
        except Refusal as refusal:
            _refuse(form, event, refusal)
        else:
            return _answer(event, form, receipt, otherwise=url_for(".outside", code=code, sent=receipt.number))
    so_far = newest_insights(session, event, limit=SO_FAR)
    return _box_page("outside", event, form, manners, author, so_far=[card_of(i) for i in so_far])


@bp.get("/on-this-phone")
@open_to(Door.ANYONE)
def on_this_phone() -> ResponseReturnValue:
    """What waits here, what was sent from here, and a way to leave nothing behind on a phone that others use too."""
    session = reading()
    codes = cookie.get(acts.RECEIPTS) or {}
    events = [event for event in published_events(session) if event.code in codes]
    return render_template(
        "insights/on_this_phone.html",
        held=[(event, receipts_of(session, event, acts.numbers_on_phone(event.code))) for event in events],
    )


@bp.post("/on-this-phone/clear")
@open_to(Door.ANYONE)
def clear() -> ResponseReturnValue:
    forget_everything()
    flash("Nothing is kept on this phone any more. What was sent stays with its event.", "good")
    return redirect(url_for(".on_this_phone"))


@bp.get("/e/<code:code>/insights")
@open_to(Door.ANYONE)
def insights(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    themes = themes_of(session, event)
    place = next((place for place in Place if place.value == request.args.get("place")), None)
    theme = next((theme for theme in themes if theme.key == request.args.get("theme")), None)
    after = last_activity_id(session, event.id)
    sought = search_in_address()
    here: dict[str, Any] = {"place": place and place.value, "theme": theme and theme.key, "q": sought or None}
    wanted: dict[str, Any] = {"place": place, "theme": theme, "saying": words_to_find(sought)}
    page = page_of(
        partial(newest_insights, session, event, **wanted),
        partial(count_newer, session, event, **wanted),
        **here,
    )
    return render_template(
        "insights/insights.html",
        event=event,
        after=after,
        page=page,
        cards=[card_of(insight) for insight in page.rows],
        replies=comment_counts(session, page.rows),
        by_place=[
            (words, url_for(".insights", code=code, **{**here, "place": value}), value == here["place"])
            for value, words in [(None, "Both places"), *((place.value, place.words) for place in Place)]
        ],
        place=place,
        themes=themes,
        theme=theme,
        sought=sought,
    )


@bp.get("/e/<code:code>/insights.csv")
@open_to(Door.ANYONE)
def csv(code: str) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    as_of = event.figures_frozen_at or now()
    name = f"insights-{event.code.lower()}-{as_of:%Y-%m-%d-%H%M}Z.csv"
    return Response(
        insights_sheet(session, event),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Figures-As-Of": as_of.isoformat()},
    )


def _table_behind(session: Session, table_code: str) -> Table:
    """The table with this code. Wrong codes are counted, so that trying them all leads nowhere."""
    try:
        return table_by_code(session, table_code)
    except NotFound:
        spend(WRONG_CODES, request.remote_addr or "")
        raise


def _author(session: Session, event: Event) -> Participant | None:
    """The person whose own link was opened on this phone."""
    try:
        return participant_in(session, event, participant_token(event.code))
    except NotFound:
        return None


def _usual_answers(manners: Manners) -> dict[str, object]:
    """What the form starts with: as this phone wrote last time, or else as the pack proposes."""
    identity, name = acts.writes_as()
    usual = next((choice for choice in manners.allowed if choice.value == identity), manners.default)
    return {"identity": usual, "author_name": name}


def _next_id(event: Event) -> str:
    """The id under which this phone sends its next thought. It changes only when a receipt has come.

    So whoever goes back after an answer was lost, to a page that is loaded afresh, and sends the same words again,
    sends them under the same id.
    """
    waiting = cookie.get(NEXT_IDS) or {}
    if event.code not in waiting:
        cookie[NEXT_IDS] = waiting = {**waiting, event.code: long_token()}
    return str(waiting[event.code])


def _use_up_id(event: Event) -> None:
    cookie[NEXT_IDS] = {code: id for code, id in (cookie.get(NEXT_IDS) or {}).items() if code != event.code}


def _take_in(
    event: Event, form: InsightForm, author: Participant | None, *, source: Source, table: Table | None = None
) -> Receipt:
    """Share what the form holds. At a table the theme and the place are the table's; from outside the form says."""
    with transaction() as session:
        stage = stage_at(session, event, form.written_at)
        at_table = {"place": place_at_table(event, stage), "table": table, "theme": table.theme} if table else {}
        insight = share_insight(
            session,
            event,
            author=author,
            device=device(),
            source=source,
            phase=stage,
            captured_at=form.written_at,
            **{"place": Place.OUTSIDE, **form.values, **at_table},
        )
        return receipt_of(insight)


def _answer(event: Event, form: InsightForm, receipt: Receipt, *, otherwise: str) -> ResponseReturnValue:
    _keep_receipt(event, receipt.number, form)
    wall = url_for("lobby.wall", code=event.code)
    said = acts.Receipt(
        words=receipt.words, number=receipt.number, late=bool(receipt.late_for), href=wall, link="See the wall"
    )
    return acts.answer(said, otherwise=otherwise)


def _refuse(form: InsightForm, event: Event, refusal: Refusal) -> None:
    form.refuse(refusal)
    if isinstance(refusal, AlreadySent):
        _use_up_id(event)


def _keep_receipt(event: Event, number: int, form: InsightForm) -> None:
    """The numbers stay on the phone alone: for what is anonymous, nothing here could find them again."""
    _use_up_id(event)
    kept = acts.numbers_on_phone(event.code)
    if number not in kept:
        cookie[acts.RECEIPTS] = {**(cookie.get(acts.RECEIPTS) or {}), event.code: [number, *kept][:MOST_RECEIPTS]}
    identity = form.identity.data
    name = form.values.get("author_name", "") if identity is not Identity.ANONYMOUS else ""
    cookie[acts.WRITES_AS] = identity.value, name


def _box_page(
    page: str, event: Event, form: InsightForm, manners: Manners, author: Participant | None, **rest: object
) -> ResponseReturnValue:
    """The page with the box: empty, with what went wrong, or under the receipt of what was just sent."""
    if (no := acts.refuse(form)) is not None:
        return no
    receipts, sent = receipts_of(reading(), event, acts.numbers_on_phone(event.code)), number_in_address("sent")
    words = render_template(
        f"insights/{page}.html",
        event=event,
        form=form.under(_next_id(event)),
        author=author,
        support=manners.support,
        receipts=receipts,
        sent=next((receipt for receipt in receipts if receipt.number == sent), None),
        **rest,
    )
    return words, 422 if form.errors else 200
