"""Web workers that share the crowd: whoever holds more connections lets another worker go first, but waits for none."""

import socket
import sys
import time
from collections.abc import Iterator

import pytest
from gunicorn.app import wsgiapp
from gunicorn.config import Config
from gunicorn.util import load_class
from gunicorn.workers.gthread import ThreadWorker

from hackathon.core.config import Settings
from hackathon.porch.even_worker import HELD, SILENT, EvenWorker
from hackathon.porch.processes import serve


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A door at which one phone stands."""
    HELD[:] = bytes(len(HELD))
    monkeypatch.setattr(ThreadWorker, "enqueue_req", lambda self, connection: connection.close())
    with socket.create_server(("127.0.0.1", 0)) as door, socket.create_connection(door.getsockname()):
        door.setblocking(False)
        yield door
    HELD[:] = bytes(len(HELD))


def worker(number: int, connections: int) -> EvenWorker:
    made = EvenWorker(number, 0, [], None, 30, Config(), None)
    made.nr_conns = connections
    made.notify()
    return made


def test_the_web_server_is_started_with_such_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(wsgiapp, "run", lambda: started.append(sys.argv))
    monkeypatch.setattr(sys, "argv", [])

    serve(socket.create_server(("127.0.0.1", 0)), Settings())

    (named,) = (word.partition("=")[2] for word in started[0] if word.startswith("--worker-class="))
    assert load_class(named) is EvenWorker


def test_whoever_holds_more_lets_the_other_go_first(door: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = worker(1, 2), worker(2, 5)
    monkeypatch.setattr(time, "sleep", lambda seconds: few.accept(door))

    many.accept(door)

    assert (few.nr_conns, many.nr_conns) == (3, 5)


def test_whoever_has_no_more_than_others_waits_for_nobody(door: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    _, mine = worker(1, 2), worker(2, 2)
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("waited"))

    mine.accept(door)

    assert mine.nr_conns == 3


def test_nobody_is_left_at_the_door_by_a_worker_that_hangs(door: socket.socket) -> None:
    _, mine = worker(1, 0), worker(2, 5)

    mine.accept(door)

    assert mine.nr_conns == 6


def test_one_that_was_not_heard_of_for_long_counts_no_more(
    door: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker(1, 0)
    present = time.monotonic() + SILENT
    monkeypatch.setattr(time, "monotonic", lambda: present)
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("waited"))
    mine = worker(2, 5)

    mine.accept(door)

    assert mine.nr_conns == 6
