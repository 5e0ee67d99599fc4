"""Writers of one SQLite file take turns: threads in the order in which they come, processes one after the other."""

import subprocess
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import create_engine

from hackathon.core.config import ROOT
from hackathon.core.turns import Turns, turns_of

GREEDY = """
import sys, time
from hackathon.core.turns import Turns
turns, last = Turns(sys.argv[1]), time.monotonic() + float(sys.argv[2])
while time.monotonic() < last:
    with turns:
        print("in", flush=True)
        time.sleep(0.002)
"""


def greedy(path: Path, seconds: float) -> subprocess.Popen[str]:
    """A process that takes its turn again as soon as it has given it back."""
    return subprocess.Popen(
        [sys.executable, "-c", GREEDY, str(path), str(seconds)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_threads_come_in_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    turns, order = Turns(str(tmp_path / "turn")), list[int]()

    def write(number: int) -> None:
        with turns:
            order.append(number)

    with turns:
        threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
        for thread in threads:
            last_in_line = turns._last
            thread.start()
            while turns._last is last_in_line:
                time.sleep(0.001)
    for thread in threads:
        thread.join()

    assert order == list(range(20))


def test_a_process_that_comes_straight_back_does_not_keep_others_out(tmp_path: Path) -> None:
    turns, waited = Turns(str(tmp_path / "turn")), list[float]()
    other = greedy(tmp_path / "turn", seconds=60)
    assert other.stdout is not None
    other.stdout.readline()
    for _ in range(20):
        began = time.monotonic()
        with turns:
            waited.append(time.monotonic() - began)
        time.sleep(0.001)
    other.kill()
    other.communicate()

    assert max(waited) < 5


def test_a_killed_process_gives_its_turn_back(tmp_path: Path) -> None:
    other = greedy(tmp_path / "turn", seconds=60)
    assert other.stdout is not None
    other.stdout.readline()
    other.kill()
    other.communicate()

    with Turns(str(tmp_path / "turn")):
        pass


def test_a_failure_inside_ends_the_turn(tmp_path: Path) -> None:
    turns = Turns(str(tmp_path / "turn"))
    try:
        with turns:
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass

    with turns:
        pass


def test_postgresql_and_memory_need_no_turns(tmp_path: Path) -> None:
    assert not isinstance(turns_of(create_engine("postgresql+psycopg://nobody@nowhere/none")), Turns)
    assert not isinstance(turns_of(create_engine("sqlite://")), Turns)
    assert isinstance(turns_of(create_engine(f"sqlite:///{tmp_path}/rows.sqlite3")), Turns)
