"""Who sits at which table: the wishes, the plan, and a reason for each person. `mixing` finds the plan.

A wish that cannot be kept is never an error: the plan says whose it is and why it was not.
"""

import enum
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

SMALLEST = 3
"""The fewest people who make a table: two can talk while the third writes. One alone has nobody, and two say what they
have said to each other before.
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to seat. `choices` are themes, the dearest first; `alike` says by kind which group they belong to, such
    as {"organisation": "Harbour Housing"}; `needs` are marks that their table should bear; `fixed` is the table that
    they keep.
    """

    id: int
    choices: Sequence[int] = ()
    alike: Mapping[str, str] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    fixed: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its chairs, its theme where it has one, and its marks, such as "step-free"."""

    id: int
    seats: int
    theme: int | None = None
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """Pairs who sit together, pairs who do not, and what it is worth by kind to spread those who are alike.

    The worth is counted in choices: at 1.0, one person fewer above the cap is worth somebody's second choice in place
    of their first.
    """

    together: Sequence[tuple[int, int]] = ()
    apart: Sequence[tuple[int, int]] = ()
    weights: Mapping[str, float] = field(default_factory=dict)


class Why(enum.Enum):
    """Why somebody sits where they sit, or which wish was not kept and for what."""

    FIXED = "fixed"
    CHOICE = "choice"
    NO_CHOICE = "no-choice"
    MIXED = "mixed"
    FULL = "full"
    EMPTY = "empty"
    FILLS = "fills"
    STANDING = "standing"
    NEED = "need"
    NEED_NOWHERE = "need-nowhere"
    NEED_FULL = "need-full"
    NEED_FIXED = "need-fixed"
    NEED_ELSEWHERE = "need-elsewhere"
    TOGETHER = "together"
    TOGETHER_FIXED = "together-fixed"
    TOGETHER_APART = "together-apart"
    TOGETHER_FULL = "together-full"
    APART = "apart"
    APART_FULL = "apart-full"
    APART_FIXED = "apart-fixed"

    @property
    def is_unmet(self) -> bool:
        """Whether a wish was not kept."""
        return self is Why.STANDING or self.value.endswith(("-nowhere", "-full", "-fixed", "-elsewhere", "-apart"))


@dataclass(frozen=True, slots=True)
class Reason:
    """`rank` is the place of the table's theme among somebody's choices, from 1; `marks` and `other` say what a need
    and whom a wish is about.
    """

    why: Why
    rank: int | None = None
    marks: tuple[str, ...] = ()
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """What a plan comes to: who sits at their first choice, of how many who chose, and the pairs at one table who are
    alike, by kind.
    """

    first: int
    chose: int
    pairs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everybody sits, and why. `without` is the balance of choices alone.

    `settled` is false where the clock cut the search short: only then may the same seed give another plan.
    """

    seats: Mapping[int, int]
    reasons: Mapping[int, Sequence[Reason]]
    mixed: Balance
    without: Balance
    settled: bool

    @property
    def standing(self) -> list[int]:
        return [person for person in self.reasons if person not in self.seats]


Seats = Mapping[int, int]
"""The table of each person who has a chair, both by id."""
Refused = Mapping[tuple[int, int], Why]
"""Pairs who wished to sit together and could not, with what stood against it."""


def balance_of(people: Sequence[Person], tables: Sequence[Table], seats: Seats, kinds: Collection[str]) -> Balance:
    themes = {table.id: table.theme for table in tables}
    chose = [person for person in people if person.choices]
    first = sum(person.id in seats and themes[seats[person.id]] == person.choices[0] for person in chose)
    return Balance(first, len(chose), {kind: _pairs(people, seats, kind) for kind in kinds})


def _pairs(people: Sequence[Person], seats: Seats, kind: str) -> int:
    groups = Counter(
        (seats[person.id], person.alike[kind]) for person in people if person.id in seats and person.alike.get(kind)
    )
    return sum(number * (number - 1) // 2 for number in groups.values())


def explain(
    people: Sequence[Person], tables: Sequence[Table], rules: Rules, *, seats: Seats, without: Seats, refused: Refused
) -> dict[int, list[Reason]]:
    """The reasons of each person: what they need, then their choice, then the company that was wished for.

    `without` are the seats by choices alone: whoever would have a better choice there gave it up for the mixture.
    """
    at = {table.id: table for table in tables}
    bound = {person for pair in (*rules.together, *rules.apart) for person in pair}
    fixed = {person.id for person in people if person.fixed is not None}
    held = Counter(without.values())
    left = {table.id: table.seats - held[table.id] for table in tables if held[table.id]}
    told = {person.id: _reasons_alone(person, at, seats, without, bound, left) for person in people}
    for one, other in rules.together:
        kept = _share_a_table(seats, one, other)
        why = Why.TOGETHER if kept else refused.get((one, other), Why.TOGETHER_FULL)
        _tell_both(told, one, other, why)
    for one, other in rules.apart:
        unmet = Why.APART_FIXED if {one, other} <= fixed else Why.APART_FULL
        _tell_both(told, one, other, unmet if _share_a_table(seats, one, other) else Why.APART)
    return told


def _reasons_alone(
    person: Person,
    at: Mapping[int, Table],
    seats: Seats,
    without: Seats,
    bound: Collection[int],
    left: Mapping[int, int],
) -> list[Reason]:
    """What there is to say of somebody without a word about others. `left` are the chairs that nobody holds by choices
    alone, at each table that is used.
    """
    if person.id not in seats:
        return [Reason(Why.STANDING)]
    table = at[seats[person.id]]
    rank, rank_without = _rank(person, table), _rank(person, at[without[person.id]])
    if person.fixed is not None:
        return [Reason(Why.FIXED, rank), *_of_needs(person, table, at)]
    if not person.choices:
        return [*_of_needs(person, table, at), Reason(Why.NO_CHOICE)]
    if rank_without is not None and (rank is None or rank_without < rank):
        why = Why.MIXED
    else:
        is_as_wished = rank == 1 or person.needs or person.id in bound
        why = Why.CHOICE if is_as_wished else _against_the_first(person, at, left)
    return [*_of_needs(person, table, at), Reason(why, rank)]


def _against_the_first(person: Person, at: Mapping[int, Table], left: Mapping[int, int]) -> Why:
    """Why somebody does not work on what they chose first: its tables are full, or stay empty, or can spare them."""
    tables = [table.id for table in at.values() if table.theme == person.choices[0]]
    if tables and not any(table in left for table in tables):
        return Why.EMPTY
    return Why.FILLS if any(left.get(table, 0) > 0 for table in tables) else Why.FULL


def _of_needs(person: Person, table: Table, at: Mapping[int, Table]) -> Iterator[Reason]:
    missing = person.needs - table.marks
    if met := person.needs & table.marks:
        yield Reason(Why.NEED, marks=tuple(sorted(met)))
    if missing:
        is_somewhere = any(person.needs <= other.marks for other in at.values())
        why = Why.NEED_FIXED if person.fixed is not None else Why.NEED_FULL
        yield Reason(why if is_somewhere else Why.NEED_NOWHERE, marks=tuple(sorted(missing)))


def _rank(person: Person, table: Table) -> int | None:
    """The place of a table's theme among somebody's choices, from 1; nothing where they did not choose it."""
    chosen = table.theme is not None and table.theme in person.choices
    return person.choices.index(table.theme) + 1 if chosen and table.theme is not None else None


def _share_a_table(seats: Seats, one: int, other: int) -> bool:
    return one in seats and seats[one] == seats.get(other)


def _tell_both(told: Mapping[int, list[Reason]], one: int, other: int, why: Why) -> None:
    """Whoever takes no part in the plan is told nothing, and nothing is told of them."""
    if one in told and other in told:
        told[one].append(Reason(why, other=other))
        told[other].append(Reason(why, other=one))
