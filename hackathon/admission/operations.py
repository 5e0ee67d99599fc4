"""Saying yes or no, holding a ballot, taking what was offered, and letting go what nobody took."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hackathon.admission.models import About, Draw, ReservedShare
from hackathon.admission.queries import (
    draw_again,
    draw_of,
    due_offers,
    registrations_by_number,
    shares_of,
)
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Stage
from hackathon.events.operations import SYSTEM, record, take_turns, take_turns_in_series
from hackathon.maths.lots import Drawn, reserved_places
from hackathon.participants.models import Places, Registration, RegistrationState, Way
from hackathon.participants.operations import (
    end_registration,
    give_free_places,
    give_place,
    hold_all_still,
    hold_registration,
    put_in_line,
    take_turns_for_places,
)
from hackathon.participants.queries import applied_in_order, places_of

IS_CLOSED = "The list is closed, so the rule stands as it was published."
IS_OVER = "The day is over, so there are no places to give."


def approve(session: Session, registration: Registration, *, actor: str) -> Sequence[Registration]:
    """Say yes: a place while there are some, and the next one on the waiting list after that. They are returned, with
    whoever else is touched."""
    _look_again(session, registration)
    if registration.event.stage is Stage.AFTER:
        raise Refusal(IS_OVER)
    if given := give_place(session, registration, actor=actor):
        return given
    put_in_line(session, registration)
    record(session, registration.event, "person.approved", actor=actor, subject_id=registration.id)
    return [registration]


def decline(session: Session, registration: Registration, *, actor: str) -> Sequence[Registration]:
    """Say no to a place in the room. Taking part from outside stays open to everybody."""
    _look_again(session, registration)
    return [registration, *end_registration(session, registration, RegistrationState.DECLINED, actor=actor)]


def _look_again(session: Session, registration: Registration) -> None:
    hold_registration(session, registration)
    if registration.state is not RegistrationState.APPLIED:
        raise Refusal(f"Somebody has decided about {registration.participant.name or 'this person'} already.")
    if registration.number is not None:
        raise Refusal(f"The list is closed with number {registration.number} on it, so the draw decides.")


def reserve_share(
    session: Session, event: Event, *, name: str, about: About, words: Sequence[str], percent: int, actor: str
) -> ReservedShare:
    """Keep a share of the places for some people, as part of the published rule."""
    take_turns(session, event)
    if draw_of(session, event) is not None:
        raise Refusal(IS_CLOSED, "name")
    shares = shares_of(session, event)
    if name.casefold() in {share.name.casefold() for share in shares}:
        raise Refusal("There is a share of that name. Choose another, or take that one away first.", "name")
    if sum(share.percent for share in shares) + percent > 100:
        raise Refusal("All shares together cannot be more than 100 in a hundred.", "percent")
    share = ReservedShare(event=event, name=name, about=about, words=list(words), percent=percent)
    session.add(share)
    session.flush()
    record(session, event, "share.reserved", actor=actor, subject_id=share.id, percent=percent)
    return share


def remove_share(session: Session, share: ReservedShare, *, actor: str) -> None:
    """Take a share out of the rule, while nobody relies on it."""
    take_turns(session, share.event)
    if draw_of(session, share.event) is not None:
        raise Refusal(IS_CLOSED)
    record(session, share.event, "share.removed", actor=actor, subject_id=share.id)
    session.delete(share)
    session.flush()


def close_list(session: Session, event: Event, *, seed_source: str, actor: str) -> Draw:
    """Close the list of a ballot: everybody who applied gets a number, and nobody knows the seed yet."""
    take_turns(session, event)
    if draw_of(session, event) is not None:
        raise Refusal("The list is closed already.", "seed_source")
    applied = applied_in_order(session, event)
    if not applied:
        raise Refusal("Nobody has applied yet, so there is nothing to draw.", "seed_source")
    shares = shares_of(session, event)
    entrants = []
    for number, registration in enumerate(applied, 1):
        registration.number = number
        entrants.append([number, [share.name for share in shares if share.is_for(registration.participant)]])
    draw = Draw(event=event, entrants=entrants, seed_source=seed_source)
    session.add(draw)
    session.flush()
    record(session, event, "ballot.closed", actor=actor, subject_id=draw.id, entrants=len(entrants))
    return draw


def draw_places(session: Session, event: Event, *, seed: str, actor: str) -> Sequence[Registration]:
    """Hold the ballot among those who have not given up. Everybody who waited for it is returned, so that somebody
    tells them; whoever registers from now on comes after the lots.
    """
    take_turns_in_series(session, event)
    take_turns(session, event)
    hold_all_still(session, event)
    draw, places = draw_of(session, event, lock=True), places_of(session, event)
    if draw is None or places is None:
        raise Refusal("Close the list first, and say where the seed will come from.", "seed")
    if draw.drawn_at is not None:
        raise Refusal("The ballot has been held. Its outcome stands.", "seed")
    if event.stage is Stage.AFTER:
        raise Refusal(IS_OVER, "seed")
    still_apply = {r.number: r for r in registrations_by_number(session, event, lock=True)}
    drawn = _hold(session, event, draw, places, seed, set(still_apply))
    session.flush()
    record(session, event, "ballot.held", actor=actor, subject_id=draw.id, places=draw.places, seed=seed)
    told: list[Registration] = []
    for number in [*drawn.placed, *drawn.waiting]:
        registration = still_apply[number]
        registration.lot = drawn.order.index(number) + 1
        if registration.state is not RegistrationState.APPLIED:
            continue  # somebody drawn before moved here, and the place that they left elsewhere was this person's
        given = give_place(session, registration, actor=SYSTEM) if number in drawn.placed else []
        if not given:
            put_in_line(session, registration)
        told.extend(given or [registration])
    for late in applied_in_order(session, event):
        put_in_line(session, late)
        told.append(late)
    places.way = Way.FIRST_COME
    session.flush()
    return list(dict.fromkeys([*told, *give_free_places(session, event, actor=SYSTEM)]))


def _hold(session: Session, event: Event, draw: Draw, places: Places, seed: str, still_apply: set[int | None]) -> Drawn:
    """The outcome, with everything kept that it takes to draw it again."""
    free = places.capacity - places.taken
    reserved = reserved_places(free, {share.name: share.percent for share in shares_of(session, event)})
    draw.gave_up = [number for number, _ in draw.entrants if number not in still_apply]
    draw.places, draw.reserved = free, [list(pair) for pair in reserved.items()]
    draw.seed, draw.drawn_at = seed, now()
    return draw_again(draw)


def lapse_offers(session: Session, *, at: datetime) -> Sequence[Registration]:
    """Let go what nobody took in time; it goes to the next in line. Everybody whose place changed is returned."""
    changed: list[Registration] = []
    due = due_offers(session, at=at)
    take_turns_for_places(session, *(registration.event for registration in due))
    for registration in due:
        hold_registration(session, registration)
        if registration.state is not RegistrationState.OFFERED:
            continue  # they took it just now; or what lapsed before gave them a place elsewhere
        changed.append(registration)
        changed.extend(end_registration(session, registration, RegistrationState.LAPSED, actor=SYSTEM))
    return changed
