"""What can follow `python3 app.py`, and who answers. Like `install`, an old Python must be able to read it."""

from __future__ import annotations

import sys
from importlib import import_module

from hackathon.porch.install import (
    Unfit,
    check_python,
    enter_own_python,
    install_product,
    install_tools,
)

USAGE = """\
python3 app.py                    install what is missing, and serve
python3 app.py test [ARGUMENTS]   run every check; what follows goes to pytest
python3 app.py bench [NAME]       measure the goals for speed, or the one of this name
python3 app.py walk [N]           play the acceptance walks in a real browser, or the one of this number
python3 app.py pictures [FOLDER]  make a picture of every page and sheet"""

ANSWERS = {"serve": "processes", "test": "checks", "bench": "bench", "walk": "walk", "pictures": "pictures"}


def main(arguments: list[str]) -> int:
    """Install what is missing, change to the product's own Python, and do what was asked."""
    command, *rest = arguments or ["serve"]
    if command not in ANSWERS:
        print(USAGE, file=sys.stderr)
        return 0 if command in ("-h", "--help") else 2
    try:
        check_python(sys.version_info[:2])
        install_product()
        if command != "serve":
            install_tools()
        enter_own_python()
    except Unfit as reason:
        print(reason, file=sys.stderr)
        return 1
    # Only now: what answers needs the packages that have just been installed.
    status: int = import_module(f"hackathon.porch.{ANSWERS[command]}").run(rest)
    return status
