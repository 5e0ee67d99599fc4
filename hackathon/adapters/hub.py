"""The live hub: one process that follows the log and tells every open screen what changed.

Web workers check the door and hand the connection over (`live.hand_over`); here it costs two kilobytes and no thread.
The stream says only what changed; a screen fetches the room's own HTML. See `activity_log` for what "every line once,
in order" rests on.
"""

import asyncio
import json
import logging
import os
import resource
import signal
import socket
from collections.abc import Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import uvloop

from hackathon.adapters.activity_log import PAGE, UNREADABLE, ActivityLog, Line, Position, activity_log
from hackathon.adapters.channel import Channel, frame
from hackathon.core.config import Settings, load_settings

HEARTBEAT = 15.0
MOST_UNREAD = 256 * 1024
LONGEST_CATCH_UP = 60.0
QUEUE = 1024
RETRY = 1.0

HEAD = (
    b"HTTP/1.1 200 OK\r\n"
    b"Content-Type: text/event-stream; charset=utf-8\r\n"
    b"Cache-Control: no-store\r\n"
    b"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
    b"Cross-Origin-Resource-Policy: same-origin\r\n"
    b"Referrer-Policy: no-referrer\r\n"
    b"X-Content-Type-Options: nosniff\r\n"
    b"X-Accel-Buffering: no\r\n"
    b"Connection: close\r\n\r\n"
    b"retry: 1000\n\n"
)
BEAT = b"event: beat\ndata:\n\n"
"""A page that hears none knows that something on the way swallows streams, and asks for the changes instead."""

logger = logging.getLogger(__name__)


def run_hub(settings: Settings) -> None:
    """Serve until told to stop. While the database is away, screens stay and wait."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    uvloop.run(Hub(activity_log(settings.database), settings.hub_socket).run())


class Screen(asyncio.Protocol):
    """One open stream. Whatever the reader sends is ignored."""

    __slots__ = ("after", "channel", "event_id", "hub", "transport")
    transport: asyncio.Transport
    channel: "Channel[Screen]"

    def __init__(self, hub: "Hub", event_id: int, after: int | None) -> None:
        self.hub, self.event_id, self.after = hub, event_id, after

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(HEAD + BEAT)
        self.hub.welcome(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self.channel.leave(self)

    def write(self, frames: bytes) -> None:
        """A reader who has not kept up is cut off; it comes back with Last-Event-ID when it can."""
        if self.transport.get_write_buffer_size() > MOST_UNREAD:
            self.transport.abort()
        else:
            self.transport.write(frames)

    async def has_read(self) -> None:
        """Wait for a slow reader before it gets the next page."""
        await asyncio.sleep(0)
        while self.transport.get_write_buffer_size() and not self.transport.is_closing():
            await asyncio.sleep(0.01)


class Hub:
    """Follows the log, keeps a channel for each event that somebody watches, and takes in the screens."""

    def __init__(self, log: ActivityLog, door: Path) -> None:
        self.log, self.door = log, door
        self.is_open = False
        self.position: Position = (0, 0)
        self.reading = asyncio.Lock()
        self.channels: dict[int, Channel[Screen]] = {}
        self.errands: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        self.loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self.loop.add_signal_handler(number, stop.set)
        async with asyncio.TaskGroup() as group:
            work = [group.create_task(self.follow()), group.create_task(self.keep_alive())]
            await stop.wait()
            for task in work:
                task.cancel()

    async def follow(self) -> None:
        """Read the log for ever. While its database is away, screens wait, and we go on from where we were."""
        while True:
            try:
                async with self.log:
                    if not self.is_open:
                        self.position = await self.log.end()
                        self.open_door()
                    while True:
                        await self.read_on()
                        await self.log.change()
            except UNREADABLE as problem:
                logger.warning("The log cannot be read at the moment: %s", problem)
                await asyncio.sleep(RETRY)

    async def read_on(self) -> None:
        """Read to the end, one at a time, so that no line is told twice."""
        async with self.reading:
            full = True
            while full:
                lines = await self.log.after(self.position)
                self.tell(lines)
                full = len(lines) == PAGE

    def tell(self, lines: Iterable[Line]) -> None:
        news = set()
        for line in lines:
            self.position = line.position
            if line.is_told and (channel := self.channels.get(line.event_id)):
                channel.add(line)
                news.add(channel)
        now = self.loop.time()
        for channel in news:
            if now >= channel.silent_until:
                channel.send_gathered(now)
            elif not channel.timer:
                channel.timer = self.loop.call_at(channel.silent_until, channel.send_gathered, channel.silent_until)

    async def keep_alive(self) -> None:
        """Proxies close what is silent, pages look elsewhere, and who is gone is noticed only by writing to them."""
        while True:
            await asyncio.sleep(HEARTBEAT)
            for channel in self.channels.values():
                for screen in tuple(channel.following):
                    screen.write(BEAT)
            self.channels = {event_id: channel for event_id, channel in self.channels.items() if channel.screens}

    def open_door(self) -> None:
        """Take the place of an earlier hub. Only the account that runs the product may knock."""
        self.door.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK)
        mask = os.umask(0o177)
        self.listener.bind(str(self.door))
        os.umask(mask)
        self.listener.listen(QUEUE)
        self.loop.add_reader(self.listener.fileno(), self.answer_door)
        self.is_open = True

    def answer_door(self) -> None:
        line, _ = self.listener.accept()
        self.loop.add_reader(line.fileno(), self.take_in, line)

    def take_in(self, line: socket.socket) -> None:
        """One message with one connection; a worker that died in between sends neither."""
        self.loop.remove_reader(line.fileno())
        with line:
            message, descriptors, _, _ = socket.recv_fds(line, 1024, 1)
        for descriptor in descriptors:
            wish = json.loads(message)
            self.send(self.adopt(socket.socket(fileno=descriptor), wish["event"], wish["after"]))

    async def adopt(self, connection: socket.socket, event_id: int, after: int | None) -> None:
        connection.setblocking(False)
        try:
            await self.loop.connect_accepted_socket(lambda: Screen(self, event_id, after), connection)
        except OSError:
            connection.close()

    def welcome(self, screen: Screen) -> None:
        screen.channel = channel = self.channels.setdefault(screen.event_id, Channel())
        channel.screens.add(screen)
        if screen.after is not None and (missed := channel.behind(screen.after)) is not None:
            self.join(screen, missed)
        else:
            self.send(self.catch_up(screen))

    async def catch_up(self, screen: Screen) -> None:
        """Read from the database what is not kept any more, page by page, until what is kept follows without a gap.

        First of all the hub reads on, because a screen may know a line that the hub has not seen yet.
        """
        channel, after = screen.channel, screen.after
        missed: Sequence[bytes] | None = None
        try:
            async with asyncio.timeout(LONGEST_CATCH_UP):
                await self.read_on()
                while after is not None and (missed := channel.behind(after)) is None:
                    added = channel.added
                    lines = await self.log.page(screen.event_id, after, self.position)
                    screen.write(b"".join(frame(line) for line in lines if line.is_told))
                    await screen.has_read()
                    after = lines[-1].id if lines else after
                    if len(lines) < PAGE and (missed := channel.newest(channel.added - added)) is not None:
                        break
        except (*UNREADABLE, TimeoutError):
            screen.transport.abort()
        else:
            self.join(screen, missed or ())

    def join(self, screen: Screen, missed: Iterable[bytes]) -> None:
        """From here on it gets what all get. What is gathered goes out first, or this screen would get it twice."""
        channel = screen.channel
        if channel.gathered:
            channel.send_gathered(self.loop.time())
        screen.write(b"".join(missed))
        if screen in channel.screens:
            channel.following.add(screen)

    def send(self, errand: Coroutine[Any, Any, None]) -> None:
        """The loop itself would forget a task that nobody holds."""
        task = self.loop.create_task(errand)
        self.errands.add(task)
        task.add_done_callback(self.errands.discard)


if __name__ == "__main__":
    run_hub(load_settings())
