"""Recommendations and decisions on the desk; what became of everything, for everybody."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from hackathon.core.db import reading, transaction
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event
from hackathon.events.operations import hold_event
from hackathon.events.queries import event_by_code, published_event
from hackathon.follow_up.forms import DecisionForm, RecommendationChangeForm, RecommendationForm
from hackathon.follow_up.models import HORIZON_WORDS, Decision, Recommendation
from hackathon.follow_up.operations import ChangedMeanwhile, change_recommendation, decide, recommend
from hackathon.follow_up.queries import insights_behind, outcomes_of, recommendation_by_number, recommendations_of
from hackathon.framing.queries import promise_of
from hackathon.insights.models import Insight
from hackathon.insights.queries import insight_by_number
from hackathon.maths.rates import Rate
from hackathon.synthesis.queries import settled_themes
from hackathon.web.access import Door, my_name, open_to
from hackathon.web.addresses import number_in_address
from hackathon.web.pages import desk_nav

bp = Blueprint("follow_up", __name__)

NUMBER = "<int(max=999999999):number>"
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


@bp.get("/e/<code:code>/outcomes")
@open_to(Door.ANYONE)
def outcomes(code: str) -> ResponseReturnValue:
    """You said, we did: every recommendation with its decision and reason, and what became of any one insight."""
    session = reading()
    event = published_event(session, code)
    everything = recommendations_of(session, event)
    asked = request.args.get("number", "").strip()
    insight = _insight_asked(session, event, number_in_address("number"))
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


def _insight_asked(session: Session, event: Event, number: int | None) -> Insight | None:
    """The insight whose number somebody typed, if it can be seen."""
    if number is None:
        return None
    try:
        return insight_by_number(session, event, number)
    except NotFound:
        return None
