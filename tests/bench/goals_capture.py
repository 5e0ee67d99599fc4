"""S1 to S3, S6 and S11: durable posts, a burst, what a post costs, and the last seats; each beside its floor.

Ours and the floors run side by side and take turns, round by round, so that a slow minute falls on all of them.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from hackathon.porch.goals import Goals, Measured, at_least, at_most, holds, times_at_least, times_at_most
from tests.bench import bare
from tests.bench.capture import CONNECTIONS, STATEMENTS, Ours, Side, floor, ours
from tests.bench.seats import SEATS, fill_tables
from tests.bench.slow_disk import compiler, slow_disk
from tests.postgres import is_installed, postgres_cluster

ROUNDS = 3
BURST = 1000
PEOPLE = 1500
TIME_FOR_ALL = 10.0


def measure_durable_posts() -> Iterator[Measured]:
    """S1 and what S6 says of a post: 64 connections that send without a pause, to SQLite."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        nothing = stack.enter_context(floor(bare.without_database))
        each = stack.enter_context(floor(bare.commit_each_sqlite, str(folder / "bare.sqlite3")))
        whole = stack.enter_context(ours())
        _take_turns(nothing, each, whole)
        yield times_at_least("S1 posts a second, SQLite, against a commit each", whole.rate, each.rate, 0.9)
        yield times_at_least("S1 posts a second, SQLite, against no database", whole.rate, nothing.rate, 0.45)
        yield times_at_most("S1 the slowest of a hundred against the median (ms)", whole.wait(0.99), whole.wait(0.5), 3)
        yield from _nothing_lost("S1 SQLite", whole)
        yield times_at_most("S6 processor for a post (µs), against bare Flask", whole.cost, nothing.cost, 2.2)


def measure_on_a_slow_disk() -> Iterator[Measured]:
    """S1 on a disk that needs 3 ms more for every flush. It takes a C compiler to make one."""
    if not compiler():
        yield holds("S1 slow disk", False, "needs a C compiler (apt-get install gcc libc6-dev)")
        return
    with TemporaryDirectory() as folder, slow_disk(), ExitStack() as stack:
        each = stack.enter_context(floor(bare.commit_each_sqlite, f"{folder}/bare.sqlite3"))
        whole = stack.enter_context(ours())
        _take_turns(each, whole)
        yield times_at_least("S1 posts a second, slow disk, against a commit each", whole.rate, each.rate, 3)
        yield from _nothing_lost("S1 slow disk", whole)


def measure_postgresql() -> Iterator[Measured]:
    """S2: the same on PostgreSQL, which waits for the disk."""
    if not is_installed():
        yield holds("S2 PostgreSQL", False, "needs PostgreSQL (apt-get install postgresql)")
        return
    with postgres_cluster(durable=True) as cluster, ExitStack() as stack:
        each = stack.enter_context(floor(bare.commit_each_core, cluster.new_database()))
        whole = stack.enter_context(ours(cluster.new_database()))
        _take_turns(each, whole)
        yield times_at_least("S2 posts a second, PostgreSQL, against a commit each", whole.rate, each.rate, 1)
        yield from _nothing_lost("S2 PostgreSQL", whole)


def measure_burst() -> Iterator[Measured]:
    """S3: a thousand phones press the button at the same instant."""
    with floor(bare.without_database) as nothing, ours() as whole:
        for _ in range(ROUNDS):
            nothing.send_at_once(BURST)
            whole.send_at_once(BURST)
        yield times_at_most("S3 last of 1,000 posts at once (ms)", whole.wait(1), nothing.wait(1), 2)
        yield from _nothing_lost("S3 SQLite", whole)


def measure_everybody() -> Iterator[Measured]:
    """S3: 1,500 people each send a thought and a ballot, and begin within half of the time that there is for all."""
    with ours() as whole:
        whole.send_and_rate(PEOPLE, TIME_FOR_ALL / 2)
        (outcome,) = whole.outcomes
        yield at_most("S3 1,500 people send and rate: all acknowledged after", outcome.seconds, TIME_FOR_ALL, "s")
        yield holds("S3 acknowledged", len(outcome.acknowledged) == 2 * PEOPLE, f"{2 * PEOPLE:,}, refused none")
        expected = (PEOPLE, PEOPLE, PEOPLE * STATEMENTS)
        yield holds("S3 totals equal a recount", whole.counted() == expected, f"{whole.counted()} of {expected}")
        yield from _nothing_lost("S3 everybody", whole)


def measure_page() -> Iterator[Measured]:
    """S6: how often the page behind the code is answered, and how soon, beside an empty answer."""
    with floor(bare.without_database) as nothing, ours() as whole:
        _read_in_turns(CONNECTIONS, nothing, whole)
        yield times_at_least("S6 pages a second, against empty answers", whole.rate, nothing.rate, 0.85)
        _read_in_turns(1, nothing, whole)
        yield times_at_most(
            "S6 the page to one phone (ms), against an empty answer", whole.wait(0.5), nothing.wait(0.5), 1.2
        )


def measure_seats() -> Iterator[Measured]:
    """S11: 500 people for 8 chairs, in two processes of 32 threads."""
    filled = fill_tables(ROUNDS)
    yield holds("S11 chairs taken", all(taken == SEATS for taken, _ in filled), f"exactly {SEATS}")
    yield at_least("S11 decisions a second", sorted(rate for _, rate in filled)[len(filled) // 2], 3000)


def _take_turns(*sides: Side) -> None:
    for _ in range(ROUNDS):
        for side in sides:
            side.keep_sending()


def _read_in_turns(connections: int, *sides: Side) -> None:
    for side in sides:
        side.outcomes.clear()
    for _ in range(ROUNDS):
        for side in sides:
            side.keep_reading(connections)


def _nothing_lost(name: str, whole: Ours) -> Iterator[Measured]:
    yield holds(f"{name}, refused", not whole.refused, f"none {whole.refused[:1] or ''}".strip())
    lost = whole.lost()
    yield holds(f"{name}, acknowledged and not there once", not lost, f"none ({lost})")


GOALS: Goals = {
    "S1": measure_durable_posts,
    "S1 slow disk": measure_on_a_slow_disk,
    "S2": measure_postgresql,
    "S3": measure_burst,
    "S3 everybody": measure_everybody,
    "S6 page": measure_page,
    "S11": measure_seats,
}
