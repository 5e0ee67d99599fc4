"""Writing rows past the session, where many are written alike: each statement is made once.

What an object costs that is added to a session is ten times what its row does.
"""

import copy
import enum
import functools
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import Dialect, Executable, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from hackathon.core.db import Base, in_utc

DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
"""Both know ON CONFLICT by the same words, and SQLAlchemy has no name for what they share."""


def add_row(session: Session, model: type[Base], row: Mapping[str, Any]) -> int:
    """Insert one row and say its id. The statement is made once, and goes around the session to its connection: it
    costs a tenth of adding an object."""
    row_id: int = session.connection().execute(_insertion(model), row).scalar_one()
    return row_id


def as_json(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], str]:
    """Rows for `json_populate_recordset` of PostgreSQL: the columns that are filled, and all rows as one value."""
    columns, whole = _whole(model, rows)
    return columns, json.dumps(whole, default=_plain)


def as_values(
    model: type[Base], rows: Sequence[Mapping[str, Any]], dialect: Dialect
) -> tuple[tuple[str, ...], str, tuple[Any, ...]]:
    """Rows for VALUES: the columns that are filled, a place for each value, and the values as this database keeps them.

    All of them go in one step, where the driver would otherwise let go of the interpreter after each row.
    """
    columns, whole = _whole(model, rows)
    writers = _writers(model, columns, dialect)
    values = tuple(write(row[name]) if write else row[name] for row in whole for name, write in writers)
    row = f"({', '.join('?' * len(columns))})"
    return columns, ", ".join([row] * len(whole)), values


def _whole(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    whole = [_with_defaults(model, row) for row in rows]
    assert all(row.keys() == whole[0].keys() for row in whole), "a column that only some rows have would be lost"
    return tuple(whole[0]), whole


@functools.cache
def _insertion(model: type[Base]) -> ReturningInsert[Any]:
    table = cast(Table, model.__table__)
    return insert(table).returning(table.c.id)


@functools.cache
def _writers(
    model: type[Base], columns: tuple[str, ...], dialect: Dialect
) -> list[tuple[str, Callable[[Any], Any] | None]]:
    kept = cast(Table, model.__table__).c
    return [(name, kept[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in columns]


def _with_defaults(model: type[Base], row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with what its model fills in where nothing is said."""
    return {name: fill() for name, fill in _defaults(model).items() if name not in row} | {**row}


@functools.cache
def _defaults(model: type[Base]) -> dict[str, Callable[[], Any]]:
    filled = ((column.name, cast(Any, column.default)) for column in cast(Table, model.__table__).c if column.default)
    return {
        name: partial(default.arg, None) if default.is_callable else partial(copy.copy, default.arg)
        for name, default in filled
    }


def _plain(value: enum.Enum | datetime) -> Any:
    """What JSON does not know, as the database reads it."""
    return value.value if isinstance(value, enum.Enum) else in_utc(value).isoformat()


def put(
    session: Session,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    change: Sequence[str] = (),
) -> None:
    """Insert rows. Where one with the same key is there already, change these columns of it, or else leave it be.

    The database decides which it is, so that two who do it at once make one row. Rows that this session holds already
    do not notice: ask for them with `populate_existing`. The statement is made once, too.
    """
    session.flush()
    session.execute(_putting(model, session.get_bind().dialect.name, tuple(key), tuple(change)), [*map(dict, rows)])


@functools.cache
def _putting(model: type[Base], dialect: str, key: tuple[str, ...], change: tuple[str, ...]) -> Executable:
    statement = DIALECTS[dialect].insert(cast(Table, model.__table__))
    if not change:
        return cast(Executable, statement.on_conflict_do_nothing(index_elements=key))
    new = {name: statement.excluded[name] for name in change}
    return cast(Executable, statement.on_conflict_do_update(index_elements=key, set_=new))
