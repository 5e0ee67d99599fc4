"""A plan on its way from the job process to whoever takes it, and its reasons in words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from hackathon.maths.seating import Balance, Person, Reason, Rules, Table, Why

COLLEAGUES = "organisation"
CHOICE_WORDS = {1: "first choice", 2: "second choice", 3: "third choice"}


@dataclass(frozen=True, slots=True)
class Room:
    """What the mixer is given. `before` is where people sit now; those in `gives_way` lose their seat if it is needed,
    the last of them first.
    """

    people: Sequence[Person]
    tables: Sequence[Table]
    rules: Rules
    before: Mapping[int, int]
    gives_way: Sequence[int]


@dataclass(frozen=True, slots=True)
class Place:
    """One person in a plan: the ids of the table before and after, and the reasons."""

    person: int
    before: int | None
    after: int | None
    reasons: tuple[Reason, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan that nobody has taken yet."""

    places: tuple[Place, ...]
    mixed: Balance
    without: Balance
    settled: bool

    @property
    def changed(self) -> int:
        return sum(place.is_changed for place in self.places)

    @property
    def figures(self) -> dict[str, Any]:
        return {"mixed": asdict(self.mixed), "without": asdict(self.without), "settled": self.settled}

    def as_json(self) -> bytes:
        people = [[place.person, place.before, place.after, reasons_as_lists(place.reasons)] for place in self.places]
        return json.dumps({"people": people, **self.figures}).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Proposal":
        read = json.loads(text)
        places = tuple(
            Place(person, before, after, reasons_from_lists(reasons))
            for person, before, after, reasons in read["people"]
        )
        return cls(places, Balance(**read["mixed"]), Balance(**read["without"]), read["settled"])


def reasons_as_lists(reasons: Sequence[Reason]) -> list[list[Any]]:
    return [[reason.why.value, reason.rank, list(reason.marks), reason.other] for reason in reasons]


def reasons_from_lists(lists: Sequence[Sequence[Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(Why(why), rank, tuple(marks), other) for why, rank, marks, other in lists)


def trade_off(mixed: Balance, without: Balance) -> list[str]:
    """What mixing costs and what it brings, in two sentences."""
    now, alone = mixed.pairs.get(COLLEAGUES, 0), without.pairs.get(COLLEAGUES, 0)
    return [
        f"{mixed.first} of {mixed.chose} who chose sit at their first choice, and {_pairs(now)} of colleagues "
        f"{'shares' if now == 1 else 'share'} a table.",
        f"Without mixing, {without.first} would sit at their first choice, but {_pairs(alone)} of colleagues would "
        "share a table.",
    ]


def _pairs(number: int) -> str:
    return "1 pair" if number == 1 else f"{number} pairs"
