"""What the lobby shows, as plain values."""

import enum
from dataclasses import dataclass
from typing import Any

from hackathon.insights.document import Card


class Step(enum.Enum):
    """The one thing to do now."""

    REGISTER = "register"
    READ_PACK = "read_pack"
    TAKE_SEAT = "take_seat"
    ADD_AT_TABLE = "add_at_table"
    ADD_FROM_OUTSIDE = "add_from_outside"
    RATE = "rate"
    SEE_OUTCOME = "see_outcome"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What somebody can do now; at which table, where it is one."""

    step: Step
    table: Any = None


@dataclass(frozen=True, slots=True)
class RailStage:
    """One of the five stages. `state` is done, now or next."""

    label: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A theme on the wall: its newest settled words, and how many there are, room and outside apart."""

    theme: Any
    notes: tuple[Card, ...]
    room: int
    outside: int


@dataclass(frozen=True, slots=True)
class Wall:
    """What the projector shows at one moment. `waiting` insights are newer than the one that is shown large."""

    newest: Card | None
    lanes: tuple[Lane, ...]
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """Which of an event's pages have something to show."""

    write_up: bool
    results: bool
    outcomes: bool
    commit: bool
