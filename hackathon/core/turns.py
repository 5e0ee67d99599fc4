"""Writers of one SQLite file take turns in the order in which they come.

SQLite lets one of them in at a time; the others sleep and look again, so that some wait for seconds while later ones
walk past. Here threads stand in a queue, and processes at a turnstile: whoever has just been in comes after the one who
waits. Nothing is safe because of this queue; SQLite's own lock still stands behind it, for whoever does not know it.
"""

import fcntl
import os
from threading import Lock

from sqlalchemy import Engine

TURNSTILE, INSIDE = 0, 1
"""Two bytes of the file beside the database. Who waits for `INSIDE` stands in the turnstile, so one process does."""


def turns_of(engine: Engine) -> "Turns | None":
    """The queue of those who write here. PostgreSQL lets many write at once and needs none."""
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    return Turns(f"{path}-turn") if path and path != ":memory:" else None


class Turns:
    """Held by one writer at a time: `with turns:`. A process that is killed gives its turn back."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: int | None = None
        self._guard = Lock()
        self._last, self._mine = Lock(), Lock()

    def __enter__(self) -> None:
        mine = Lock()
        mine.acquire()
        with self._guard:
            before, self._last = self._last, mine
        before.acquire()
        self._mine = mine
        try:
            self._pass_turnstile()
        except BaseException:
            mine.release()
            raise

    def __exit__(self, *_problem: object) -> None:
        assert self._file is not None
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, INSIDE)
        self._mine.release()

    def _pass_turnstile(self) -> None:
        if self._file is None:  # opened by whoever writes first, after web workers have been forked
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.lockf(self._file, fcntl.LOCK_EX, 1, TURNSTILE)
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX, 1, INSIDE)
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, TURNSTILE)
