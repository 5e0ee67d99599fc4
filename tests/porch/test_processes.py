"""The processes of a running product: they start, come back when killed, and leave nobody behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hackathon.porch.copies import Copy, free_port, running_copy


@pytest.fixture
def copy(little_house: Path) -> Iterator[Copy]:
    with running_copy(little_house) as copy:
        yield copy


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:  # it has just ended, as the process that greets does
        return []


def descendants(pid: int) -> list[int]:
    return [found for child in children(pid) for found in (child, *descendants(child))]


def is_alive(pid: int) -> bool:
    """A process that has ended but that nobody has collected yet is dead too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(true: Callable[[], object], patience: float = 10.0) -> bool:
    deadline = time.monotonic() + patience
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def get(copy: Copy, path: str = "/healthz") -> str:
    with urllib.request.urlopen(copy.address + path, timeout=10) as answer:
        body: str = answer.read().decode()
    return body


def pid_of(copy: Copy, name: str) -> int:
    """The latest process of this name that wrote itself into the diary of the little house."""
    lines = (copy.folder / "diary").read_text().split("\n")
    return max((int(line.split()[1]) for line in lines if line.startswith(f"{name} ")), default=0)


def settled(copy: Copy) -> bool:
    """The hub and the job process are at work, and so are both web workers."""
    return eventually(lambda: pid_of(copy, "live") and pid_of(copy, "jobs") and len(web_workers(copy)) == 2)


def web_workers(copy: Copy) -> list[int]:
    """gunicorn's children: only the web server has children of its own."""
    return [worker for child in children(copy.process.pid) for worker in children(child)]


def web_server(copy: Copy) -> int:
    return next(child for child in children(copy.process.pid) if children(child))


def test_a_start_updates_the_database_then_serves_and_says_where(copy: Copy) -> None:
    assert get(copy)
    assert copy.said.splitlines()[-4:] == [
        "",
        f"The hackathon is open: {copy.address}",
        "Sign in as an organiser: http://here/sign-in/abc",
        "Ctrl-C stops it.",
    ]
    assert (copy.folder / "diary").read_text().startswith("upgraded\n")


def test_without_the_demo_it_prints_the_first_organisers_link(little_house: Path) -> None:
    with running_copy(little_house, demo=False) as copy:
        assert copy.links["First organiser"] == "http://here/sign-in/first"


@pytest.mark.parametrize(("killed", "stays"), [("live", "jobs"), ("jobs", "live")])
def test_a_killed_process_comes_back_alone(copy: Copy, killed: str, stays: str) -> None:
    assert settled(copy)
    before, neighbour, server = pid_of(copy, killed), pid_of(copy, stays), web_server(copy)

    os.kill(before, signal.SIGKILL)

    assert eventually(lambda: pid_of(copy, killed) != before)
    assert (pid_of(copy, stays), web_server(copy)) == (neighbour, server)
    assert "ended (signal 9) and starts again in 0.1 s." in copy.said


def test_a_killed_web_server_comes_back_without_its_old_workers_and_no_visitor_is_turned_away(copy: Copy) -> None:
    assert settled(copy)
    neighbours, server, workers = (pid_of(copy, "live"), pid_of(copy, "jobs")), web_server(copy), web_workers(copy)

    os.kill(server, signal.SIGKILL)

    assert int(get(copy)) > 0
    assert eventually(lambda: not any(is_alive(worker) for worker in workers))
    assert int(get(copy)) not in workers
    assert (pid_of(copy, "live"), pid_of(copy, "jobs")) == neighbours


def test_a_killed_worker_is_replaced(copy: Copy) -> None:
    worker = int(get(copy))

    os.kill(worker, signal.SIGKILL)

    assert eventually(lambda: len(web_workers(copy)) == 2 and worker not in web_workers(copy))
    assert int(get(copy)) != worker


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_stopping_ends_everybody_within_a_few_seconds(copy: Copy, by: signal.Signals) -> None:
    assert settled(copy)
    everybody = descendants(copy.process.pid)

    copy.process.send_signal(by)

    assert copy.process.wait(timeout=5) == 0
    assert not any(is_alive(pid) for pid in everybody)


def test_a_request_under_way_is_answered_before_the_end(copy: Copy) -> None:
    with urllib.request.urlopen(copy.address + "/healthz"):
        pass
    slow = subprocess.Popen(
        [sys.executable, "-c", f"import urllib.request as u; print(u.urlopen('{copy.address}/slow').read())"],
        stdout=subprocess.PIPE,
    )
    assert eventually(lambda: "slow" in (copy.folder / "diary").read_text().split())

    copy.process.terminate()

    assert slow.communicate(timeout=10)[0] == b"b'done'\n"


def test_a_supervisor_killed_outright_leaves_nobody_behind(copy: Copy) -> None:
    assert settled(copy)
    everybody = descendants(copy.process.pid)

    copy.process.kill()

    assert eventually(lambda: not any(is_alive(pid) for pid in everybody))


def test_a_port_that_is_taken_is_said_in_one_sentence_before_anything_starts(little_house: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        start = run_once(little_house, HACKATHON_PORT=str(port))

    assert start.returncode == 1
    assert start.stderr.strip().splitlines() == [
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use). Choose another one: "
        f"HACKATHON_PORT={port + 1} python3 app.py"
    ]
    assert not (little_house / "var").exists()


def test_a_setting_that_cannot_be_used_stops_the_start(little_house: Path) -> None:
    start = run_once(little_house, HACKATHON_WORKERS="many")

    assert start.returncode == 1
    assert start.stderr.startswith("A setting cannot be used (workers:")


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(little_house: Path) -> None:
    start = run_once(little_house, HACKATHON_PORT=str(free_port()), HACKATHON_DATA_DIR="app.py/var")

    assert start.returncode == 1
    assert start.stderr.splitlines() == [
        f"The folder {little_house}/app.py/var cannot be made (Not a directory). Choose another one: "
        "HACKATHON_DATA_DIR=FOLDER python3 app.py"
    ]


def test_a_database_that_cannot_be_updated_stops_the_start(little_house: Path) -> None:
    start = run_once(little_house, HACKATHON_PORT=str(free_port()), BROKEN_DATABASE="1")

    assert start.returncode == 1
    assert start.stderr.splitlines() == [
        "Error: The schema is from the future.",
        "The database could not be made ready; the lines above say why.",
    ]


def run_once(house: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=house,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
