"""What signs and the run sheet say, before they are paper."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sign:
    """One sheet to hang up. At a door it says what is there; on the way it has arrows to colour in."""

    title: str
    words: str = ""
    on_the_way: bool = False


@dataclass(frozen=True, slots=True)
class RunLine:
    """One block of the day: when, what, how it is done, and what of paper it needs."""

    starts: str
    title: str
    minutes: int
    method: str
    needs: str
    is_break: bool
