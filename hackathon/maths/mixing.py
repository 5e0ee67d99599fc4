"""A seat for everybody, mixed: choices are weighed against tables full of colleagues. It always answers.

Fixed people stay, and those who belong together become parties. Chairs are assigned by choices alone, for comparison;
where that leaves somebody as good as alone, some tables stay empty and the others are filled.
Then people change places while that spreads them better: no table need hold more of one organisation (or sector, or
role) than ⌈its people / tables⌉. For a smaller room a mixed-integer programme looks for the best plan there is, and the
better of the two is kept.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from hackathon.maths.assignment import APART, Floats, Kind, Problem, Whole, assign, improve, place_parties, score
from hackathon.maths.company import has_company, tables_to_leave
from hackathon.maths.parties import Pair, Party, make_parties
from hackathon.maths.programme import optimise
from hackathon.maths.seating import Person, Plan, Rules, Table, Why, balance_of, explain

SECONDS = 8.0
"""How long the search may take before the best plan so far is the answer."""
RANK_COSTS = (0.0, 1.0, 2.0)
NOT_CHOSEN = 4.0
NEED = 1_000.0
"""What a mark costs that somebody needs and their table has not: more than the choices of all who sit at it."""
TIES = 1e-4
"""Lots between plans that are alike otherwise, so that nobody gains by standing early in the list."""
MOST_VARIABLES = 10_000
"""People times tables up to which the programme is tried; above that it is slower than people who change places."""


def mix(
    people: Sequence[Person], tables: Sequence[Table], rules: Rules, *, seed: int, seconds: float = SECONDS
) -> Plan:
    """Seat people at tables. Where there are more people than chairs, the last in the list stand."""
    until = time.monotonic() + seconds
    room = _Room(people, tables, rules, np.random.default_rng(seed))
    parties, refused = room.settle_parties()
    without, seats, settled = room.fixed, room.fixed, True
    if parties:
        plain, mixed, settled = _search(room, parties, until)
        without, seats = room.seats_of(parties, plain), room.seats_of(parties, mixed)
    return Plan(
        seats,
        explain(people, tables, rules, seats=seats, without=without, refused=refused),
        balance_of(people, tables, seats, rules.weights),
        balance_of(people, tables, without, rules.weights),
        settled,
    )


def _search(room: "_Room", parties: Sequence[Party], until: float) -> tuple[Whole, Whole, bool]:
    """The plan by choices alone, the mixed one, and whether the clock had no hand in it."""
    problem, pinned = room.problem_of(parties)
    placed = place_parties(problem, pinned)
    order = room.lots.permutation(np.flatnonzero(placed < 0))
    seats = assign(problem, placed)
    if not has_company(problem, seats):
        room.leave_empty(tables_to_leave(problem, seats, pinned))
        problem, pinned = room.problem_of(parties)
        seats = assign(problem, place_parties(problem, pinned), company=True)
    choices = replace(problem, kinds=())
    plain, settled = improve(choices, seats, order, until=until)
    if len(order) < len(parties) or problem.apart:  # otherwise the assignment is the best there is
        plain, proved = _best(choices, plain, pinned, order, until)
        settled &= proved
    mixed, in_time = improve(problem, plain, order, until=until)
    mixed, proved = _best(problem, mixed, pinned, order, until)
    return plain, mixed, settled and in_time and proved


def _best(problem: Problem, tables: Whole, pinned: Sequence[int], order: Whole, until: float) -> tuple[Whole, bool]:
    """The plan of the programme where it is better than this one, for a room that is small enough."""
    if problem.costs.size > MOST_VARIABLES:
        return tables, True
    found, proved = optimise(problem, pinned, seconds=max(until - time.monotonic(), 0.0))
    if found is None:
        return tables, False
    polished, in_time = improve(problem, found, order, until=until)
    return min(tables, polished, key=lambda plan: score(problem, plan)), proved and in_time


class _Room:
    """People and tables by their places in the arrays."""

    def __init__(
        self, people: Sequence[Person], tables: Sequence[Table], rules: Rules, lots: np.random.Generator
    ) -> None:
        self.tables, self.rules, self.lots = tables, rules, lots
        self.place = {table.id: number for number, table in enumerate(tables)}
        self.fixed = {person.id: person.fixed for person in people if person.fixed is not None}
        held = Counter(self.fixed.values())
        self.sitting = np.array([held[table.id] for table in tables])
        self.free = {table.id: max(table.seats - held[table.id], 0) for table in tables}
        movable = [person for person in people if person.fixed is None][: sum(self.free.values())]
        self.seated = [person for person in people if person.fixed is not None] + movable
        drawn = lots.random((len(movable), len(tables))) * TIES
        self.costs = {person.id: self._costs_of(person) + lot for person, lot in zip(movable, drawn, strict=True)}

    def settle_parties(self) -> tuple[list[Party], Mapping[Pair, Why]]:
        """Parties that all find room. Of one that finds none, the last wish is given up, and all is tried again."""
        given_up: dict[Pair, Why] = {}
        while True:
            parties, refused = make_parties(self.seated, self.free, self.rules, given_up=given_up)
            placed: Iterable[int] = place_parties(*self.problem_of(parties)) if parties else []
            left_out = [party for party, table in zip(parties, placed, strict=True) if party.pairs and table < 0]
            if not left_out:
                return parties, refused
            given_up |= {party.pairs[-1]: Why.TOGETHER_FULL for party in left_out}

    def leave_empty(self, tables: Iterable[int]) -> None:
        """Nobody is to sit at these tables."""
        self.free.update({self.tables[table].id: 0 for table in tables})

    def problem_of(self, parties: Sequence[Party]) -> tuple[Problem, list[int]]:
        """The parties as numbers, and the table that each is pinned to, or -1."""
        unit = {person: number for number, party in enumerate(parties) for person in party.members}
        problem = Problem(
            costs=np.array([sum(self.costs[person] for person in party.members) for party in parties]),
            sizes=np.array([len(party.members) for party in parties]),
            chairs=np.array([self.free[table.id] for table in self.tables]),
            sitting=self.sitting,
            kinds=[self._kind(kind, weight, unit) for kind, weight in self.rules.weights.items()],
            apart=[(unit[a], unit[b]) for a, b in self.rules.apart if a in unit and b in unit],
        )
        return problem, [-1 if party.pinned is None else self.place[party.pinned] for party in parties]

    def seats_of(self, parties: Sequence[Party], tables: Whole) -> dict[int, int]:
        moved = {
            person: self.tables[table].id
            for party, table in zip(parties, tables, strict=True)
            for person in party.members
        }
        return self.fixed | moved

    def _costs_of(self, person: Person) -> Floats:
        """What each table costs somebody: a theme further down their list, a need unmet, somebody to be kept from."""
        ranks: dict[int | None, float] = dict(zip(person.choices, RANK_COSTS, strict=False))
        costs = np.array(
            [
                (ranks.get(table.theme, NOT_CHOSEN) if ranks else 0.0) + NEED * len(person.needs - table.marks)
                for table in self.tables
            ]
        )
        for pair in self.rules.apart:
            if person.id in pair:
                other = pair[0] if pair[1] == person.id else pair[1]
                if other in self.fixed:
                    costs[self.place[self.fixed[other]]] += APART
        return costs

    def _kind(self, kind: str, weight: float, unit: Mapping[int, int]) -> Kind:
        """Who is alike in this way. Those who are like nobody here share the last group, which has no weight."""
        numbers = Counter(person.alike.get(kind, "") for person in self.seated)
        groups = [group for group, number in numbers.items() if group and number > 1]
        place = {group: number for number, group in enumerate(groups)}
        group = np.full(len(set(unit.values())), len(groups))
        members = np.zeros((len(group), len(groups) + 1), int)
        sitting = np.zeros((len(groups) + 1, len(self.tables)), int)
        for person in self.seated:
            its = place.get(person.alike.get(kind, ""), len(groups))
            if person.fixed is not None:
                sitting[its, self.place[person.fixed]] += 1
            else:
                members[unit[person.id], its] += 1
                group[unit[person.id]] = its
        used = sum(self.free[table.id] > 0 or here > 0 for table, here in zip(self.tables, self.sitting, strict=True))
        caps = np.array([-(-numbers[group] // used) for group in groups] + [len(self.seated)])
        return Kind(group, members, sitting, caps, np.array([weight] * len(groups) + [0.0]))
