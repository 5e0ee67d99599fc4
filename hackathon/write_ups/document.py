"""What a write-up says, before it is a page or paper: plain frozen values and nothing else."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hackathon.figures.document import Shown
from hackathon.maths.rates import Rate
from hackathon.maths.standing import Standing
from hackathon.quotations.document import Contribution, Quote, SurveyPart, ThemeSpread
from hackathon.results.document import VoteOutcome


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A line of the run sheet, with the time on the venue's clock."""

    starts: str
    title: str
    minutes: int
    method: str


@dataclass(frozen=True, slots=True)
class StatementPart:
    """A rated statement, how it stands, and what people wrote about its subject."""

    number: int
    text: str
    standing: str
    standing_words: str
    support: Rate
    disagree: Rate
    not_clear: Rate
    marks: Mapping[str, int]
    words: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class RecommendationPart:
    """A recommendation with its decision, and the receipt numbers of the insights that it came from."""

    number: int
    text: str
    because: str
    owner: str
    first_step: str
    horizon: int
    horizon_words: str
    decision: str
    decision_words: str
    reason: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Commitments:
    """What people promised to do; the words only of those who allowed it."""

    made: int
    kept: Rate
    answered: Rate
    printed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    when: str
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class WriteUp:
    """The whole report of an event, as of one moment."""

    title: str
    question: str
    status: str
    is_sample: bool
    language: str
    when: str
    place: str
    address: str
    contact: str
    as_of: datetime
    as_of_words: str
    sections: tuple[str, ...]
    standfirst: str
    findings: tuple[str, ...]
    headlines: tuple[Shown, ...]
    scope_in: tuple[str, ...]
    scope_out: tuple[str, ...]
    tested_with: int
    promise: str
    sponsor: str
    promised_on: str
    owner: str
    survey: tuple[SurveyPart, ...]
    base_words: str
    funnel: tuple[tuple[str, int | None], ...]
    people: tuple[Shown, ...]
    sectors: tuple[tuple[str, int | None], ...]
    missing: str
    run_sheet: tuple[BlockLine, ...]
    over_time: tuple[tuple[str, int, int], ...]
    at_other_times: int
    method: tuple[str, ...]
    themes: tuple[ThemeSpread, ...]
    statements: tuple[StatementPart, ...]
    rule: str
    untold: str
    chosen: VoteOutcome | None
    turnout: str
    recommendations: tuple[RecommendationPart, ...]
    decisions: tuple[tuple[str, int], ...]
    commitments: Commitments
    next_steps: tuple[NextStep, ...]
    contributions: tuple[Contribution, ...]
    seeds: tuple[str, ...]
    removed: tuple[tuple[str, int], ...]
    definitions: tuple[Shown, ...]

    @property
    def agreed(self) -> tuple[StatementPart, ...]:
        return tuple(statement for statement in self.statements if statement.standing == Standing.AGREED.value)

    @property
    def standings(self) -> tuple[tuple[str, int], ...]:
        """How many statements stand in which way, as far as any do."""
        found = Counter(statement.standing for statement in self.statements)
        return tuple((each.words, found[each.value]) for each in Standing if found[each.value])
