"""What those who are committed together share, so that nobody asks and writes again what the one before has.

A session that writes a batch carries a `Batch`; in any other everything is asked and written at once.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from hackathon.core.db import Base, add_row

Found = TypeVar("Found")


@dataclass(slots=True)
class Batch:
    """`known` is what one has read for all, `rows` what is inserted at the end, in one statement for each table."""

    known: dict[Hashable, Any] = field(default_factory=dict)
    rows: dict[type[Base], list[Mapping[str, Any]]] = field(default_factory=dict)
    at_end: list[Callable[[Session], object]] = field(default_factory=list)

    def end(self, session: Session) -> None:
        """Write what was left for the end."""
        for do in self.at_end:
            do(session)
        for model, rows in self.rows.items():
            session.connection().execute(insert(cast(Table, model.__table__)), rows)


def batch_of(session: Session) -> Batch | None:
    """The batch that this session writes."""
    batch: Batch | None = session.info.get("batch")
    return batch


def read_once(session: Session, what: Hashable, read: Callable[[], Found]) -> Found:
    """What `read` finds, looked up once for the whole batch. Rows among it are detached, and only to be read.

    It is for what no hot act changes: the event, its pack, where a table stands. On SQLite nobody else can write while
    a batch is written. On PostgreSQL somebody can, and an operation may then go by what held when its batch began, as
    one would that had looked a moment before the change.
    """
    batch = batch_of(session)
    if batch is None:
        return read()
    if what not in batch.known:
        batch.known[what] = read()
    found: Found = batch.known[what]
    return found


def add_row_unseen(session: Session, model: type[Base], row: Mapping[str, Any]) -> None:
    """Insert a row whose id nobody asks for: with those of the whole batch, in their order, before its commit."""
    batch = batch_of(session)
    if batch is None:
        add_row(session, model, row)
    else:
        batch.rows.setdefault(model, []).append(row)
