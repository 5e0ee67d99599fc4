"""Who goes where at the least cost: the numbers below a seat plan.

It brings numpy and scipy along, which take a second and many megabytes to load: a room that needs it imports it late.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from hackathon.maths.seating import SMALLEST

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

APART = 300.0
"""What it costs to seat two at one table who are kept apart: done only where there is no other way."""
COMPANY = np.arange(2, SMALLEST + 1)[:, np.newaxis]
LONELY = 50.0
"""Numbers of people that are company, and what each person costs who is missing for one of them at a table that is
used: more than somebody's choice, so that others join whoever sits alone, and less than keeping two apart.
"""
EVEN = 0.02
"""What a pair below the cap costs, as a share of a person above it: it decides between plans alike otherwise."""
SURELY_LESS = 1e-9
MOST_SWEEPS = 40


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which people are alike, such as their organisation: who belongs to which group, and what it costs to
    seat more of a group at one table than its cap. `sitting` counts those who sit there already and are not moved.

    The last group has no weight: it takes in whoever belongs to none. `group` is good for units of one person;
    `members` counts those of every unit.
    """

    group: Whole
    members: Whole
    sitting: Whole
    caps: Whole
    weights: Floats

    def counts(self, tables: Whole) -> Whole:
        """How many of each group sit at each table."""
        counts = self.sitting.copy()
        np.add.at(counts.T, tables, self.members)
        return counts


@dataclass(frozen=True, slots=True)
class Problem:
    """Units of one or more people who sit together, and tables with chairs: `costs[unit, table]`.

    `sitting` counts those who sit there already and are not moved. A table without chairs and people is not used.
    """

    costs: Floats
    sizes: Whole
    chairs: Whole
    sitting: Whole
    kinds: Sequence[Kind]
    apart: Sequence[tuple[int, int]]

    @property
    def company(self) -> Whole:
        """For each table the numbers of people below which somebody sits there as good as alone."""
        numbers: Whole = np.minimum(COMPANY, self.sitting + self.chairs)
        return numbers

    def people_at(self, tables: Whole) -> Whole:
        """How many sit at each table; whoever has none yet is left out."""
        placed = tables >= 0
        people: Whole = self.sitting + np.bincount(tables[placed], self.sizes[placed], len(self.chairs)).astype(int)
        return people


def place_parties(problem: Problem, pinned: Sequence[int]) -> Whole:
    """A table for each unit of several and each that is pinned to one; -1 for all others and where there is no room.

    The largest go first, each to the table that costs least; where that leaves some out, to the fullest with room.
    """
    wanted = [unit for unit, table in enumerate(pinned) if problem.sizes[unit] > 1 or table >= 0]
    wanted.sort(key=lambda unit: (pinned[unit] < 0, -problem.sizes[unit], unit))
    cheapest = _placed(problem, pinned, wanted, tightly=False)
    if (cheapest[wanted] >= 0).all():
        return cheapest
    tightest = _placed(problem, pinned, wanted, tightly=True)
    return max(cheapest, tightest, key=lambda placed: problem.sizes[placed >= 0].sum())


def _placed(problem: Problem, pinned: Sequence[int], wanted: Sequence[int], *, tightly: bool) -> Whole:
    left, placed = problem.chairs.copy(), np.full(len(problem.sizes), -1)
    for unit in wanted:
        has_room = left >= problem.sizes[unit]
        if pinned[unit] >= 0:
            has_room &= np.arange(len(left)) == pinned[unit]
        if has_room.any():
            placed[unit] = np.where(has_room, left if tightly else problem.costs[unit], np.inf).argmin()
            left[placed[unit]] -= problem.sizes[unit]
    return placed


def assign(problem: Problem, placed: Whole, *, company: bool = False) -> Whole:
    """The cheapest chairs for all who are not placed yet, one person each, without a thought for mixing. With `company`
    the first chairs of each table are taken before others.

    The assignment problem on chairs (Crouse 2016, as scipy has it).
    """
    alone, at_table = np.flatnonzero(placed < 0), placed >= 0
    chairs = _empty_chairs(problem, placed[at_table], problem.sizes[at_table])
    costs = problem.costs[alone][:, chairs]
    if company:
        place = problem.people_at(placed)[chairs] + np.arange(len(chairs)) - np.searchsorted(chairs, chairs)
        costs = costs - LONELY * (place < problem.company[:, chairs]).sum(axis=0)
    rows, columns = linear_sum_assignment(costs)
    tables = placed.copy()
    tables[alone[rows]] = chairs[columns]
    return tables


def _empty_chairs(problem: Problem, tables: Whole, sizes: Whole) -> Whole:
    """The table of each chair that nobody holds."""
    taken = np.bincount(tables, sizes, len(problem.chairs)).astype(int)
    return np.repeat(np.arange(len(problem.chairs)), problem.chairs - taken)


def score(problem: Problem, tables: Whole) -> float:
    """What a plan costs in all; the lower the better."""
    total = float(problem.costs[np.arange(len(tables)), tables].sum())
    total += LONELY * float(np.maximum(problem.company - problem.people_at(tables), 0).sum())
    for kind in problem.kinds:
        counts = kind.counts(tables)
        above, pairs = np.maximum(counts - kind.caps[:, None], 0), counts * (counts - 1) / 2
        total += float((kind.weights[:, None] * (above + EVEN * pairs)).sum())
    return total + APART * sum(bool(tables[one] == tables[other]) for one, other in problem.apart)


def improve(problem: Problem, tables: Whole, order: Whole, *, until: float) -> tuple[Whole, bool]:
    """Let two change places while that makes the plan cheaper; an empty chair changes places like a person.

    `order` says who may: people alone, in the order in which they look for a better place. The second answer is whether
    it came to its end; where the clock ended it, the plan may be another one next time.
    """
    if not problem.kinds and not problem.apart:  # choices alone: an assignment leaves nothing to change
        return tables, True
    places = _Places(problem, tables, order)
    for _ in range(MOST_SWEEPS):
        changed = 0
        for one in range(len(order)):
            if time.monotonic() > until:
                return places.settled(tables), False
            changed += places.change(one)
        if not changed:
            break
    return places.settled(tables), True


class _Places:
    """Those who may change places, then the empty chairs; and how many of each group sit at each table.

    The groups of all kinds stand in one list, so that one look is enough for all of them: `groups[kind, person]`.
    """

    def __init__(self, problem: Problem, tables: Whole, order: Whole) -> None:
        empty = _empty_chairs(problem, tables, problem.sizes)
        self.order, self.everybody = order, np.arange(len(order) + len(empty))
        self.company, self.people = problem.company, problem.people_at(tables)
        self.at = np.concatenate([tables[order], empty])
        self.costs = np.vstack([problem.costs[order], np.zeros((len(empty), len(problem.chairs)))])
        self.groups = np.zeros((0, len(self.at)), int)
        self.counts, self.caps, self.weights = np.zeros((0, len(problem.chairs)), int), np.zeros(0, int), np.zeros(0)
        for kind in problem.kinds:
            self._reckon_with(kind, tables)
        self.foes: dict[int, list[int]] = {}
        self._mind_who_is_kept_apart(problem, tables)

    def _reckon_with(self, kind: Kind, tables: Whole) -> None:
        nobody = np.full(len(self.at) - len(self.order), len(kind.caps) - 1)
        groups = np.concatenate([kind.group[self.order], nobody]) + len(self.caps)
        self.groups = np.vstack([self.groups, groups])
        self.counts = np.vstack([self.counts, kind.counts(tables)])
        self.caps = np.concatenate([self.caps, kind.caps])
        self.weights = np.concatenate([self.weights, kind.weights])

    def _mind_who_is_kept_apart(self, problem: Problem, tables: Whole) -> None:
        """A table where somebody's foe sits is dear; it changes as the foe changes places."""
        place = {int(unit): number for number, unit in enumerate(self.order)}
        for pair in problem.apart:
            for one, other in (pair, pair[::-1]):
                if one in place:
                    self.costs[place[one], tables[other]] += APART
                    if other in place:
                        self.foes.setdefault(place[one], []).append(place[other])

    def change(self, one: int) -> bool:
        """Make the best change for this person, where there is one that makes the plan cheaper."""
        here, there, mine = self.at[one], self.at, self.groups[:, one : one + 1]
        saved = self.costs[one, here] - self.costs[one, there]
        saved += self.costs[self.everybody, there] - self.costs[:, here]
        gain = self._leaving(mine, here) - self._entering(mine, there)
        gain += self._leaving(self.groups, there) - self._entering(self.groups, here)
        saved += np.where(self.groups == mine, 0.0, gain).sum(axis=0)
        saved[len(self.order) :] += self._company_kept(here)[there[len(self.order) :]]
        saved[there == here] = 0.0
        saved[self.foes.get(one, [])] = 0.0
        other = int(saved.argmax())
        if saved[other] <= SURELY_LESS:
            return False
        self._move(one, there[other])
        self._move(other, here)
        return True

    def _entering(self, groups: Whole, tables: Whole) -> Floats:
        """What one more of a group costs at a table."""
        sitting = self.counts[groups, tables]
        return self.weights[groups] * ((sitting >= self.caps[groups]) + EVEN * sitting)

    def _leaving(self, groups: Whole, tables: Whole) -> Floats:
        """What it saves that one of a group leaves a table."""
        sitting = self.counts[groups, tables]
        return self.weights[groups] * ((sitting > self.caps[groups]) + EVEN * (sitting - 1))

    def _company_kept(self, here: int) -> Floats:
        """What it saves at each table that one comes, less what it costs that one goes from here."""
        coming, going = self.people < self.company, self.people[here] <= self.company[:, here]
        saved: Floats = LONELY * (coming.sum(axis=0) - going.sum())
        return saved

    def _move(self, who: int, table: int) -> None:
        before, self.at[who] = self.at[who], table
        if who < len(self.order):
            self.people[before] -= 1
            self.people[table] += 1
        self.counts[self.groups[:, who], before] -= 1
        self.counts[self.groups[:, who], table] += 1
        for foe in self.foes.get(who, []):
            self.costs[foe, before] -= APART
            self.costs[foe, table] += APART

    def settled(self, tables: Whole) -> Whole:
        """The plan as it stands, for every unit."""
        plan = tables.copy()
        plan[self.order] = self.at[: len(self.order)]
        return plan
