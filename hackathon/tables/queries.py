"""The tables of an event, and who sits where."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.codes import may_be_code
from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Stage
from hackathon.participants.models import Participant
from hackathon.tables.models import Seat, Table


def tables_of(session: Session, event: Event) -> Sequence[Table]:
    return session.scalars(
        select(Table).where(Table.event_id == event.id).options(joinedload(Table.theme)).order_by(Table.number)
    ).all()


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
