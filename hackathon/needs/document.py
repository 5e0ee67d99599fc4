"""The access list, the counts for the caterer and the photographer's list, as plain values for pages and paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WEEK, SIX_WEEKS = timedelta(weeks=1), timedelta(weeks=6)


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One need with its day. `words` are what the person says now; they are empty once that is taken back or deleted.

    `is_open` says that nothing is booked yet, `is_arranged` that something is.
    """

    need_id: int
    name: str
    email: str | None
    kind: str
    words: str
    note: str
    booked_with: str
    booked_on: date | None
    state: str
    state_words: str
    is_open: bool
    is_arranged: bool
    is_coming: bool
    has_changed: bool
    held_on: date
    book_by: date
    today: date

    @property
    def is_off(self) -> bool:
        """Whether nobody needs it any more."""
        return not self.is_coming or not self.words

    @property
    def is_to_be_called_off(self) -> bool:
        """Whether something is booked that nobody needs any more."""
        return self.is_off and self.is_arranged

    @property
    def is_near(self) -> bool:
        """Whether it ought to be booked within a week, or ought to be booked already."""
        return self.is_open and not self.is_off and self.book_by - WEEK <= self.today <= self.held_on

    @property
    def ought_to_be_told(self) -> bool:
        """Whether a letter about it is due: six weeks before the day, or a week before it must be booked."""
        tell_from = min(self.book_by - WEEK, self.held_on - SIX_WEEKS)
        return self.is_open and not self.is_off and tell_from <= self.today <= self.held_on

    @property
    def warning(self) -> str:
        if self.is_to_be_called_off:
            why = "They have taken this back" if self.is_coming else "They are not coming any more"
            return f"{why}: call it off."
        if self.has_changed:
            return "They have changed what they said since you last kept this."
        if not self.is_near:
            return ""
        days = (self.book_by - self.today).days
        if days < 0:
            return f"It should have been booked {_days(-days)} ago."
        return "Book it today." if days == 0 else f"Book it within {_days(days)}."


@dataclass(frozen=True, slots=True)
class Meal:
    """What so many people wrote about food, in the words of the first who wrote it so."""

    words: str
    names: tuple[str, ...]

    @property
    def number(self) -> int:
        return len(self.names)


@dataclass(frozen=True, slots=True)
class MealTable:
    """One question about food: what people who come answered to it, and how many said nothing."""

    question: str
    meals: tuple[Meal, ...]
    unsaid: int

    @property
    def said(self) -> int:
        return sum(meal.number for meal in self.meals)


@dataclass(frozen=True, slots=True)
class MealList:
    """What the caterer is told. `people` come, companions counted."""

    tables: tuple[MealTable, ...]
    people: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """Whether one person who comes may be photographed."""

    registration_id: int
    name: str
    table: int | None
    choice: str
    words: str


def meals_from(said: Iterable[tuple[str, str]]) -> tuple[Meal, ...]:
    """Equal answers as one, whatever their spaces and capitals; the most frequent first. `said` is (words, name)."""
    first: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for words, name in said:
        key = " ".join(words.split()).casefold()
        first.setdefault(key, " ".join(words.split()))
        names.setdefault(key, []).append(name)
    ordered = sorted(first, key=lambda key: (-len(names[key]), key))
    return tuple(Meal(first[key], tuple(names[key])) for key in ordered)


def counted(lines: Sequence[WorkLine]) -> list[tuple[str, int]]:
    """How many lines are in which state, in the order in which work goes on."""
    words = list(dict.fromkeys(line.state_words for line in lines))
    return [(each, sum(line.state_words == each for line in lines)) for each in words]


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
