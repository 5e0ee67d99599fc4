"""Carrying words from outside to the tables, swapping one, and answering."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from hackathon.carry_in.document import EACH
from hackathon.carry_in.models import CarriedIn
from hackathon.carry_in.queries import carried_at_table, carries_so_far, waiting_outside
from hackathon.comments.operations import add_comment
from hackathon.comments.queries import comment_by_client_id
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record, take_turns
from hackathon.events.queries import stage_at
from hackathon.insights.models import Comment, Insight
from hackathon.insights.operations import place_at_table
from hackathon.tables.models import Table
from hackathon.tables.queries import tables_of

CARRIED = "carried.in"
NOTHING_WAITS = "Nothing from outside waits to be carried that the tables have not had."


def carry_in(session: Session, event: Event, *, actor: str) -> int:
    """Give every table two thoughts from outside to answer. How many lie before the tables now is returned."""
    take_turns(session, event)
    session.refresh(event)
    if not event.is_on:
        raise Refusal("Words are carried in while the tables sit together: from warm-up on, until the day is over.")
    tables = tables_of(session, event)
    if not tables:
        raise Refusal("There is no table to carry anything to. Lay the tables first.")
    chosen = choose(tables, waiting_outside(session, event), *carries_so_far(session, event))
    if not chosen:
        raise Refusal(NOTHING_WAITS)
    session.add_all(CarriedIn(table=table, insight=insight) for table, insight in chosen)
    session.flush()
    record(session, event, CARRIED, actor=actor, number=len(chosen))
    return len(chosen)


def choose(
    tables: Sequence[Table], waiting: Sequence[Insight], times: Counter[int], had: dict[int, set[int]]
) -> list[tuple[Table, Insight]]:
    """Two for each table that it never had: those that were carried least, of the table's own theme where there are.

    Nothing is carried a second time while something else has not been carried at all. Tables with words under their
    theme choose first, so that nobody takes theirs.
    """
    chosen: list[tuple[Table, Insight]] = []
    for _ in range(EACH):
        left = list(tables)
        for own_theme in (True, False):
            for table in list(left):
                fresh = [insight for insight in waiting if insight.id not in had[table.id]]
                least = min((times[insight.id] for insight in fresh), default=0)
                fitting = (
                    insight
                    for insight in fresh
                    if times[insight.id] == least and (not own_theme or insight.theme_id == table.theme_id is not None)
                )
                if (found := next(fitting, None)) is not None:
                    left.remove(table)
                    chosen.append((table, found))
                    times[found.id] += 1
                    had[table.id].add(found.id)
    return chosen


def swap(session: Session, carried: CarriedIn, *, actor: str) -> CarriedIn:
    """Give a table another thought instead of one that it has not answered."""
    table, event = carried.table, carried.table.event
    take_turns(session, event)
    session.refresh(carried)
    if carried.answer_id is not None:
        raise Refusal(f"Table {table.number} has answered this one, so it stays.")
    times, had = carries_so_far(session, event)
    found = choose([table], waiting_outside(session, event), times, had)
    if not found:
        raise Refusal(NOTHING_WAITS)
    session.delete(carried)
    other = CarriedIn(table=table, insight=found[0][1])
    session.add(other)
    session.flush()
    record(session, event, CARRIED, actor=actor, table=table.number)
    return other


def answer_carried(
    session: Session, table: Table, *, number: int, text: str, client_id: str, written_at: datetime | None = None
) -> Comment:
    """A table answers whoever wrote from outside: a comment from the room. Sent again, it is the one that is there.

    That holds also where the thought has been hidden since. Of two phones of one table the first gives its answer.
    """
    event = table.event
    take_turns(session, event)
    earlier = comment_by_client_id(session, event, client_id)
    if earlier is not None and earlier.text == text.strip():
        return earlier
    carried = carried_at_table(session, table, number)
    session.refresh(carried)
    comment = add_comment(
        session,
        carried.insight,
        text=text,
        place=place_at_table(event, stage_at(session, event, written_at) if written_at else None),
        client_id=client_id,
        written_at=written_at,
    )
    if carried.answer_id is None and (comment.uncounted is None or event.is_rehearsing):
        carried.answer, carried.answered_at = comment, now()
        session.flush()
        record(session, event, "carried.answered", actor=f"table {table.number}", subject_id=comment.id)
    return comment
