"""Statements, the round in which people vote on them, and how many have."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.codes import fingerprint
from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Place
from hackathon.maths.rates import Rate
from hackathon.maths.standing import Rule
from hackathon.packs.document import VoteRule
from hackathon.packs.queries import manifest_of
from hackathon.participants.queries import people_here
from hackathon.votes.models import Answer, Ballot, Exposure, PaperBallot, Rating, Round, Statement, VoteMethod, Way

OF_WHAT_IS_PRINTED = "paper ballots"
PRINTED_FOR_ROOM, CHECKED_IN = "ballots printed for the room", "people checked in"


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many have voted in time, in each place, of how many who may. None where nobody knows how many may.

    `late` ballots were marked in time and arrived after the vote had closed: they are in no other number.
    """

    ballots: Mapping[Place, int]
    entitled: Mapping[Place, int | None]
    note: str
    late: int = 0

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


@dataclass(frozen=True, slots=True)
class Paper:
    """Ballots on paper that can still be counted: how many were printed, and how many of them are in."""

    printed: int
    typed: int

    @property
    def missing(self) -> int:
        return self.printed - self.typed


def round_of(session: Session, event: Event) -> Round | None:
    return session.scalar(select(Round).where(Round.event_id == event.id))


def open_round_of(session: Session, event: Event) -> Round | None:
    """The round in which phones may vote at this moment."""
    voting = round_of(session, event)
    return voting if voting is not None and voting.takes_phones else None


def statements_of(session: Session, event: Event) -> Sequence[Statement]:
    return session.scalars(select(Statement).where(Statement.event_id == event.id).order_by(Statement.number)).all()


def shuffled(statements: Sequence[Statement], seed: str) -> list[Statement]:
    """The statements in an order of this ballot's own, the same at every look: whatever stands first gains by it."""
    return random.Random(seed).sample(statements, len(statements))


def is_exposed(session: Session, event: Event, device: str) -> bool:
    """Whether it is written down already what this phone was shown."""
    seen = select(Exposure.id).join(Exposure.statement).where(Statement.event_id == event.id, Exposure.device == device)
    return session.scalar(seen.limit(1)) is not None


def statement_by_number(session: Session, event: Event, number: int) -> Statement:
    statement = session.scalar(select(Statement).where(Statement.event_id == event.id, Statement.number == number))
    if statement is None:
        raise NotFound
    return statement


def rule_from_pack(session: Session, event: Event) -> Rule:
    """Where the event's pack draws the lines; where it says nothing, our own."""
    vote = _vote_of_pack(session, event)
    return Rule(**{field.name: getattr(vote, field.name) for field in fields(Rule)}) if vote else Rule()


def way_from_pack(session: Session, event: Event) -> Way:
    """How the event's pack lets people vote; where it says nothing, everybody rates each statement."""
    vote = _vote_of_pack(session, event)
    return Way(VoteMethod(vote.method), vote.dots, vote.dots_on_one) if vote else Way()


def way_of(session: Session, event: Event) -> Way:
    """How people vote: as the round that was opened says, and before that as the pack does."""
    voting = round_of(session, event)
    return voting.way if voting is not None and voting.opened_at is not None else way_from_pack(session, event)


def what_is_printed(session: Session, event: Event) -> str:
    """A digest of what a ballot that is printed now says. Another one is another ballot."""
    way = way_of(session, event)
    budget = [way.dots, way.dots_on_one] if way.method is VoteMethod.DOTS else []
    texts = [statement.text for statement in statements_of(session, event)]
    return fingerprint(OF_WHAT_IS_PRINTED, way.method.value, *map(str, budget), *texts)


def _vote_of_pack(session: Session, event: Event) -> VoteRule | None:
    try:
        return manifest_of(session, event).vote
    except NotFound:
        return None


def ballot_of(session: Session, event: Event, device: str) -> Ballot | None:
    """The ballot of this phone: the one that counts or, where none came in time, the late one."""
    return session.scalar(
        select(Ballot)
        .where(Ballot.event_id == event.id, Ballot.device.in_([device, late_device(device)]))
        .order_by(Ballot.late)
        .limit(1)
    )


def late_device(device: str) -> str:
    """The name under which a phone's late ballot is kept, so that it never takes the place of the one that counts."""
    return f"late {device}"


def marks_on(session: Session, ballot: Ballot) -> dict[int, Answer]:
    """What is marked on a ballot, by the statement's number: a mark, a number of dots, or a rank."""
    rows = session.execute(
        select(Statement.number, Rating.mark, Rating.dots, Rating.rank)
        .join(Rating, Rating.statement_id == Statement.id)
        .where(Rating.ballot_id == ballot.id)
    )
    return {number: answer for number, mark, dots, rank in rows if (answer := mark or dots or rank)}


def turnout_of(session: Session, event: Event) -> Turnout:
    """Ballots that came in. It may be shown while the round is open: it says nothing about what is on them."""
    rows = session.execute(
        select(Ballot.place, Ballot.late, func.count(Ballot.id))
        .where(Ballot.event_id == event.id)
        .group_by(Ballot.place, Ballot.late)
    )
    came = {(place, late): number for place, late, number in rows}
    ballots = {place: came.get((place, False), 0) for place in Place}
    voting = round_of(session, event)
    entitled: dict[Place, int | None] = {
        Place.ROOM: voting.entitled_room if voting else None,
        Place.OUTSIDE: voting.entitled_outside if voting else None,
    }
    notes = [voting.entitled_note] if voting and voting.entitled_note else []
    if entitled[Place.ROOM] is None:
        number, words = _may_vote_in_room(session, event)
        if number >= max(ballots[Place.ROOM], 1):
            entitled[Place.ROOM] = number
            notes.append(words)
    late = sum(number for (_, late), number in came.items() if late)
    return Turnout(ballots=ballots, entitled=entitled, note=" and ".join(notes), late=late)


def _may_vote_in_room(session: Session, event: Event) -> tuple[int, str]:
    """What the room is read against where nobody said how many may vote there, and what that is in words.

    It is the people checked in or the ballots on paper that can still be counted, whichever are more. Outside nothing
    can take the place of a number that somebody gave: phones vote there too, and nobody knows how many.
    """
    here, printed = people_here(session, event), paper_of(session, event, place=Place.ROOM).printed
    return (printed, PRINTED_FOR_ROOM) if printed > here else (here, CHECKED_IN)


def paper_of(session: Session, event: Event, *, place: Place | None = None) -> Paper:
    """How many ballots were printed that can be counted, and how many of them are typed in."""
    printed = [PaperBallot.event_id == event.id, PaperBallot.printed_with == what_is_printed(session, event)]
    if place is not None:
        printed.append(PaperBallot.place == place)
    typed = (Ballot.event_id == PaperBallot.event_id) & (Ballot.code == PaperBallot.code)
    counts = select(func.count(PaperBallot.id), func.count(Ballot.id)).outerjoin(Ballot, typed).where(*printed)
    return Paper(*session.execute(counts).one())
