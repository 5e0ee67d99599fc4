"""What people said, as it is quoted: plain frozen values."""

from dataclasses import dataclass

from hackathon.maths.rates import Rate


@dataclass(frozen=True, slots=True)
class ThemeMark:
    """How a theme is told apart everywhere: letter, shape, colour (1 to 8) and title."""

    key: str
    letter: str
    title: str
    shape: str
    tone: int


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's exact words, with where they were written, and under which receipt number."""

    number: int
    text: str
    place: str
    place_words: str
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A recommendation that lists a contribution, and what was decided."""

    number: int
    decision: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """A line of the appendix: an insight with the comments under it."""

    quote: Quote
    kind: str
    stage: str
    theme: ThemeMark | None
    outcomes: tuple[Outcome, ...]
    comments: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class ThemeSpread:
    """What was said under one theme."""

    theme: ThemeMark
    meaning: str
    share: Rate
    room: int
    outside: int
    pull: Quote | None
    quotes: tuple[Quote, ...]
    differing: tuple[Quote, ...]
    recommendations: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class SurveyPart:
    """One question asked before the day: how many answered, and some of their answers."""

    question: str
    answered: int
    quotes: tuple[str, ...]
