"""Writing down who would sit with whom, and what somebody's table must be."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record
from hackathon.participants.models import Registration
from hackathon.tables.models import Mark
from hackathon.wishes.models import SeatNeed, SeatWish, WishKind
from hackathon.wishes.queries import wish_between


def wish_for_seats(
    session: Session,
    event: Event,
    *,
    one: Registration | None,
    other: Registration | None,
    kind: WishKind,
    actor: str,
) -> SeatWish:
    """Say that two people sit together, or never do. The newest word about two people is the one that holds."""
    if one is None or other is None or one is other:
        raise Refusal("Choose two different people.", "one" if one is None else "other")
    if {one.event_id, other.event_id} != {event.id}:
        raise Refusal("Choose people of this event.", "other")
    low, high = sorted((one.participant, other.participant), key=lambda person: person.id)
    wish = wish_between(session, low, high)
    if wish is None:
        wish = SeatWish(event=event, one=low, other=high)
        session.add(wish)
    wish.kind = kind
    session.flush()
    record(session, event, "seat.wished", actor=actor, subject_id=wish.id)
    return wish


def drop_wish(session: Session, wish: SeatWish, *, actor: str) -> None:
    session.delete(wish)
    session.flush()
    record(session, wish.event, "seat.wish_dropped", actor=actor, subject_id=wish.id)


def note_needs(session: Session, registration: Registration, *, marks: Sequence[Mark], actor: str) -> None:
    """Say what somebody's table must be, in place of what was said before. The log does not say what it is."""
    session.execute(delete(SeatNeed).where(SeatNeed.participant_id == registration.participant_id))
    session.add_all(SeatNeed(participant=registration.participant, mark=mark) for mark in marks)
    session.flush()
    record(session, registration.event, "seat.needs_noted", actor=actor, subject_id=registration.participant_id)
