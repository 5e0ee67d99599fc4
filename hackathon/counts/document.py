"""Counts for screens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """The few numbers that screens show while things happen; the same as in Figures, and cheap to ask for."""

    room: int
    outside: int
    people_here: int

    @property
    def total(self) -> int:
        return self.room + self.outside
