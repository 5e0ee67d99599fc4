"""`python3 app.py test`: every check there is. The tests come last, so that their closing line is the last line."""

import os
import subprocess
import time

from hackathon.porch.install import PYTHON, ROOT

BEFORE_THE_TESTS = {
    "ruff check": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports", "--no-logo"],
}
EVERYTHING = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder"]
"""The whole suite uses every core, and one worker more than there are: a third of its time a worker waits for a browser
or another process. The tests of one file stay together, because they share what is slow to make, and
`tests/conftest.py` puts the slow ones first."""


def run(arguments: list[str]) -> int:
    """Run all checks, whatever the earlier ones say. The arguments go to pytest."""
    results = {name: passes(name, words) for name, words in BEFORE_THE_TESTS.items()}
    failed = [name for name, passed in results.items() if not passed]
    print(f"\nBefore the tests: {'FAILED: ' + ', '.join(failed) if failed else 'all passed'}.")
    tested = passes("pytest", ["pytest", *(arguments or EVERYTHING)])
    return 0 if tested and not failed else 1


def passes(name: str, words: list[str]) -> bool:
    """Run one tool under a heading, and say how long it took (pytest says so itself)."""
    print(f"\n── {name} " + "─" * (70 - len(name)), flush=True)
    start = time.monotonic()
    passed = subprocess.run([PYTHON.parent / words[0], *words[1:]], cwd=ROOT, check=False).returncode == 0
    if name != "pytest":
        print(f"{name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.1f} s", flush=True)
    return passed
