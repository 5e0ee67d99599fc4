"""The hub from within: what it does when readers are slow, logs are long and nothing happens."""

import asyncio
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import uvloop

from hackathon.adapters import activity_log, channel, hub
from hackathon.adapters.activity_log import PAGE, SqliteLog
from hackathon.adapters.hub import BEAT, Hub

LOG = "CREATE TABLE activity (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id INTEGER, kind TEXT, subject_id INTEGER)"

Story = Callable[[Hub], Awaitable[None]]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "log.sqlite3", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(LOG)
    yield connection
    connection.close()


@pytest.fixture
def play(tmp_path: Path, log: sqlite3.Connection) -> Callable[[Story], None]:
    """Runs a story while a hub follows the log."""

    async def played(story: Story) -> None:
        running = Hub(SqliteLog(str(tmp_path / "log.sqlite3")), tmp_path / "hub.sock")
        running.loop = asyncio.get_running_loop()
        work = [asyncio.create_task(running.follow()), asyncio.create_task(running.keep_alive())]
        async with asyncio.timeout(20):
            while not running.is_open:
                await asyncio.sleep(0.01)
            await story(running)
        for task in work:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    # In a thread of its own: a browser that other tests hold open runs a loop in this one.
    def play(story: Story) -> None:
        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(uvloop.run, played(story)).result()

    return play


def write(log: sqlite3.Connection, count: int, kind: str = "insight.shared") -> None:
    log.execute("BEGIN")
    log.executemany("INSERT INTO activity (event_id, kind, subject_id) VALUES (1, ?, 7)", [(kind,)] * count)
    log.execute("COMMIT")


class Browser:
    """The other end of a stream of event 1, as if a web worker had handed it over."""

    async def watch(self, running: Hub, after: int | None) -> "Browser":
        ours, theirs = socket.socketpair()
        running.send(running.adopt(theirs, 1, after))
        self.reader, self.writer = await asyncio.open_connection(sock=ours)
        await self.reader.readuntil(BEAT)
        return self

    async def ids(self, count: int) -> list[int]:
        ids: list[int] = []
        while len(ids) < count:
            first_line = (await self.reader.readuntil(b"\n\n")).partition(b"\n")[0]
            ids.append(int(first_line.removeprefix(b"id: ")))
        return ids


async def watch(running: Hub, after: int | None = None) -> Browser:
    return await Browser().watch(running, after)


@pytest.mark.parametrize("kept", [5, 2000])
def test_a_screen_that_slept_long_gets_page_after_page_and_then_what_happens(
    play: Callable[[Story], None], log: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(channel, "FRAMES_KEPT", kept)
    write(log, 3 * PAGE + 20)

    async def story(running: Hub) -> None:
        browser = await watch(running, 0)
        ids = await browser.ids(10)
        write(log, 2 * PAGE)
        ids += await browser.ids(5 * PAGE + 10)
        assert ids == list(range(1, 5 * PAGE + 21))

    play(story)


def test_a_screen_that_was_away_for_a_moment_is_served_from_memory(
    play: Callable[[Story], None], log: sqlite3.Connection
) -> None:
    async def story(running: Hub) -> None:
        other = await watch(running)
        write(log, 10)
        await other.ids(10)
        log.execute("DELETE FROM activity")
        assert await (await watch(running, 4)).ids(6) == [5, 6, 7, 8, 9, 10]

    play(story)


def test_the_first_change_goes_out_at_once_and_the_next_ones_together(
    play: Callable[[Story], None], log: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "GATHER", 1.5)

    async def story(running: Hub) -> None:
        browser = await watch(running)
        write(log, 1)
        assert await browser.ids(1) == [1]
        began = running.loop.time()
        for _ in range(3):
            write(log, 1)
            await asyncio.sleep(0.05)
        first_burst = await browser.reader.read(65536)
        assert first_burst.count(b"id: ") == 3
        assert running.loop.time() - began > 0.3

    play(story)


def test_a_screen_that_joins_while_changes_are_gathered_gets_them_once(
    play: Callable[[Story], None], log: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "GATHER", 0.5)

    async def story(running: Hub) -> None:
        early = await watch(running)
        write(log, 1)
        await early.ids(1)
        write(log, 1)
        await asyncio.sleep(0.1)
        late = await watch(running, 0)
        write(log, 1)
        assert (await early.ids(2), await late.ids(3)) == ([2, 3], [1, 2, 3])

    play(story)


def test_only_what_moves_a_screen_is_told_now_and_later(
    play: Callable[[Story], None], log: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "FRAMES_KEPT", 1)
    told = ["insight.shared", "insight.hidden", "round.opened"]
    silent = ["ballot.cast", "registration.made", "insight.coded", "commitment.made", "pack.frozen"]

    async def story(running: Hub) -> None:
        present = await watch(running)
        for kind in (*silent, *told, *silent, told[0]):
            write(log, 1, kind)
        assert await present.ids(4) == [6, 7, 8, 14]
        assert await (await watch(running, 0)).ids(4) == [6, 7, 8, 14]

    play(story)


def test_a_reader_who_does_not_read_is_cut_off_and_others_are_not(
    play: Callable[[Story], None], log: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "x" * 60_000
    monkeypatch.setattr(activity_log, "TOLD", {*activity_log.TOLD, long})

    async def story(running: Hub) -> None:
        _asleep, awake = await watch(running), await watch(running)
        for _ in range(100):
            write(log, 1, long)
            await awake.ids(1)
            if len(running.channels[1].screens) == 1:
                break
        last = log.execute("SELECT max(id) FROM activity").fetchone()[0]
        write(log, 1)
        assert await awake.ids(1) == [last + 1]

    play(story)


def test_a_silent_stream_beats_and_a_channel_that_nobody_watches_is_forgotten(
    play: Callable[[Story], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "HEARTBEAT", 0.05)

    async def story(running: Hub) -> None:
        browser = await watch(running)
        assert await browser.reader.readuntil(BEAT + BEAT)
        browser.writer.close()
        while running.channels:
            await asyncio.sleep(0.01)

    play(story)


def test_a_database_that_is_away_for_a_while_loses_nothing(
    play: Callable[[Story], None], log: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "RETRY", 0.1)

    async def story(running: Hub) -> None:
        browser = await watch(running)
        write(log, 1)
        log.execute("ALTER TABLE activity RENAME TO elsewhere")
        await asyncio.sleep(0.2)
        log.execute("ALTER TABLE elsewhere RENAME TO activity")
        write(log, 1)
        assert await browser.ids(2) == [1, 2]

    play(story)
