"""Which words were put there to begin with."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.insights.models import Insight, Uncounted


def seeds_of(session: Session, event: Event) -> Sequence[Insight]:
    """In the order of their numbers, hidden ones included."""
    return session.scalars(
        select(Insight)
        .where(Insight.event_id == event.id, Insight.uncounted == Uncounted.SEED)
        .options(joinedload(Insight.theme))
        .order_by(Insight.number)
    ).all()


def seed_by_number(session: Session, event: Event, number: int) -> Insight:
    for seed in seeds_of(session, event):
        if seed.number == number:
            return seed
    raise NotFound
