"""What charts are drawn of: bars, lines and words on a sheet.

It is 480 units wide, so that its smallest words are readable on a phone and in print. What a paint looks like (colour
and pattern) is for `templates/components/charts/` to say. Every chart brings its numbers as a table, and its message in
words for whoever cannot see the drawing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap

WIDTH = 480.0
NARROW = 340.0
"""For a phone held upright: the same type is as large there as the page's own."""
TEXT = 14
SMALL = 12
LETTER = 0.62
BOLD_LETTER = 0.71
"""How wide a letter is on average, as a part of the size of the type: in DejaVu, the widest that stands in for ours."""
Cell = str | int


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    paint: str


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; (x, y) is where its baseline starts, ends or has its middle."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    size: int = TEXT
    bold: bool = False
    paint: str = "ink"


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """`title` is the one message; `summary` says the numbers in a sentence."""

    title: str
    summary: str
    height: float
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    words: tuple[Words, ...]
    table: Table
    width: float = WIDTH


DARK_PAINTS = frozenset(
    {"brand", "room", "strongly-agree", "strongly-disagree", "tone-1", "tone-3", "tone-5", "tone-7"}
)


def chart_of(
    title: str,
    summary: str,
    height: float,
    bars: Iterable[Bar],
    words: Iterable[Words],
    table: Table,
    lines: Iterable[Line] = (),
    width: float = WIDTH,
) -> Chart:
    drawn = tuple(bar for bar in bars if bar.width > 0 and bar.height > 0)
    return Chart(title, summary, height, drawn, tuple(lines), tuple(words), table, width)


def lines_of(text: str, width: float, letter: float = LETTER) -> list[str]:
    return wrap(text, int(width / (TEXT * letter)))


def heading(label: str, note: str, y: float, width: float = WIDTH) -> list[Words]:
    words = [Words(0, y + 15, label, bold=True)]
    return [*words, Words(width, y + 15, note, "end", SMALL, paint="quiet")] if note else words


def bar_of(n: int, longest: int, y: float, paint: str, *, x: float = 0, width: float = WIDTH) -> Bar:
    """A bar that leaves room for its number when it is the longest."""
    return Bar(x, y, (width - 44) * n / longest if longest else 0, 20, paint)


def number_after(bar: Bar, n: int) -> Words:
    return Words(bar.x + bar.width + 7, bar.y + 15, str(n), bold=True)


def number_in(bar: Bar, n: int) -> Words:
    return Words(bar.x + bar.width / 2, bar.y + 14.5, str(n), "middle", SMALL, paint=ink_on(bar.paint))


def ink_on(paint: str) -> str:
    return "light" if paint in DARK_PAINTS else "ink"


def key_to(paints: Iterable[tuple[str, str]], wide: float = WIDTH) -> tuple[list[Bar], list[Words], float]:
    """What each paint means, in rows from the left, and where the chart begins below it."""
    bars, words, x, y = [], [], 0.0, 0.0
    for paint, label in paints:
        width = 20 + len(label) * SMALL * LETTER + 16
        if x + width > wide + 16:
            x, y = 0.0, y + 20
        bars.append(Bar(x, y + 2, 14, 12, paint))
        words.append(Words(x + 20, y + 12, label, size=SMALL))
        x += width
    return bars, words, y + 30


def sentence(parts: Iterable[str]) -> str:
    return "; ".join(parts) + "."
