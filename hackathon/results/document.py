"""What a vote came to, in plain values and words that page and paper lay out alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hackathon.core.words import in_a_row
from hackathon.maths.ranked import TIE_RULE, Count, RunOff
from hackathon.maths.rates import Rate

Cell = str | int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Numbers in a table. The first cell of a row says what the row is about."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class DotTally:
    """The dots that lie on a statement, of all that were spread; and who put any there, of all who spread some."""

    number: int
    text: str
    dots: Rate
    voters: Rate

    @property
    def name(self) -> str:
        return f"{self.number}. {self.text}"


@dataclass(frozen=True, slots=True)
class Ranking:
    """How the counts of a ranking went, on so many ballots. `texts` are the statements by their numbers."""

    texts: Mapping[int, str]
    ballots: int
    run_off: RunOff

    def name(self, number: int) -> str:
        return f"{number}. {self.texts[number]}"

    def first_choices(self, number: int) -> Rate:
        return Rate(self.run_off.counts[0].held[number], self.ballots)


@dataclass(frozen=True, slots=True)
class VoteOutcome:
    """What people chose where dots were spread or statements ranked.

    `message` is the one thing to take away, `counted` the rule. `bars` are drawn, as many `unit` long; `rounds` are
    the counts of a ranking in sentences.
    """

    message: str
    counted: tuple[str, ...]
    unit: str
    bars: tuple[tuple[str, int], ...]
    sheet: Sheet
    rounds: tuple[str, ...] = ()


def outcome_of_dots(dots: Sequence[DotTally]) -> VoteOutcome:
    """The statement with the most dots first; those with equally many are named together."""
    ordered = sorted(dots, key=lambda line: (-line.dots.n, line.number))
    most = [line.number for line in ordered if line.dots.n == ordered[0].dots.n]
    drew = f"{_listed(most)} drew the most dots, {ordered[0].dots.text}"
    return VoteOutcome(
        message=f"{drew} each" if len(most) > 1 else drew,
        counted=(
            "The dots on each statement are added up. A share is of all dots that were spread; people are those who put"
            " at least one dot there, of all who spread any.",
        ),
        unit="Dots",
        bars=tuple((line.name, line.dots.n) for line in ordered),
        sheet=Sheet(
            "Dots on each statement",
            ("Statement", "Dots", "People"),
            tuple((line.name, line.dots.text, line.voters.text) for line in ordered),
        ),
    )


def outcome_of_ranking(ranking: Ranking) -> VoteOutcome:
    """The statements as they finished, and every count, so that anybody can count again."""
    found = ranking.run_off
    order, last = found.finish(), found.counts[-1].held
    kept = Rate(last[order[0]], sum(last.values()))
    return VoteOutcome(
        message=f"Statement {found.winner} won, with {kept.text} ballots at the last count",
        counted=(
            "Each ballot counts for the highest choice on it that is still in. The statement with the fewest goes out"
            " and its ballots pass to their next choice, until one has more than half of the ballots that still count.",
            TIE_RULE,
        ),
        unit="First choices",
        bars=tuple((ranking.name(number), ranking.first_choices(number).n) for number in order),
        sheet=Sheet(
            "How the ranking ended",
            ("Statement", "First choices", "At its last count", "What came"),
            tuple(
                (ranking.name(n), ranking.first_choices(n).text, found.last_held(n), _what_came(found, n))
                for n in order
            ),
        ),
        rounds=tuple(_count_words(count, found.winner) for count in found.counts),
    )


def _what_came(found: RunOff, number: int) -> str:
    if (out := found.out_at(number)) is not None:
        return f"Out at count {out}"
    return "Won" if number == found.winner else "Still in"


def _count_words(count: Count, winner: int | None) -> str:
    """One count in a few sentences, with everything that it takes to count again."""
    ordered = sorted(count.held, key=lambda number: (-count.held[number], number))
    held = "; ".join(f"statement {number} has {count.held[number]}" for number in ordered)
    spent = f"; {count.spent} with no choice left" if count.spent else ""
    if count.out is None:
        then = f"Statement {winner} has more than half."
    else:
        tied = f"{_listed(count.tied)} have the fewest, and the rule for ties decides. " if count.tied else ""
        then = f"{tied}Statement {count.out} goes out."
    return f"{held[0].upper()}{held[1:]}{spent}. {then}"


def untold_words(numbers: Sequence[int], fewest: int) -> str:
    """Why nothing is said of these statements."""
    return f"{_listed(numbers)}: fewer than {fewest} people rated, too few to show without telling who."


def _listed(numbers: Sequence[int]) -> str:
    """“Statement 3”, or “Statements 1, 4 and 7”."""
    return f"{'Statement' if len(numbers) == 1 else 'Statements'} {in_a_row(map(str, numbers))}"
