"""`python3 app.py walk [N]`: play the acceptance walks `tests/journeys/walk_N.py` in a real browser."""

import re
import sys
from importlib import import_module

from hackathon.core.config import ROOT
from hackathon.porch.goals import report


def run(arguments: list[str]) -> int:
    """Play all walks, or the one of this number; print each one's figures and where its screenshots lie."""
    walks = discover()
    chosen = [number for number in walks if not arguments or str(number) == arguments[0]]
    if not chosen:
        print(f"There is no such walk. There are: {', '.join(map(str, walks)) or 'none'}.", file=sys.stderr)
        return 2
    met = [play(number) for number in chosen]
    return 0 if all(met) else 1


def discover() -> list[int]:
    """The numbers of the walks that there are."""
    names = (path.stem for path in (ROOT / "tests" / "journeys").glob("walk_*.py"))
    return sorted(int(found[1]) for name in names if (found := re.fullmatch(r"walk_(\d+)", name)))


def play(number: int) -> bool:
    """Play one walk from beginning to end."""
    folder = ROOT / "pictures" / f"walk-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    met = report(import_module(f"tests.journeys.walk_{number}").walk(folder))
    print(f"The screenshots of walk {number} are in {folder}.", file=sys.stderr)
    return met
