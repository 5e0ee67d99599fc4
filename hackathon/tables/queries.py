"""The tables of an event, and who sits where."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, load_only

from hackathon.core.codes import may_be_code
from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Stage
from hackathon.participants.models import Participant, Registration
from hackathon.tables.models import Room, Seat, Table

TO_WRITE_AT = (
    select(Table)
    .join(Table.event)
    .where(Table.code == bindparam("code"), Event.stage != Stage.DRAFT)
    .options(
        load_only(Table.event_id, Table.theme_id),
        contains_eager(Table.event).load_only(
            Event.code,
            Event.stage,
            Event.moderation,
            Event.rehearsal_since,
            Event.rehearsal_ended_at,
            Event.figures_frozen_at,
            Event.closed_at,
        ),
    )
)
"""Made once, because it is asked for with everything that a phone sends."""
KEPT = aliased(Table)
AT_A_GLANCE = (
    select(Table.number, Table.taken >= Table.seats, KEPT.id, KEPT.number)
    .select_from(Table)
    .outerjoin(Seat, Seat.participant_id == bindparam("participant_id"))
    .outerjoin(KEPT, KEPT.id == Seat.table_id)
    .where(Table.id == bindparam("table_id"))
)
"""A table's number and whether it is full; where somebody sits, and that table's number."""


def tables_of(session: Session, event: Event) -> Sequence[Table]:
    return session.scalars(
        select(Table).where(Table.event_id == event.id).options(joinedload(Table.theme)).order_by(Table.number)
    ).all()


def rooms_of(session: Session, event: Event) -> Sequence[Room]:
    """The other rooms, in the order in which they were written down."""
    return session.scalars(select(Room).where(Room.event_id == event.id).order_by(Room.id)).all()


def table_by_code(session: Session, code: str) -> Table:
    """The table whose card carries this code, as long as its event has been published."""
    if not may_be_code(code):
        raise NotFound
    table = session.scalar(
        select(Table)
        .join(Table.event)
        .where(Table.code == code.upper(), Event.stage != Stage.DRAFT)
        .options(joinedload(Table.event), joinedload(Table.theme))
    )
    if table is None:
        raise NotFound
    return table


def table_to_write_at(session: Session, code: str) -> Table:
    """The same, with no more of the table and its event than taking words in needs to know."""
    if not may_be_code(code) or (table := session.scalar(TO_WRITE_AT, {"code": code.upper()})) is None:
        raise NotFound
    return table


def table_by_number(session: Session, event: Event, number: int | None) -> Table:
    if (table := session.scalar(select(Table).where(Table.event_id == event.id, Table.number == number))) is None:
        raise NotFound
    return table


def seat_of(session: Session, participant: Participant) -> Seat | None:
    return session.scalar(
        select(Seat)
        .where(Seat.participant_id == participant.id)
        .options(joinedload(Seat.table).joinedload(Table.theme))
    )


def seats_of(session: Session, event: Event) -> Sequence[Seat]:
    """Who sits where: table by table, in the order of their names."""
    return session.scalars(
        select(Seat)
        .join(Seat.table)
        .join(Seat.participant)
        .where(Table.event_id == event.id)
        .options(contains_eager(Seat.table), contains_eager(Seat.participant))
        .order_by(Table.number, func.lower(Participant.name), Participant.id)
        .execution_options(populate_existing=True)
    ).all()


def people_to_seat(session: Session, event: Event) -> Sequence[Registration]:
    """Everybody who may sit at a table: those who are here first, then in the order in which they registered."""
    registrations = session.scalars(
        select(Registration)
        .join(Registration.participant)
        .where(Registration.event_id == event.id)
        .options(contains_eager(Registration.participant))
        .order_by(Registration.checked_in_at.is_(None), Registration.registered_at, Registration.id)
    )
    return [registration for registration in registrations if registration.may_sit]


def person_to_seat(session: Session, event: Event, participant_id: int) -> Registration:
    """One of them."""
    registration = session.scalar(
        select(Registration)
        .where(Registration.event_id == event.id, Registration.participant_id == participant_id)
        .options(joinedload(Registration.participant))
    )
    if registration is None or not registration.may_sit:
        raise NotFound
    return registration


def person_words(registration: Registration) -> str:
    """A name with where they come from, for lists in which two may have the same."""
    person = registration.participant
    return ", ".join(part for part in (person.name or "No name given", person.organisation) if part)
