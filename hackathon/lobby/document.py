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
    """A theme on the wall: how many thoughts it has, room and outside apart, and the beginning of its newest one.

    One lane without a theme has whatever stands under none.

    The two widths are the lengths of its bar, where the longest bar of the wall is 100.
    """

    theme: Any
    note: Card | None
    room: int
    outside: int
    room_width: float
    outside_width: float


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the event is now: its stage, the block of the run sheet, and how many minutes that has left."""

    stage: str
    block: str = ""
    minutes_left: int = 0


@dataclass(frozen=True, slots=True)
class OpenRating:
    """What people are asked to do, and how many have so far, of how many where that is known.

    Nothing else is said while it is open.
    """

    verb: str
    came: int
    entitled: int | None


@dataclass(frozen=True, slots=True)
class Wall:
    """What the projector shows at one moment. `waiting` insights are newer than the one that is shown large.

    While a rating is open, that is large instead.
    """

    moment: Moment
    newest: Card | None
    lanes: tuple[Lane, ...]
    counted: bool
    rating: OpenRating | None = None
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """Which of an event's pages have something to show."""

    write_up: bool
    results: bool
    outcomes: bool
    commit: bool
