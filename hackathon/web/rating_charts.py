"""The chart of rated statements: diverging bars, against to the left and for to the right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hackathon.web.drawing import (
    BOLD_LETTER,
    LETTER,
    SMALL,
    TEXT,
    WIDTH,
    Bar,
    Chart,
    Line,
    Table,
    Words,
    chart_of,
    key_to,
    lines_of,
    number_in,
    sentence,
)


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


RATINGS = (
    ("strongly-disagree", "Strongly disagree"),
    ("disagree", "Disagree"),
    ("neutral", "Neutral"),
    ("agree", "Agree"),
    ("strongly-agree", "Strongly agree"),
    ("not-clear", "Not clear to me"),
)


def ratings(title: str, rows: Sequence[RatingRow], *, width: float = WIDTH) -> Chart:
    """Diverging bars: against to the left, for to the right, neutral on the middle line, not clear apart at the right.

    Lengths are shares of those who rated the statement; "not clear" is a share of everybody who answered that line.
    """
    ordered = _by_support(rows)
    return _ratings(title, ordered, _Scale.of(ordered, width), _table(title, ordered))


def ratings_in_parts(
    title: str, rows: Sequence[RatingRow], *, first: float = 640, other: float = 880
) -> tuple[Chart, ...]:
    """The same on one scale, in drawings short enough for a printed page: no higher than `first`, which stands under a
    heading, and than `other`. Each has all numbers as its table, which is printed once.
    """
    ordered = _by_support(rows)
    scale, table = _Scale.of(ordered), _table(title, ordered)
    parts: list[list[RatingRow]] = [[]]
    for row in ordered:
        highest = other if len(parts) > 1 else first
        if parts[-1] and _ratings(title, [*parts[-1], row], scale, table).height > highest:
            parts.append([])
        parts[-1].append(row)
    return tuple(
        _ratings(f"{title} (continued)" if part else title, rows, scale, table) for part, rows in enumerate(parts)
    )


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


def _ratings(title: str, rows: Sequence[RatingRow], scale: _Scale, table: Table) -> Chart:
    bars, words, y = key_to(RATINGS, scale.width)
    lines = []
    for row in rows:
        for text in lines_of(f"{row.number}. {row.text}", scale.width):
            words.append(Words(0, y + 14, text))
            y += 18
        segments = [*_segments(row, scale, y + 4)]
        bars += [bar for bar, _ in segments]
        words += [number_in(bar, n) for bar, n in segments if bar.width >= len(str(n)) * SMALL * LETTER + 5]
        lines.append(Line(scale.middle, y, scale.middle, y + 27))
        words.append(Words(0, y + 40, row.standing, bold=True))
        support, unclear = f"{row.support} in support", f"{row.not_clear} not clear"
        beside = len(row.standing) * TEXT * BOLD_LETTER + 12
        if beside + len(support) * SMALL * LETTER > scale.width:
            beside, y = 0.0, y + 17
        words.append(Words(beside, y + 40, support, size=SMALL, paint="quiet"))
        if beside + (len(support) + len(unclear) + 2) * SMALL * LETTER > scale.width:
            y += 17
        words.append(Words(scale.width, y + 40, unclear, "end", SMALL, paint="quiet"))
        y += 60
    summary = sentence(f"statement {row.number} {row.standing.lower()}, {row.support} in support" for row in rows)
    return chart_of(title, summary, y - 12, bars, words, table, lines, scale.width)


def _table(title: str, rows: Sequence[RatingRow]) -> Table:
    return Table(
        title,
        ("Statement", *(label for _, label in RATINGS), "Support", "Standing"),
        tuple(
            (f"{row.number}. {row.text}", *(n for _, n in row.scale), row.not_clear, row.support, row.standing)
            for row in rows
        ),
    )


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
