"""The events of a series: who may open which on the desk, and how places stand in each."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.admission.models import Draw
from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Membership, Series, Stage
from hackathon.events.queries import events_in, events_of, published_in, series_by_code
from hackathon.framing.models import Promise
from hackathon.participants.models import Places, Registration, Way
from hackathon.participants.queries import IS_IN_LINE
from hackathon.series.document import BALLOT, ON_REQUEST, PlaceLine
from hackathon.staff.models import Account, Role

OPEN_THE_DESK = frozenset({Role.ORGANISER, Role.SPONSOR})


def roles_in(session: Session, series: Series, account: Account) -> Mapping[int, frozenset[Role]]:
    """What this account does in each event of the series, by the event's id; events without it are left out."""
    held: dict[int, set[Role]] = {}
    for event_id, role in session.execute(
        select(Membership.event_id, Membership.role)
        .join(Membership.event)
        .where(Event.series_id == series.id, Membership.account_id == account.id)
    ):
        held.setdefault(event_id, set()).add(role)
    return {event_id: frozenset(roles) for event_id, roles in held.items()}


def series_for(session: Session, code: str, account: Account) -> tuple[Series, Sequence[Event], bool]:
    """A series for whoever organises or sponsors one of its events: those that they may open, and whether they may
    change the series, as organisers of one of them may. For anybody else it is not there.
    """
    series = series_by_code(session, code)
    roles = roles_in(session, series, account)
    mine = [event for event in events_in(session, series) if roles.get(event.id, frozenset()) & OPEN_THE_DESK]
    if not mine:
        raise NotFound
    return series, mine, any(Role.ORGANISER in held for held in roles.values())


def series_of(session: Session, account: Account) -> Sequence[Series]:
    """The series whose desk this account may open, by title."""
    mine = (
        select(Event.series_id)
        .join(Membership, Membership.event_id == Event.id)
        .where(Membership.account_id == account.id, Membership.role.in_(OPEN_THE_DESK))
    )
    return session.scalars(select(Series).where(Series.id.in_(mine)).order_by(Series.title, Series.id)).all()


def organised_by(session: Session, account: Account) -> Sequence[Event]:
    """The events that this account organises, the newest first."""
    organised = select(Membership.event_id).where(
        Membership.account_id == account.id, Membership.role == Role.ORGANISER
    )
    ids = set(session.scalars(organised))
    return [event for event in events_of(session, account.id) if event.id in ids]


def may_join(session: Session, account: Account) -> Sequence[Event]:
    """The events that this account could put into a series."""
    return [event for event in organised_by(session, account) if event.series_id is None]


def promise_in(session: Session, events: Sequence[Event]) -> Promise | None:
    """What the sponsor promises, for a line on the page of the series: the first promise that says something."""
    promises = session.scalars(
        select(Promise).where(Promise.event_id.in_([event.id for event in events]), Promise.words != "")
    ).all()
    order = [event.id for event in events]
    return min(promises, key=lambda promise: order.index(promise.event_id), default=None)


def place_lines(session: Session, series: Series) -> list[PlaceLine]:
    """The published events of a series in the order of their days, and how places stand in each."""
    events = published_in(session, series)
    ids = [event.id for event in events]
    places = {kept.event_id: kept for kept in session.scalars(select(Places).where(Places.event_id.in_(ids)))}
    waiting = dict(
        session.execute(
            select(Registration.event_id, func.count())
            .where(Registration.event_id.in_(ids), IS_IN_LINE)
            .group_by(Registration.event_id)
        ).all()
    )
    closed_lists = set(session.scalars(select(Draw.event_id).where(Draw.event_id.in_(ids), Draw.drawn_at.is_(None))))
    return [_line(event, places.get(event.id), waiting.get(event.id, 0), event.id in closed_lists) for event in events]


def _line(event: Event, places: Places | None, waiting: int, is_drawn_soon: bool) -> PlaceLine:
    if event.stage is Stage.AFTER:
        return PlaceLine(event, "Over", "See what came of it", takes_people=False)
    if places is None:
        return PlaceLine(event, "Places are free", "Register", takes_people=True)
    if places.way is Way.BALLOT:
        said = f"{BALLOT}: the list is closed" if is_drawn_soon else BALLOT
        return PlaceLine(event, said, "Put your name down", takes_people=True, given=BALLOT)
    if places.way is Way.APPROVAL:
        return PlaceLine(event, ON_REQUEST, "Ask for a place", takes_people=True, given=ON_REQUEST)
    if free := places.capacity - places.taken:
        return PlaceLine(event, f"{free} {'place' if free == 1 else 'places'} free", "Register", takes_people=True)
    said = f"Full: {waiting} {'person waits' if waiting == 1 else 'people wait'}" if waiting else "Full"
    return PlaceLine(event, said, "Join the waiting list", takes_people=True)
