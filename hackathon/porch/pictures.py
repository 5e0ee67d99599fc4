"""`python3 app.py pictures [FOLDER]`: a picture of every page and every printed sheet, made by `tests/pictures.py`."""

import sys
from importlib import import_module
from pathlib import Path

from hackathon.core.config import ROOT


def run(arguments: list[str]) -> int:
    """Make all the pictures, in the folder that was named or in `pictures`."""
    folder = Path(arguments[0]) if arguments else ROOT / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    import_module("tests.pictures").make(folder)
    print(f"The pictures are in {folder}.", file=sys.stderr)
    return 0
