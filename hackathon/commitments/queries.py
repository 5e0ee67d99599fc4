"""Commitments, by their number and by their receipt."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.commitments.models import Commitment
from hackathon.core.errors import NotFound
from hackathon.events.models import Event


def commitments_of(session: Session, event: Event) -> Sequence[Commitment]:
    return session.scalars(select(Commitment).where(Commitment.event_id == event.id).order_by(Commitment.number)).all()


def commitment_by_number(session: Session, event: Event, number: int) -> Commitment:
    commitment = session.scalar(select(Commitment).where(Commitment.event_id == event.id, Commitment.number == number))
    if commitment is None:
        raise NotFound
    return commitment


def commitment_by_token(session: Session, event: Event, token: str) -> Commitment:
    """The commitment whose receipt this is."""
    commitment = session.scalar(select(Commitment).where(Commitment.event_id == event.id, Commitment.token == token))
    if commitment is None:
        raise NotFound
    return commitment
