"""Rows that many send at the same moment: numbered, written and logged in as few statements as a database can do it in.

After each statement the thread that writes for all has to wait until it is let on again, behind everybody whom it
writes for. So PostgreSQL is given one statement; SQLite, which knows no inserting WITH, three. No row is asked back
that is known here already.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, TextClause, text
from sqlalchemy.orm import Session

from hackathon.core.db import Base
from hackathon.core.rows import as_json, as_values


@dataclass(frozen=True)
class Numbered:
    """How rows of a model are numbered within what they belong to, and what is written beside each.

    `within` is the column that says to what, and `unless` those in which no two rows may hold the same. `turn` takes
    `:many` numbers, and returns the last `before` them; with it, nobody else can take any until this transaction ends.
    `log` inserts a line for each row: an INSERT with a SELECT that only lacks its FROM.
    """

    model: type[Base]
    within: str
    unless: str
    turn: str
    log: str

    @property
    def table(self) -> str:
        return cast(Table, self.model.__table__).name


def add_numbered(
    session: Session, way: Numbered, whole: int, rows: Sequence[Mapping[str, Any]]
) -> tuple[int, int] | None:
    """Write these rows of one `whole` under the next numbers: say the last number before them, and how many were new.

    One that is there already is left out, and then nothing is logged: whoever asked has to take back the others.
    Nothing is done, and nothing is said, where there is nobody yet from whom to take a number.
    """
    write = _on_postgresql if session.get_bind().dialect.name == "postgresql" else _on_sqlite
    return write(session, way, whole, rows)


def _on_postgresql(
    session: Session, way: Numbered, whole: int, rows: Sequence[Mapping[str, Any]]
) -> tuple[int, int] | None:
    """The statement is the same for any number of rows, so it is planned once."""
    columns, said = as_json(way.model, rows)
    before, written = session.execute(
        _all_at_once(way, columns), {way.within: whole, "many": len(rows), "rows": said}
    ).one()
    return None if before is None else (before, written)


@functools.cache
def _all_at_once(way: Numbered, columns: tuple[str, ...]) -> TextClause:
    return text(f"""
        WITH turn AS ({way.turn} AS before),
        kept AS (
            INSERT INTO {way.table} (number, {", ".join(columns)})
            SELECT before + ordinality, {", ".join(f"sent.{column}" for column in columns)}
            FROM turn, json_populate_recordset(NULL::{way.table}, CAST(:rows AS json)) WITH ORDINALITY AS sent
            ON CONFLICT ({way.unless}) DO NOTHING
            RETURNING *
        ),
        logged AS ({way.log} FROM kept WHERE (SELECT count(*) FROM kept) = :many ORDER BY number)
        SELECT (SELECT before FROM turn), (SELECT count(*) FROM kept)
    """)


def _on_sqlite(
    session: Session, way: Numbered, whole: int, rows: Sequence[Mapping[str, Any]]
) -> tuple[int, int] | None:
    connection = session.connection()
    turn, log = _turn_and_log(way)
    before: int | None = connection.execute(turn, {way.within: whole, "many": len(rows)}).scalar()
    if before is None:
        return None
    numbered = [{**row, "number": number} for number, row in enumerate(rows, before + 1)]
    columns, places, values = as_values(way.model, numbered, connection.dialect)
    into = f"INSERT INTO {way.table} ({', '.join(columns)}) VALUES {places} ON CONFLICT ({way.unless}) DO NOTHING"
    written = connection.exec_driver_sql(into, values).rowcount
    if written == len(rows):
        connection.execute(log, {way.within: whole, "before": before})
    return before, written


@functools.cache
def _turn_and_log(way: Numbered) -> tuple[TextClause, TextClause]:
    those = f"WHERE {way.within} = :{way.within} AND number > :before ORDER BY number"
    return text(way.turn), text(f"{way.log} FROM {way.table} {those}")
