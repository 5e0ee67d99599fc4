"""Statements, the round in which they are rated, ballots and ratings."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event, Place
from hackathon.maths.standing import Rule


class Mark(enum.Enum):
    """What a statement is rated: one of five points, or not clear."""

    STRONGLY_DISAGREE = "strongly_disagree"
    DISAGREE = "disagree"
    NEUTRAL = "neutral"
    AGREE = "agree"
    STRONGLY_AGREE = "strongly_agree"
    NOT_CLEAR = "not_clear"

    @property
    def words(self) -> str:
        return "Not clear to me" if self is Mark.NOT_CLEAR else self.value.replace("_", " ").capitalize()


class Channel(enum.Enum):
    """How a ballot came."""

    ELECTRONIC = "electronic"
    PAPER = "paper"


class VoteMethod(enum.Enum):
    """How people say what they think of the statements: rate each, spread dots, or rank them."""

    RATE = "rate"
    DOTS = "dots"
    RANKING = "ranking"

    @property
    def words(self) -> str:
        return METHOD_WORDS[self]


METHOD_WORDS = {
    VoteMethod.RATE: "Everybody rates each statement: one of five points, from disagree to agree, or “Not clear to me”",
    VoteMethod.DOTS: "Everybody spreads a number of dots over the statements",
    VoteMethod.RANKING: "Everybody puts the statements in order, as far as they like",
}


Answer = Mark | int
"""What is marked beside a statement: a point of the scale or, by the method, a number of dots or a rank."""


@dataclass(frozen=True, slots=True)
class Way:
    """How people vote: by which method and, where dots are spread, how many each has and may put on one statement."""

    method: VoteMethod = VoteMethod.RATE
    dots: int = 5
    dots_on_one: int | None = None

    def problem_with(self, marks: Mapping[int, Answer | None]) -> str | None:
        """What is wrong with a ballot that is marked so, in words for who marked it; nothing, if it can be taken."""
        points = [mark for mark in marks.values() if isinstance(mark, Mark)]
        numbers = [mark for mark in marks.values() if isinstance(mark, int)]
        if numbers if self.method is VoteMethod.RATE else points:
            return "This is another kind of vote now. Open the page again."
        match self.method:
            case VoteMethod.RATE:
                return None if points else "Rate at least one statement."
            case VoteMethod.DOTS:
                return self._problem_with_dots(numbers)
            case VoteMethod.RANKING:
                return _problem_with_ranks(numbers)

    def _problem_with_dots(self, dots: Sequence[int]) -> str | None:
        if min(dots, default=0) < 0 or not any(dots):
            return "Put at least one dot on a statement."
        if (spread := sum(dots)) > self.dots:
            return f"You have {self.dots} dots, and these are {spread}. Take {spread - self.dots} away."
        if self.dots_on_one is not None and max(dots) > self.dots_on_one:
            return f"Put at most {self.dots_on_one} on one statement."
        return None


def _problem_with_ranks(ranks: Sequence[int]) -> str | None:
    """Ranks go from 1 on, without a gap and without a double; they need not reach to the end of the list."""
    if not ranks:
        return "Write 1 beside the statement that you would choose first."
    if doubled := sorted({rank for rank in ranks if ranks.count(rank) > 1}):
        return f"More than one statement is number {doubled[0]}. Give each number once."
    if missing := [rank for rank in range(1, len(ranks) + 1) if rank not in ranks]:
        return f"No statement is number {missing[0]}. Number them from 1 on, without a gap."
    return None


VERBS = {
    VoteMethod.RATE: "Rate the statements",
    VoteMethod.DOTS: "Spread your dots",
    VoteMethod.RANKING: "Put the statements in order",
}


class Round(Base):
    """The vote on an event's statements: how, when it is open, who may vote, and the rule by which statements stand.

    `dots` is the budget of each voter where dots are spread, and `dots_on_one` the most that may lie on one statement.
    Phones may close before the round does, so that paper is typed in while the results are still secret. Shares are
    from 0 to 1. Without an entitled number, turnout in the room counts against the people checked in or the ballots
    printed for it, whichever are more.
    """

    __tablename__ = "round"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    method: Mapped[VoteMethod] = mapped_column(default=VoteMethod.RATE)
    dots: Mapped[int] = mapped_column(default=0)
    dots_on_one: Mapped[int | None]
    rehearsal: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None]
    phones_closed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    entitled_room: Mapped[int | None]
    entitled_outside: Mapped[int | None]
    entitled_note: Mapped[str] = mapped_column(default="")
    agreed_at: Mapped[float] = mapped_column(default=0.70)
    agreed_max_disagree: Mapped[float] = mapped_column(default=0.10)
    contested_each_side: Mapped[float] = mapped_column(default=0.25)
    not_clear_at: Mapped[float] = mapped_column(default=0.20)
    minimum_ballots: Mapped[int] = mapped_column(default=10)

    event: Mapped[Event] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether ballots are still taken, on paper at least: nobody sees a result before that is over."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def takes_phones(self) -> bool:
        return self.is_open and self.phones_closed_at is None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def noun(self) -> str:
        return "rating" if self.method is VoteMethod.RATE else "vote"

    @property
    def verb(self) -> str:
        """What people are asked to do, as it stands on a button."""
        return VERBS[self.method]

    @property
    def way(self) -> Way:
        return Way(self.method, self.dots, self.dots_on_one)

    @property
    def rule(self) -> Rule:
        return Rule(
            agreed_at=self.agreed_at,
            agreed_max_disagree=self.agreed_max_disagree,
            contested_each_side=self.contested_each_side,
            not_clear_at=self.not_clear_at,
            minimum_ballots=self.minimum_ballots,
        )


class Statement(Base):
    """One sentence to agree or disagree with."""

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str]

    event: Mapped[Event] = relationship()


class Ballot(Base):
    """One person's ratings, under a one-time code or by their device's digest; never by their name.

    One that is `late` was marked before the round closed and arrived after: it is kept, and counts in no tally.
    """

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("event_id", "code"), UniqueConstraint("event_id", "device"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    code: Mapped[str]
    channel: Mapped[Channel]
    place: Mapped[Place]
    device: Mapped[str | None]
    cast_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)

    event: Mapped[Event] = relationship()


class PaperBallot(Base):
    """A ballot that was printed to be given out: its one-time code, and where it is marked. Nothing says by whom.

    Ballots that were printed together are a `batch`. `printed_with` is a digest of the statements as they stand on the
    paper: once they say something else, the paper is no ballot any more.
    """

    __tablename__ = "paper_ballot"
    __table_args__ = (UniqueConstraint("event_id", "code"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    batch: Mapped[int]
    code: Mapped[str]
    place: Mapped[Place]
    printed_with: Mapped[str]
    printed_at: Mapped[Created]

    event: Mapped[Event] = relationship()


class Rating(Base):
    """One current mark per ballot and statement. A line left blank on paper has no mark, and is kept as such.

    Where dots are spread it has a number of them instead, and where statements are ranked a rank, 1 for the first.
    """

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("ballot_id", "statement_id"),)

    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id", ondelete="CASCADE"))
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"), index=True)
    mark: Mapped[Mark | None]
    dots: Mapped[int | None]
    rank: Mapped[int | None]

    ballot: Mapped[Ballot] = relationship()
    statement: Mapped[Statement] = relationship()


class Exposure(Base):
    """That a phone was shown a statement, and as which one from the top: what nobody saw, nobody could choose."""

    __tablename__ = "exposure"
    __table_args__ = (UniqueConstraint("device", "statement_id"),)

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"), index=True)
    device: Mapped[str]
    position: Mapped[int]
    shown_at: Mapped[Created]

    statement: Mapped[Statement] = relationship()
