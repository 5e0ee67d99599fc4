"""What is said of cards: their numbers, runs of numbers, and how far a table's cards are typed in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Self

MOST_CARDS = 999
"""Numbers have three digits at most: one that was typed with a slip must not open a gap of thousands."""
_TYPED = re.compile(r"(\d{1,4})[\s.,:/–—-]+(\d{1,3})")


@dataclass(frozen=True, slots=True, order=True)
class CardNumber:
    """What stands on a card: its table and its number there, such as 7–12."""

    table: int
    card: int

    def __str__(self) -> str:
        return f"{self.table}–{self.card}"

    @property
    def plain(self) -> str:
        """As it is kept with an insight and stands in addresses."""
        return f"{self.table}-{self.card}"

    @classmethod
    def read(cls, typed: str) -> Self | None:
        """From what somebody typed: 7-12, 7–12, 7 12. None where it is no number of a card."""
        match = _TYPED.fullmatch(typed.strip())
        return cls(int(match[1]), int(match[2])) if match and int(match[2]) else None


@dataclass(frozen=True, slots=True)
class CardReceipt:
    """What came of one card: the number under which its words stand, or none where it holds none."""

    card: CardNumber
    insight: int | None


@dataclass(frozen=True, slots=True)
class TableCards:
    """How far the cards of one table are typed in. Every number from 1 to `last` was on a card.

    Numbers above those that were printed were written on cards by hand.
    """

    table: int
    printed: int
    typed: tuple[int, ...]
    illegible: tuple[int, ...]
    blank: tuple[int, ...]

    @property
    def last(self) -> int:
        return max(0, self.printed, *self.typed, *self.illegible, *self.blank)

    @property
    def missing(self) -> tuple[int, ...]:
        entered = {*self.typed, *self.illegible, *self.blank}
        return tuple(number for number in range(1, self.last + 1) if number not in entered)

    def next_after(self, number: int) -> int | None:
        """The card that is likely to lie under this one: the next that is missing, from the beginning if need be."""
        missing = self.missing if self.printed else (*self.missing, self.last + 1)
        return next((each for each in missing if each > number), missing[0] if missing else None)


def runs(numbers: Iterable[int]) -> str:
    """Numbers as people say them: 3, 5–8."""
    in_runs = groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    ends = [(run[0][1], run[-1][1]) for _, run in ((key, list(run)) for key, run in in_runs)]
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in ends)


def ranges_text(ranges: Mapping[int, tuple[int, int]]) -> str:
    """Ranges of numbers by table as they stand in an address: 7-1-48,8-1-48."""
    return ",".join(f"{table}-{first}-{last}" for table, (first, last) in ranges.items())
