"""What an event promises, and against whom it counts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.events.models import Event
from hackathon.framing.models import DeclaredBase, OutsideCall, Promise


def promise_of(session: Session, event: Event) -> Promise | None:
    return session.scalar(select(Promise).where(Promise.event_id == event.id))


def base_of(session: Session, event: Event) -> DeclaredBase | None:
    return session.scalar(select(DeclaredBase).where(DeclaredBase.event_id == event.id))


def outside_call_of(session: Session, event: Event) -> OutsideCall | None:
    return session.scalar(select(OutsideCall).where(OutsideCall.event_id == event.id))
