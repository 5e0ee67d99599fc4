"""Real gunicorn, real hub, real databases; what is written comes from another process than either."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_string
from pathlib import Path
from select import select

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from hackathon.adapters.live import hand_over, last_activity_id
from hackathon.core.config import Settings
from hackathon.core.db import transaction
from hackathon.events.models import Event
from hackathon.events.operations import record
from hackathon.porch.copies import free_port
from tests.makers import make_event

THREADS = 4
SECONDS_OF_TROUBLE = 5.0


class Stream:
    """A browser's end of a stream: remembers the last id it saw, as EventSource does."""

    def __init__(self, port: int, event: Event) -> None:
        self.port, self.path = port, f"/stream/{event.id}"
        self.frames: list[str] = []
        self.last: int | None = None
        self.socket = socket.socket()

    @property
    def ids(self) -> list[int]:
        return [int(frame.partition("\n")[0].removeprefix("id: ")) for frame in self.frames]

    def open(self) -> tuple[int, dict[str, str]]:
        """Ask, and return the status and the headers of the answer."""
        self.close()
        self.socket, self.heard = socket.create_connection(("127.0.0.1", self.port), timeout=10), b""
        place = "" if self.last is None else f"Last-Event-ID: {self.last}\r\n"
        self.socket.sendall(f"GET {self.path} HTTP/1.1\r\nHost: x\r\n{place}\r\n".encode())
        head = self._until(b"\r\n\r\n", time.monotonic() + 10)
        status, _, headers = (head or "HTTP/1.1 0").partition("\r\n")
        return int(status.split()[1]), dict(message_from_string(headers).items())

    def read(self, count: int, seconds: float = 10.0) -> None:
        """Read that many frames more, or as many as come in that time, or until the hub is gone."""
        wanted, deadline = len(self.frames) + count, time.monotonic() + seconds
        while len(self.frames) < wanted and (frame := self._until(b"\n\n", deadline)):
            if frame.startswith("id: "):
                self.frames.append(frame)
                self.last = self.ids[-1]

    def _until(self, mark: bytes, deadline: float) -> str | None:
        while mark not in self.heard:
            if not select([self.socket], [], [], max(deadline - time.monotonic(), 0))[0]:
                return None
            if not (more := self.socket.recv(65536)):
                return None
            self.heard += more
        piece, _, self.heard = self.heard.partition(mark)
        return (piece + mark).decode()

    def close(self) -> None:
        self.socket.close()


class Hub:
    def __init__(self, settings: Settings, environment: dict[str, str]) -> None:
        self.settings, self.environment = settings, environment
        self.start()

    def start(self) -> None:
        self.settings.hub_socket.unlink(missing_ok=True)
        self.process = subprocess.Popen([sys.executable, "-m", "hackathon.adapters.hub"], env=self.environment)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as knock:
            while knock.connect_ex(str(self.settings.hub_socket)):  # it is there before anybody listens behind it
                assert self.process.poll() is None
                time.sleep(0.01)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def environment(app: Flask) -> dict[str, str]:
    settings: Settings = app.extensions["settings"]
    return {
        **os.environ,
        "HACKATHON_DATA_DIR": str(settings.folder),
        "HACKATHON_DATABASE_URL": settings.database_url,
        "PYTHONPATH": ".",
    }


@pytest.fixture
def hub(app: Flask, environment: dict[str, str]) -> Iterator[Hub]:
    hub = Hub(app.extensions["settings"], environment)
    yield hub
    hub.kill()


@pytest.fixture
def port(environment: dict[str, str]) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers=2", f"--threads={THREADS}"]
    server = subprocess.Popen(
        [*command, "--no-control-socket", "--log-level=warning", "tests.adapters.stream_app:app"], env=environment
    )
    while answer(port) != b"hello":
        assert server.poll() is None
        time.sleep(0.05)
    yield port
    server.send_signal(signal.SIGTERM)
    server.wait(10)


def answer(port: int) -> bytes | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read()
    except OSError:
        return None
    finally:
        connection.close()


@pytest.fixture
def event(session: Session) -> Event:
    with transaction() as writing:
        return make_event(writing)


def write(event: Event, count: int = 1) -> list[int]:
    ids = []
    for _ in range(count):
        with transaction() as session:
            ids.append(record(session, event, "insight.shared", actor="someone", subject_id=7))
    return ids


def test_a_stream_begins_with_what_was_missed_and_goes_on_with_what_happens(hub: Hub, port: int, event: Event) -> None:
    first, *missed = write(event, 3)
    stream = Stream(port, event)
    stream.last = first

    stream.open()
    stream.read(2)
    fresh = write(event, 3)
    stream.read(3)

    assert stream.ids == [*missed, *fresh]
    assert stream.frames[-1] == f'id: {fresh[-1]}\nevent: insight.shared\ndata: {{"subject": 7}}\n\n'


def test_a_stream_says_that_nobody_may_keep_or_guess_it(hub: Hub, port: int, event: Event) -> None:
    assert Stream(port, event).open() == (
        200,
        {
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Accel-Buffering": "no",
            "Connection": "close",
        },
    )


def test_without_a_place_to_go_on_from_a_stream_begins_with_what_comes_next(hub: Hub, port: int, event: Event) -> None:
    write(event, 2)
    stream = Stream(port, event)

    stream.open()
    stream.read(1, seconds=0.3)
    fresh = write(event)
    stream.read(1)

    assert stream.ids == fresh


def test_attack_16_nothing_of_another_event_comes_along(hub: Hub, port: int, event: Event, session: Session) -> None:
    with transaction() as writing:
        other = make_event(writing)
    before = last_activity_id(session, event.id)
    stream = Stream(port, event)
    stream.last = before

    write(other, 2)
    stream.open()
    write(other, 2)
    own = write(event)
    stream.read(1)

    assert stream.ids == own


def test_streams_hold_no_thread_of_a_web_worker(hub: Hub, port: int, event: Event) -> None:
    streams = [Stream(port, event) for _ in range(10 * THREADS)]
    for stream in streams:
        stream.open()

    assert [answer(port) for _ in range(10)] == [b"hello"] * 10
    ids = write(event, 2)
    for stream in streams:
        stream.read(2)
        assert stream.ids == ids
        stream.close()


def test_without_a_hub_the_browser_is_asked_to_come_back(port: int, event: Event) -> None:
    status, headers = Stream(port, event).open()

    assert (status, headers["Retry-After"]) == (503, "2")
    assert answer(port) == b"hello"


def test_a_hub_that_was_killed_leaves_no_door_open(hub: Hub, port: int, event: Event) -> None:
    hub.kill()

    assert Stream(port, event).open()[0] == 503


def test_a_hub_that_is_told_to_stop_does_so_in_good_order(hub: Hub, port: int, event: Event) -> None:
    stream = Stream(port, event)
    stream.open()

    hub.process.send_signal(signal.SIGTERM)

    assert hub.process.wait(5) == 0


def test_a_connection_that_is_not_the_servers_own_is_not_handed_over(tmp_path: Path) -> None:
    assert not hand_over({}, tmp_path / "hub.sock", 1, None)


def test_attack_42_a_killed_hub_loses_nothing_and_doubles_nothing(hub: Hub, port: int, event: Event) -> None:
    stream = Stream(port, event)
    stream.last = 0

    stream.open()
    ids = write(event, 3)
    stream.read(3)
    hub.kill()
    ids += write(event, 3)
    hub.start()
    ids += write(event, 3)
    stream.open()
    ids += write(event, 3)
    stream.read(9)

    assert stream.ids == ids


def keep_writing(app: Flask, event: Event, written: list[int], end: float) -> None:
    with app.app_context():
        while time.monotonic() < end:
            written.extend(write(event))
            time.sleep(random.uniform(0, 0.02))


def come_and_go(stream: Stream, end: float) -> None:
    stream.last = 0
    while time.monotonic() < end:
        with suppress(OSError):
            if stream.open()[0] == 200:
                stream.read(10_000, seconds=random.uniform(0.05, 1.0))
        time.sleep(0.02)


def test_attack_42_every_line_once_and_in_order_whatever_falls(
    hub: Hub, port: int, event: Event, app: Flask, session: Session
) -> None:
    """Four writers at once, a dozen readers who come and go, and a hub that is killed every second."""
    end = time.monotonic() + SECONDS_OF_TROUBLE
    written: list[int] = []
    streams = [Stream(port, event) for _ in range(12)]
    people = [threading.Thread(target=keep_writing, args=[app, event, written, end]) for _ in range(4)]
    people += [threading.Thread(target=come_and_go, args=[stream, end]) for stream in streams]
    for person in people:
        person.start()
    while time.monotonic() < end - 1:
        time.sleep(1)
        hub.kill()
        hub.start()
    for person in people:
        person.join()

    order = "xact, id" if session.get_bind().dialect.name == "postgresql" else "id"
    expected = list(session.scalars(text(f"SELECT id FROM activity WHERE event_id = {event.id} ORDER BY {order}")))
    assert sorted(written) == sorted(expected)
    for stream in streams:
        stream.open()
        stream.read(len(expected) - len(stream.ids))
        assert stream.ids == expected


@contextmanager
def slow_transactions(app: Flask, event: Event, count: int) -> Iterator[list[Callable[[str], None]]]:
    """Transactions of other people, each a function that runs a statement."""
    engine = create_engine(app.extensions["settings"].database)
    connections = [engine.connect() for _ in range(count)]
    yield [lambda words, connection=connection: connection.execute(text(words)) for connection in connections]  # type: ignore[misc]  # a lambda cannot say its types
    for connection in connections:
        connection.close()
    engine.dispose()


def test_lines_that_are_committed_out_of_the_order_of_their_ids_are_not_lost(
    hub: Hub, port: int, event: Event, app: Flask, session: Session
) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    share = (
        "INSERT INTO activity (event_id, kind, actor, detail, at)"
        f" VALUES ({event.id}, 'insight.shared', 'x', '{{}}', now())"
    )
    stream = Stream(port, event)
    stream.last = last_activity_id(session, event.id)
    stream.open()

    with slow_transactions(app, event, 3) as (early, late, silent):
        early("SELECT pg_current_xact_id()")
        late("SELECT pg_current_xact_id()")
        late(share)
        early(share)
        early("COMMIT")  # the higher id, in the older transaction, is visible first
        stream.read(1)
        silent("SELECT pg_current_xact_id()")
        late("COMMIT")
        write(event)  # younger than one that is still under way, which will end without a word
        stream.read(1)
        seen_before_silent_ended = len(stream.ids)
        silent("COMMIT")
        stream.read(1)

    assert seen_before_silent_ended == 2
    assert len(stream.ids) == 3
    assert stream.ids[0] > stream.ids[1] < stream.ids[2]


def test_a_page_knows_from_where_its_stream_goes_on(session: Session, event: Event) -> None:
    assert last_activity_id(session, event.id) == 0

    ids = write(event, 2)

    assert last_activity_id(session, event.id) == ids[-1]


def test_a_database_that_came_from_another_server_is_followed_all_the_same(
    app: Flask, environment: dict[str, str], port: int, event: Event, session: Session
) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite counts no transactions")
    old = write(event, 2)
    with transaction() as writing:
        writing.execute(text("UPDATE activity SET xact = 9000000000"))
    hub = Hub(app.extensions["settings"], environment)
    stream = Stream(port, event)
    stream.last = old[0]

    stream.open()
    fresh = write(event)
    stream.read(2)
    hub.kill()

    assert stream.ids == [old[1], *fresh]
