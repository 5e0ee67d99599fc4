"""The seat plan that costs least, as a mixed-integer programme."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import coo_array

from hackathon.maths.assignment import APART, LONELY, Floats, Kind, Problem, Whole

GAP = 1e-6
PROVED = 0


def optimise(problem: Problem, pinned: Sequence[int], *, seconds: float) -> tuple[Whole | None, bool]:
    """The plan that costs least, found by HiGHS (Huangfu and Hall 2018), or None where it finds none in time. The
    second answer is whether it is proved that there is no better one.

    One variable for each unit at each table, and one for each group at each table that counts those above the cap.
    """
    units, tables = problem.costs.shape
    programme = _Programme(problem.costs.ravel())
    for unit in range(units):
        programme.require(unit * tables + np.arange(tables), np.ones(tables), 1, 1)
    for table in range(tables):
        programme.require(np.arange(units) * tables + table, problem.sizes, 0, problem.chairs[table])
    for unit, table in enumerate(pinned):
        if table >= 0:
            programme.require([unit * tables + table], [1], 1, 1)
    for one, other in problem.apart:
        for table in range(tables):
            programme.discourage([one * tables + table, other * tables + table], [1, 1], 1, APART)
    _keep_company(programme, problem)
    for kind in problem.kinds:
        for group in np.flatnonzero(kind.weights):
            _cap(programme, kind, group, tables)
    found = programme.solve(seconds)
    if found.x is None:
        return None, False
    return found.x[: units * tables].reshape(units, tables).argmax(axis=1), found.status == PROVED


def _keep_company(programme: "_Programme", problem: Problem) -> None:
    """Each who is missing for company at a table has a price; a table that no plan can leave so empty needs no row."""
    units, tables = problem.costs.shape
    to_spare = problem.chairs.sum() - problem.sizes.sum()
    surely = problem.sitting + np.maximum(problem.chairs - to_spare, 0)
    for numbers in problem.company:
        for table in np.flatnonzero(surely < numbers):
            missing = numbers[table] - problem.sitting[table]
            programme.discourage(np.arange(units) * tables + table, -problem.sizes, -missing, LONELY)


def _cap(programme: "_Programme", kind: Kind, group: np.int64, tables: int) -> None:
    """Each of a group above its cap at a table has a price; a group that cannot come above it needs no row."""
    units = np.flatnonzero(kind.members[:, group])
    members = kind.members[units, group]
    for table in range(tables):
        room = max(kind.caps[group] - kind.sitting[group, table], 0)
        if members.sum() > room:
            programme.discourage(units * tables + table, members, room, kind.weights[group])


class _Programme:
    """The rows as they are written down; sparse, because a row knows few of the variables."""

    def __init__(self, costs: Floats) -> None:
        self.costs = costs
        self.prices: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[Whole] = []
        self.columns: list[Whole] = []
        self.values: list[Floats] = []

    def require(
        self, columns: Sequence[int] | Whole, values: Sequence[int] | Whole | Floats, low: float, high: float
    ) -> None:
        self.rows.append(np.full(len(columns), len(self.low)))
        self.columns.append(np.asarray(columns))
        self.values.append(np.asarray(values, float))
        self.low.append(low)
        self.high.append(high)

    def discourage(
        self, columns: Sequence[int] | Whole, values: Sequence[int] | Whole, most: float, price: float
    ) -> None:
        """At most so many; each one more has its price."""
        above = len(self.costs) + len(self.prices)
        self.prices.append(price)
        self.require([*columns, above], [*values, -1], -np.inf, most)

    def solve(self, seconds: float) -> OptimizeResult:
        costs = np.concatenate([self.costs, self.prices])
        cells = (np.concatenate(self.values), (np.concatenate(self.rows), np.concatenate(self.columns)))
        matrix = coo_array(cells, shape=(len(self.low), len(costs))).tocsr()
        is_whole = np.arange(len(costs)) < len(self.costs)
        return milp(
            costs,
            constraints=LinearConstraint(matrix, self.low, self.high),
            integrality=is_whole.astype(int),
            bounds=Bounds(0, np.where(is_whole, 1, np.inf)),
            options={"time_limit": seconds, "mip_rel_gap": GAP},
        )
