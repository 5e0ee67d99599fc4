"""Charts: numbers in, geometry out. One drawing serves the screen and the paper.

A chart is bars, lines and words on a sheet 480 units wide, so that its smallest words are readable on a phone and in
print. What a paint looks like (colour and pattern) is for `templates/components/charts/` to say. Every chart brings its
numbers as a table, and its message in words for whoever cannot see the drawing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from textwrap import wrap

WIDTH = 480.0
NARROW = 340.0
"""For a phone held upright: the same type is as large there as the page's own."""
TEXT = 14
SMALL = 12
LETTER = 0.53
"""How wide a letter is on average, as a part of the size of the type. A little too much is better than too little."""
BOLD_LETTER = 0.64

NOT_KNOWN = "not known"
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


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from everybody who could take part to those who did. `n` is None when nobody counted."""

    label: str
    n: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    label: str
    n: int
    note: str = ""
    paint: str = "brand"


@dataclass(frozen=True, slots=True)
class Slot:
    """A quarter of an hour. Neighbours of the same `phase` share a shaded block with its name."""

    label: str
    room: int
    outside: int
    phase: str = ""


@dataclass(frozen=True, slots=True)
class ThemeRow:
    letter: str
    label: str
    tone: int
    room: int
    outside: int


@dataclass(frozen=True, slots=True)
class RatingRow:
    """The ratings of one statement. `support` and `standing` are words that the figures have settled."""

    number: int
    text: str
    strongly_disagree: int
    disagree: int
    neutral: int
    agree: int
    strongly_agree: int
    not_clear: int
    support: str
    standing: str

    @property
    def rated(self) -> int:
        return self.strongly_disagree + self.disagree + self.neutral + self.agree + self.strongly_agree

    @property
    def scale(self) -> tuple[tuple[str, int], ...]:
        """From against to for, each with its paint."""
        return (
            ("strongly-disagree", self.strongly_disagree),
            ("disagree", self.disagree),
            ("neutral", self.neutral),
            ("agree", self.agree),
            ("strongly-agree", self.strongly_agree),
        )


PLACES = (("room", "In the room"), ("outside", "Outside"))
RATINGS = (
    ("strongly-disagree", "Strongly disagree"),
    ("disagree", "Disagree"),
    ("neutral", "Neutral"),
    ("agree", "Agree"),
    ("strongly-agree", "Strongly agree"),
    ("not-clear", "Not clear to me"),
)
DARK_PAINTS = frozenset(
    {"brand", "room", "strongly-agree", "strongly-disagree", "tone-1", "tone-3", "tone-5", "tone-7"}
)


def funnel(title: str, steps: Sequence[Step]) -> Chart:
    """From eligible to contributed: a bar for each step, all from the same base line."""
    known = [Count(step.label, step.n, step.note) for step in steps if step.n is not None]
    bars, words, y = [], [], 0.0
    longest = max((count.n for count in known), default=0)
    for step in steps:
        words += _heading(step.label, step.note, y)
        if step.n is None:
            words.append(Words(0, y + 35, NOT_KNOWN, paint="quiet"))
        else:
            bars.append(bar := _bar_of(step.n, longest, y + 21, "brand"))
            words.append(_number_after(bar, step.n))
        y += 54
    summary = _sentence(f"{step.label} {NOT_KNOWN if step.n is None else step.n}" for step in steps)
    rows = tuple((step.label, NOT_KNOWN if step.n is None else step.n, step.note) for step in steps)
    return _chart(title, summary, y, bars, words, Table(title, ("Step", "People", "Note"), rows))


def counts(title: str, rows: Sequence[Count], *, of: str = "Number", width: float = WIDTH) -> Chart:
    """A bar for each kind, in the order given. `of` names what is counted."""
    bars, words, y = [], [], 0.0
    longest = max((row.n for row in rows), default=0)
    for row in rows:
        *above, label = _lines_of(row.label, width, BOLD_LETTER) or [""]
        words += [Words(0, y + 15 + 18 * i, text, bold=True) for i, text in enumerate(above)]
        y += 18 * len(above)
        words += _heading(label, row.note, y, width)
        bars.append(bar := _bar_of(row.n, longest, y + 21, row.paint, width=width))
        words.append(_number_after(bar, row.n))
        y += 54
    noted = any(row.note for row in rows)
    columns = ("Kind", of, "Note") if noted else ("Kind", of)
    table = Table(title, columns, tuple((row.label, row.n, row.note)[: len(columns)] for row in rows))
    summary = _sentence(f"{row.label} {row.n}" for row in rows)
    return _chart(title, summary, y, bars, words, table, width=width)


def themes_by_place(title: str, rows: Sequence[ThemeRow]) -> Chart:
    """A bar for each theme: the room's part first, then the part from outside."""
    bars, words, y = _key(PLACES)
    longest = max((row.room + row.outside for row in rows), default=0)
    for row in rows:
        tone = f"tone-{row.tone}"
        bars.append(Bar(0, y + 1, 20, 18, tone))
        words.append(Words(10, y + 15, row.letter, "middle", bold=True, paint=_ink_on(tone)))
        words.append(Words(27, y + 15, row.label, bold=True))
        words.append(Words(WIDTH, y + 15, f"{row.room} room, {row.outside} outside", "end", SMALL, paint="quiet"))
        room = _bar_of(row.room, longest, y + 24, "room")
        outside = _bar_of(row.outside, longest, y + 24, "outside", x=room.width)
        bars += [room, outside]
        words.append(_number_after(outside, row.room + row.outside))
        y += 58
    summary = _sentence(f"{row.label}: {row.room} in the room, {row.outside} outside" for row in rows)
    table_rows = tuple((f"{row.letter} {row.label}", row.room, row.outside, row.room + row.outside) for row in rows)
    table = Table(title, ("Theme", "In the room", "Outside", "Together"), table_rows)
    return _chart(title, summary, y, bars, words, table)


def contributions_over_time(title: str, slots: Sequence[Slot]) -> Chart:
    """A column for each quarter of an hour, room below and outside on top, over the shaded blocks of the day."""
    bars, words, top = _key(PLACES)
    left, plot, foot = 30.0, 170.0, top + 24 + 170.0
    ceiling, tick = _ceiling(max((slot.room + slot.outside for slot in slots), default=0))
    wide = (WIDTH - left) / max(len(slots), 1)
    lines = []
    shades, names = _phases(slots, left, wide, top, plot + 24)
    for value in range(0, ceiling + 1, tick):
        y = foot - plot * value / ceiling
        lines.append(Line(left, y, WIDTH, y))
        words.append(Words(left - 6, y + 4, str(value), "end", SMALL, paint="quiet"))
    for index, slot in enumerate(slots):
        x, y = left + wide * index + wide * 0.12, foot
        for paint, n in (("room", slot.room), ("outside", slot.outside)):
            tall = plot * n / ceiling
            y -= tall
            bars.append(Bar(x, y, wide * 0.76, tall, paint))
    for index in _labelled(slots, wide):
        label = slots[index].label
        # The last one may be wider than its column; it stays inside the drawing.
        x = min(left + wide * (index + 0.5), WIDTH - len(label) * SMALL * LETTER / 2)
        words.append(Words(x, foot + 17, label, "middle", SMALL, paint="quiet"))
    busiest = max(slots, key=lambda slot: slot.room + slot.outside, default=None)
    most = f"; most at {busiest.label}, {busiest.room + busiest.outside}" if busiest else ""
    room, outside = sum(slot.room for slot in slots), sum(slot.outside for slot in slots)
    table = Table(
        title,
        ("From", "In the room", "Outside", "Together"),
        tuple((slot.label, slot.room, slot.outside, slot.room + slot.outside) for slot in slots),
    )
    summary = f"{room} in the room and {outside} outside{most}."
    return _chart(title, summary, foot + 26, [*shades, *bars], [*words, *names], table, lines)


def ratings(title: str, rows: Sequence[RatingRow], *, width: float = WIDTH) -> Chart:
    """Diverging bars: against to the left, for to the right, neutral on the middle line, not clear apart at the right.

    Lengths are shares of those who rated the statement; "not clear" is a share of everybody who answered that line.
    """
    ordered = _by_support(rows)
    return _ratings(title, ordered, _Scale.of(ordered, width))


def ratings_in_parts(title: str, rows: Sequence[RatingRow], *, at_most: int = 7) -> tuple[Chart, ...]:
    """The same on one scale, in drawings short enough for a printed page."""
    ordered = _by_support(rows)
    scale = _Scale.of(ordered)
    parts = [ordered[start : start + at_most] for start in range(0, len(ordered), at_most)]
    return tuple(_ratings(f"{title} (continued)" if part else title, rows, scale) for part, rows in enumerate(parts))


@dataclass(frozen=True, slots=True)
class _Scale:
    """How wide the drawing is, how long a share, where the middle line stands, and where "not clear" begins."""

    width: float
    unit: float
    middle: float
    apart: float

    @classmethod
    def of(cls, rows: Sequence[RatingRow], width: float = WIDTH) -> "_Scale":
        rated = [row for row in rows if row.rated]
        against = max((_against(row) for row in rated), default=0.0)
        towards = max((1 - _against(row) for row in rated), default=0.0)
        unclear = max((_unclear(row) for row in rows), default=0.0)
        unit = (width - 14) / ((against + towards + unclear) or 1)
        return cls(width, unit, against * unit, (against + towards) * unit + 14)


def _ratings(title: str, rows: Sequence[RatingRow], scale: _Scale) -> Chart:
    bars, words, y = _key(RATINGS, scale.width)
    lines = []
    for row in rows:
        for text in _lines_of(f"{row.number}. {row.text}", scale.width):
            words.append(Words(0, y + 14, text))
            y += 18
        segments = [*_segments(row, scale, y + 4)]
        bars += [bar for bar, _ in segments]
        words += [_number_in(bar, n) for bar, n in segments if bar.width >= len(str(n)) * SMALL * LETTER + 5]
        lines.append(Line(scale.middle, y, scale.middle, y + 27))
        words.append(Words(0, y + 40, row.standing, bold=True))
        beside = len(row.standing) * TEXT * 0.6 + 12
        support, unclear = f"{row.support} in support", f"{row.not_clear} not clear"
        words.append(Words(beside, y + 40, support, size=SMALL, paint="quiet"))
        if beside + (len(support) + len(unclear) + 2) * SMALL * LETTER > scale.width:
            y += 17
        words.append(Words(scale.width, y + 40, unclear, "end", SMALL, paint="quiet"))
        y += 60
    table = Table(
        title,
        ("Statement", *(label for _, label in RATINGS), "Support", "Standing"),
        tuple(
            (f"{row.number}. {row.text}", *(n for _, n in row.scale), row.not_clear, row.support, row.standing)
            for row in rows
        ),
    )
    summary = _sentence(f"statement {row.number} {row.standing.lower()}, {row.support} in support" for row in rows)
    return _chart(title, summary, y - 12, bars, words, table, lines, scale.width)


def _chart(
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


def _lines_of(text: str, width: float, letter: float = LETTER) -> list[str]:
    return wrap(text, int(width / (TEXT * letter)))


def _heading(label: str, note: str, y: float, width: float = WIDTH) -> list[Words]:
    heading = [Words(0, y + 15, label, bold=True)]
    return [*heading, Words(width, y + 15, note, "end", SMALL, paint="quiet")] if note else heading


def _bar_of(n: int, longest: int, y: float, paint: str, *, x: float = 0, width: float = WIDTH) -> Bar:
    """A bar that leaves room for its number when it is the longest."""
    return Bar(x, y, (width - 44) * n / longest if longest else 0, 20, paint)


def _number_after(bar: Bar, n: int) -> Words:
    return Words(bar.x + bar.width + 7, bar.y + 15, str(n), bold=True)


def _number_in(bar: Bar, n: int) -> Words:
    return Words(bar.x + bar.width / 2, bar.y + 14.5, str(n), "middle", SMALL, paint=_ink_on(bar.paint))


def _ink_on(paint: str) -> str:
    return "light" if paint in DARK_PAINTS else "ink"


def _key(paints: Iterable[tuple[str, str]], wide: float = WIDTH) -> tuple[list[Bar], list[Words], float]:
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


def _phases(
    slots: Sequence[Slot], left: float, wide: float, top: float, height: float
) -> tuple[list[Bar], list[Words]]:
    """Every second block of the day is shaded, and named where its name fits."""
    shades, names, start = [], [], 0
    for index, (phase, block) in enumerate(groupby(slots, key=lambda slot: slot.phase)):
        length = len(list(block))
        x, width = left + wide * start, wide * length
        if phase and index % 2 == 0:
            shades.append(Bar(x, top, width, height, "shade"))
        if phase and len(phase) * SMALL * LETTER <= width:
            names.append(Words(x + width / 2, top + 15, phase, "middle", SMALL, paint="quiet"))
        start += length
    return shades, names


def _labelled(slots: Sequence[Slot], wide: float) -> list[int]:
    """Which columns carry their time: whole hours, and no more of them than can be read."""
    hours = [index for index, slot in enumerate(slots) if ":" not in slot.label or ":00" in slot.label]
    candidates = hours or list(range(len(slots)))
    if not candidates:
        return []
    longest = max(len(slots[index].label) for index in candidates) * SMALL * LETTER + 8
    between = (candidates[-1] - candidates[0]) / max(len(candidates) - 1, 1) * wide
    return candidates[:: max(1, ceil(longest / between))] if between else candidates


def _ceiling(highest: int) -> tuple[int, int]:
    """A round number at or above the highest column, and the step between the lines up to it."""
    step = 1
    while True:
        for tick in (step, 2 * step, 5 * step):
            if tick * 5 >= highest:
                return max(ceil(highest / tick), 1) * tick, tick
        step *= 10


def _by_support(rows: Sequence[RatingRow]) -> list[RatingRow]:
    """Most support first; what nobody rated comes last."""
    return sorted(rows, key=lambda row: (row.agree + row.strongly_agree) / row.rated if row.rated else -1, reverse=True)


def _against(row: RatingRow) -> float:
    """The share of those who rated it that stands left of the middle line."""
    return (row.strongly_disagree + row.disagree + row.neutral / 2) / row.rated


def _unclear(row: RatingRow) -> float:
    return row.not_clear / (row.rated + row.not_clear) if row.not_clear else 0.0


def _segments(row: RatingRow, scale: _Scale, y: float) -> Iterator[tuple[Bar, int]]:
    if row.rated:
        x = scale.middle - _against(row) * scale.unit
        for paint, n in row.scale:
            width = n / row.rated * scale.unit
            yield Bar(x, y, width, 20, paint), n
            x += width
    if row.not_clear:
        yield Bar(scale.apart, y, _unclear(row) * scale.unit, 20, "not-clear"), row.not_clear


def _sentence(parts: Iterable[str]) -> str:
    return "; ".join(parts) + "."
