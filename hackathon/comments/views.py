"""One insight and what is answered to it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.adapters.live import last_activity_id
from hackathon.care.queries import answers_in_confidence
from hackathon.comments.forms import CommentForm, HearBackForm
from hackathon.comments.operations import add_comment, hear_back
from hackathon.comments.queries import comments_on, insight_on_phone, linked_numbers, reply_of
from hackathon.core.codes import long_token
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.core.group import together
from hackathon.events.models import Event, Place
from hackathon.events.queries import published_event, stage_at
from hackathon.insights.models import AuthorRole, Identity, Insight
from hackathon.insights.operations import place_at_table
from hackathon.insights.queries import card_of, insight_by_number, manners_of
from hackathon.participants.models import Participant
from hackathon.participants.queries import person_behind
from hackathon.tables.models import Table
from hackathon.tables.queries import table_by_code
from hackathon.web import acts
from hackathon.web.access import Door, open_to, participant_token
from hackathon.web.addresses import table_in_address
from hackathon.web.limits import Limit, spend, wrong_codes_counted
from hackathon.web.settings import sends_mail

bp = Blueprint("comments", __name__)

NUMBER = "<int(max=999999999):number>"
ON_THE_PAGE = f"/e/<code:code>/insights/{NUMBER}"
ADDRESSES_OF_A_CALLER = Limit("addresses to hear back at", burst=20, every=timedelta(minutes=1))


@bp.get(ON_THE_PAGE)
@bp.route(f"{ON_THE_PAGE}/comments", methods=["GET", "POST"], endpoint="comment")
@open_to(Door.ANYONE)
def insight(code: str, number: int) -> ResponseReturnValue:
    session = reading()
    event = published_event(session, code)
    after = last_activity_id(session, event.id)
    try:
        insight = insight_by_number(session, event, number)
    except NotFound:
        return _not_shown(session, event, number)
    table, author, form = _table_here(session, event), _author(session, event), CommentForm.from_request()
    if not form.client_id.data:
        form.under(long_token())
    if form.submitted():
        acts.slow_a_flood()
        try:
            receipt = _take_in(event, insight, form, table, author if _is_as_the_page_said(author) else None)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return acts.answer(receipt, otherwise=str(receipt["href"]))
    if (no := acts.refuse(form)) is not None:
        return no
    page = render_template(
        "comments/insight.html",
        form=form,
        after=after,
        table=table,
        author=author,
        answers=[reply_of(comment) for comment in comments_on(session, insight)],
        linked=linked_numbers(session, insight),
        **_of_the_phone(event, insight),
    )
    return page, 422 if form.errors else 200


@bp.post(f"{ON_THE_PAGE}/hear-back")
@open_to(Door.ANYONE)
def tell_me(code: str, number: int) -> ResponseReturnValue:
    """Mail me the answer. Only the phone that holds the number may ask."""
    if number not in acts.numbers_on_phone(code):
        raise NotFound
    spend(ADDRESSES_OF_A_CALLER, request.remote_addr or "")
    form = HearBackForm.from_request()
    try:
        if not form.submitted():
            raise Refusal("Type your email address.")
        with transaction() as session:
            hear_back(session, insight_on_phone(session, published_event(session, code), number), **form.values)
    except Refusal as refusal:
        flash(refusal.message, "problem")
    else:
        flash("We mail you when somebody answers, and forget the address some weeks after the day.", "good")
    return redirect(url_for(".insight", code=code, number=number))


def _take_in(
    event: Event, insight: Insight, form: CommentForm, table: Table | None, author: Participant | None
) -> acts.Receipt:
    """Add the comment along with what others send at this moment."""
    stage, ids = stage_at(reading(), event, form.written_at), (insight.id, author.id if author else None)
    place = place_at_table(event, stage) if table else Place.OUTSIDE
    href = url_for(".insight", code=event.code, number=insight.number, table=table.code if table else None)
    answers = {**form.values, "place": place, "written_at": form.written_at}

    def add(session: Session) -> acts.Receipt:
        here, by = session.get_one(Insight, ids[0]), session.get(Participant, ids[1]) if ids[1] else None
        comment = add_comment(session, here, author=by, **answers)
        words = f"Sent, your comment on number {here.number}."
        return acts.Receipt(
            words=f"{words} It will be read before it is shown." if comment.waits else words,
            number=here.number,
            late=comment.late,
            href=href,
            link="See it",
        )

    receipt: acts.Receipt = together(add)
    return receipt


def _not_shown(session: Session, event: Event, number: int) -> ResponseReturnValue:
    """For the phone that holds the number alone: why others cannot read it, and what it was told."""
    if number not in acts.numbers_on_phone(event.code):
        raise NotFound
    insight = insight_on_phone(session, event, number)
    is_care, answers = insight.escalated_at is not None, comments_on(session, insight)
    if is_care:
        by_staff = [answer for answer in answers if answer.author_role is not AuthorRole.PARTICIPANT]
        answers = [*by_staff, *answers_in_confidence(session, insight)]
    return render_template(
        "comments/not_shown.html",
        answers=[reply_of(comment) for comment in answers],
        is_care=is_care,
        support=manners_of(session, event).support,
        table=_table_here(session, event),
        **_of_the_phone(event, insight),
    )


def _of_the_phone(event: Event, insight: Insight) -> dict[str, Any]:
    """What the page of one insight shows to the phone that sent it, besides the words."""
    holds_it = insight.number in acts.numbers_on_phone(event.code)
    return {
        "event": event,
        "card": card_of(insight),
        "mail_form": HearBackForm(formdata=None) if holds_it and insight.identity is not Identity.ANONYMOUS else None,
        "is_anonymous": holds_it and insight.identity is Identity.ANONYMOUS,
        "sends_mail": sends_mail(),
    }


def _table_here(session: Session, event: Event) -> Table | None:
    """The table from whose page somebody came, as the address carries it along."""
    if (code := table_in_address()) is None:
        return None
    try:
        with wrong_codes_counted():
            table = table_by_code(session, code)
    except NotFound:
        return None
    return table if table.event_id == event.id else None


def _is_as_the_page_said(author: Participant | None) -> bool:
    """Whether it is sent as the page said that it would be: a phone may be another person's by then."""
    return author is not None and request.form.get("author_name", author.name) == author.name


def _author(session: Session, event: Event) -> Participant | None:
    """The person whose own link was opened on this phone, unless it writes without a name."""
    usual = acts.writes_as()[0] or manners_of(session, event).default.value
    if usual == Identity.ANONYMOUS.value:
        return None
    return person_behind(session, event, participant_token(event.code))
