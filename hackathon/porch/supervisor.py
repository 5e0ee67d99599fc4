"""Keeps a few processes alive: one that dies is started again, alone, a little later each time."""

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hackathon.porch.forks import HEARD, STOP_SIGNALS, Work, end_group, fork

PATIENCE = 5.0
"""Seconds that children have for ending in good order before they are killed."""

FIRST_PAUSE, LONGEST_PAUSE, STEADY = 0.1, 30.0, 10.0
"""Seconds. The pause doubles with each fall; a child that has lived long enough begins anew."""


@dataclass(slots=True)
class Child:
    """One process that should always be there."""

    name: str
    work: Work
    pid: int = 0
    started: float = 0.0
    falls: int = 0
    due: float = 0.0

    def start(self) -> None:
        self.pid, self.started = fork(self.work), time.monotonic()

    def fall(self, code: int) -> None:
        """Note that it died, and say when it comes back."""
        now = time.monotonic()
        if now - self.started >= STEADY:
            self.falls = 0
        pause = min(FIRST_PAUSE * 2**self.falls, LONGEST_PAUSE)
        self.falls, self.due = self.falls + 1, now + pause
        how = f"signal {-code}" if code < 0 else f"code {code}"
        print(f"The {self.name} ended ({how}) and starts again in {pause:.1f} s.", file=sys.stderr, flush=True)


class Supervisor:
    """Starts its children and keeps them alive until it is told to stop."""

    def __init__(self, works: dict[str, Work]) -> None:
        self.children = [Child(name, work) for name, work in works.items()]
        self.stopping = False

    def run(self) -> None:
        with self._ear() as ear:
            while not self.stopping:
                self._start_the_due()
                _sleep(ear, min((child.due for child in self.children if not child.pid), default=None))
                self._collect_the_dead()
            self._stop(ear)

    @contextmanager
    def _ear(self) -> Iterator[int]:
        """A descriptor that can be read when a signal has come: one place to sleep, and no signal is missed."""
        ear, mouth = os.pipe()
        for end in (ear, mouth):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
        before = {heard: signal.signal(heard, self._hear) for heard in HEARD}
        try:
            yield ear
        finally:
            signal.set_wakeup_fd(-1)
            for heard, answer in before.items():
                signal.signal(heard, answer)
            os.close(ear)
            os.close(mouth)

    def _hear(self, number: int, _frame: object) -> None:
        self.stopping = self.stopping or number in STOP_SIGNALS

    def _start_the_due(self) -> None:
        for child in self.children:
            if not child.pid and child.due <= time.monotonic():
                child.start()

    def _collect_the_dead(self) -> None:
        """Take leave of every process that has ended, and end what it had started: its successor starts that again."""
        for pid, code in _ended():
            for child in self.children:
                if child.pid == pid:
                    end_group(pid, signal.SIGTERM)
                    child.pid = 0
                    if not self.stopping:
                        child.fall(code)

    def _stop(self, ear: int) -> None:
        deadline = time.monotonic() + PATIENCE
        for child in self._alive():
            os.kill(child.pid, signal.SIGTERM)
        while self._alive() and time.monotonic() < deadline:
            _sleep(ear, deadline)
            self._collect_the_dead()
        for child in self._alive():
            end_group(child.pid, signal.SIGKILL)

    def _alive(self) -> list[Child]:
        return [child for child in self.children if child.pid]


def _sleep(ear: int, until: float | None) -> None:
    """Sleep until a signal comes, or this moment."""
    timeout = None if until is None else max(0.0, until - time.monotonic())
    if select.select([ear], [], [], timeout)[0]:
        os.read(ear, 4096)


def _ended() -> Iterator[tuple[int, int]]:
    """Every child process that has ended, with its exit code, or its signal as a negative number."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        yield pid, os.waitstatus_to_exitcode(status)
