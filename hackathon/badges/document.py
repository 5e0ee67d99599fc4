"""Badges and the list for the door, before they are paper."""

import enum
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from itertools import combinations, pairwise
from typing import Self
from urllib.parse import parse_qsl, urlencode

from hackathon.core.errors import NotFound

SIZES = 28, 25, 22, 20, 18
"""Points in which a name is set, the largest that fits."""
SMALL = 16, 14, 12
"""The same for one that takes three lines: more would run into the table and the code below."""
PART = re.compile(r"[^\s-]*-+|[^\s-]+\s*|\s+")
"""What of a name stays together on a line: a word, or what stands before a hyphen with it."""
ROOM_FOR_NAME = 246.0
"""Points across a badge that is 105 mm wide, with a little to spare, because letters are reckoned and not measured."""
ACROSS = 2
ON_A_SHEET = {"a7": 8, "a6": 4}
MOST_BLANKS, LONGEST_WIFI, HIGHEST_NUMBER = 200, 60, 999_999_999
NARROW, WIDE = frozenset("iIjlftr.,:;'’|!()- "), frozenset("mwMW@%&")


class Photos(enum.Enum):
    """May somebody be photographed? It is told by word and shape, because nobody sees every colour."""

    YES = "yes"
    NO = "no"
    ASK = "ask"

    @property
    def words(self) -> str:
        return PHOTO_WORDS[self]


PHOTO_WORDS = {Photos.YES: "Photos: yes", Photos.NO: "No photos", Photos.ASK: "Photos: ask me"}


@dataclass(frozen=True, slots=True)
class Badge:
    """What stands on one badge. One without a name is blank, for somebody who comes unannounced."""

    name: str = ""
    words: str = ""
    table: int | None = None
    photos: Photos = Photos.ASK
    ticket: str = ""
    pronouns: str = ""

    @property
    def points(self) -> int:
        return _fitted(self.name)[0]

    @property
    def lines(self) -> tuple[str, ...]:
        return _fitted(self.name)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgePrint:
    """What somebody asked to be printed: for all or for one, in which size, from which label on."""

    size: str = "a7"
    start: int = 1
    blanks: int = 0
    both_sides: bool = False
    wifi: str = ""
    person: int | None = None

    @property
    def part(self) -> str:
        """The same in one line, as an address and the job process are handed it."""
        return urlencode(
            {name: int(value) if value is True else value for name, value in asdict(self).items() if value}
        )

    @classmethod
    def read(cls, part: str) -> Self:
        """What such a line asks for, as long as somebody could have asked for it."""
        try:
            said = dict(parse_qsl(part, max_num_fields=len(fields(cls))))
            wanted = cls(
                size=said.get("size", "a7"),
                start=int(said.get("start", 1)),
                blanks=int(said.get("blanks", 0)),
                both_sides="both_sides" in said,
                wifi=said.get("wifi", "")[:LONGEST_WIFI],
                person=int(said["person"]) if "person" in said else None,
            )
        except ValueError:
            raise NotFound from None
        has_label = 1 <= wanted.start <= ON_A_SHEET.get(wanted.size, 0)
        if not (has_label and 0 <= wanted.blanks <= MOST_BLANKS and 0 < (wanted.person or 1) <= HIGHEST_NUMBER):
            raise NotFound
        return wanted


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line of the list for the door."""

    name: str
    organisation: str
    table: int | None


def sheets_of(badges: Sequence[Badge], size: str, start: int) -> list[list[Badge | None]]:
    """Badges as they lie on sheets of A4. `start` is the first label that is still there on the first sheet."""
    on_a_sheet = ON_A_SHEET[size]
    places: list[Badge | None] = [*([None] * (start - 1)), *badges]
    places += [None] * (-len(places) % on_a_sheet)
    return [places[first : first + on_a_sheet] for first in range(0, len(places), on_a_sheet)]


def mirrored(sheet: Sequence[Badge | None]) -> list[Badge | None]:
    """The other side of a sheet that is turned over its long edge: each row from right to left."""
    return [badge for first in range(0, len(sheet), ACROSS) for badge in reversed(sheet[first : first + ACROSS])]


def _fitted(name: str) -> tuple[int, tuple[str, ...]]:
    """The largest size in which a name fits on one line, or else on two, or else small on three."""
    for number, sizes in ((1, SIZES), (2, SIZES), (3, SMALL)):
        lines = _in_lines(name, number)
        for points in sizes:
            if max(map(width_of, lines)) * points <= ROOM_FOR_NAME:
                return points, lines
    return SMALL[-1], lines


def _in_lines(name: str, number: int) -> tuple[str, ...]:
    """Broken at the spaces or behind the hyphens that leave the shortest lines, in so many lines where it can be."""
    words = PART.findall(name) or [name]
    ways = [
        tuple("".join(words[first:last]).strip() for first, last in pairwise((0, *cuts, len(words))))
        for cuts in combinations(range(1, len(words)), min(number, len(words)) - 1)
    ]
    return min(ways, key=lambda lines: max(map(width_of, lines)))


def width_of(words: str) -> float:
    """About how wide words are in bold, in sizes of their letters."""
    return sum(map(_letter, words))


def _letter(letter: str) -> float:
    if letter in NARROW:
        return 0.38
    if letter in WIDE:
        return 0.93
    if letter.isupper() or not letter.isascii():
        return 0.72
    return 0.6
