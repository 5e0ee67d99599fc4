"""The published list of a ballot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hackathon.maths.lots import Drawn


@dataclass(frozen=True, slots=True)
class PublishedList:
    """Everybody on the list by number, and after the draw what came of each."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def published_list(entrants: Iterable[tuple[int, Sequence[str]]], drawn: Drawn | None) -> PublishedList:
    """The list as it is closed, or as it was drawn."""
    caption, columns = "Everybody on the list, by number", ("Number", "Shares")
    listed = [(number, ", ".join(names) or "None") for number, names in entrants]
    if drawn is None:
        return PublishedList(caption, columns, tuple((str(number), names) for number, names in listed))
    line = {number: position for position, number in enumerate(drawn.waiting, 1)}
    placed = set(drawn.placed)

    def outcome(number: int) -> str:
        if number in placed:
            return f"Place, as {drawn.by_share[number]}" if number in drawn.by_share else "Place"
        return f"Waits as number {line[number]}" if number in line else "Gave up before the draw"

    rows = tuple((str(number), names, outcome(number)) for number, names in listed)
    return PublishedList(caption, (*columns, "Outcome"), rows)
