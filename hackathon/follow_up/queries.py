"""Recommendations and what became of them, and the insights they came from."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.follow_up.models import Recommendation, RecommendationSource
from hackathon.insights.models import Insight


def recommendations_of(session: Session, event: Event) -> Sequence[Recommendation]:
    return session.scalars(
        select(Recommendation).where(Recommendation.event_id == event.id).order_by(Recommendation.number)
    ).all()


def recommendation_by_number(session: Session, event: Event, number: int) -> Recommendation:
    recommendation = session.scalar(
        select(Recommendation).where(Recommendation.event_id == event.id, Recommendation.number == number)
    )
    if recommendation is None:
        raise NotFound
    return recommendation


def sources_of(session: Session, event: Event) -> dict[int, list[int]]:
    """The ids of the insights behind each recommendation, by the recommendation's id, in the insights' order."""
    sources: dict[int, list[int]] = defaultdict(list)
    for recommendation_id, insights in insights_behind(session, event).items():
        sources[recommendation_id] = [insight.id for insight in insights]
    return dict(sources)


def insights_behind(session: Session, event: Event) -> dict[int, list[Insight]]:
    """The insights behind each recommendation that can be seen, by the recommendation's id, in the insights' order."""
    insights: dict[int, list[Insight]] = defaultdict(list)
    for source in session.scalars(
        select(RecommendationSource)
        .join(RecommendationSource.recommendation)
        .join(RecommendationSource.insight)
        .where(Recommendation.event_id == event.id, Insight.is_shown)
        .options(contains_eager(RecommendationSource.insight))
        .order_by(Insight.number)
    ):
        insights[source.recommendation_id].append(source.insight)
    return dict(insights)


def outcomes_of(session: Session, event: Event) -> dict[int, list[Recommendation]]:
    """What became of insights: the recommendations that each is behind, by the insight's id."""
    outcomes: dict[int, list[Recommendation]] = defaultdict(list)
    for source in session.scalars(
        select(RecommendationSource)
        .join(RecommendationSource.recommendation)
        .where(Recommendation.event_id == event.id)
        .options(contains_eager(RecommendationSource.recommendation))
        .order_by(Recommendation.number)
    ):
        outcomes[source.insight_id].append(source.recommendation)
    return dict(outcomes)
