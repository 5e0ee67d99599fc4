"""How many of those who said yes will come: a range, learnt from earlier days."""

from collections.abc import Sequence
from dataclasses import dataclass

PUBLISHED = (
    (0.50, "about half across 323 student hackathons"),
    (0.72, "860 free events, the median"),
    (0.63, "42 of 67"),
)
"""Shares that came, as others have published them (PheedLoop's event data report, Major League Hacking's organiser
guide, one evening of Open Space): what there is to go by before one has days of one's own."""
ENOUGH = 3
"""From so many days of one's own on, these alone are asked; before, all the published ones weigh as much as one day."""
LEAST_SPREAD = 0.05
TENTH = 1.2816
"""The standard normal distribution's 90th percentile: a range from the 10th to it holds four days of five."""


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many of `confirmed` may come: four days of five are expected between `low` and `high`. `days` is how many
    earlier days it was learnt from."""

    confirmed: int
    low: int
    likely: int
    high: int
    days: int


def expected_turnout(confirmed: int, earlier: Sequence[tuple[int, int]]) -> Turnout:
    """The range for `confirmed` people, from earlier days as (confirmed, came); days with nobody confirmed say nothing.

    The mean of the days' shares; the spread between days, never under five in a hundred, and the chance of each person
    beside it: a normal approximation of the beta-binomial distribution.
    """
    days = [(came / said, 1.0) for said, came in earlier if said]
    others = [] if len(days) >= ENOUGH else [(share, 1 / len(PUBLISHED)) for share, _ in PUBLISHED]
    shares = [*days, *others]
    weight = sum(weight for _, weight in shares)
    mean = sum(share * weight for share, weight in shares) / weight
    between = sum(weight * (share - mean) ** 2 for share, weight in shares) / weight
    spread = max(LEAST_SPREAD**2, between) + mean * (1 - mean) / max(confirmed, 1)
    reach = TENTH * spread**0.5
    low, high = round(confirmed * max(0.0, mean - reach)), round(confirmed * min(1.0, mean + reach))
    return Turnout(confirmed, low, round(confirmed * mean), high, len(days))
