"""Many screens on one stream: a process of its own opens them, notes when each piece came, and reads them later."""

import asyncio
import gc
import resource
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from typing import ClassVar, cast
from urllib.parse import urlsplit

import uvloop

AT_A_TIME = 100
LONGEST_OPENING = 120.0
STEPS_A_SECOND = 10_000
END = b"\n\n"


@dataclass(frozen=True, slots=True)
class Seen:
    """How long after it set out a change was seen, over all screens; and what was not seen once and in order."""

    median: float
    p99: float
    missed: int
    doubled: int
    disordered: int


class Screen(asyncio.Protocol):
    """Reads, and does nothing else: equal pieces are kept once for all screens."""

    pieces: ClassVar[dict[bytes, bytes]] = {}

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.arrived: list[tuple[float, bytes]] = []
        self.is_open = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own class does not say that it is one
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.arrived.append((time.monotonic(), self.pieces.setdefault(data, data)))
        self.is_open.set()

    def ids(self) -> Iterator[tuple[int, float]]:
        """Each change's number and when it came."""
        rest = b""
        for at, piece in self.arrived:
            *frames, rest = (rest + piece).split(END)
            for frame in frames:
                if frame.startswith(b"id: "):
                    yield int(frame[4 : frame.index(b"\n")]), at


class Audience:
    """The far end of the process with the screens in it."""

    def __init__(self, line: Connection) -> None:
        self.line = line

    def open(self) -> None:
        """Wait until every screen has its stream."""
        if not self.line.poll(LONGEST_OPENING):
            raise TimeoutError("The streams did not open.")
        self.line.recv()

    def leave(self, sent: Sequence[int], began: Mapping[int, float]) -> Seen:
        """Close them all; compare with what was sent, in its order, and when each change began."""
        self.line.send((sent, began))
        seen: Seen = self.line.recv()
        return seen


@contextmanager
def audience(address: str, path: str, number: int) -> Iterator[Audience]:
    here, there = Pipe()
    process = get_context("spawn").Process(target=_watch, args=[there, address, path, number], daemon=True)
    process.start()
    try:
        yield Audience(here)
    finally:
        process.kill()
        process.join()


def _watch(line: Connection, address: str, path: str, number: int) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.disable()  # it would look through all that has arrived again and again, and everybody would seem to wait
    sent, began, screens = uvloop.run(_hear(line, address, path, number))
    line.send(_compared(sent, began, screens))


async def _hear(
    line: Connection, address: str, path: str, number: int
) -> tuple[Sequence[int], Mapping[int, float], list[Screen]]:
    loop, place, screens = asyncio.get_running_loop(), urlsplit(address), list[Screen]()
    host, port = str(place.hostname), int(place.port or 80)
    request = f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\nAccept: text/event-stream\r\n\r\n".encode()
    for start in range(0, number, AT_A_TIME):
        fresh = [Screen(request) for _ in range(min(AT_A_TIME, number - start))]
        await asyncio.gather(
            *(
                loop.create_connection(
                    lambda screen=screen: screen,  # type: ignore[misc]  # a lambda cannot say its types
                    host,
                    port,
                    local_addr=(f"127.1.{start // AT_A_TIME}.1", 0),
                )
                for screen in fresh
            )
        )
        await asyncio.gather(*(screen.is_open.wait() for screen in fresh))
        screens += fresh
    line.send(number)
    sent, began = await loop.run_in_executor(None, line.recv)
    return sent, began, screens


def _compared(sent: Sequence[int], began: Mapping[int, float], screens: Sequence[Screen]) -> Seen:
    waits, missed, doubled, disordered = Counter[int](), 0, 0, 0
    for screen in screens:
        heard = list(screen.ids())
        ids = [each for each, _ in heard]
        missed += len(set(sent) - set(ids))
        doubled += len(ids) - len(set(ids))
        disordered += ids != [each for each in sent if each in set(ids)]
        waits.update(int((at - began[each]) * STEPS_A_SECOND) for each, at in heard if each in began)
    return Seen(_part(waits, 0.5), _part(waits, 0.99), missed, doubled, disordered)


def _part(waits: Counter[int], part: float) -> float:
    """The milliseconds within which this part of all changes was seen."""
    left = part * waits.total()
    for wait in sorted(waits):
        left -= waits[wait]
        if left <= 0:
            return wait / STEPS_A_SECOND * 1000
    return float("inf")
