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

from sqlalchemy import Executable, Table, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.elements import TextClause

from hackathon.core.db import Base, in_utc

DIALECTS: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}
"""Both know ON CONFLICT by the same words, and SQLAlchemy has no name for what they share."""


def add_row(session: Session, model: type[Base], row: Mapping[str, Any]) -> int:
    """Insert one row and say its id. The statement is made once, and goes around the session to its connection: it
    costs a tenth of adding an object."""
    row_id: int = session.connection().execute(_insertion(model), row).scalar_one()
    return row_id


def add_rows(
    session: Session,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    by: str,
    unless: tuple[str, ...] = (),
) -> dict[Any, int]:
    """Insert rows in one statement, and say their ids by the column that tells these rows from each other.

    Rows are left out where these columns hold the same in one that is there (`unless`). PostgreSQL is given them as
    JSON: the statement is the same for any number of rows, so it is planned once.
    """
    if not rows:
        return {}
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        whole = [_with_defaults(model, row) for row in rows]
        assert all(row.keys() == whole[0].keys() for row in whole), "a column that only some rows have would be lost"
        statement = _insertion_of_json(model, tuple(whole[0]), by, unless)
        kept = connection.execute(statement, {"rows": json.dumps(whole, default=_plain)})
    else:
        kept = connection.execute(_insertion(model, by, unless=unless), rows)
    return {value: row_id for row_id, value in kept}


@functools.cache
def _insertion(model: type[Base], *further: str, unless: tuple[str, ...] = ()) -> ReturningInsert[Any]:
    table = cast(Table, model.__table__)
    statement = sqlite.insert(table).on_conflict_do_nothing(index_elements=unless) if unless else insert(table)
    return statement.returning(table.c.id, *(table.c[name] for name in further))


@functools.cache
def _insertion_of_json(
    model: type[Base], columns: tuple[str, ...], further: str, unless: tuple[str, ...]
) -> TextClause:
    name, named = cast(Table, model.__table__).name, ", ".join(f'"{column}"' for column in columns)
    rows = f"json_populate_recordset(NULL::{name}, CAST(:rows AS json))"
    conflict = f"ON CONFLICT ({', '.join(unless)}) DO NOTHING" if unless else ""
    return text(f"INSERT INTO {name} ({named}) SELECT {named} FROM {rows} {conflict} RETURNING id, {further}")


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
