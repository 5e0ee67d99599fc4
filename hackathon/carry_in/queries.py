"""What was carried to which table, and what still waits to be carried."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload

from hackathon.carry_in.document import EACH, Carried, Slip
from hackathon.carry_in.models import CarriedIn
from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Place
from hackathon.insights.models import Comment, Insight, Uncounted
from hackathon.insights.queries import Manners, manners_of
from hackathon.tables.models import Table
from hackathon.tables.queries import tables_of


def _carried(event: Event) -> Select[CarriedIn]:
    """What can still be read. What has been hidden since leaves the tables too."""
    return (
        select(CarriedIn)
        .join(CarriedIn.insight)
        .where(Insight.event_id == event.id, Insight.is_shown)
        .options(joinedload(CarriedIn.insight), joinedload(CarriedIn.answer), joinedload(CarriedIn.table))
        .order_by(CarriedIn.id)
    )


def _at_table(table: Table, number: int) -> Select[CarriedIn]:
    return _carried(table.event).where(CarriedIn.table_id == table.id, Insight.number == number)


def slips_of(session: Session, event: Event) -> list[Slip]:
    """Every table with what lies before it now: the last that was carried there."""
    before: dict[int, list[CarriedIn]] = defaultdict(list)
    for carried in session.scalars(_carried(event)):
        before[carried.table_id].append(carried)
    return [
        Slip(table.number, table.theme, tuple(map(_plain, before[table.id][-EACH:])))
        for table in tables_of(session, event)
    ]


def carried_to(session: Session, table: Table) -> tuple[Carried, ...]:
    """What lies before this table now."""
    last = _carried(table.event).where(CarriedIn.table_id == table.id)
    return tuple(map(_plain, session.scalars(last).all()[-EACH:]))


def is_carried_to(session: Session, table: Table, number: int) -> bool:
    return session.scalar(_at_table(table, number)) is not None


def carried_at_table(session: Session, table: Table, number: int) -> CarriedIn:
    """One that was carried to this table, by its receipt number."""
    if (carried := session.scalar(_at_table(table, number))) is None:
        raise NotFound
    return carried


def carried_by_id(session: Session, event: Event, carried_id: int) -> CarriedIn:
    if (carried := session.scalar(_carried(event).where(CarriedIn.id == carried_id))) is None:
        raise NotFound
    return carried


def answered_by(session: Session, event: Event, number: int) -> list[str]:
    """The tables that answered this insight, in words. A small table is not named: that would name its people."""
    answered = _carried(event).where(Insight.number == number, CarriedIn.answer_id.is_not(None))
    manners = manners_of(session, event)
    return [_named(carried.table, manners) for carried in session.scalars(answered)]


def is_tables_answer(session: Session, comment: Comment) -> bool:
    """Whether this is the answer of a table, and not one of those that it gave after it."""
    return session.scalar(select(CarriedIn.id).where(CarriedIn.answer_id == comment.id)) is not None


def answers_to_tell(session: Session) -> Sequence[Comment]:
    """Answers of tables of which nobody has been told: those that a moderator let through since."""
    return session.scalars(
        select(Comment)
        .join(CarriedIn, CarriedIn.answer_id == Comment.id)
        .where(Comment.is_shown, Comment.uncounted.is_(None), Comment.told_at.is_(None))
        .order_by(Comment.id)
    ).all()


def waiting_outside(session: Session, event: Event) -> Sequence[Insight]:
    """What people outside said and everybody may read, the oldest first; in a rehearsal what was practised, too."""
    said: ColumnElement[bool] = Insight.uncounted.is_(None)
    if event.is_rehearsing:
        said = or_(said, Insight.uncounted == Uncounted.REHEARSAL)
    return session.scalars(
        select(Insight)
        .where(
            Insight.event_id == event.id,
            Insight.place == Place.OUTSIDE,
            Insight.is_shown,
            Insight.escalated_at.is_(None),
            said,
        )
        .order_by(Insight.number)
    ).all()


def carries_so_far(session: Session, event: Event) -> tuple[Counter[int], dict[int, set[int]]]:
    """How often each insight was carried, and which each table has had; hidden ones too."""
    times: Counter[int] = Counter()
    had: dict[int, set[int]] = defaultdict(set)
    for table_id, insight_id in session.execute(
        select(CarriedIn.table_id, CarriedIn.insight_id).join(CarriedIn.table).where(Table.event_id == event.id)
    ):
        times[insight_id] += 1
        had[table_id].add(insight_id)
    return times, had


def _named(table: Table, manners: Manners) -> str:
    return f"Table {table.number} answered." if manners.shows(table) else "A table answered."


def _plain(carried: CarriedIn) -> Carried:
    answer = carried.answer
    return Carried(
        id=carried.id,
        number=carried.insight.number,
        text=carried.insight.text,
        answer=answer.text if answer is not None and answer.is_shown else "",
    )
