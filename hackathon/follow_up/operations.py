"""Recommending, deciding with a reason, committing oneself, and saying whether one did."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.codes import long_token
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record, take_turns
from hackathon.events.queries import stage_at, was_rehearsal
from hackathon.follow_up.models import (
    Commitment,
    Decision,
    Kept,
    Recommendation,
    RecommendationSource,
)
from hackathon.insights.models import Insight, Uncounted
from hackathon.participants.models import Participant

LONGEST_REASON = 60
NOBODY_SAID = "someone"


class AlreadySent(Refusal):
    """The same form came a second time; what it said is kept already."""


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
        number=_next_number(session, event, Recommendation),
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


def commit_to(
    session: Session,
    event: Event,
    *,
    text: str,
    remind_on: date | None,
    may_print: bool,
    remind_to: str = "",
    client_id: str = "",
    written_at: datetime | None = None,
    participant: Participant | None = None,
    actor: str = NOBODY_SAID,
) -> Commitment:
    """Say what one will do. Sent again under the same `client_id`, it makes no second commitment.

    The id that the phone made is then the commitment's token: nobody else knows it. What was written in a stage that
    has closed since is late, and is kept and counted all the same. `remind_to` is the address for the one letter that
    asks how it went; it is kept in that letter and nowhere else.
    """
    if not event.is_published:
        raise Refusal("This event is not open yet.")
    if event.is_closed:
        raise Refusal("This event is closed, so it takes no more commitments.", "text")
    if remind_to and remind_on is None:
        raise Refusal("Choose the day on which we shall write to you, or leave the address out.", "remind_on")
    take_turns(session, event)
    token = client_id or long_token()
    if held := session.scalar(select(Commitment).where(Commitment.event_id == event.id, Commitment.token == token)):
        if held.text != text:
            raise Refusal("You have sent a commitment from this page already. Send this one from a new page.", "text")
        raise AlreadySent("This commitment is kept already.")
    commitment = Commitment(
        event=event,
        number=_next_number(session, event, Commitment),
        token=token,
        text=text,
        remind_on=remind_on,
        may_print=may_print,
        participant=participant,
        late=written_at is not None and stage_at(session, event, written_at) is not event.stage,
        rehearsal=was_rehearsal(session, event, written_at or now()),
    )
    session.add(commitment)
    session.flush()
    record(session, event, "commitment.made", actor=actor, subject_id=commitment.id)
    return commitment


def answer_commitment(session: Session, commitment: Commitment, *, kept: Kept, actor: str = NOBODY_SAID) -> Commitment:
    """Say whether one did it: kept, partly, or not yet."""
    commitment.kept = kept
    session.flush()
    record(session, commitment.event, "commitment.answered", actor=actor, subject_id=commitment.id, kept=kept.value)
    return commitment


def _next_number(session: Session, event: Event, table: type[Recommendation] | type[Commitment]) -> int:
    return (session.scalar(select(func.max(table.number)).where(table.event_id == event.id)) or 0) + 1


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
