"""Phones that send acts as their outbox does: each with a cookie and a token of its own, each act under a fresh id.

Every answer is read, and what was acknowledged is kept, so that somebody can look for it in the database. Phones run in
a process of their own (`elsewhere`), so that they do not stand in the way of whoever measures.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import get_context
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import uvloop

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
COOKIE = re.compile(rb"^Set-Cookie: ([^;\r]+)", re.MULTILINE | re.IGNORECASE)
LENGTH = re.compile(rb"^Content-Length: (\d+)", re.MULTILINE | re.IGNORECASE)
END_OF_HEAD = b"\r\n\r\n"
THOUGHT = "We should try this and see whether it works for everybody on the ward, not only for us."
AT_A_TIME = 64
LONGEST_WAIT = 60.0
Result = TypeVar("Result")


@dataclass
class Phone:
    """One browser. Phones behind one `address` share it, as people in one building do."""

    cookie: str = ""
    token: str = ""

    def request(self, method: str, path: str, answers: dict[str, str] | None = None) -> bytes:
        accepts = "text/html" if answers is None else "application/json"
        head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {accepts}"]
        if self.cookie:
            head.append(f"Cookie: {self.cookie}")
        if answers is None:
            return "\r\n".join([*head, "", ""]).encode()
        body = urlencode({"csrf_token": self.token, **answers})
        head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return ("\r\n".join([*head, "", ""]) + body).encode()

    def note(self, head: bytes, body: bytes) -> None:
        """Keep what the server asks a browser to keep."""
        if cookies := COOKIE.findall(head):
            self.cookie = cookies[-1].decode()
        if token := TOKEN.search(body):
            self.token = token[1].decode()


@dataclass
class Act:
    """One thing to send: where to, and what."""

    path: str
    answers: dict[str, str]

    @property
    def client_id(self) -> str:
        return self.answers["client_id"]


def thought(path: str) -> Act:
    """An insight under a fresh id."""
    return Act(path, {"text": THOUGHT, "identity": "anonymous", "client_id": str(uuid4()), "waited": "0"})


def ballot(path: str, statements: int) -> Act:
    """A rating of every statement under a fresh id."""
    marks = {f"marks-{number}": "agree" for number in range(1, statements + 1)}
    return Act(path, {**marks, "place": "room", "client_id": str(uuid4()), "waited": "0"})


@dataclass
class Outcome:
    """What came back: the receipt of each act that was acknowledged, by its id; and whatever was no receipt."""

    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second: of acts those that were taken, of pages all."""
        return (len(self.acknowledged) or len(self.waits)) / self.seconds

    def wait(self, part: float) -> float:
        """The milliseconds after which this part of all answers had come: 0.5 is the median, 1 the last."""
        waits = sorted(self.waits)
        return waits[min(int(len(waits) * part), len(waits) - 1)] * 1000


def length_of(head: bytes) -> int | None:
    """How long the body is that belongs to this head; nothing while the head is not whole."""
    found = LENGTH.search(head)
    return int(found[1]) if found else None


class Line(asyncio.Protocol):
    """One connection that is kept open, with one question at a time under way."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own class does not say that it is one
        self.received, self.answer = b"", asyncio.Future[tuple[bytes, bytes]]()
        self.answer.set_result((b"", b""))  # nothing is asked yet

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(END_OF_HEAD)
        if separator and len(body) == length_of(head) and not self.answer.done():
            self.received = b""
            self.answer.set_result((head, body))

    def connection_lost(self, problem: Exception | None) -> None:
        if not self.answer.done():
            self.answer.set_exception(problem or ConnectionResetError("the server hung up"))

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        self.answer = asyncio.Future()
        self.transport.write(request)
        return await asyncio.wait_for(self.answer, LONGEST_WAIT)


@asynccontextmanager
async def lines(address: str, number: int, first: int = 0) -> AsyncIterator[list[Line]]:
    """That many open connections, each from an address of this machine of its own (Linux has all of 127.0.0.0/8)."""
    place, loop, opened = urlsplit(address), asyncio.get_running_loop(), list[Line]()
    host, port = str(place.hostname), place.port or 80
    for start in range(first, first + number, AT_A_TIME):
        fresh = [
            loop.create_connection(Line, host, port, local_addr=(f"127.1.{n // 250}.{n % 250 + 1}", 0))
            for n in range(start, min(start + AT_A_TIME, first + number))
        ]
        opened += [line for _, line in await asyncio.gather(*fresh)]
    try:
        yield opened
    finally:
        for line in opened:
            line.transport.close()


async def open_pages(address: str, path: str, number: int) -> list[Phone]:
    """That many phones that have scanned the code."""
    phones = [Phone() for _ in range(number)]

    async def scan(line: Line, mine: Sequence[Phone]) -> None:
        for phone in mine:
            phone.note(*await line.ask(phone.request("GET", path)))

    async with lines(address, AT_A_TIME) as opened:
        await asyncio.gather(*(scan(line, phones[n::AT_A_TIME]) for n, line in enumerate(opened)))
    return phones


async def keep_reading(address: str, path: str, connections: int, seconds: float) -> Outcome:
    """Each connection asks for the page again as soon as it is there, as a phone does that has been there before."""
    outcome, loop = Outcome(), asyncio.get_running_loop()

    async def read(line: Line, phone: Phone, until: float) -> None:
        while loop.time() < until:
            began = time.perf_counter()
            head, body = await line.ask(phone.request("GET", path))
            outcome.waits.append(time.perf_counter() - began)
            phone.note(head, body)

    async with lines(address, connections) as opened:
        began = loop.time()
        await asyncio.gather(*(read(line, Phone(), began + seconds) for line in opened))
        outcome.seconds = loop.time() - began
    return outcome


async def keep_sending(address: str, path: str, phones: Sequence[Phone], connections: int, seconds: float) -> Outcome:
    """Each connection sends the next thought as soon as it has the answer to the last."""
    outcome, loop = Outcome(), asyncio.get_running_loop()

    async def send(line: Line, mine: Sequence[Phone], until: float) -> None:
        for phone in cycle(mine):
            if loop.time() >= until:
                return
            await _send(line, phone, thought(path), outcome)

    async with lines(address, connections) as opened:
        began = loop.time()
        await asyncio.gather(*(send(line, phones[n::connections], began + seconds) for n, line in enumerate(opened)))
        outcome.seconds = loop.time() - began
    return outcome


async def send_at_once(address: str, path: str, phones: Sequence[Phone]) -> Outcome:
    """Every phone has a connection open, and all press the button at the same instant."""
    outcome, loop = Outcome(), asyncio.get_running_loop()
    async with lines(address, len(phones)) as opened:
        began = loop.time()
        pairs = zip(opened, phones, strict=True)
        await asyncio.gather(*(_send(line, phone, thought(path), outcome) for line, phone in pairs))
        outcome.seconds = loop.time() - began
    return outcome


async def send_and_rate(
    address: str, acts: Sequence[Sequence[Act]], phones: Sequence[Phone], seconds: float
) -> Outcome:
    """Each phone sends its acts one after the other, and the phones begin spread evenly over this time."""
    outcome, loop = Outcome(), asyncio.get_running_loop()

    async def send(line: Line, phone: Phone, mine: Sequence[Act], start: float) -> None:
        await asyncio.sleep(start)
        for act in mine:
            await _send(line, phone, act, outcome)

    async with lines(address, len(phones)) as opened:
        began = loop.time()
        starts = (seconds * n / len(phones) for n in range(len(phones)))
        await asyncio.gather(*(send(*each) for each in zip(opened, phones, acts, starts, strict=True)))
        outcome.seconds = loop.time() - began
    return outcome


@dataclass
class Registered:
    """When somebody pressed the button, when the answer had come, and what its status was."""

    email: str
    pressed: float
    answered: float
    status: int


async def register_people(address: str, path: str, people: int, seconds: float) -> list[Registered]:
    """Each opens the form and sends it, each on a connection of their own; they come spread over this time.

    Who connects asks at once, as a browser does: the server hangs up on whoever is silent for long.
    """
    loop, done = asyncio.get_running_loop(), list[Registered]()

    async def come(number: int, start: float) -> None:
        await asyncio.sleep(start)
        phone, email = Phone(), f"person{number}@example.org"
        async with lines(address, 1, first=number) as (line,):
            phone.note(*await line.ask(phone.request("GET", path)))
            pressed = loop.time()
            answers = {"name": f"Person {number}", "email": email, "attending": "room"}
            head, _ = await line.ask(phone.request("POST", path, answers))
        done.append(Registered(email, pressed, loop.time(), int(head.split(b" ", 2)[1])))

    await asyncio.gather(*(come(n, seconds * n / people) for n in range(people)))
    return done


async def _send(line: Line, phone: Phone, act: Act, outcome: Outcome) -> None:
    began = time.perf_counter()
    try:
        head, body = await line.ask(phone.request("POST", act.path, act.answers))
    except OSError as problem:
        outcome.refused.append(repr(problem))
        return
    outcome.waits.append(time.perf_counter() - began)
    phone.note(head, body)
    if head.split(b" ", 2)[1] in (b"200", b"201"):
        outcome.acknowledged[act.client_id] = json.loads(body)
    else:
        outcome.refused.append(f"{head.splitlines()[0].decode()} {body[:200]!r}")


def elsewhere(work: Callable[..., Coroutine[Any, Any, Result]], *arguments: object) -> Result:
    """Let phones do this in a process of their own, and come back with what they got."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_run, work, arguments).result()


def _run(work: Callable[..., Coroutine[Any, Any, Result]], arguments: tuple[object, ...]) -> Result:
    return uvloop.run(work(*arguments))
