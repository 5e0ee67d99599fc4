"""The floor for streams: uvicorn tells the same log to everybody, and the product beside it goes through a2wsgi."""

import asyncio
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TypeAlias, cast

from a2wsgi import WSGIMiddleware

from app import create_app
from hackathon.adapters.activity_log import activity_log
from hackathon.adapters.channel import GATHER, frame
from hackathon.core.config import ROOT, load_settings
from hackathon.porch.copies import Copy, free_port
from tests.bench.bare import Bare

STREAM = "/stream"
HEAD = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
LONGEST_START = 30.0
Message = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

pages = WSGIMiddleware(cast(Any, create_app()), workers=32)  # it names the types of WSGI in a way of its own
screens: set[asyncio.Queue[bytes]] = set()


async def app(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await live_through(receive, send)
    elif scope["path"] == STREAM:
        await stream(receive, send)
    else:
        await pages(scope, receive, send)  # type: ignore[arg-type]  # it has names of its own for these types


async def live_through(receive: Receive, send: Send) -> None:
    await receive()
    telling = asyncio.create_task(tell())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    telling.cancel()
    await send({"type": "lifespan.shutdown.complete"})


async def tell() -> None:
    """Follow the log as the hub does, and gather as long."""
    async with activity_log(load_settings().database) as log:
        position = await log.end()
        while True:
            lines = await log.after(position)
            if lines:
                position = lines[-1].position
                for screen in screens:
                    screen.put_nowait(b"".join(map(frame, lines)))
                await asyncio.sleep(GATHER)
            else:
                await log.change()


async def stream(receive: Receive, send: Send) -> None:
    """One reader, until it goes away."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": HEAD})
    await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
    mine: asyncio.Queue[bytes] = asyncio.Queue()
    screens.add(mine)
    leaving = asyncio.create_task(leave(receive, mine))
    while frames := await mine.get():
        await send({"type": "http.response.body", "body": frames, "more_body": True})
    await leaving


async def leave(receive: Receive, mine: asyncio.Queue[bytes]) -> None:
    """Nothing more comes from a reader until it has gone."""
    await receive()
    screens.discard(mine)
    mine.put_nowait(b"")


@contextmanager
def serving(copy: Copy, database_url: str) -> Iterator[Bare]:
    """This floor beside a running copy, on the same database."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.bench.evented:app", "--port", str(port), "--backlog=4096"]
    environment = {"HACKATHON_DATA_DIR": str(copy.folder), "HACKATHON_DATABASE_URL": database_url}
    process = subprocess.Popen(
        [*command, "--loop=uvloop", "--http=httptools", "--log-level=error", "--no-access-log"],
        cwd=ROOT,
        env=os.environ | environment | {"HACKATHON_DEMO": "false"},
    )
    floor = Bare(f"http://127.0.0.1:{port}", process.pid)
    try:
        _await(floor.address)
        yield floor
    finally:
        process.kill()
        process.wait()


def _await(address: str) -> None:
    deadline = time.monotonic() + LONGEST_START
    while True:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
