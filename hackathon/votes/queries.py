"""Statements, how many have rated them, and - once the round is closed - how they stand."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Place
from hackathon.maths.rates import Rate
from hackathon.maths.standing import Rule, Standing, standing
from hackathon.packs.queries import manifest_of
from hackathon.participants.queries import people_here
from hackathon.votes.models import Ballot, Channel, Mark, Rating, Round, Statement

AGREE = (Mark.AGREE, Mark.STRONGLY_AGREE)
DISAGREE = (Mark.DISAGREE, Mark.STRONGLY_DISAGREE)
FEWEST_BALLOTS = 5
"""Fewer ballots than this are not tallied, together or in one place: it would show how single people rated."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The marks that a statement got. Blank lines are in none of these numbers."""

    statement: Statement
    counts: Mapping[Mark, int]
    support: Rate
    disagree: Rate
    not_clear: Rate
    standing: Standing


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many have rated, in each place, of how many who may. None where nobody knows how many may."""

    ballots: Mapping[Place, int]
    entitled: Mapping[Place, int | None]
    note: str

    @property
    def total(self) -> int:
        return sum(self.ballots.values())

    @property
    def rate(self) -> Rate | None:
        known = [entitled for entitled in self.entitled.values() if entitled is not None]
        return Rate(self.total, sum(known)) if len(known) == len(self.entitled) else None

    def rate_in(self, place: Place) -> Rate | None:
        entitled = self.entitled[place]
        return None if entitled is None else Rate(self.ballots[place], entitled)


def round_of(session: Session, event: Event) -> Round | None:
    return session.scalar(select(Round).where(Round.event_id == event.id))


def statements_of(session: Session, event: Event) -> Sequence[Statement]:
    return session.scalars(select(Statement).where(Statement.event_id == event.id).order_by(Statement.number)).all()


def shuffled(statements: Sequence[Statement], seed: str) -> list[Statement]:
    """The statements in an order of this ballot's own, the same at every look: whatever stands first gains by it."""
    return random.Random(seed).sample(statements, len(statements))


def statement_by_number(session: Session, event: Event, number: int) -> Statement:
    statement = session.scalar(select(Statement).where(Statement.event_id == event.id, Statement.number == number))
    if statement is None:
        raise NotFound
    return statement


def rule_from_pack(session: Session, event: Event) -> Rule:
    """Where the event's pack draws the lines; where it says nothing, our own."""
    try:
        vote = manifest_of(session, event).vote
    except NotFound:
        return Rule()
    return Rule(**{field.name: getattr(vote, field.name) for field in fields(Rule)})


def ballot_of(session: Session, event: Event, device: str) -> Ballot | None:
    """The ballot that came from this phone."""
    return session.scalar(select(Ballot).where(Ballot.event_id == event.id, Ballot.device == device))


def marks_on(session: Session, ballot: Ballot) -> dict[int, Mark]:
    """What is marked on a ballot, by the statement's number."""
    rows = session.execute(
        select(Statement.number, Rating.mark)
        .join(Rating, Rating.statement_id == Statement.id)
        .where(Rating.ballot_id == ballot.id, Rating.mark.is_not(None))
    )
    return {number: mark for number, mark in rows if mark is not None}


def ballots_by_channel(session: Session, event: Event) -> dict[Channel, int]:
    rows = session.execute(
        select(Ballot.channel, func.count(Ballot.id)).where(Ballot.event_id == event.id).group_by(Ballot.channel)
    )
    return dict(rows.all())


def turnout_of(session: Session, event: Event) -> Turnout:
    """Ballots that came in. It may be shown while the round is open: it says nothing about what is on them.

    Nobody having said how many may rate, people in the room are read against those checked in, where that can be true.
    """
    rows = session.execute(
        select(Ballot.place, func.count(Ballot.id)).where(Ballot.event_id == event.id).group_by(Ballot.place)
    )
    came = dict(rows.all())
    ballots = {place: came.get(place, 0) for place in Place}
    voting = round_of(session, event)
    room = voting.entitled_room if voting else None
    if room is None and (here := people_here(session, event)) >= max(ballots[Place.ROOM], 1):
        room = here
    return Turnout(
        ballots=ballots,
        entitled={
            Place.ROOM: room,
            Place.OUTSIDE: voting.entitled_outside if voting else None,
        },
        note=voting.entitled_note if voting else "",
    )


def tallies_of(session: Session, event: Event, *, place: Place | None = None) -> list[Tally]:
    """How every statement stands, by number; with `place`, by the ballots from there alone.

    Before the round is closed, and where only a few rated, there is nothing to tell, so that no page can tell it by
    mistake.
    """
    voting = round_of(session, event)
    if voting is None or not voting.is_closed:
        return []
    counted = [Ballot.event_id == event.id, Rating.mark.is_not(None)]
    if place is not None:
        counted.append(Ballot.place == place)
    ballots = session.scalar(select(func.count(Rating.ballot_id.distinct())).join(Rating.ballot).where(*counted))
    if (ballots or 0) < FEWEST_BALLOTS:
        return []
    marks = (
        select(Rating.statement_id, Rating.mark, func.count(Rating.id))
        .join(Rating.ballot)
        .where(*counted)
        .group_by(Rating.statement_id, Rating.mark)
    )
    counts: dict[int, Counter[Mark]] = defaultdict(Counter)
    for statement_id, mark, number in session.execute(marks):
        if mark is not None:
            counts[statement_id][mark] = number
    return [tally(statement, counts[statement.id], voting.rule) for statement in statements_of(session, event)]


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
