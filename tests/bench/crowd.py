"""People beside a running copy while screens follow it: some post at a pace, some keep the web server occupied.

Each crowd is a process of its own, and nobody counts or times anything before all of it is there.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection

import uvloop

from tests.bench.phones import Line, Phone, lines, open_pages, thought
from tests.bench.processes import cpu_seconds

PHONES = 50
CHANGES_A_SECOND = 50
SECONDS = 8.0
VISITORS = 16
LONGEST_ARRIVAL = 60.0
OK = b" 200 OK"


@dataclass
class Posted:
    """When each thought set out, by its id, and what one process took meanwhile, as a part of a core."""

    began: dict[str, float] = field(default_factory=dict)
    cpu: float = 0.0


async def post_at_pace(address: str, page: str, watched: int) -> Posted:
    """Each phone sends once a second, one behind the other, and waits for its answer before it sends again."""
    posted, phones = Posted(), await open_pages(address, page, PHONES)
    path = f"{page}/insights"

    async def post(line: Line, phone: Phone, first: float) -> None:
        for turn in count():
            due = first + turn * PHONES / CHANGES_A_SECOND
            if due > start + SECONDS:
                return
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            act = thought(path)
            posted.began[act.client_id] = time.monotonic()
            head, body = await line.ask(phone.request("POST", act.path, act.answers))
            if OK not in head:
                raise ConnectionError(f"{head!r} {body!r}")
            phone.note(head, body)

    async with lines(address, PHONES) as opened:
        start, used = time.monotonic(), cpu_seconds([watched])
        firsts = (start + mine / CHANGES_A_SECOND for mine in range(PHONES))
        await asyncio.gather(*map(post, opened, phones, firsts))
        posted.cpu = (cpu_seconds([watched]) - used) / (time.monotonic() - start)
    return posted


@contextmanager
def visitors(address: str, path: str) -> Iterator[None]:
    """More of them than the web server can answer; they go when the block ends."""
    here, there = Pipe()
    process = get_context("spawn").Process(target=_visit, args=[there, address, path], daemon=True)
    process.start()
    try:
        if not here.poll(LONGEST_ARRIVAL):
            raise TimeoutError("The visitors did not come.")
        yield
    finally:
        process.kill()
        process.join()


def _visit(arrived: Connection, address: str, path: str) -> None:
    uvloop.run(_keep_visiting(arrived, address, path))


async def _keep_visiting(arrived: Connection, address: str, path: str) -> None:
    async def visit(line: Line) -> None:
        while True:
            await line.ask(Phone().request("GET", path))

    async with lines(address, VISITORS) as opened:
        arrived.send(True)
        await asyncio.gather(*map(visit, opened))
