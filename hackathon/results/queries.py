"""How statements stand and what people chose: nothing before the vote has closed, and nothing of a few."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hackathon.events.models import Event, Place
from hackathon.maths.ranked import run_off
from hackathon.maths.rates import Rate
from hackathon.maths.standing import Rule, Standing, standing
from hackathon.results.document import (
    DotTally,
    Ranking,
    Sheet,
    VoteOutcome,
    outcome_of_dots,
    outcome_of_ranking,
    untold_words,
)
from hackathon.votes.models import Ballot, Exposure, Mark, Rating, Round, Statement, VoteMethod
from hackathon.votes.queries import round_of, statements_of

AGREE = (Mark.AGREE, Mark.STRONGLY_AGREE)
DISAGREE = (Mark.DISAGREE, Mark.STRONGLY_DISAGREE)
FEWEST_BALLOTS = 5
"""Fewer ballots than this are not tallied, on a statement or in one place: it would show how single people voted."""
TOO_FEW = "too few to show"
APART_WORDS = {
    VoteMethod.RATE: "Support in the room and from outside",
    VoteMethod.DOTS: "Dots in the room and from outside",
    VoteMethod.RANKING: "First choices in the room and from outside",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """The marks that a statement got. Blank lines are in none of these numbers."""

    statement: Statement
    counts: Mapping[Mark, int]
    support: Rate
    disagree: Rate
    not_clear: Rate
    standing: Standing


def tallies_of(session: Session, event: Event, *, place: Place | None = None, practice: bool = False) -> list[Tally]:
    """How every rated statement stands, by number; with `place`, by the ballots from there alone.

    Before the round is closed, and of a statement that only a few answered, there is nothing to tell, so that no page
    can tell it by mistake. A rehearsal is told as `practice` alone.
    """
    voting = _told(session, event, VoteMethod.RATE, practice=practice)
    if voting is None:
        return []
    marks = (
        select(Rating.statement_id, Rating.mark, func.count(Rating.id))
        .join(Rating.ballot)
        .where(*_counted(event, place), Rating.mark.is_not(None))
        .group_by(Rating.statement_id, Rating.mark)
    )
    counts: dict[int, Counter[Mark]] = defaultdict(Counter)
    for statement_id, mark, number in session.execute(marks):
        if mark is not None:
            counts[statement_id][mark] = number
    return [
        tally(statement, counts[statement.id], voting.rule)
        for statement in statements_of(session, event)
        if counts[statement.id].total() >= FEWEST_BALLOTS
    ]


def untold_of(session: Session, event: Event, tallies: Sequence[Tally]) -> str:
    """Which statements are missing among these tallies, and why, in words. Where nothing is told, neither is this."""
    told = {found.statement.id for found in tallies}
    missing = [statement.number for statement in statements_of(session, event) if statement.id not in told]
    return untold_words(missing, FEWEST_BALLOTS) if tallies and missing else ""


def tally(statement: Statement, counts: Mapping[Mark, int], rule: Rule) -> Tally:
    """What these marks amount to, by this rule."""
    agree, disagree = (sum(counts.get(mark, 0) for mark in side) for side in (AGREE, DISAGREE))
    neutral, not_clear = counts.get(Mark.NEUTRAL, 0), counts.get(Mark.NOT_CLEAR, 0)
    rated = agree + disagree + neutral
    return Tally(
        statement=statement,
        counts={mark: counts.get(mark, 0) for mark in Mark},
        support=Rate(agree, rated),
        disagree=Rate(disagree, rated),
        not_clear=Rate(not_clear, rated + not_clear),
        standing=standing(rule, agree=agree, disagree=disagree, neutral=neutral, not_clear=not_clear),
    )


def dots_of(session: Session, event: Event, *, place: Place | None = None, practice: bool = False) -> list[DotTally]:
    """The dots on every statement, by number, under the same conditions."""
    counted = [*_counted(event, place), Rating.dots > 0]
    if _told(session, event, VoteMethod.DOTS, practice=practice) is None or not (ballots := _enough(session, counted)):
        return []
    sums = (
        select(Rating.statement_id, func.sum(Rating.dots), func.count(Rating.id))
        .join(Rating.ballot)
        .where(*counted)
        .group_by(Rating.statement_id)
    )
    lying = {statement_id: (dots or 0, voters) for statement_id, dots, voters in session.execute(sums)}
    spread = sum(dots for dots, _ in lying.values())
    return [
        DotTally(statement.number, statement.text, Rate(dots, spread), Rate(voters, ballots))
        for statement in statements_of(session, event)
        for dots, voters in [lying.get(statement.id, (0, 0))]
    ]


def ranking_of(session: Session, event: Event, *, place: Place | None = None, practice: bool = False) -> Ranking | None:
    """The counts of a ranking, under the same conditions."""
    counted = [*_counted(event, place), Rating.rank.is_not(None)]
    if _told(session, event, VoteMethod.RANKING, practice=practice) is None or not _enough(session, counted):
        return None
    ranks = (
        select(Rating.ballot_id, Statement.number)
        .join(Rating.ballot)
        .join(Rating.statement)
        .where(*counted)
        .order_by(Rating.ballot_id, Rating.rank)
    )
    ballots: dict[int, list[int]] = defaultdict(list)
    for ballot_id, number in session.execute(ranks):
        ballots[ballot_id].append(number)
    texts = {statement.number: statement.text for statement in statements_of(session, event)}
    return Ranking(texts, len(ballots), run_off(list(ballots.values()), list(texts)))


def outcome_of(session: Session, event: Event, *, practice: bool = False) -> VoteOutcome | None:
    """What people chose, where the vote was not a rating."""
    if dots := dots_of(session, event, practice=practice):
        return outcome_of_dots(dots)
    if ranking := ranking_of(session, event, practice=practice):
        return outcome_of_ranking(ranking)
    return None


def by_place(session: Session, event: Event, *, practice: bool = False) -> Sheet | None:
    """The room and outside beside each other and together, where they can be shown: both, or neither.

    A line on which fewer than the minimum voted in one of the two places shows neither, because what is left out could
    be taken from the total.
    """
    voting = round_of(session, event)
    if voting is None:
        return None
    sides = [_lines(session, voting, place, practice) for place in (Place.ROOM, Place.OUTSIDE, None)]
    fewest = fewest_apart(voting)
    rows, any_shown = [], False
    for statement in statements_of(session, event):
        here, there, together = (side.get(statement.id, NOT_TOLD) for side in sides)
        shown = min(here.base, there.base) >= fewest
        apart = [line.figure.text if shown else TOO_FEW for line in (here, there)]
        rows.append(
            (f"{statement.number}. {statement.text}", *apart, together.figure.text if together.base else TOO_FEW)
        )
        any_shown |= shown
    columns = ("Statement", "In the room", "From outside", "Together")
    return Sheet(APART_WORDS[voting.method], columns, tuple(rows)) if any_shown else None


def fewest_apart(voting: Round) -> int:
    """From how many ballots on a place is shown by itself: the minimum of the rule, and never fewer than ours."""
    return max(voting.minimum_ballots, FEWEST_BALLOTS)


def shown_to(session: Session, event: Event) -> list[tuple[Statement, int, int]]:
    """On how many phones each statement was shown, and on how many of them it stood first."""
    first = func.count(Exposure.id).filter(Exposure.position == 1)
    rows = session.execute(
        select(Statement, func.count(Exposure.id), first)
        .outerjoin(Exposure, Exposure.statement_id == Statement.id)
        .where(Statement.event_id == event.id)
        .group_by(Statement.id)
        .order_by(Statement.number)
    )
    return [(statement, shown, stood_first) for statement, shown, stood_first in rows]


def _told(session: Session, event: Event, method: VoteMethod, *, practice: bool) -> Round | None:
    """The round, if it was held by this method and is over."""
    voting = round_of(session, event)
    if voting is None or voting.method is not method or (voting.rehearsal and not practice):
        return None
    return voting if voting.is_closed else None


def _counted(event: Event, place: Place | None) -> list[ColumnElement[bool]]:
    """What counts: every ballot of the event that was in time."""
    counted = [Ballot.event_id == event.id, Ballot.late.is_(False)]
    return counted if place is None else [*counted, Ballot.place == place]


def _enough(session: Session, counted: Sequence[ColumnElement[bool]]) -> int:
    """How many ballots have something that counts; 0 if they are too few to tell."""
    ballots = session.scalar(select(func.count(Rating.ballot_id.distinct())).join(Rating.ballot).where(*counted)) or 0
    return ballots if ballots >= FEWEST_BALLOTS else 0


@dataclass(frozen=True, slots=True)
class _Line:
    """What a place says about one statement, and on how many ballots that stands."""

    figure: Rate
    base: int


NOT_TOLD = _Line(Rate(0, 0), 0)


def _lines(session: Session, voting: Round, place: Place | None, practice: bool) -> dict[int, _Line]:
    """What can be told of a place, by the statement's id."""
    if voting.method is VoteMethod.RANKING:
        return _first_choices(session, voting.event, place, practice)
    if voting.method is VoteMethod.DOTS:
        dots = dots_of(session, voting.event, place=place, practice=practice)
        ids = {statement.number: statement.id for statement in statements_of(session, voting.event)}
        return {ids[line.number]: _Line(line.dots, line.voters.of) for line in dots}
    tallies = tallies_of(session, voting.event, place=place, practice=practice)
    return {found.statement.id: _Line(found.support, found.support.of) for found in tallies}


def _first_choices(session: Session, event: Event, place: Place | None, practice: bool) -> dict[int, _Line]:
    """How many put each statement first. Every ballot of a ranking has one first choice."""
    counted = [*_counted(event, place), Rating.rank == 1]
    told = _told(session, event, VoteMethod.RANKING, practice=practice)
    if told is None or not (ballots := _enough(session, counted)):
        return {}
    rows = session.execute(
        select(Rating.statement_id, func.count(Rating.id))
        .join(Rating.ballot)
        .where(*counted)
        .group_by(Rating.statement_id)
    )
    first: dict[int, int] = dict(rows.all())
    return {each.id: _Line(Rate(first.get(each.id, 0), ballots), ballots) for each in statements_of(session, event)}
