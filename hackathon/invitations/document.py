"""What a list says once it is read, and what became of the people on it, as plain values."""

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from hackathon.maths.rates import Rate


class Column(enum.Enum):
    """What stands in a column of a list."""

    NOTHING = "nothing"
    NAME = "name"
    ADDRESS = "address"
    TEAM = "team"
    SECTOR = "sector"
    REGION = "region"


HEADINGS = {
    Column.ADDRESS: ("email", "mail", "email address", "mail address", "work email", "address", "primary email"),
    Column.NAME: (
        *("name", "full name", "display name", "first name", "forename", "given name"),
        *("last name", "surname", "family name", "known as"),
    ),
    Column.TEAM: ("team", "department", "ward", "unit", "directorate", "service"),
    Column.SECTOR: ("sector", "staff group", "profession", "field"),
    Column.REGION: ("region", "area", "locality", "district", "site", "county"),
}
"""How columns are usually called, in small letters and without hyphens."""


def guessed_columns(heads: Sequence[str], first_rows: Sequence[Sequence[str]]) -> list[Column]:
    """What each column most likely holds: by its heading; the address, without one, by the @ in its cells."""
    guesses: list[Column] = []
    for head in heads:
        words = " ".join(head.casefold().replace("-", "").replace("_", " ").split())
        found = next((column for column, names in HEADINGS.items() if words in names), Column.NOTHING)
        guesses.append(Column.NOTHING if found in guesses and found is not Column.NAME else found)
    if Column.ADDRESS not in guesses:
        signs = [sum("@" in row[place] for row in first_rows) for place in range(len(heads))]
        if any(signs):
            guesses[signs.index(max(signs))] = Column.ADDRESS
    return guesses


@dataclass(frozen=True, slots=True)
class Person:
    """One row of a list."""

    row: int
    name: str
    email: str
    team: str
    sector: str
    region: str

    @property
    def key(self) -> str:
        return self.email.casefold()


@dataclass(frozen=True, slots=True)
class Look:
    """What taking a list would do: whom it would add, who is known, and what stands in the way."""

    rows: int
    twice: int
    people: tuple[Person, ...]
    problems: tuple[str, ...]
    invited_before: int
    registered_before: int

    @property
    def new(self) -> int:
        return len(self.people) - self.invited_before


@dataclass(frozen=True, slots=True)
class Standing:
    """How far it has got with one person of a list."""

    list_id: int
    name: str
    email: str
    token: str
    team: str
    sector: str
    region: str
    was_sent: bool
    came_back: bool
    opened: bool
    declined: bool
    registered: bool

    @property
    def is_invited(self) -> bool:
        return self.was_sent and not self.came_back

    @property
    def has_answered(self) -> bool:
        return self.registered or self.declined

    @property
    def state(self) -> str:
        """In a word, for a spreadsheet: what they did goes before what happened to their letter."""
        states = (
            (self.registered, "registered"),
            (self.declined, "no thank you"),
            (self.came_back, "came back"),
            (self.opened, "opened"),
            (self.was_sent, "sent"),
        )
        return next((words for holds, words in states if holds), "not sent")


@dataclass(frozen=True, slots=True)
class Counted:
    """A group of people: how many are on the list, and of those invited, how many did what."""

    name: str
    listed: int
    came_back: int
    invited: int
    opened: int
    registered: int
    declined: int
    source: str = ""

    @property
    def not_yet(self) -> int:
        return self.invited - self.registered - self.declined

    @property
    def rate(self) -> str:
        """Those who registered, of those invited, with the source of the base."""
        words = Rate(self.registered, self.invited).text.replace(" (", " invited (", 1)
        words = words if "invited" in words else f"{words} invited"
        return f"{words}, {self.source}" if self.source else words


@dataclass(frozen=True, slots=True)
class Groups:
    """People by team, sector or region. A row without counts is too small to show."""

    title: str
    rows: list[tuple[str, Counted | None]] = field(default_factory=list)


def counted(name: str, people: Iterable[Standing], *, source: str = "") -> Counted:
    everybody = list(people)
    invited = [each for each in everybody if each.is_invited]

    def number(holds: Callable[[Standing], bool]) -> int:
        return sum(map(holds, invited))

    return Counted(
        name=name,
        listed=len(everybody),
        came_back=sum(each.came_back for each in everybody),
        invited=len(invited),
        opened=number(lambda each: each.opened),
        registered=number(lambda each: each.registered),
        declined=number(lambda each: each.declined and not each.registered),
        source=source,
    )
