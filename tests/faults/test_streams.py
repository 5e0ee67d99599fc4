"""The whole product while parts of it are killed: every screen gets every line once and in order, on either way."""

import http.client
import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from hackathon.core.config import Settings
from hackathon.core.db import reading, transaction
from hackathon.events.models import Event
from hackathon.porch.copies import Copy, running_copy
from tests.adapters.test_live import Stream, keep_writing
from tests.applications import open_application
from tests.lacking import do_without
from tests.makers import make_event
from tests.postgres import Cluster

SECONDS_OF_TROUBLE = 8.0
SCREENS, WRITERS = 10, 3
ORDER = {"sqlite": "id", "postgresql": "xact, id"}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, cluster: Cluster | None) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
        return
    if cluster is None:
        do_without("PostgreSQL", "postgresql")
    url = cluster.new_database()
    yield url
    cluster.drop_database(url)


@pytest.fixture
def copy(url: str) -> Iterator[Copy]:
    with running_copy(demo=False, database_url=url) as copy:
        yield copy


@pytest.fixture
def app(copy: Copy, url: str) -> Iterator[Flask]:
    with open_application(Settings(data_dir=copy.folder, database_url=url, demo=False)) as app:
        yield app


class Screen(Stream):
    """Follows the event of a whole product: now by its stream, now by asking, as networks come and go."""

    def __init__(self, port: int, event: Event) -> None:
        super().__init__(port, event)
        self.path, self.changes = f"/e/{event.code}/stream", f"/e/{event.code}/changes"
        self.last, self.seen = 0, list[int]()

    def follow(self, seconds: float) -> None:
        if self.open()[0] == 200:
            self.read(10_000, seconds)
        self.seen += self.ids
        self.frames.clear()

    def ask(self) -> None:
        more = True
        while more:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", f"{self.changes}?after={self.last}")
            page = json.loads(connection.getresponse().read())
            connection.close()
            self.seen += [line["id"] for line in page["lines"]]
            self.last, more = page["after"], page["more"]

    def come_and_go(self, end: float) -> None:
        while time.monotonic() < end:
            with suppress(OSError, ValueError, http.client.HTTPException):
                if random.random() < 0.5:
                    self.ask()
                else:
                    self.follow(random.uniform(0.05, 1.5))
            time.sleep(0.05)


def hub_or_web(copy: Copy) -> list[int]:
    """The processes below the supervisor: any of them may fall."""
    children = Path(f"/proc/{copy.process.pid}/task/{copy.process.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


def test_attack_42_every_line_reaches_every_screen_once_whatever_is_killed(copy: Copy, app: Flask) -> None:
    with app.app_context(), transaction() as session:
        event = make_event(session)
        session.flush()
        session.expunge(event)
    port, end, written = int(copy.address.rpartition(":")[2]), time.monotonic() + SECONDS_OF_TROUBLE, list[int]()
    screens = [Screen(port, event) for _ in range(SCREENS)]
    people = [threading.Thread(target=keep_writing, args=[app, event, written, end]) for _ in range(WRITERS)]
    people += [threading.Thread(target=screen.come_and_go, args=[end]) for screen in screens]

    for person in people:
        person.start()
    while time.monotonic() < end - 1:
        time.sleep(random.uniform(0.8, 2.0))
        with suppress(ProcessLookupError):
            os.kill(random.choice(hub_or_web(copy)), signal.SIGKILL)
    for person in people:
        person.join()

    with app.app_context():
        session = reading()
        order = ORDER[session.get_bind().dialect.name]
        question = text(f"SELECT id FROM activity WHERE event_id = {event.id} ORDER BY {order}")
        expected = list(session.scalars(question))
    assert sorted(written) == sorted(expected)
    for screen in screens:
        _catch_up(screen)
        assert screen.seen == expected


def _catch_up(screen: Screen) -> None:
    """The web server may still be on its way back."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return screen.ask()
        except (OSError, ValueError, http.client.HTTPException):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
