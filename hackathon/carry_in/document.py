"""What lies before one table from outside: plain values for its phones, the desk and paper."""

from dataclasses import dataclass
from typing import Any

EACH = 2
"""Every table gets two, and answers one of them."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One thought from outside before a table. `answer` is what the table wrote."""

    id: int
    number: int
    text: str
    answer: str


@dataclass(frozen=True, slots=True)
class Slip:
    """A table with what lies before it. `theme` has a letter, a title, a tone and a shape."""

    table: int
    theme: Any
    carried: tuple[Carried, ...]
