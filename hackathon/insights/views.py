"""The box for one thought, at a table and from outside; and what everybody shared."""

import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.adapters.full_text import words_to_find
from hackathon.adapters.live import last_activity_id
from hackathon.core.batch import Later, read_once
from hackathon.core.clock import now
from hackathon.core.db import reading
from hackathon.core.errors import NotFound, Refusal
from hackathon.core.group import together
from hackathon.events.models import Event, Place
from hackathon.events.queries import published_event, published_events, stage_at
from hackathon.insights.document import Receipt
from hackathon.insights.forms import InsightForm, OutsideForm, answers_in
from hackathon.insights.models import Identity, Insight, Source
from hackathon.insights.operations import AlreadySent, check_rule, place_at_table, take_in
from hackathon.insights.queries import (
    Manners,
    card_of,
    comment_counts,
    count_newer,
    manners_of,
    newest_insights,
    receipts_of,
)
from hackathon.insights.transfer import insights_sheet
from hackathon.participants.models import Participant
from hackathon.participants.queries import participant_in
from hackathon.tables.models import Table
from hackathon.tables.queries import table_by_code, table_to_write_at
from hackathon.themes.models import Theme
from hackathon.themes.queries import themes_of
from hackathon.web import acts
from hackathon.web.access import RECEIPTS_KEY, Door, device, forget_everything, open_to, participant_tokens
from hackathon.web.addresses import number_in_address, table_in_address
from hackathon.web.express import Sent, Take
from hackathon.web.fields import one_line
from hackathon.web.kept_ready import kept_ready
from hackathon.web.limits import wrong_codes_counted
from hackathon.web.lists import page_of, search_in_address

bp = Blueprint("insights", __name__)

Find = Callable[[Session], tuple[Event, Table | None]]
"""Looks up, in the session it is given, for which event something was sent, and from which table."""

SO_FAR = 3
MOST_RECEIPTS = 12


@bp.get("/t/<code:table_code>")
@bp.route("/t/<code:table_code>/insights", methods=["GET", "POST"], endpoint="share_at_table")
@open_to(Door.ANYONE)
@kept_ready
def table(table_code: str) -> ResponseReturnValue:
    form = InsightForm.from_request()
    sent = _send(form, partial(_at_table, table_code), Source.PHONE, partial(url_for, ".table", table_code=table_code))
    if sent is not None:
        return sent
    session = reading()
    with wrong_codes_counted():
        table = table_by_code(session, table_code)
    manners = manners_of(session, table.event)
    so_far = newest_insights(session, table.event, table=table, limit=SO_FAR) if manners.shows(table) else []
    return _box_page("table", table.event, form, manners, so_far, table=table)


@bp.get("/e/<code:code>/outside")
@bp.route("/e/<code:code>/outside/insights", methods=["GET", "POST"], endpoint="share_outside")
@open_to(Door.ANYONE)
@kept_ready
def outside(code: str) -> ResponseReturnValue:
    form = OutsideForm.from_request()
    form.offer_themes(themes_of(reading(), published_event(reading(), code)))
    sent = _send(form, partial(_outside, code), Source.WEB, partial(url_for, ".outside", code=code))
    if sent is not None:
        return sent
    event = published_event(session := reading(), code)
    after = last_activity_id(session, event.id)
    so_far = newest_insights(session, event, limit=SO_FAR)
    return _box_page("outside", event, form, manners_of(session, event), so_far, after=after)


@bp.get("/on-this-phone")
@open_to(Door.ANYONE)
def on_this_phone() -> ResponseReturnValue:
    """What waits here, what was sent from here, and a way to leave nothing behind on a phone that others use too."""
    session = reading()
    codes = acts.receipts_on_phone()
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
    sought, table_code = search_in_address(), table_in_address()
    here: dict[str, Any] = {
        "place": place and place.value,
        "theme": theme and theme.key,
        "q": sought or None,
        "table": table_code,
    }
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
        table_code=table_code,
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


def _send(form: InsightForm, find: Find, source: Source, page: Callable[..., str]) -> ResponseReturnValue | None:
    """Share what was sent, and answer it; nothing where it is the page that is wanted, new or with what went wrong."""
    if not form.is_submitted():
        return None
    with wrong_codes_counted():
        form.complete(lambda: _usual_rule(manners_of(reading(), find(reading())[0])))
    if not form.submitted():
        return acts.refuse(form)
    acts.slow_a_flood()
    try:
        with wrong_codes_counted():
            receipt, code = _share(form.values, form.written_at, device(), participant_tokens(), find, source)
    except Refusal as refusal:
        form.refuse(refusal)
        if isinstance(refusal, AlreadySent):
            _use_up_id(cookie, form.client_id.data)
        return acts.refuse(form)
    author_name = form.author_name.data if "author_name" in form else ""
    _keep_receipt(cookie, code, receipt.number, form.client_id.data, form.identity.data, author_name)
    said = _said(receipt, url_for("lobby.wall", code=code))
    return acts.answer(said, otherwise=lambda: page(sent=receipt.number))


def _take(
    find: Callable[[str, Session], tuple[Event, Table | None]], source: Source, sent: Sent, code: str
) -> acts.Receipt | None:
    """The same for what phones send by the hundred."""
    if (answers := answers_in(sent.fields)) is None:
        return None
    receipt, event_code = _share(
        answers, sent.written_at, sent.phone, participant_tokens(sent.held), partial(find, code.upper()), source
    )
    client_id, identity, author_name = (answers[name] for name in ("client_id", "identity", "author_name"))
    _keep_receipt(sent.held, event_code, receipt.number, client_id, identity, author_name)
    return _said(receipt, sent.url_for("lobby.wall", code=event_code))


def _said(receipt: Receipt, wall: str) -> acts.Receipt:
    return acts.Receipt(
        words=receipt.words,
        number=receipt.number,
        late=bool(receipt.late_for),
        href=wall,
        link="See the wall",
    )


def _share(
    answers: dict[str, Any], written_at: datetime, phone: str, tokens: Mapping[str, str], find: Find, source: Source
) -> tuple[Receipt, str]:
    """Take these answers in, along with what others send at this moment; and say the event's code."""

    def share(session: Session) -> Later[tuple[Receipt, str]]:
        event, table = find(session)
        check_rule(session, event, answers["identity"])
        stage = stage_at(session, event, written_at)
        code, name = event.code, answers["author_name"]
        author = _writer(session, event, tokens.get(event.code), name)
        taken = take_in(
            session,
            event,
            place=place_at_table(event, stage) if table else Place.OUTSIDE,
            table=table,
            theme=session.get(Theme, answers["theme"]) if answers.get("theme") else None,
            author=author,
            author_name="" if author else name,
            device=phone,
            source=source,
            phase=stage,
            captured_at=written_at,
            **{name: value for name, value in answers.items() if name not in ("theme", "author_name")},
        )
        return taken.then(lambda receipt: (receipt, code))

    return together(share)


def _at_table(code: str, session: Session) -> tuple[Event, Table | None]:
    """Words that come through a table's own page stand at that table."""
    table = read_once(session, ("table", code), lambda: table_to_write_at(session, code))
    return table.event, table


def _outside(code: str, session: Session) -> tuple[Event, Table | None]:
    return read_once(session, ("event", code), lambda: published_event(session, code)), None


def _author(session: Session, event: Event, token: str | None) -> Participant | None:
    """The person whose own link was opened on this phone."""
    try:
        return participant_in(session, event, token) if token else None
    except NotFound:
        return None


def _writer(session: Session, event: Event, token: str | None, name: str) -> Participant | None:
    """The same, unless the page was made for somebody else, or before the link was opened: a phone may change hands
    before it sends. Then the words stand under the name that was on their page, and are no present holder's."""
    author = _author(session, event, token)
    return author if author is not None and name in ("", one_line(author.name)) else None


def _usual_rule(manners: Manners) -> Identity:
    """Who may see the name: as this phone wrote last time, or else as the pack proposes."""
    return next((rule for rule in manners.allowed if rule.value == acts.writes_as()[0]), manners.default)


def _use_up_id(held: MutableMapping[str, Any], used: str) -> None:
    waiting = acts.waiting_ids(held)
    if used in waiting.values():
        held[acts.NEXT_IDS] = [(code, id) for code, id in waiting.items() if id != used]


def _keep_receipt(
    held: MutableMapping[str, Any], code: str, number: int, used_id: str, identity: Identity, author_name: str
) -> None:
    """The numbers stay on the phone alone: for what is anonymous, nothing here could find them again."""
    _use_up_id(held, used_id)
    kept = acts.receipts_on_phone(held)
    numbers = kept.pop(code, [])
    if number not in numbers:
        held[RECEIPTS_KEY] = [(code, [number, *numbers][:MOST_RECEIPTS]), *kept.items()][: acts.MOST_EVENTS]
    held[acts.WRITES_AS] = identity.value, "" if identity is Identity.ANONYMOUS else author_name


def _box_page(
    page: str, event: Event, form: InsightForm, manners: Manners, so_far: Sequence[Insight], **rest: object
) -> ResponseReturnValue:
    """The page with the box: empty, with what went wrong, or under the receipt of what was just sent."""
    if not form.is_submitted():
        form.author_name.data = acts.writes_as()[1]
    form.identity.data = (form.is_submitted() and form.identity.data) or _usual_rule(manners)
    author = _author(reading(), event, participant_tokens().get(event.code))
    receipts, sent = receipts_of(reading(), event, acts.numbers_on_phone(event.code)), number_in_address("sent")
    words = render_template(
        f"insights/{page}.html",
        event=event,
        form=form.offer(manners, author).under(acts.next_id(event.code)),
        author=author,
        support=manners.support,
        so_far=[card_of(insight) for insight in so_far],
        receipts=receipts,
        sent=next((receipt for receipt in receipts if receipt.number == sent), None),
        **rest,
    )
    return words, 422 if form.errors else 200


EXPRESS: Mapping[re.Pattern[str], Take] = {
    re.compile(r"/t/(?P<code>[0-9a-z]{2,16})/insights"): partial(_take, _at_table, Source.PHONE),
    re.compile(r"/e/(?P<code>[0-9a-z]{2,16})/outside/insights"): partial(_take, _outside, Source.WEB),
}
"""What goes the short way, by its path."""
