"""The desk of those who answer."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.alike.queries import alike_insights
from hackathon.comments.messages import send_reply
from hackathon.comments.queries import any_comments_on, last_reply_on, linked_numbers, reply_of
from hackathon.community.document import PROMPTS
from hackathon.community.forms import HandOverForm, HideForm, ReplyForm
from hackathon.community.messages import NUDGE_EVERY
from hackathon.community.operations import (
    choose_letters,
    hand_over,
    hide_and_ask,
    need_no_reply,
    need_reply,
    reply_to,
    take_in_hand,
)
from hackathon.community.queries import (
    count_unanswered,
    holder_words,
    is_nudged,
    queue_of,
    those_who_answer,
    waiting_of,
    wrote,
)
from hackathon.core.clock import local, now
from hackathon.core.codes import long_token
from hackathon.core.db import reading, transaction
from hackathon.core.errors import Refusal
from hackathon.duty.queries import reply_clock_of, reply_promise_of
from hackathon.events.queries import event_by_code
from hackathon.insights.models import HideReason
from hackathon.insights.queries import any_insight_by_number, card_of
from hackathon.moderation.messages import send_for_care
from hackathon.moderation.operations import hide_words
from hackathon.moderation.queries import care_leads_of, open_concerns
from hackathon.staff.models import Account
from hackathon.staff.queries import account_by_id
from hackathon.web.access import Door, may_pass, my_name, open_to, signed_in_staff
from hackathon.web.addresses import number_in_address
from hackathon.web.pages import desk_nav
from hackathon.web.saying import offer_undo
from hackathon.web.settings import our_address

bp = Blueprint("community", __name__)

NUMBER = "<int(max=999999999):number>"
ON_THE_DESK = f"/desk/<code:code>/community/{NUMBER}"
A_PAGE = 50


@bp.get("/desk/<code:code>/community")
@open_to(Door.MODERATOR)
def desk(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    me, clock, at = _me(session), reply_clock_of(session, event), now()
    waiting = waiting_of(session, event, me, after=number_in_address("after"), limit=A_PAGE + 1)
    again = None if clock.is_staffed(at) else clock.next_staffed(at)
    return render_template(
        "community/desk.html",
        event=event,
        desk_nav=desk_nav(event, "community"),
        waiting=waiting[:A_PAGE],
        younger=url_for(".desk", code=code, after=waiting[A_PAGE - 1].number) if len(waiting) > A_PAGE else None,
        is_first="after" not in request.args,
        queue=queue_of(session, event, me),
        unanswered=count_unanswered(session, event),
        is_free=bool(waiting_of(session, event, me, only_free=True, limit=1)),
        promise=reply_promise_of(session, event),
        off_duty=not clock.is_staffed(at),
        on_duty_again=local(again, event.timezone) if again else None,
        needs_care_lead=not care_leads_of(session, event),
        is_nudged=is_nudged(session, event, me),
        nudged_every=NUDGE_EVERY.seconds // 60,
    )


@bp.post("/desk/<code:code>/community/letters")
@open_to(Door.COMMUNITY_MANAGER)
def letters(code: str) -> ResponseReturnValue:
    """The letters that fetch me while somebody waits: I do without them, or want them again."""
    wanted = "wanted" in request.form
    with transaction() as session:
        choose_letters(session, event_by_code(session, code), account=_me(session), wanted=wanted)
    flash("You get letters again while somebody waits." if wanted else "You get no more of these letters.", "good")
    return redirect(url_for(".desk", code=code))


@bp.get("/desk/<code:code>/community/next")
@open_to(Door.MODERATOR)
def onwards(code: str) -> ResponseReturnValue:
    """To the oldest that nobody else has in hand; behind a number, to the one after it."""
    session = reading()
    event = event_by_code(session, code)
    after = number_in_address("after")
    for each in waiting_of(session, event, _me(session), after=after, only_free=True, limit=1):
        return redirect(url_for(".look_after", code=code, number=each.number))
    return redirect(url_for(".desk", code=code))


@bp.get(ON_THE_DESK)
@open_to(Door.MODERATOR)
def look_after(code: str, number: int) -> ResponseReturnValue:
    """One of those that wait, with everything that can be done about it. Opening it takes it in hand."""
    return _working_page(code, number, ReplyForm.from_request())


@bp.route(f"{ON_THE_DESK}/reply", methods=["GET", "POST"])
@open_to(Door.COMMUNITY_MANAGER)
def reply(code: str, number: int) -> ResponseReturnValue:
    form = ReplyForm.from_request()
    if (prompt := PROMPTS.get(request.form.get("prompt", ""))) is not None:
        form.text.data = f"{form.text.data or ''} {prompt[1]}".strip()
    elif form.submitted():
        try:
            with transaction() as session:
                insight = any_insight_by_number(session, event_by_code(session, code), number)
                comment = reply_to(session, insight, account=_me(session), **form.values)
                send_reply(session, comment, address=our_address())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Number {number} is answered.", "good")
            return _go_on(code, number)
    return _working_page(code, number, form)


@bp.post(f"{ON_THE_DESK}/no-reply-needed")
@open_to(Door.COMMUNITY_MANAGER)
def no_reply_needed(code: str, number: int) -> ResponseReturnValue:
    with transaction() as session:
        insight = any_insight_by_number(session, event_by_code(session, code), number)
        need_no_reply(session, insight, account=_me(session))
    offer_undo(f"Number {number} needs no reply.", url_for(".reply_needed", code=code, number=number))
    return _go_on(code, number)


@bp.post(f"{ON_THE_DESK}/reply-needed")
@open_to(Door.COMMUNITY_MANAGER)
def reply_needed(code: str, number: int) -> ResponseReturnValue:
    """Take back that it needs none."""
    with transaction() as session:
        insight = any_insight_by_number(session, event_by_code(session, code), number)
        need_reply(session, insight, account=_me(session))
    return redirect(url_for(".look_after", code=code, number=number))


@bp.post(f"{ON_THE_DESK}/hand-over")
@open_to(Door.COMMUNITY_MANAGER)
def give(code: str, number: int) -> ResponseReturnValue:
    """Hand it over to somebody else."""
    form = _hand_over_form(code)
    if form.submitted():
        try:
            with transaction() as session:
                insight = any_insight_by_number(session, event_by_code(session, code), number)
                hand_over(session, insight, account=_me(session), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Number {number} is handed over.", "good")
            return _go_on(code, number)
    return _working_page(code, number, hand_over_form=form)


@bp.post(f"{ON_THE_DESK}/hide")
@open_to(Door.COMMUNITY_MANAGER)
def hide(code: str, number: int) -> ResponseReturnValue:
    """Off every page, with a reason; and perhaps a word to whoever wrote it."""
    form = HideForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                event = event_by_code(session, code)
                insight = any_insight_by_number(session, event, number)
                asked, is_for_care = hide_and_ask(session, insight, account=_me(session), **form.values)
                if asked is not None:
                    send_reply(session, asked, address=our_address())
                if is_for_care:
                    send_for_care(session, event, address=our_address())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _say_hidden(code, number, escalated=form.reason.data is HideReason.DISCLOSURE)
            return _go_on(code, number)
    return _working_page(code, number, hide_form=form)


@bp.post(f"{ON_THE_DESK}/escalate")
@open_to(Door.MODERATOR)
def escalate(code: str, number: int) -> ResponseReturnValue:
    """Somebody tells of harm: off every page at once, and with the care lead alone."""
    with transaction() as session:
        event = event_by_code(session, code)
        insight = any_insight_by_number(session, event, number)
        if hide_words(session, insight, reason=HideReason.DISCLOSURE, actor=my_name()):
            send_for_care(session, event, address=our_address())
    _say_hidden(code, number, escalated=True)
    return _go_on(code, number)


def _working_page(
    code: str,
    number: int,
    form: ReplyForm | None = None,
    hide_form: HideForm | None = None,
    hand_over_form: HandOverForm | None = None,
) -> ResponseReturnValue:
    """One that waits with its three forms; the one that was refused says why, with what was written still in it."""
    form = form or ReplyForm(formdata=None)
    hide_form = hide_form or HideForm(formdata=None, client_id=long_token())
    hand_over_form = hand_over_form or _hand_over_form(code)
    answers, others = may_pass(Door.COMMUNITY_MANAGER, code), None
    with transaction() as session:
        event, me = event_by_code(session, code), _me(session)
        insight = any_insight_by_number(session, event, number)
        note = ""
        if answers:
            care = take_in_hand(session, insight, account=me)
            others, note = holder_words(event, care, me, now()), care.note
    newest = last_reply_on(session, insight)
    # The page shows every reply there is, so what is sent from it has seen them; a prompt must not blind it to one.
    if request.form.get("prompt") is None:
        form.read_up_to.data, form.read_up_to.raw_data = newest.id if newest else 0, None
    form.client_id.data = form.client_id.data or long_token()
    page = render_template(
        "community/look_after.html",
        event=event,
        desk_nav=desk_nav(event, "community"),
        card=card_of(insight, names_of_hidden=may_pass(Door.ORGANISER, code)),
        insight=insight,
        answers=[reply_of(comment) for comment in any_comments_on(session, insight)],
        concerns=open_concerns(session, insight),
        waiting=next(iter(waiting_of(session, event, me, number=number)), None),
        others=others,
        note=note,
        may_answer=answers,
        is_mine=wrote(me, insight),
        form=form,
        prompts=PROMPTS,
        prompted="prompt" in request.form,
        hide_form=hide_form,
        reasons=HideReason,
        hand_over_form=hand_over_form,
        alike=[each for each in alike_insights(session, event, insight.text) if each.card.number != number],
        linked=linked_numbers(session, insight),
        next=url_for(".onwards", code=code, after=number),
    )
    return page, 422 if form.errors or hide_form.errors or hand_over_form.errors else 200


def _hand_over_form(code: str) -> HandOverForm:
    """With everybody else who answers here to choose from."""
    form = HandOverForm.from_request()
    those = those_who_answer(reading(), event_by_code(reading(), code))
    form.to.offer({0: "Choose somebody", **{each.id: each.name for each in those if each.id != signed_in_staff()}})
    return form


def _say_hidden(code: str, number: int, *, escalated: bool) -> None:
    if escalated:
        flash(f"Number {number} is off every page, and with the care lead alone.", "good")
    else:
        offer_undo(f"Number {number} is off every page.", url_for("moderation.show", code=code, number=number))


def _go_on(code: str, number: int) -> ResponseReturnValue:
    return redirect(url_for(".onwards", code=code, after=number))


def _me(session: Session) -> Account:
    return account_by_id(session, signed_in_staff())
