"""What the sheets say, before they are paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from hackathon.badges.document import width_of
from hackathon.events.models import Place
from hackathon.insights.models import Identity
from hackathon.themes.models import Theme

WIDTH_BESIDE = {True: 20.2, False: 29.0}
"""How wide a line of a statement may be on a ballot, beside six boxes or beside one, in sizes of bold letters: those of
a ballot are a tenth narrower, and reckoned rather too wide than too narrow.
"""
LOWEST_LINE, LINE_OF_LETTERS, AROUND_A_LINE = 8.6, 5.3, 2.1
ROOM_ON_ONLY_SIDE, ROOM_ON_FIRST_SIDE, ROOM_ON_NEXT_SIDE = 125.0, 117.0, 163.0
"""Millimetres."""


@dataclass(frozen=True, slots=True)
class TableCard:
    """A tent for one table. `link` is what the QR code holds: in capitals, because that makes larger squares."""

    number: int
    theme: Theme | None
    prompt: str
    link: str
    address: str
    code: str


@dataclass(frozen=True, slots=True)
class Poster:
    """The poster for corridors and doors, of an event or of a series: the question, and the way in from anywhere."""

    kicker: str
    question: str
    asks: str
    link: str
    address: str
    code: str
    facts: str


@dataclass(frozen=True, slots=True)
class CaptureCard:
    """One card to write on. `number` is how it reads, `typed` what its small QR code holds."""

    number: str
    typed: str


@dataclass(frozen=True, slots=True)
class CardStack:
    """The cards of one table as they lie on sheets. An empty place is None; the first may hold the example."""

    table: int
    theme: Theme | None
    sheets: tuple[tuple[CaptureCard | None, ...], ...]
    begins_with_example: bool

    @property
    def count(self) -> int:
        """How many cards there are to write on."""
        return sum(card is not None for sheet in self.sheets for card in sheet)


@dataclass(frozen=True, slots=True)
class CardWords:
    """What is printed on every card: how the sentences begin, how they were ended once, and how a name may be given."""

    beginnings: tuple[str, ...]
    example: tuple[str, ...]
    names: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class BallotSide:
    """One side of A5 of a ballot, with the statements that stand on it."""

    code: str
    place: Place
    number: int
    of: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LargeBallot:
    """A ballot in large print, on as many sheets of A4 as it takes: its code stands on each of them."""

    code: str
    place: Place
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BallotWords:
    """What every ballot of a print says: what to do, the columns to mark in, and how a marked line looks."""

    to_do: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    example: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TallySheet:
    """For counting by hand: the statements in their own order, a column for each answer."""

    columns: tuple[str, ...]
    statements: tuple[tuple[int, str], ...]
    given_out: int


@dataclass(frozen=True, slots=True)
class SeatedTable:
    """One table on the seat plan: the names of those who sit at it, and how many chairs nobody has."""

    number: int
    theme: Theme | None
    names: tuple[str, ...]
    free: int


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """Who sits where: by table, and by name from A to Z."""

    tables: tuple[SeatedTable, ...]
    names: tuple[tuple[str, int], ...]

    @property
    def used(self) -> list[SeatedTable]:
        return [table for table in self.tables if table.names]

    @property
    def empty(self) -> list[SeatedTable]:
        return [table for table in self.tables if not table.names]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the papers in the print of everything: on which paper, what to do with it, and how many pages it has."""

    title: str
    paper: str
    to_do: str
    html: str
    pages: int = 0


def ballot_sides(code: str, place: Place, statements: Sequence[str], columns: int) -> tuple[BallotSide, ...]:
    """One side where all fits on it, or else as many as it takes."""
    heights = [_height(text, WIDTH_BESIDE[columns > 1]) for text in statements]
    left = ROOM_ON_ONLY_SIDE if sum(heights) <= ROOM_ON_ONLY_SIDE else ROOM_ON_FIRST_SIDE
    sides: list[list[str]] = [[]]
    for text, height in zip(statements, heights, strict=True):
        if sides[-1] and height > left:
            sides.append([])
            left = ROOM_ON_NEXT_SIDE
        sides[-1].append(text)
        left -= height
    return tuple(BallotSide(code, place, number, len(sides), tuple(side)) for number, side in enumerate(sides, 1))


def _height(text: str, room: float) -> float:
    """How high a statement stands: word by word in lines, the longest of words broken."""
    lines, used = 1, 0.0
    for word in text.split():
        width = width_of(word + " ")
        if used and used + width > room:
            lines, used = lines + 1, 0.0
        lines += int(width // room)
        used += width % room
    return max(LOWEST_LINE, lines * LINE_OF_LETTERS + AROUND_A_LINE)
