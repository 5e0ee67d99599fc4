"""Rates and ranks, as this field prints them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SMALL_BASE = 200


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many. Printed as "77 of 83 (93%)"."""

    n: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where there is no base."""
        return self.n / self.of if self.of else 0.0

    @property
    def text(self) -> str:
        """n of N (p%): whole per cents below a base of 200, one decimal from there on."""
        if not self.of:
            return f"{self.n} of {self.of}"
        return f"{self.n} of {self.of} ({100 * self.n / self.of:.{0 if self.of < SMALL_BASE else 1}f}%)"

    def as_json(self) -> dict[str, int | str]:
        return {"n": self.n, "of": self.of, "text": self.text}


def nearest_rank(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share of the values do not exceed (nearest-rank percentile)."""
    ranked = sorted(values)
    if not ranked:
        raise ValueError("no values")
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def most_active_tenth(counts: Iterable[int]) -> tuple[int, int, int]:
    """How many people there are, how many are the most active tenth (rounded up), and how much those account for."""
    ranked = sorted(counts, reverse=True)
    tenth = math.ceil(len(ranked) / 10)
    return len(ranked), tenth, sum(ranked[:tenth])


def minutes_within(start: float, end: float, spans: Sequence[tuple[float, float]]) -> float:
    """Minutes between two instants (seconds) that fall into any of these spans, which do not overlap."""
    return sum(max(0.0, min(end, to) - max(start, since)) for since, to in spans) / 60
