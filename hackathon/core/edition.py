"""Whether anything was committed since somebody looked: a value that is another one after every commit, of whomever.

Ask for it before the rows are read. What was made from them then is as good as new for as long as it is still the same.
"""

import sqlite3
from collections.abc import Callable, Hashable
from threading import Lock
from urllib.parse import quote

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

Edition = Callable[[], Hashable]
"""Says which edition of the database this is; nothing where that cannot be told."""

WHO_HAS_COMMITTED = text("SELECT pg_current_snapshot()::text")
"""Which transactions are over: two looks that see the same of them see the same rows. The highest id in the log would
not do, because one that took its number early may commit late."""


def edition_of(engine: Engine) -> Edition:
    if engine.dialect.name != "sqlite":
        return lambda: _snapshot(engine)
    path = engine.url.database
    return FileEdition(path) if path and path != ":memory:" else lambda: None


def _snapshot(engine: Engine) -> Hashable:
    try:
        with engine.connect() as connection:
            return str(connection.scalar(WHO_HAS_COMMITTED))
    except DBAPIError:
        return None


class FileEdition:
    """A connection that never writes: SQLite tells it of everybody else's commits for a few microseconds."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._guard = Lock()
        self._begun, self._seen = 0, (0, 0)

    def __call__(self) -> int | None:
        before = self._begun
        with self._guard:
            look, seen = self._seen
            if look > before:  # begun by another thread after this one had asked
                return seen
            self._begun += 1
            edition = self._look()
            if edition is not None:
                self._seen = self._begun, edition
            return edition

    def _look(self) -> int | None:
        if self._connection is None:  # opened by whoever asks first, after web workers have been forked
            address = f"file:{quote(self._path)}?mode=rw"
            self._connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA query_only = ON")
        try:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.OperationalError:
            return None
