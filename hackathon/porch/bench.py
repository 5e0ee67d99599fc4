"""`python3 app.py bench [NAME]`: measure the goals that the modules `tests/bench/goals_*.py` offer."""

import sys
from importlib import import_module

from hackathon.core.config import ROOT
from hackathon.porch.goals import Goals, report


def run(arguments: list[str]) -> int:
    """Measure all goals, or those of one name ("S9") or one word ("start")."""
    modules = discover()
    wanted = arguments[0].casefold() if arguments else ""
    chosen = {
        name: measure
        for module, goals in modules.items()
        for name, measure in goals.items()
        if wanted in ("", name.casefold(), module)
    }
    if not chosen:
        names = sorted({name for goals in modules.values() for name in goals} | set(modules))
        print(f"There is no goal of that name. There are: {', '.join(names)}.", file=sys.stderr)
        return 2
    return 0 if report(result for measure in chosen.values() for result in measure()) else 1


def discover() -> dict[str, Goals]:
    """The goals under each word: what follows `goals_` in a module's name, and what the module says it is `PART_OF`."""
    found: dict[str, Goals] = {}
    for name in sorted(path.stem for path in (ROOT / "tests" / "bench").glob("goals_*.py")):
        module = import_module(f"tests.bench.{name}")
        for word in (name.removeprefix("goals_"), *getattr(module, "PART_OF", ())):
            found[word] = {**found.get(word, {}), **module.GOALS}
    return found
