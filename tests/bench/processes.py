"""What the web workers of something that runs have used of the machine."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def web_workers(pid: int) -> list[int]:
    """gunicorn's own children: below its master, which under our supervisor is the only child with children."""
    below = children(pid)
    deeper = [worker for child in below for worker in children(child)]
    return deeper or below


def cpu_seconds(pids: list[int]) -> float:
    """Time on the processor so far, of the program and of the kernel for it."""
    return sum(sum(map(int, _fields(pid)[11:13])) for pid in pids) / TICK


def _fields(pid: int) -> list[str]:
    """What stands behind the name, which may hold anything, in brackets."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
