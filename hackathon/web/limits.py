"""How often something may be asked: so many times at once, then one more every so often, counted per key.

Each web process counts for itself, in memory: a limit is there to make guessing and flooding hopeless, not to be exact.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, abort, after_this_request, current_app, request

from hackathon.core.errors import NotFound

MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` times at once, then once `every` so often."""

    name: str
    burst: int
    every: timedelta


class Buckets:
    """A token bucket per key. The key that asked longest ago is forgotten first, so a flood does not fill memory."""

    def __init__(self, limit: Limit, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._full_again: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str) -> float:
        """Take one token: 0, or how many seconds to wait until there is one."""
        with self._lock:
            present, every = self._clock(), self.limit.every.total_seconds()
            full_again = max(self._full_again.pop(key, present), present) + every
            # Sums of seconds since a start long ago are not exact; a microsecond is no reason to refuse anybody.
            wait = round(full_again - present - self.limit.burst * every, 6)
            # Whoever is refused takes no token, so that knocking on does not make the wait longer.
            self._full_again[key] = full_again if wait <= 0 else full_again - every
            while len(self._full_again) > MOST_KEYS:
                self._full_again.popitem(last=False)
            return max(wait, 0.0)


WRONG_CODES = Limit("wrong codes", burst=120, every=timedelta(seconds=3))
"""Wrong codes typed or guessed behind one address. Right ones cost nothing: a whole hospital may share an address."""


REGISTERING_OF_A_CALLER = Limit("registering of a caller", burst=2_000, every=timedelta(seconds=1))
"""A whole hospital may share an address, and hears of an event by the same mail."""
LETTERS_TO_ONE = Limit("letters to one address", burst=4, every=timedelta(minutes=15))


def slow_registering(event_id: int, email: str) -> None:
    """Few times for one address of mail, because each is a letter; many for one caller."""
    spend(REGISTERING_OF_A_CALLER, request.remote_addr or "")
    spend(LETTERS_TO_ONE, f"{event_id} {email.casefold()}")


def spend(limit: Limit, key: str) -> None:
    """Let this pass, or answer "too many requests" with the time to wait."""
    if not (wait := _buckets(limit).wait(key)):
        return

    @after_this_request
    def say_when(response: Response) -> Response:
        response.headers["Retry-After"] = str(math.ceil(wait))
        return response

    abort(429)


@contextmanager
def wrong_codes_counted() -> Iterator[None]:
    """Count a code that leads nowhere, so that trying them all leads nowhere either."""
    try:
        yield
    except NotFound:
        spend(WRONG_CODES, request.remote_addr or "")
        raise


def may_spend(limit: Limit, key: str) -> bool:
    """Whether there is one left, for what is simply left undone otherwise."""
    return not _buckets(limit).wait(key)


def _buckets(limit: Limit) -> Buckets:
    buckets: dict[str, Buckets] = current_app.extensions.setdefault("limits", {})
    return buckets.get(limit.name) or buckets.setdefault(limit.name, Buckets(limit))
