"""Who has applied, what was offered to whom, and the ballot."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from hackathon.admission.models import Draw, ReservedShare
from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.maths.lots import Drawn, draw_lots
from hackathon.participants.models import Registration, RegistrationState


def registrations_by_number(session: Session, event: Event, *, lock: bool = False) -> Sequence[Registration]:
    """Who stands on the closed list and has not given up, by number. To give them places, `lock` them."""
    listed = (
        select(Registration)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.APPLIED,
            Registration.number.is_not(None),
        )
        .options(joinedload(Registration.participant))
        .order_by(Registration.number)
    )
    if lock:
        listed = listed.with_for_update(of=Registration).execution_options(populate_existing=True)
    return session.scalars(listed).all()


def shares_of(session: Session, event: Event) -> Sequence[ReservedShare]:
    return session.scalars(
        select(ReservedShare).where(ReservedShare.event_id == event.id).order_by(ReservedShare.id)
    ).all()


def share_of(session: Session, event: Event, share_id: int) -> ReservedShare:
    share = session.get(ReservedShare, share_id)
    if share is None or share.event_id != event.id:
        raise NotFound
    return share


def draw_of(session: Session, event: Event, *, lock: bool = False) -> Draw | None:
    draw = select(Draw).where(Draw.event_id == event.id)
    return session.scalar(draw.with_for_update() if lock else draw)


def draw_again(draw: Draw) -> Drawn:
    """What comes of a ballot that was held, from nothing but what is published about it."""
    entrants = {number: set(names) for number, names in draw.entrants if number not in draw.gave_up}
    reserved = dict(draw.reserved)
    return draw_lots(entrants, places=draw.places or 0, reserved=reserved, seed=draw.seed or "")


def due_offers(session: Session, *, at: datetime) -> Sequence[Registration]:
    """Offers that nobody took in time, of everybody but companions, who go with whom they support. Those of a day that
    is near are looked at one by one, because it begins on the clock of its place."""
    near = Registration.event.has(Event.held_on <= (at + timedelta(days=1)).date())
    offers = session.scalars(
        select(Registration)
        .where(
            Registration.state == RegistrationState.OFFERED,
            or_(Registration.claim_by <= at, near),
            Registration.companion_of_id.is_(None),
        )
        .options(joinedload(Registration.participant), joinedload(Registration.event))
        .order_by(Registration.claim_by, Registration.id)
    )
    return [offer for offer in offers if offer.kept_until is not None and offer.kept_until <= at]
