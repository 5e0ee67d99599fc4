"""A web worker, or the web server, is killed in the middle of a burst: nothing acknowledged is lost or doubled."""

import json
import os
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hackathon.porch.copies import Copy, running_copy
from tests.bench.phones import END_OF_HEAD, Phone, length_of, thought
from tests.bench.processes import children

PHONES = 12
KILLS = 5
LONGEST_RETRY = 30.0
A_PHONE_SENDS = 50
ONCE = b"\r\nConnection: close"


def the_server(copy: Copy) -> int:
    """The one child of the supervisor that has children of its own."""
    return next(child for child in children(copy.process.pid) if children(child))


def a_worker(copy: Copy) -> int:
    return children(the_server(copy))[0]


@pytest.mark.parametrize("victim", [a_worker, the_server])
def test_what_was_acknowledged_is_there_once_however_often_the_server_is_killed(
    victim: Callable[[Copy], int], tmp_path: Path
) -> None:
    with running_copy(demo=True, data_dir=tmp_path) as copy:
        table = next(link for label, link in copy.links.items() if label.startswith("Table"))
        path, over, receipts = urlsplit(table).path, threading.Event(), dict[str, int]()
        with ThreadPoolExecutor(PHONES) as threads:
            phones = [threads.submit(send_until, over, copy, path, receipts) for _ in range(PHONES)]
            for _ in range(KILLS):
                await_receipts(receipts, len(receipts) + PHONES)
                os.kill(back_again(copy, victim), signal.SIGKILL)
            await_receipts(receipts, len(receipts) + PHONES)
            over.set()
            for phone in phones:
                phone.result()
        rows = sqlite3.connect(tmp_path / "hackathon.sqlite3").execute("SELECT client_id, number FROM insight")
        kept = rows.fetchall()

    assert {id: number for id, number in kept if id in receipts} == receipts
    assert len({id for id, _ in kept}) == len({number for _, number in kept}) == len(kept)


def await_receipts(receipts: dict[str, int], number: int) -> None:
    """Wait until the burst is under way again, so that each kill falls into the middle of it."""
    deadline = time.monotonic() + LONGEST_RETRY
    while len(receipts) < number:
        assert time.monotonic() < deadline, "the server did not come back"
        time.sleep(0.01)


def send_until(over: threading.Event, copy: Copy, path: str, receipts: dict[str, int]) -> None:
    """One phone after the other: each thought is sent under its own id until there is an answer, as the outbox does."""
    while not over.is_set():
        phone = Phone()
        ask(copy, phone, "GET", path)
        for _ in range(A_PHONE_SENDS):
            act = thought(f"{path}/insights")
            receipts[act.client_id] = json.loads(ask(copy, phone, "POST", act.path, act.answers))["number"]
            if over.is_set():
                break


def ask(copy: Copy, phone: Phone, method: str, path: str, answers: dict[str, str] | None = None) -> bytes:
    """Ask again and again until the server has answered."""
    place, deadline = urlsplit(copy.address), time.monotonic() + LONGEST_RETRY
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((place.hostname, place.port), timeout=10) as line:
                line.sendall(phone.request(method, path, answers).replace(END_OF_HEAD, ONCE + END_OF_HEAD, 1))
                head, _, body = b"".join(iter(lambda: line.recv(65536), b"")).partition(END_OF_HEAD)
        except OSError:
            head = body = b""
        if head.startswith(b"HTTP/1.1 200") and len(body) == length_of(head):
            phone.note(head, body)
            return body
        time.sleep(0.05)
    raise TimeoutError(f"{method} {path}: {head!r}")


def back_again(copy: Copy, victim: Callable[[Copy], int]) -> int:
    """The process to kill, once it has come back from the last time."""
    deadline = time.monotonic() + LONGEST_RETRY
    while True:
        try:
            return victim(copy)
        except (OSError, IndexError, StopIteration):
            assert time.monotonic() < deadline
            time.sleep(0.05)
