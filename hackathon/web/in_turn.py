"""Pages are made one after the other in each web worker, so that nobody who sends something waits behind all of them.

Python runs one thread at a time. Pages made side by side are done no sooner than in turn; but a thread that sends words
loses its place with every answer of the database, and then waits for each of the others again.
"""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any
from wsgiref.types import WSGIEnvironment

PATIENCE = 0.25
"""Seconds. Whoever has waited so long goes ahead, so that a page that takes long does not hold up the others."""
TURN = "hackathon.turn"
READS = {"GET", "HEAD"}


class PagesInTurn:
    """What is only read waits for its turn; what is sent does not."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self._turn = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in READS and self._turn.acquire(timeout=PATIENCE):
            environ[TURN] = self._turn
        try:
            return self.application(environ, start_response)
        finally:
            stand_aside(environ)


def stand_aside(environ: WSGIEnvironment) -> None:
    """Let the next one go ahead: this request has its answer, or waits for something outside this process."""
    if turn := environ.pop(TURN, None):
        turn.release()
