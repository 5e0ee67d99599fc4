"""Writing down what many send at the same moment, in as few statements as a database can do it in.

After each statement the thread that writes for all has to wait until it is let on again, behind everybody whom it
writes for. So PostgreSQL is given one statement; SQLite, which knows no inserting WITH, three. No row is asked back
that is known here already.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import TextClause, bindparam, select, text
from sqlalchemy.orm import Session

from hackathon.core.rows import as_json, as_values
from hackathon.events.operations import SOMEONE
from hackathon.insights.document import Receipt
from hackathon.insights.models import Insight
from hackathon.insights.queries import receipt_of

Row = Mapping[str, Any]
"""The columns of an insight, all but its number."""

# Two phones may be first at the same moment: the row is made once, whoever wins.
FIRST_TURN = text(
    "INSERT INTO last_number (event_id, number) "
    "SELECT :event_id, coalesce(max(number), 0) FROM insight WHERE event_id = :event_id ON CONFLICT DO NOTHING"
)
TAKE_NUMBERS = "UPDATE last_number SET number = number + :many WHERE event_id = :event_id RETURNING number - :many"
TURN = text(TAKE_NUMBERS)
SENT_BEFORE = "event_id, client_id"
INTO_LOG = f"""INSERT INTO activity (event_id, kind, actor, subject_id, detail, at)
SELECT event_id, CASE WHEN waits THEN 'insight.held' ELSE 'insight.shared' END, '{SOMEONE}', id, '{{}}', received_at"""
WRITE_DOWN = text(f"{INTO_LOG} FROM insight WHERE event_id = :event_id AND number > :before ORDER BY number")
TAKE_BACK = text("DELETE FROM insight WHERE event_id = :event_id AND number > :before")
GIVE_BACK = text("UPDATE last_number SET number = :before WHERE event_id = :event_id")
THERE_ALREADY = select(Insight).where(
    Insight.event_id == bindparam("event_id"), Insight.client_id.in_(bindparam("client_ids", expanding=True))
)


def keep(session: Session, event_id: int, rows: Sequence[Row]) -> list[tuple[str, Receipt]]:
    """Number these rows of one event, write them and log them; say of each which words are kept, and their receipt.

    The numbers come first, and with them the event's turn: from then on nobody else can send the same. Nearly always
    all are new, so they are written before anybody looks whether they are. If one came before, or twice, all are taken
    back, and those that are new are written again under the same numbers.
    """
    before, written = _write(session, event_id, rows)
    if written == len(rows):
        return _receipts(rows, before)
    back = {"event_id": event_id, "before": before}
    session.execute(TAKE_BACK, back)
    session.execute(GIVE_BACK, back)
    ids = [row["client_id"] for row in rows]
    there = {
        insight.client_id: (insight.text, receipt_of(insight))
        for insight in session.scalars(THERE_ALREADY, {"event_id": event_id, "client_ids": ids})
    }
    fresh: dict[str, Row] = {}
    for row in rows:
        if row["client_id"] not in there:
            fresh.setdefault(row["client_id"], row)
    if fresh:
        before, _ = _write(session, event_id, [*fresh.values()])
        there |= zip(fresh, _receipts(fresh.values(), before), strict=True)
    return [there[client_id] for client_id in ids]


def _write(session: Session, event_id: int, rows: Sequence[Row]) -> tuple[int, int]:
    """The last number before these rows, and how many of them were not there yet. Only when all are new, a line of the
    log is written for each."""
    write = _write_on_postgresql if session.get_bind().dialect.name == "postgresql" else _write_on_sqlite
    while (done := write(session, event_id, rows)) is None:
        session.execute(FIRST_TURN, {"event_id": event_id})
    return done


def _write_on_postgresql(session: Session, event_id: int, rows: Sequence[Row]) -> tuple[int, int] | None:
    """The statement is the same for any number of rows, so it is planned once."""
    columns, said = as_json(Insight, rows)
    taken = {"event_id": event_id, "many": len(rows), "rows": said}
    before, written = session.execute(_all_at_once(columns), taken).one()
    return None if before is None else (before, written)


@functools.cache
def _all_at_once(columns: tuple[str, ...]) -> TextClause:
    named = ", ".join(columns)
    return text(f"""
        WITH turn AS ({TAKE_NUMBERS} AS before),
        kept AS (
            INSERT INTO insight (number, {named})
            SELECT before + ordinality, {", ".join(f"sent.{column}" for column in columns)}
            FROM turn, json_populate_recordset(NULL::insight, CAST(:rows AS json)) WITH ORDINALITY AS sent
            ON CONFLICT ({SENT_BEFORE}) DO NOTHING
            RETURNING id, event_id, number, waits, received_at
        ),
        logged AS ({INTO_LOG} FROM kept WHERE (SELECT count(*) FROM kept) = :many ORDER BY number)
        SELECT (SELECT before FROM turn), (SELECT count(*) FROM kept)
    """)


def _write_on_sqlite(session: Session, event_id: int, rows: Sequence[Row]) -> tuple[int, int] | None:
    connection = session.connection()
    before = connection.execute(TURN, {"event_id": event_id, "many": len(rows)}).scalar()
    if before is None:
        return None
    numbered = [{**row, "number": number} for number, row in enumerate(rows, before + 1)]
    columns, places, values = as_values(Insight, numbered, connection.dialect)
    insertion = f"INSERT INTO insight ({', '.join(columns)}) VALUES {places} ON CONFLICT ({SENT_BEFORE}) DO NOTHING"
    written = connection.exec_driver_sql(insertion, values).rowcount
    if written == len(rows):
        connection.execute(WRITE_DOWN, {"event_id": event_id, "before": before})
    return before, written


def _receipts(rows: Iterable[Row], before: int) -> list[tuple[str, Receipt]]:
    return [(row["text"], _receipt(row, number)) for number, row in enumerate(rows, before + 1)]


def _receipt(row: Row, number: int) -> Receipt:
    late_for = row["phase"].words if row["late"] else ""
    return Receipt(number=number, late_for=late_for, waits=row["waits"], is_shown=not row["waits"])
