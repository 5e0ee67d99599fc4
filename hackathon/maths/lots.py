"""Drawing lots in the open: whoever has the list and the seed draws the same again."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a draw: all numbers in the order of the lots, who has a place, and by which share each of these.

    `by_share` names the reserved share through which somebody has a place, and is empty for the others.
    """

    order: tuple[int, ...]
    placed: tuple[int, ...]
    by_share: Mapping[int, str]

    @property
    def waiting(self) -> tuple[int, ...]:
        """Everybody else, in the order of the lots."""
        placed = set(self.placed)
        return tuple(number for number in self.order if number not in placed)


def lot(seed: str, number: int) -> str:
    """The lot of one number: SHA-256 of `seed:number` in hexadecimal digits. The smallest lot comes first."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def draw_lots(entrants: Mapping[int, Collection[str]], *, places: int, reserved: Mapping[str, int], seed: str) -> Drawn:
    """Draw `places` of the entrants, each given by number with the names of the shares that it belongs to.

    Everybody's lot puts all in one order. Each share, in its order, takes as many as it reserves, the first of its own
    who have no place yet; what a share does not need, and all that no share reserves, goes to the first of everybody.
    """
    order = sorted(entrants, key=lambda number: lot(seed, number))
    by_share: dict[int, str] = {}
    for share, wanted in reserved.items():
        room = min(wanted, places - len(by_share))
        belonging = [number for number in order if share in entrants[number] and number not in by_share]
        by_share.update(dict.fromkeys(belonging[:room], share))
    others = [number for number in order if number not in by_share][: places - len(by_share)]
    placed = {*by_share, *others}
    return Drawn(tuple(order), tuple(number for number in order if number in placed), by_share)


def reserved_places(places: int, percents: Mapping[str, int]) -> dict[str, int]:
    """How many places each share reserves: its percentage of all, rounded down."""
    return {share: places * percent // 100 for share, percent in percents.items()}
