"""A copy of the product, started as a person would start it: for tests, walks, measurements and pictures."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hackathon.core.config import PREFIX, ROOT
from hackathon.porch.processes import LAST_WORD

LONGEST_START = 120.0
LONGEST_END = 15.0


@dataclass(frozen=True, slots=True)
class Copy:
    """A running product: where it answers, what it keeps, what it has said in its terminal."""

    address: str
    folder: Path
    terminal: Path
    process: subprocess.Popen[bytes]

    @property
    def said(self) -> str:
        return self.terminal.read_text()

    @property
    def links(self) -> dict[str, str]:
        """The addresses that it printed, each under its label."""
        return dict(re.findall(r"^(.+?): (https?://\S+)$", self.said, re.MULTILINE))


@contextmanager
def running_copy(house: Path = ROOT, **settings: object) -> Iterator[Copy]:
    """Start `python3 app.py` on a free port, with a folder of its own, and stop it at the end.

    Settings by name (`demo=False`, `database_url=…`, `data_dir=…`) reach it through the environment.
    """
    with TemporaryDirectory(prefix="hackathon-") as place:
        settings = {"port": free_port(), "data_dir": Path(place) / "var"} | settings
        copy = _start(house, Path(place) / "terminal", settings)
        try:
            _await_greeting(copy)
            yield copy
        finally:
            copy.process.terminate()
            copy.process.wait(LONGEST_END)


def free_port() -> int:
    """A port on which nobody listens at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _start(house: Path, terminal: Path, settings: dict[str, object]) -> Copy:
    environment = os.environ | {PREFIX + name.upper(): str(value) for name, value in settings.items()}
    with terminal.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=house, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    return Copy(f"http://127.0.0.1:{settings['port']}", Path(str(settings["data_dir"])), terminal, process)


def _await_greeting(copy: Copy) -> None:
    deadline = time.monotonic() + LONGEST_START
    while LAST_WORD not in copy.said:
        if copy.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The copy did not start. It said:\n{copy.said}")
        time.sleep(0.02)
