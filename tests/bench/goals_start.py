"""S9: how soon a second start answers, and how much memory a web worker holds when it has nothing to do."""

import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hackathon.core.config import ROOT
from hackathon.porch.copies import free_port
from hackathon.porch.goals import Goals, Measured, at_most
from tests.bench.processes import web_workers

ROUNDS = 5
WARM_UP = 40
BARE_FLASK = """
from flask import Flask
app = Flask(__name__)
app.add_url_rule("/healthz", view_func=lambda: "ok")
"""


def measure_start() -> Iterator[Measured]:
    """Ours and bare Flask under gunicorn, in turns; each figure is the median of the rounds."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE_FLASK)
        _start_ours(folder)  # the first start fills the database
        rounds = [(_start_ours(folder), _start_bare(folder)) for _ in range(ROUNDS)]
    ours, bare = (
        [statistics.median(figures) for figures in zip(*starts, strict=True)] for starts in zip(*rounds, strict=True)
    )
    yield at_most("S9 second start to first answer", ours[0], 1.5, "s", floor=bare[0])
    yield at_most("S9 idle web worker", ours[1], 90, "MB", floor=bare[1])


def _start_ours(folder: str) -> tuple[float, float]:
    port = free_port()
    environment = {"HACKATHON_PORT": str(port), "HACKATHON_DATA_DIR": f"{folder}/var"}
    return _start([sys.executable, "app.py"], ROOT, environment, port)


def _start_bare(folder: str) -> tuple[float, float]:
    port = free_port()
    command = ["gunicorn", "--worker-class=gthread", "--workers=2", "--threads=32", "--no-control-socket"]
    bind = [f"--bind=127.0.0.1:{port}", "--log-level=error", "bare:app"]
    return _start([sys.executable, "-m", *command, *bind], Path(folder), {}, port)


def _start(command: list[str], folder: Path, environment: dict[str, str], port: int) -> tuple[float, float]:
    """Seconds to the first answer, and the megabytes of the larger worker after a few answers more."""
    address = f"http://127.0.0.1:{port}/healthz"
    began = time.perf_counter()
    with _running(command, folder, environment) as process:
        while not _answers(address):
            if process.poll() is not None:
                raise RuntimeError(f"{command} ended before it answered.")
            time.sleep(0.005)
        seconds = time.perf_counter() - began
        for _ in range(WARM_UP):
            _answers(address)
        return seconds, max(_megabytes(worker) for worker in web_workers(process.pid))


@contextmanager
def _running(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, cwd=folder, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10):
            return True
    except OSError:
        return False


def _megabytes(pid: int) -> float:
    """What the worker has in memory, shared pages counted in full."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


GOALS: Goals = {"S9": measure_start}
