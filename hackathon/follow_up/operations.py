"""Recommending, and deciding with a reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record, take_turns
from hackathon.follow_up.models import Decision, Recommendation, RecommendationSource
from hackathon.insights.models import Insight, Uncounted

LONGEST_REASON = 60


class ChangedMeanwhile(Refusal):
    """Somebody else wrote while this was being written; both versions are shown, and nothing is overwritten."""


def recommend(
    session: Session,
    event: Event,
    *,
    text: str,
    because: str,
    owner_role: str,
    first_step: str,
    horizon: int,
    sources: Sequence[int],
    actor: str,
) -> Recommendation:
    """Ask somebody to do something. `sources` are the receipt numbers of the insights that it came from."""
    take_turns(session, event)
    session.refresh(event)
    insights = _insights_numbered(session, event, sources)
    recommendation = Recommendation(
        event=event,
        number=_next_number(session, event),
        text=text,
        because=because,
        owner_role=owner_role,
        first_step=first_step,
        horizon=horizon,
        rehearsal=event.is_rehearsing,
    )
    session.add(recommendation)
    session.flush()
    _link(session, recommendation, insights)
    record(session, event, "recommendation.made", actor=actor, subject_id=recommendation.id)
    return recommendation


def change_recommendation(
    session: Session,
    recommendation: Recommendation,
    *,
    text: str,
    because: str,
    owner_role: str,
    first_step: str,
    horizon: int,
    sources: Sequence[int],
    edition: str,
    actor: str,
) -> Recommendation:
    """Write a recommendation anew. `edition` is the one its writer had before them: nobody writes over another."""
    event = recommendation.event
    take_turns(session, event)
    session.refresh(recommendation)
    if edition != recommendation.edition:
        raise ChangedMeanwhile("Somebody has changed this meanwhile. Their words stand below; yours are still here.")
    insights = _insights_numbered(session, event, sources)
    recommendation.text, recommendation.because = text, because
    recommendation.owner_role, recommendation.first_step = owner_role, first_step
    recommendation.horizon = horizon
    session.execute(
        delete(RecommendationSource).where(
            RecommendationSource.recommendation_id == recommendation.id,
            RecommendationSource.insight_id.in_(select(Insight.id).where(Insight.is_shown)),
        )
    )
    _link(session, recommendation, insights)
    record(session, event, "recommendation.changed", actor=actor, subject_id=recommendation.id)
    return recommendation


def decide(
    session: Session,
    recommendation: Recommendation,
    *,
    decision: Decision,
    reason: str,
    owner_role: str,
    actor: str,
    at: datetime | None = None,
) -> Recommendation:
    """Answer a recommendation, always with a reason. Deciding again replaces the answer; the log keeps both."""
    words = len(reason.split())
    if not words:
        raise Refusal("Give a reason: people deserve to know why, most of all when the answer is no.", "reason")
    if words > LONGEST_REASON:
        raise Refusal(f"The reason has {words} words. Say it in {LONGEST_REASON} or fewer.", "reason")
    if decision.takes_forward and not owner_role:
        raise Refusal("Say who sees it through, or write “nobody yet”.", "owner_role")
    recommendation.decision, recommendation.reason = decision, reason
    recommendation.owner_role = owner_role
    recommendation.decided_at = at or now()
    session.flush()
    record(
        session,
        recommendation.event,
        "recommendation.decided",
        actor=actor,
        subject_id=recommendation.id,
        decision=decision.value,
        reason=reason,
    )
    return recommendation


def _next_number(session: Session, event: Event) -> int:
    return (session.scalar(select(func.max(Recommendation.number)).where(Recommendation.event_id == event.id)) or 0) + 1


def _insights_numbered(session: Session, event: Event, numbers: Sequence[int]) -> Sequence[Insight]:
    """The insights with these receipt numbers; one that nobody can see, or that nobody said, is refused by name."""
    said: ColumnElement[bool] = Insight.uncounted.is_(None)
    if event.is_rehearsing:
        said = or_(said, Insight.uncounted == Uncounted.REHEARSAL)
    insights = session.scalars(
        select(Insight)
        .where(Insight.event_id == event.id, Insight.number.in_(numbers), Insight.is_shown, said)
        .order_by(Insight.number)
    ).all()
    if missing := sorted(set(numbers) - {insight.number for insight in insights}):
        named = ", ".join(map(str, missing))
        raise Refusal(f"No insight here has the number {named}. Check the receipt numbers.", "sources")
    return insights


def _link(session: Session, recommendation: Recommendation, insights: Sequence[Insight]) -> None:
    for insight in insights:
        session.add(RecommendationSource(recommendation=recommendation, insight=insight))
    session.flush()
