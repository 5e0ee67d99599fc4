"""Web workers that share the crowd evenly."""

import mmap
import struct
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

PLACES = 64
ENTRY = struct.Struct("dq")
"""When a worker was last heard of, by the machine's own clock, and how many connections it holds."""
HELD = mmap.mmap(-1, PLACES * ENTRY.size)
"""One entry for each worker, shared by all: this is made before they are forked."""
SILENT = 2.0
"""Seconds after which a worker has ended, or hangs: each is heard of once a second while it has nothing to do."""
PATIENCE = 0.0005


class EvenWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker with threads; but whoever holds more connections than another lets that one go first.

    When somebody connects, all workers wake up, and in a crowd it is often the same one that comes first each time.
    Then one interpreter does the work of all. The others are given half a millisecond, and no more: whoever still
    stands at the door then is let in here, so that a worker that hangs keeps nobody out.
    """

    def notify(self) -> None:
        super().notify()
        self._tell()

    def accept(self, listener: Any) -> None:
        if self.nr_conns > fewest():
            time.sleep(PATIENCE)
        super().accept(listener)
        self._tell()

    def _tell(self) -> None:
        ENTRY.pack_into(HELD, self.age % PLACES * ENTRY.size, time.monotonic(), self.nr_conns)


def fewest() -> float:
    """How many connections the worker holds that has the fewest."""
    present = time.monotonic()
    return min((held for heard, held in ENTRY.iter_unpack(HELD[:]) if present - heard < SILENT), default=0)
