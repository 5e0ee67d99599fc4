"""Recommendations and decisions on the desk; what became of everything, and commitments, for everybody."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.clock import local
from hackathon.core.codes import long_token
from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code, published_event
from hackathon.follow_up.forms import (
    AnswerForm,
    CommitmentForm,
    DecisionForm,
    RecommendationChangeForm,
    RecommendationForm,
)
from hackathon.follow_up.messages import send_reminder
from hackathon.follow_up.models import HORIZON_WORDS, Commitment, Decision, Kept, Recommendation
from hackathon.follow_up.operations import (
    AlreadySent,
    ChangedMeanwhile,
    answer_commitment,
    change_recommendation,
    commit_to,
    decide,
    recommend,
)
from hackathon.follow_up.queries import (
    commitment_by_number,
    commitment_by_token,
    commitments_of,
    insights_behind,
    outcomes_of,
    recommendation_by_number,
    recommendations_of,
)
from hackathon.framing.queries import promise_of
from hackathon.insights.models import Insight
from hackathon.insights.queries import insight_by_number
from hackathon.maths.rates import Rate
from hackathon.synthesis.queries import settled_themes
from hackathon.web import acts
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.limits import Limit, may_spend
from hackathon.web.pages import desk_nav
from hackathon.web.settings import our_address

bp = Blueprint("follow_up", __name__)

NUMBER = "<int(max=999999999):number>"
MOST_DIGITS = 9
TOO_MANY_LETTERS = "This address gets several letters already. Leave it out, or try again in a few hours."
LATE = "It arrived late, and is kept and counted all the same."
ASK_AFTER = {1: "In a week", 3: "In three weeks", 6: "In six weeks", 12: "In twelve weeks"}
REMINDERS_TO_ONE = Limit("reminders to one address", burst=4, every=timedelta(hours=6))
GROUPS = (
    ("Going ahead", "going-ahead", (Decision.DO, Decision.PLAN, Decision.TEST)),
    ("Done already", "done-already", (Decision.ALREADY,)),
    ("Not going ahead, and why", "not-going-ahead", (Decision.NOT_NOW, Decision.NO)),
    ("Not decided yet", "not-decided", (None,)),
)
"""You said, we did, we did not because: every decision has its place, also the one that is not made."""


@bp.get("/desk/<code:code>/recommendations")
@open_to(Door.FACILITATOR)
def recommendations(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    return render_template(
        "follow_up/recommendations.html",
        event=event,
        desk_nav=desk_nav(event, "recommendations"),
        recommendations=recommendations_of(session, event),
        insights=insights_behind(session, event),
    )


@bp.get("/desk/<code:code>/recommendations/horizons")
@open_to(Door.FACILITATOR)
def horizons(code: str) -> ResponseReturnValue:
    """The board: what can be done now, what goes into plans, what to try out."""
    session = reading()
    event = event_by_code(session, code)
    everything = recommendations_of(session, event)
    return render_template(
        "follow_up/horizons.html",
        event=event,
        desk_nav=desk_nav(event, "recommendations"),
        board=[
            (number, words, [each for each in everything if each.horizon == number])
            for number, words in HORIZON_WORDS.items()
        ],
    )


@bp.route("/desk/<code:code>/recommendations/new", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def new_recommendation(code: str) -> ResponseReturnValue:
    session = reading()
    event = event_by_code(session, code)
    form = RecommendationForm.from_request()
    if form.submitted():
        try:
            with transaction() as session:
                number = recommend(session, event, actor=my_name(), **form.values).number
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Recommendation {number} is written.", "good")
            return redirect(url_for(".recommendations", code=code))
    return render_template(
        "follow_up/new_recommendation.html", event=event, desk_nav=desk_nav(event, "recommendations"), form=form
    )


@bp.route(f"/desk/<code:code>/recommendations/{NUMBER}", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def recommendation(code: str, number: int) -> ResponseReturnValue:
    """Write a recommendation anew. Who overtook somebody sees both versions."""
    event, recommendation = _recommendation(code, number)
    form, theirs = _change_form(reading(), recommendation), None
    if form.submitted():
        try:
            with transaction() as session:
                change_recommendation(session, recommendation, actor=my_name(), **form.values)
        except ChangedMeanwhile as refusal:
            form.refuse(refusal)
            form.edition.data, theirs = recommendation.edition, recommendation
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"Recommendation {number} is changed.", "good")
            return redirect(url_for(".recommendations", code=code))
    return render_template(
        "follow_up/recommendation.html",
        event=event,
        desk_nav=desk_nav(event, "recommendations"),
        form=form,
        recommendation=recommendation,
        theirs=theirs,
    )


@bp.route(f"/desk/<code:code>/recommendations/{NUMBER}/decide", methods=["GET", "POST"])
@open_to(Door.FACILITATOR)
def decision(code: str, number: int) -> ResponseReturnValue:
    event, recommendation = _recommendation(code, number)
    form = DecisionForm.from_request(obj=recommendation)
    if form.submitted():
        try:
            with transaction() as session:
                hold_event(session, code)
                session.refresh(recommendation)
                form.stay_on(obj=recommendation)
                decide(session, recommendation, actor=my_name(), **form.values)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(f"The decision on recommendation {number} is kept. Everybody can read it now.", "good")
            return redirect(url_for(".recommendations", code=code))
    return render_template(
        "follow_up/decision.html",
        event=event,
        desk_nav=desk_nav(event, "recommendations"),
        form=form,
        recommendation=recommendation,
    )


@bp.get("/desk/<code:code>/commitments")
@open_to(Door.FACILITATOR)
def commitments(code: str) -> ResponseReturnValue:
    """What people said they would do, and what they answered."""
    session = reading()
    event = event_by_code(session, code)
    made = commitments_of(session, event)
    counted = [each for each in made if not each.rehearsal]
    return render_template(
        "follow_up/commitments.html",
        event=event,
        desk_nav=desk_nav(event, "recommendations"),
        commitments=made,
        answers=[kept for kept in Kept if kept is not Kept.NO_ANSWER],
        kept=Rate(sum(each.kept is Kept.KEPT for each in counted), len(counted)),
        answered=Rate(sum(each.kept is not Kept.NO_ANSWER for each in counted), len(counted)),
    )


@bp.post(f"/desk/<code:code>/commitments/{NUMBER}")
@open_to(Door.FACILITATOR)
def answer(code: str, number: int) -> ResponseReturnValue:
    """Write down what somebody said when asked in person."""
    session = reading()
    event = event_by_code(session, code)
    commitment = commitment_by_number(session, event, number)
    form = AnswerForm.from_request()
    if form.submitted():
        with transaction() as session:
            answer_commitment(session, commitment, actor=my_name(), **form.values)
    return redirect(url_for(".commitments", code=code, _anchor=f"commitment-{number}"))


@bp.get("/e/<code:code>/outcomes")
@open_to(Door.ANYONE)
def outcomes(code: str) -> ResponseReturnValue:
    """You said, we did: every recommendation with its decision and reason, and what became of any one insight."""
    session = reading()
    event = published_event(session, code)
    everything = recommendations_of(session, event)
    asked = request.args.get("number", "").strip()
    insight = _insight_asked(session, event, asked)
    return render_template(
        "follow_up/outcomes.html",
        event=event,
        promise=promise_of(session, event),
        groups=_grouped(everything),
        insights=insights_behind(session, event),
        decided=Rate(sum(each.decision is not None for each in everything), len(everything)),
        asked=asked,
        insight=insight,
        theme=settled_themes(session, event).get(insight.id) if insight else None,
        became=outcomes_of(session, event).get(insight.id, []) if insight else [],
    )


@bp.route("/e/<code:code>/commit", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def commit(code: str) -> ResponseReturnValue:
    """One thing that I will do. No account; the page that follows is the receipt and the place to answer."""
    session = reading()
    event = published_event(session, code)
    form = CommitmentForm.from_request()
    form.offer(_days(event, form.written_at))
    if form.submitted():
        acts.slow_a_flood()
        try:
            return _receipt(_commit(event, form))
        except AlreadySent:
            return _receipt(commitment_by_token(reading(), event, form.values["client_id"]))
        except Refusal as refusal:
            form.refuse(refusal)
    page = form.under(form.client_id.data or long_token())
    return acts.refuse(form) or render_template("follow_up/commit.html", event=event, form=page)


@bp.route("/e/<code:code>/commit/<token>", methods=["GET", "POST"])
@open_to(Door.ANYONE)
def commitment(code: str, token: str) -> ResponseReturnValue:
    """The receipt, known only to whoever made it. Opening it changes nothing; its buttons answer."""
    session = reading()
    event = published_event(session, code)
    commitment = commitment_by_token(session, event, token)
    form = AnswerForm.from_request()
    if form.submitted():
        with transaction() as session:
            answer_commitment(session, commitment, **form.values)
        return redirect(url_for(".commitment", code=code, token=token))
    return render_template(
        "follow_up/commitment.html",
        event=event,
        commitment=commitment,
        form=form,
        no_answer=Kept.NO_ANSWER,
    )


def _commit(event: Event, form: CommitmentForm) -> Commitment:
    with transaction() as session:
        made = commit_to(session, event, written_at=form.written_at, **form.values)
        if form.remind_to.data and not made.rehearsal:
            # Here, so that a phone that sends the same thing again spends nothing. And in words, because a phone that
            # hears "too many requests" tries for ever.
            if not may_spend(REMINDERS_TO_ONE, form.remind_to.data.casefold()):
                raise Refusal(TOO_MANY_LETTERS, "remind_to")
            address = our_address()
            send_reminder(session, made, email=form.remind_to.data, link=address + _address_of(made))
    return made


def _receipt(made: Commitment) -> ResponseReturnValue:
    words = f"Kept, number {made.number}. {LATE if made.late else ''}".strip()
    page = _address_of(made)
    receipt = acts.Receipt(
        words=words, number=made.number, late=made.late, href=page, link="Open it and keep its address"
    )
    return acts.answer(receipt, otherwise=page)


def _address_of(made: Commitment) -> str:
    return url_for(".commitment", code=made.event.code, token=made.token)


def _recommendation(code: str, number: int) -> tuple[Event, Recommendation]:
    session = reading()
    event = event_by_code(session, code)
    return event, recommendation_by_number(session, event, number)


def _change_form(session: Session, recommendation: Recommendation) -> RecommendationChangeForm:
    behind = insights_behind(session, recommendation.event).get(recommendation.id, [])
    return RecommendationChangeForm.from_request(
        text=recommendation.text,
        because=recommendation.because,
        owner_role=recommendation.owner_role,
        first_step=recommendation.first_step,
        horizon=recommendation.horizon,
        sources=[insight.number for insight in behind],
        edition=recommendation.edition,
    )


def _grouped(everything: Sequence[Recommendation]) -> list[tuple[str, str, list[Recommendation]]]:
    groups = [
        (title, anchor, [each for each in everything if each.decision in decisions])
        for title, anchor, decisions in GROUPS
    ]
    return [group for group in groups if group[2]]


def _insight_asked(session: Session, event: Event, asked: str) -> Insight | None:
    """The insight whose number somebody typed, if it can be seen."""
    if not asked.isdecimal() or len(asked) > MOST_DIGITS:
        return None
    try:
        return insight_by_number(session, event, int(asked))
    except NotFound:
        return None


def _days(event: Event, at: datetime) -> dict[date, str]:
    """The days on which we could ask, each in words, as they were offered at a moment."""
    today = local(at, event.timezone).date()
    days = {today + timedelta(weeks=weeks): words for weeks, words in ASK_AFTER.items()}
    return {day: f"{words}, on {day.day} {day:%B}" for day, words in days.items()}
