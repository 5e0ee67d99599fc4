"""Charts of people, words and votes: numbers in, geometry out. One drawing serves the screen and the paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

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
    bar_of,
    chart_of,
    heading,
    ink_on,
    key_to,
    lines_of,
    number_after,
    sentence,
)

NOT_KNOWN = "not known"


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


PLACES = (("room", "In the room"), ("outside", "Outside"))


def funnel(title: str, steps: Sequence[Step]) -> Chart:
    """From eligible to contributed: a bar for each step, all from the same base line."""
    known = [Count(step.label, step.n, step.note) for step in steps if step.n is not None]
    bars, words, y = [], [], 0.0
    longest = max((count.n for count in known), default=0)
    for step in steps:
        words += heading(step.label, step.note, y)
        if step.n is None:
            words.append(Words(0, y + 35, NOT_KNOWN, paint="quiet"))
        else:
            bars.append(bar := bar_of(step.n, longest, y + 21, "brand"))
            words.append(number_after(bar, step.n))
        y += 54
    summary = sentence(f"{step.label} {NOT_KNOWN if step.n is None else step.n}" for step in steps)
    columns = ("Step", "People", "Note") if any(step.note for step in steps) else ("Step", "People")
    rows = tuple((step.label, NOT_KNOWN if step.n is None else step.n, step.note)[: len(columns)] for step in steps)
    return chart_of(title, summary, y, bars, words, Table(title, columns, rows))


def counts(title: str, rows: Sequence[Count], *, of: str = "Number", width: float = WIDTH) -> Chart:
    """A bar for each kind, in the order given. `of` names what is counted."""
    bars, words, y = [], [], 0.0
    longest = max((row.n for row in rows), default=0)
    for row in rows:
        *above, label = lines_of(row.label, width, BOLD_LETTER) or [""]
        words += [Words(0, y + 15 + 18 * i, text, bold=True) for i, text in enumerate(above)]
        y += 18 * len(above)
        words += heading(label, row.note, y, width)
        bars.append(bar := bar_of(row.n, longest, y + 21, row.paint, width=width))
        words.append(number_after(bar, row.n))
        y += 54
    noted = any(row.note for row in rows)
    columns = ("Kind", of, "Note") if noted else ("Kind", of)
    table = Table(title, columns, tuple((row.label, row.n, row.note)[: len(columns)] for row in rows))
    summary = sentence(f"{row.label} {row.n}" for row in rows)
    return chart_of(title, summary, y, bars, words, table, width=width)


def themes_by_place(title: str, rows: Sequence[ThemeRow], *, width: float = WIDTH) -> Chart:
    """A bar for each theme: the room's part first, then the part from outside."""
    bars, words, y = key_to(PLACES, width)
    longest = max((row.room + row.outside for row in rows), default=0)
    for row in rows:
        tone = f"tone-{row.tone}"
        bars.append(Bar(0, y + 1, 20, 18, tone))
        words.append(Words(10, y + 15, row.letter, "middle", bold=True, paint=ink_on(tone)))
        first, *more = lines_of(row.label, width - 27, BOLD_LETTER) or [""]
        words.append(Words(27, y + 15, first, bold=True))
        for label in more:
            y += 18
            words.append(Words(27, y + 15, label, bold=True))
        parts = f"{row.room} room, {row.outside} outside"
        if 27 + len([first, *more][-1]) * TEXT * BOLD_LETTER + len(parts) * SMALL * LETTER > width:
            y += 18
        words.append(Words(width, y + 15, parts, "end", SMALL, paint="quiet"))
        room = bar_of(row.room, longest, y + 24, "room", width=width)
        outside = bar_of(row.outside, longest, y + 24, "outside", x=room.width, width=width)
        bars += [room, outside]
        words.append(number_after(outside, row.room + row.outside))
        y += 58
    summary = sentence(f"{row.label}: {row.room} in the room, {row.outside} outside" for row in rows)
    table_rows = tuple((f"{row.letter} {row.label}", row.room, row.outside, row.room + row.outside) for row in rows)
    table = Table(title, ("Theme", "In the room", "Outside", "Together"), table_rows)
    return chart_of(title, summary, y, bars, words, table, width=width)


def contributions_over_time(title: str, slots: Sequence[Slot], *, width: float = WIDTH) -> Chart:
    """A column for each quarter of an hour, room below and outside on top, over the shaded blocks of the day."""
    bars, words, top = key_to(PLACES, width)
    left, plot, foot = 30.0, 170.0, top + 24 + 170.0
    ceiling, tick = _ceiling(max((slot.room + slot.outside for slot in slots), default=0))
    wide = (width - left) / max(len(slots), 1)
    lines = []
    shades, names = _phases(slots, left, wide, top, plot + 24)
    for value in range(0, ceiling + 1, tick):
        y = foot - plot * value / ceiling
        lines.append(Line(left, y, width, y))
        words.append(Words(left - 6, y + 4, str(value), "end", SMALL, paint="quiet"))
    for index, slot in enumerate(slots):
        x, y = left + wide * index + wide * 0.12, foot
        for paint, n in (("room", slot.room), ("outside", slot.outside)):
            tall = plot * n / ceiling
            y -= tall
            bars.append(Bar(x, y, wide * 0.76, tall, paint))
    free_from = 0.0
    for index in _labelled(slots, wide):
        label = slots[index].label
        half = len(label) * SMALL * LETTER / 2
        # The last one may be wider than its column: it stays inside the drawing, or away where it would touch another.
        x = min(left + wide * (index + 0.5), width - half)
        if x - half < free_from:
            continue
        free_from = x + half + 4
        words.append(Words(x, foot + 17, label, "middle", SMALL, paint="quiet"))
    highest = max((slot.room + slot.outside for slot in slots), default=0)
    busiest = " and ".join(slot.label for slot in slots if slot.room + slot.outside == highest)
    most = f"; most at {busiest}, {highest}" if highest else ""
    room, outside = sum(slot.room for slot in slots), sum(slot.outside for slot in slots)
    table = Table(
        title,
        ("From", "In the room", "Outside", "Together"),
        tuple((slot.label, slot.room, slot.outside, slot.room + slot.outside) for slot in slots),
    )
    summary = f"{room} in the room and {outside} outside{most}."
    return chart_of(title, summary, foot + 26, [*shades, *bars], [*words, *names], table, lines, width)


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
