"""What must be there before the product can start: Python, an environment of its own, packages, a library of Debian.

It runs under whatever Python the machine has, with nothing installed, so it uses only the standard library and words
that an old Python can read: somebody with Python 3.8 should see our sentence, not a syntax error.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Iterator  # noqa: UP035 - an old Python must be able to read this

from hackathon.porch import debian

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)

PRODUCT = "requirements.txt"
TOOLS = "tests/requirements.txt"  # begins with the product's

PRINTING = ["libpangoft2-1.0-0"]
FOR_CHECKS = ["chromium", "poppler-utils", "postgresql", "libreoffice-calc-nogui"]


class Unfit(Exception):
    """The product cannot start on this machine yet; the message says what to do."""


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old, in one sentence."""
    if version[:2] < OLDEST_PYTHON:
        wanted, found = (".".join(map(str, numbers[:2])) for numbers in (OLDEST_PYTHON, version))
        raise Unfit(
            f"This needs Python {wanted} or newer and was started with Python {found}: try python{wanted} app.py"
        )


def install_product() -> None:
    """Make the environment and fill it, where that has not been done; paper is welcome but not needed."""
    if not _is_installed(PRODUCT):
        _make_environment()
        _install_packages(PRODUCT, "what the product runs on (a minute or two, once)")
        if _lacks_pango():
            debian.install(PRINTING)
    if _lacks_pango():
        print(f"Everything but PDFs works; this turns them on: {debian.command(PRINTING)}", file=sys.stderr)


def install_tools() -> None:
    """Add what the checks need. Where that cannot be done, say how; on CI, where nobody reads, stop."""
    if not _is_installed(TOOLS):
        _install_packages(TOOLS, "what the checks need (a minute, once)")
    lacking = debian.missing(PRINTING + FOR_CHECKS)
    if lacking and not debian.install(lacking):
        advice = f"Some checks need more than Python; this installs it: {debian.command(lacking)}"
        if os.environ.get("CI"):
            raise Unfit(advice)
        print(advice, file=sys.stderr)


def enter_own_python() -> None:
    """Go on in the product's own environment: the same command, the other Python. Returns only when already there."""
    os.chdir(ROOT)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), "app.py", *sys.argv[1:]])


def _make_environment() -> None:
    with _one_at_a_time():
        if PYTHON.exists():
            return
        if find_spec("ensurepip") is None and not debian.install(["python3-venv"]):
            raise Unfit(f"Python's venv is missing; this installs it: {debian.command(['python3-venv'])}")
        if subprocess.run([sys.executable, "-m", "venv", VENV], check=False).returncode:
            raise Unfit(f"The environment {VENV.name} could not be made; the lines above say why.")


def _install_packages(wanted: str, what: str) -> None:
    with _one_at_a_time():
        if _is_installed(wanted):  # by another copy, while this one waited for its turn
            return
        print(f"Installing {what} …", file=sys.stderr, flush=True)
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        done = subprocess.run([*pip, "-r", wanted], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unfit(f"{done.stderr}The packages could not be installed; the lines above say why. Then try again.")
        _stamp(wanted).write_text(_digest(wanted))


def _is_installed(wanted: str) -> bool:
    """Whether the environment was last filled from a list that read like this one: it makes the second start fast."""
    return PYTHON.exists() and _stamp(wanted).is_file() and _stamp(wanted).read_text() == _digest(wanted)


def _stamp(wanted: str) -> Path:
    return VENV / f"{wanted.replace('/', '-')}.installed"


def _digest(wanted: str) -> str:
    return hashlib.sha256((ROOT / PRODUCT).read_bytes() + (ROOT / wanted).read_bytes()).hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Several copies may start from one folder at once; only one of them installs, the others wait."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _lacks_pango() -> bool:
    try:
        ctypes.CDLL("libpangoft2-1.0.so.0" if sys.platform == "linux" else "libpangoft2-1.0.dylib")
    except OSError:
        return True
    return False
