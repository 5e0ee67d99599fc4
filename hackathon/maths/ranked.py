"""Ranked choice: the least preferred option goes out, and its ballots pass to their next choice, until one has more
than half (instant run-off).

Counted as in rule 45A of section 9 of the Parliamentary Voting System and Constituencies Act 2011 (the alternative
vote). A tie for the fewest is broken as in rule 5.2.5 of the Electoral Reform Society's ERS97: out goes the one that
had fewer at the earliest count at which they differed. Where that settles nothing, ERS97 draws lots; so that anybody
can count again, here goes out the one that fewer ballots rank at all, and then the one that stands later in the list.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TIE_RULE = (
    "Where two have the fewest, the one goes out that had fewer at the earliest count at which they differed; if they"
    " never did, the one that fewer people ranked at all; and if that is equal too, the one that stands later in the"
    " list of statements."
)


@dataclass(frozen=True, slots=True)
class Count:
    """One count: the ballots that each option holds, those with no choice left, and which option goes out.

    `tied` are the options that had the fewest together, when it took the rule for ties to say which goes.
    """

    held: Mapping[int, int]
    spent: int
    out: int | None = None
    tied: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RunOff:
    """All counts, the last of which has a winner; without a ballot there is neither."""

    counts: tuple[Count, ...]
    winner: int | None

    def out_at(self, option: int) -> int | None:
        """The count, from 1, at which an option went out."""
        return next((number for number, count in enumerate(self.counts, start=1) if count.out == option), None)

    def last_held(self, option: int) -> int:
        """What an option had at the last count that it was in."""
        return next(count.held[option] for count in reversed(self.counts) if option in count.held)

    def finish(self) -> list[int]:
        """The options as they finished: the winner, who was left beside it, and the others, last out first."""
        if not self.counts:
            return []
        last = self.counts[-1].held
        left = sorted(last, key=lambda option: (option != self.winner, -last[option], option))
        return [*left, *(count.out for count in reversed(self.counts) if count.out is not None)]


def run_off(ballots: Sequence[Sequence[int]], options: Sequence[int]) -> RunOff:
    """Count ballots, each a list of options from the first choice on, until an option holds more than half.

    `options` stand in the order of the published list.
    """
    choices = [choice for ballot in ballots if (choice := tuple(option for option in ballot if option in options))]
    if not choices:
        return RunOff((), None)
    ranked = Counter(option for choice in choices for option in choice)
    remaining, counts = list(options), list[Count]()
    while True:
        held = _held(choices, remaining)
        spent = len(choices) - sum(held.values())
        leader = max(remaining, key=lambda option: held[option])
        if 2 * held[leader] > sum(held.values()):
            return RunOff((*counts, Count(held, spent)), leader)
        fewest = min(held.values())
        tied = [option for option in remaining if held[option] == fewest]
        out = min(tied, key=lambda option: _standing(option, counts, ranked, options))
        counts.append(Count(held, spent, out, tuple(tied) if len(tied) > 1 else ()))
        remaining.remove(out)


def _held(choices: Sequence[Sequence[int]], remaining: Sequence[int]) -> dict[int, int]:
    """How many ballots have each option as the highest of those that remain."""
    left = frozenset(remaining)
    highest = Counter(next((option for option in choice if option in left), None) for choice in choices)
    return {option: highest[option] for option in remaining}


def _standing(
    option: int, counts: Sequence[Count], ranked: Mapping[int, int], options: Sequence[int]
) -> tuple[int, ...]:
    """What the rule for ties looks at, in its order; the lowest goes out."""
    return (*(count.held[option] for count in counts), ranked.get(option, 0), -options.index(option))
