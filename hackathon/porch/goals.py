"""What was measured, beside what it has to reach: one line of JSON each."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure of ours; where there is one, the floor that was measured in the same run; and the goal in words."""

    name: str
    ours: float
    goal: str
    met: bool
    floor: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.ours / self.floor if self.floor else None

    def as_json(self) -> str:
        numbers = {"ours": self.ours, "floor": self.floor, "ratio": self.ratio}
        rounded = {key: None if value is None else float(f"{value:.4g}") for key, value in numbers.items()}
        return json.dumps({"name": self.name, **rounded, "goal": self.goal, "met": self.met}, ensure_ascii=False)


Goals = dict[str, Callable[[], Iterable[Measured]]]
"""What a module of goals offers: under each name a function that measures."""


def at_most(name: str, ours: float, most: float, unit: str = "", floor: float | None = None) -> Measured:
    return Measured(name, ours, f"≤ {most:g} {unit}".strip(), ours <= most, floor)


def at_least(name: str, ours: float, least: float, unit: str = "", floor: float | None = None) -> Measured:
    return Measured(name, ours, f"≥ {least:g} {unit}".strip(), ours >= least, floor)


def times_at_most(name: str, ours: float, floor: float, most: float) -> Measured:
    return Measured(name, ours, f"≤ {most:g} × floor", ours <= most * floor, floor)


def times_at_least(name: str, ours: float, floor: float, least: float) -> Measured:
    return Measured(name, ours, f"≥ {least:g} × floor", ours >= least * floor, floor)


def holds(name: str, true: bool, said: str) -> Measured:
    """Something that is either so or not: 1 or 0."""
    return Measured(name, float(true), said, true)


def report(results: Iterable[Measured]) -> bool:
    """Print each figure as soon as it is known; say whether all goals were met."""
    met = True
    for result in results:
        print(result.as_json(), flush=True)
        met = met and result.met
    return met
