"""What is wished for, and what is needed."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.participants.models import Participant
from hackathon.tables.models import Mark
from hackathon.wishes.models import SeatNeed, SeatWish


def wishes_of(session: Session, event: Event) -> Sequence[SeatWish]:
    return session.scalars(
        select(SeatWish)
        .where(SeatWish.event_id == event.id)
        .options(joinedload(SeatWish.one), joinedload(SeatWish.other))
        .order_by(SeatWish.id)
    ).all()


def wish_between(session: Session, one: Participant, other: Participant) -> SeatWish | None:
    low, high = sorted((one.id, other.id))
    return session.scalar(select(SeatWish).where(SeatWish.one_id == low, SeatWish.other_id == high))


def wish_by_id(session: Session, event: Event, wish_id: int) -> SeatWish:
    wish = session.get(SeatWish, wish_id)
    if wish is None or wish.event_id != event.id:
        raise NotFound
    return wish


def needs_of(session: Session, event: Event) -> Mapping[int, frozenset[Mark]]:
    """What people's tables must be, by participant."""
    rows = session.execute(
        select(SeatNeed.participant_id, SeatNeed.mark)
        .join(SeatNeed.participant)
        .where(Participant.event_id == event.id)
        .order_by(SeatNeed.participant_id)
    )
    needs: dict[int, frozenset[Mark]] = {}
    for participant_id, mark in rows:
        needs[participant_id] = needs.get(participant_id, frozenset()) | {mark}
    return needs


def wishes_about(session: Session, participant: Participant) -> Sequence[SeatWish]:
    return session.scalars(
        select(SeatWish)
        .where(or_(SeatWish.one_id == participant.id, SeatWish.other_id == participant.id))
        .options(joinedload(SeatWish.one), joinedload(SeatWish.other))
        .order_by(SeatWish.id)
    ).all()
