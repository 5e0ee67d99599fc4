"""Which tables stay empty, so that nobody sits alone at one.

A table that enough people chose is used. Of the others the emptiest go first: those that would move fewer people by
staying empty than by being filled, and more of them until the people there are fill half of the chairs at each table
that is left. What nobody loses by it: a chair, the party that they belong to, what they need, a table apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

import numpy as np

from hackathon.maths.assignment import APART, Problem, Whole, assign, place_parties


def has_company(problem: Problem, seats: Whole) -> bool:
    """Whether enough people sit at every table."""
    return bool((problem.people_at(seats) >= problem.company[-1]).all())


def tables_to_leave(problem: Problem, seats: Whole, pinned: Sequence[int]) -> list[int]:
    """The tables that stay empty. `seats` are the cheapest chairs for everybody, whoever else sits there."""
    serves, chosen_by = _serve_a_need(problem, seats), problem.people_at(seats)
    left: list[int] = []
    for table in sorted(range(len(chosen_by)), key=lambda table: (table in serves, chosen_by[table])):
        people, least = problem.people_at(seats), problem.company[-1]
        is_small = people[table] < least[table] and problem.sitting[table] == 0
        is_hardly_wanted = 2 * people[table] < least[table]
        if not is_small or not (is_hardly_wanted or _are_few(problem)):
            continue
        fewer = replace(problem, chairs=np.where(np.arange(len(people)) == table, 0, problem.chairs))
        if _holds_everybody(fewer, pinned) and not (table in serves and _costs_a_need(problem, fewer, pinned)):
            problem, seats = fewer, _without_table(fewer, seats, table)
            left.append(table)
    return left


def _without_table(problem: Problem, seats: Whole, table: int) -> Whole:
    """About where everybody sits once the people of this table have gone to the cheapest others."""
    seats = seats.copy()
    for unit in np.flatnonzero(seats == table):
        seats[unit] = -1
        has_room = problem.people_at(seats) + problem.sizes[unit] <= problem.sitting + problem.chairs
        seats[unit] = np.where(has_room, problem.costs[unit], np.inf).argmin()
    return seats


def _are_few(problem: Problem) -> bool:
    """Whether half of the chairs at each table that is used are more than there are people."""
    halves = np.maximum(problem.company[-1], (problem.sitting + problem.chairs + 1) // 2)
    return bool(halves.sum() > problem.sitting.sum() + problem.sizes.sum())


def _holds_everybody(problem: Problem, pinned: Sequence[int]) -> bool:
    used = np.count_nonzero(problem.sitting + problem.chairs)
    if problem.chairs.sum() < problem.sizes.sum() or used < _tables_for_those_apart(problem.apart):
        return False
    placed = place_parties(problem, pinned)
    return bool((placed[(problem.sizes > 1) | (np.asarray(pinned) >= 0)] >= 0).all())


def _tables_for_those_apart(apart: Sequence[tuple[int, int]]) -> int:
    """So many are enough: each takes the first table without anybody whom they are kept from (greedy colouring)."""
    table: dict[int, int] = {}
    for unit in sorted({unit for pair in apart for unit in pair}):
        taken = {table.get(foe) for foe in _foes(unit, apart)}
        table[unit] = next(number for number in count() if number not in taken)
    return 1 + max(table.values(), default=0)


def _foes(unit: int, apart: Sequence[tuple[int, int]]) -> Iterator[int]:
    for one, other in apart:
        if unit in (one, other):
            yield other if unit == one else one


def _serve_a_need(problem: Problem, seats: Whole) -> set[int]:
    """The tables at which somebody sits to whom another would be worse than a choice missed."""
    grave = problem.costs // APART
    return set(seats[grave.max(axis=1) > grave[np.arange(len(seats)), seats]].tolist())


def _costs_a_need(problem: Problem, fewer: Problem, pinned: Sequence[int]) -> bool:
    return _grave(fewer, pinned) > _grave(problem, pinned)


def _grave(problem: Problem, pinned: Sequence[int]) -> float:
    """What the cheapest chairs cost beyond choices."""
    seats = assign(problem, place_parties(problem, pinned))
    return float((problem.costs[np.arange(len(seats)), seats] // APART).sum())
