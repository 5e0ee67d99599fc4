"""Reading the log of all events as it grows: every line once, in one order, on SQLite and on PostgreSQL.

The order is (transaction, id). SQLite lets one transaction write at a time, so there ids alone say it. On PostgreSQL
they do not: a transaction that took its number early may commit late. Its lines are read when no older transaction is
under way any more; everything that comes later then has a higher transaction number, so nothing slips in behind.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import takewhile
from typing import NamedTuple, Protocol, Self
from urllib.parse import quote

import psycopg
from psycopg.rows import class_row
from sqlalchemy import make_url

LOOK_EVERY = 0.01
LOOK_BACK_EVERY = 0.025
LONGEST_SILENCE = 1.0
"""Seconds: between two looks at whether SQLite's file has changed, which cost a hundredth of a core; between two looks
for a line that PostgreSQL holds back, which cost a question each; and without a call before it is asked all the same.
"""
PAGE = 500

TOLD = frozenset(
    {
        *("insight.shared", "insight.mended", "insight.hidden", "insight.shown"),
        *("comment.added", "comment.hidden", "comment.shown"),
        "event.moved",
        *("round.opened", "round.taken_back", "round.phones_closed", "round.closed"),
        *("rehearsal.started", "rehearsal.ended", "carried.in"),
    }
)
"""What anybody may hear: these kinds move a public screen, and everything else in the log is for staff.

`ballot.cast` is not among them. Its moment alone would tell whoever watches the room who has rated and who has not; and
it would go to everybody's phone as often as there are people. Screens read the turnout now and then instead.
"""

Position = tuple[int, int]
"""How far somebody has read: the transaction and the id of the last line."""
NO_END: Position = (2**63 - 1, 2**63 - 1)


class Line(NamedTuple):
    """One line of the log, as far as a stream tells it."""

    id: int
    event_id: int
    kind: str
    subject_id: int | None
    transaction: int = 0
    settled: bool = True

    @property
    def position(self) -> Position:
        return self.transaction, self.id

    @property
    def is_told(self) -> bool:
        return self.kind in TOLD


class ActivityLog(Protocol):
    """What the hub needs to know of a database. Pages hold at most `PAGE` lines."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *problem: object) -> None: ...

    async def end(self) -> Position:
        """Where the log ends now."""

    async def change(self) -> None:
        """Wait until something may have been written."""

    async def after(self, position: Position) -> Sequence[Line]:
        """The next lines of all events."""

    async def page(self, event_id: int, after: int, upto: Position) -> Sequence[Line]:
        """The next lines of one event behind the line with this id."""


UNREADABLE = (sqlite3.Error, psycopg.Error)
"""What a log raises while its database is away."""


def activity_log(database_url: str) -> ActivityLog:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return SqliteLog(str(url.database))
    return PostgresLog(url.set(drivername="postgresql").render_as_string(hide_password=False))


class SqliteLog:
    """SQLite cannot call anybody, but says very cheaply whether another connection has committed."""

    LINES = "SELECT id, event_id, kind, subject_id FROM activity"
    PAGE_OF_EVENT = f"{LINES} WHERE event_id = :event AND id > :after AND id <= :id ORDER BY id LIMIT {PAGE}"

    def __init__(self, path: str) -> None:
        self.path, self.version = path, 0

    async def __aenter__(self) -> Self:
        self.connection = sqlite3.connect(f"file:{quote(self.path)}?mode=rw", uri=True, isolation_level=None)
        self.connection.execute("PRAGMA query_only = ON")
        return self

    async def __aexit__(self, *_problem: object) -> None:
        self.connection.close()

    async def end(self) -> Position:
        (last,) = self.connection.execute("SELECT coalesce(max(id), 0) FROM activity").fetchone()
        return 0, last

    async def change(self) -> None:
        while (version := self.connection.execute("PRAGMA data_version").fetchone()[0]) == self.version:
            await asyncio.sleep(LOOK_EVERY)
        self.version = version

    async def after(self, position: Position) -> Sequence[Line]:
        return self._lines(f"{self.LINES} WHERE id > :id ORDER BY id LIMIT {PAGE}", id=position[1])

    async def page(self, event_id: int, after: int, upto: Position) -> Sequence[Line]:
        return self._lines(self.PAGE_OF_EVENT, event=event_id, after=after, id=upto[1])

    def _lines(self, question: str, **values: int) -> list[Line]:
        return [Line(*row) for row in self.connection.execute(question, values)]


OLDEST_UNDER_WAY = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
NEVER_BEGUN = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


class PostgresLog:
    """PostgreSQL calls whoever listens when a transaction with a line in it has committed."""

    LINES = (
        "SELECT id, event_id, kind, subject_id, xact AS transaction,"
        f" xact < {OLDEST_UNDER_WAY} AS settled FROM activity"
    )
    PAGE_OF_EVENT = f"""{LINES} WHERE event_id = %(event)s AND xact < {OLDEST_UNDER_WAY}
        AND (xact, id) <= (%(xact)s, %(id)s) AND (xact, id) > (
            coalesce((SELECT xact FROM activity WHERE id = %(after)s),
                     (SELECT min(xact) FROM activity WHERE event_id = %(event)s AND id > %(after)s)), %(after)s)
        ORDER BY xact, id LIMIT {PAGE}"""

    def __init__(self, address: str) -> None:
        self.address, self.held_back = address, False

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self.listener = await stack.enter_async_context(await self._connected())
            self.reader = await stack.enter_async_context(await self._connected())
            await self.listener.execute("LISTEN activity")
            # A database that was moved here from another server carries numbers of transactions that never were.
            await self.reader.execute(
                f"UPDATE activity SET xact = 0 WHERE EXISTS (SELECT FROM activity WHERE xact >= {NEVER_BEGUN})"
            )
            self.stack = stack.pop_all()
        return self

    async def __aexit__(self, *_problem: object) -> None:
        await self.stack.aclose()

    async def _connected(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(self.address, autocommit=True)

    async def end(self) -> Position:
        question = f"{self.LINES} WHERE xact < {OLDEST_UNDER_WAY} ORDER BY xact DESC, id DESC LIMIT 1"
        last = await self._lines(question)
        return last[0].position if last else (0, 0)

    async def change(self) -> None:
        """A line that waits for an older transaction is looked for often: that one may end without a word."""
        async for _call in self.listener.notifies(
            timeout=LOOK_BACK_EVERY if self.held_back else LONGEST_SILENCE, stop_after=1
        ):
            return

    async def after(self, position: Position) -> Sequence[Line]:
        question = f"{self.LINES} WHERE (xact, id) > (%s, %s) ORDER BY xact, id LIMIT {PAGE}"
        lines = await self._lines(question, *position)
        self.held_back = not all(line.settled for line in lines)
        return list(takewhile(lambda line: line.settled, lines))

    async def page(self, event_id: int, after: int, upto: Position) -> Sequence[Line]:
        """An id without a line (a client may send any) stands before all lines with higher ids."""
        return await self._lines(self.PAGE_OF_EVENT, event=event_id, after=after, xact=upto[0], id=upto[1])

    async def _lines(self, question: str, *values: int, **named: int) -> list[Line]:
        cursor = self.reader.cursor(row_factory=class_row(Line))
        await cursor.execute(question.encode(), named or values)
        return await cursor.fetchall()
