"""S4 and S5: from somebody's post to everybody's screen, on 1,000 and on 5,000 streams, beside uvicorn with a2wsgi."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import text

from hackathon.core.config import Settings
from hackathon.core.db import reading, transaction
from hackathon.factory import create_app
from hackathon.porch.copies import Copy, running_copy
from hackathon.porch.goals import Goals, Measured, at_most, holds, times_at_most
from tests.bench import evented
from tests.bench.audience import Seen, audience
from tests.bench.bare import Bare
from tests.bench.crowd import post_at_pace, visitors
from tests.bench.phones import elsewhere
from tests.makers import make_event, make_table
from tests.postgres import is_installed, postgres_cluster

PART_OF = ("capture",)

SCREENS, MANY_SCREENS = 1_000, 5_000
SETTLE = 1.5
"""Seconds for what was sent to arrive."""
ROUNDS, FEW_ROUNDS = 3, 2
ORDER = {"sqlite": "activity.id", "postgresql": "activity.xact, activity.id"}


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn showed: the wait from post to screen, and what the process that streams took for it."""

    seen: Seen
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Stage:
    """A copy with an event, people who post at its table, and the processes that stream."""

    copy: Copy
    app: Flask
    code: str
    table: str
    database_url: str

    def play(self, address: str, path: str, process: int, screens: int, *, busy: bool = False) -> Turn:
        """Let so many screens follow while people post; with `busy`, others keep the web server occupied."""
        page, here, last = f"/t/{self.table}", self.copy.address, self._last()
        with audience(address, path, screens) as watching, ExitStack() as others:
            watching.open()
            if busy:
                others.enter_context(visitors(here, page))
            posted = elsewhere(post_at_pace, here, page, process)
            time.sleep(SETTLE)
            sent = self._sent(last)
            seen = watching.leave(list(sent), {each: posted.began[client_id] for each, client_id in sent.items()})
            return Turn(seen, posted.cpu, _memory(process))

    def memory_of_a_stream(self) -> float:
        """Some are open before it looks, so that what the hub needs anyway is not taken for theirs."""
        path = f"/e/{self.code}/stream"
        with audience(self.copy.address, path, SCREENS) as some:
            some.open()
            before = _memory(_hub(self.copy))
            with audience(self.copy.address, path, SCREENS) as more:
                more.open()
                return (_memory(_hub(self.copy)) - before) / SCREENS

    def ours(self, screens: int, *, busy: bool = False) -> Turn:
        path = f"/e/{self.code}/stream"
        return self.play(self.copy.address, path, _hub(self.copy), screens, busy=busy)

    def _last(self) -> int:
        with self.app.app_context():
            return int(reading().scalar(text("SELECT coalesce(max(id), 0) FROM activity")) or 0)

    def _sent(self, behind: int) -> dict[int, str]:
        """The id that the phone made, by the number of the change, in the order of the log."""
        with self.app.app_context():
            session = reading()
            order = ORDER[session.get_bind().dialect.name]
            rows = session.execute(
                text(
                    "SELECT activity.id, insight.client_id FROM activity JOIN insight ON insight.id = subject_id"
                    f" WHERE activity.kind = 'insight.shared' AND activity.id > {behind} ORDER BY {order}"
                )
            )
            return dict(rows.all())


def measure_streams() -> Iterator[Measured]:
    """1,000 screens and 50 changes a second; ours idle, the floor, and ours with the web server saturated, in turns."""
    for database, stage in _stages():
        memory = stage.memory_of_a_stream()
        with evented.serving(stage.copy, stage.database_url) as floor:
            rounds = [_round(stage, floor) for _ in range(ROUNDS)]
        idle, bare, busy = zip(*rounds, strict=True)
        name = f"S4 on {database}, {SCREENS:,} streams:"
        yield at_most(f"{name} post to screen, p99, idle", _p99(idle), 150, "ms", floor=_p99(bare))
        yield at_most(f"{name} post to screen, p99, web saturated", _p99(busy), 200, "ms")
        yield at_most(f"{name} processor of the hub", 100 * _cpus(idle), 15, "% of a core", floor=100 * _cpus(bare))
        yield times_at_most(f"{name} processor beside uvicorn and a2wsgi", _cpus(idle), _cpus(bare), 0.5)
        yield at_most(f"{name} memory of a stream", memory / 1000, 3, "KB")
        yield _every_change_once(name, idle + busy)


def measure_many_streams() -> Iterator[Measured]:
    """5,000 screens and 50 changes a second."""
    for database, stage in _stages():
        turns = [stage.ours(MANY_SCREENS) for _ in range(FEW_ROUNDS)]
        name = f"S5 on {database}, {MANY_SCREENS:,} streams:"
        yield at_most(f"{name} post to screen, p99", _p99(turns), 200, "ms")
        yield at_most(f"{name} memory of the hub", median(turn.memory for turn in turns) / 1e6, 30, "MB")
        yield _every_change_once(name, turns)


def _round(stage: Stage, floor: Bare) -> tuple[Turn, Turn, Turn]:
    return (
        stage.ours(SCREENS),
        stage.play(floor.address, evented.STREAM, floor.pid, SCREENS),
        stage.ours(SCREENS, busy=True),
    )


def _every_change_once(name: str, turns: "list[Turn] | tuple[Turn, ...]") -> Measured:
    wrong = sum(turn.seen.missed + turn.seen.doubled + turn.seen.disordered for turn in turns)
    return holds(f"{name} every change on every screen once and in order", not wrong, "yes")


def _p99(turns: "list[Turn] | tuple[Turn, ...]") -> float:
    return median(turn.seen.p99 for turn in turns)


def _cpus(turns: tuple[Turn, ...]) -> float:
    return median(turn.cpu for turn in turns)


def _stages() -> Iterator[tuple[str, Stage]]:
    with _stage("") as stage:
        yield "SQLite", stage
    if is_installed():
        with postgres_cluster() as cluster, _stage(cluster.new_database()) as stage:
            yield "PostgreSQL", stage


@contextmanager
def _stage(database_url: str) -> Iterator[Stage]:
    with running_copy(demo=False, database_url=database_url) as copy:
        app = create_app(Settings(data_dir=copy.folder, database_url=database_url, demo=False))
        with app.app_context(), transaction() as session:
            event = make_event(session)
            code, table = event.code, make_table(session, event).code
        yield Stage(copy, app, code, table, database_url)


def _hub(copy: Copy) -> int:
    """The process that holds the door of the hub."""
    door = str(copy.folder / "hub.sock")
    sockets = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()]
    inodes = {f"socket:[{words[6]}]" for words in sockets if words[-1] == door}
    children = Path(f"/proc/{copy.process.pid}/task/{copy.process.pid}/children").read_text().split()
    return next(int(child) for child in children if inodes & set(_open_files(child)))


def _open_files(process: str) -> Iterator[str]:
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        yield os.readlink(descriptor)


def _memory(process: int) -> float:
    """Bytes that it alone holds: what its parent has imported is there once for all processes."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Private_"))


GOALS: Goals = {"S4": measure_streams, "S5": measure_many_streams}
