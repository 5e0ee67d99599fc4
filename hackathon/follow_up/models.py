"""Recommendations with their decisions, and commitments with what became of them."""

import enum
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.codes import long_token
from hackathon.core.db import Base
from hackathon.events.models import Event
from hackathon.insights.models import Insight
from hackathon.participants.models import Participant

REMINDER = "follow_up.reminder"
"""How the outbox calls the letter that asks how a commitment went."""


class Decision(enum.Enum):
    """What the sponsor said to a recommendation."""

    DO = "do"
    PLAN = "plan"
    TEST = "test"
    ALREADY = "already"
    NOT_NOW = "not_now"
    NO = "no"

    @property
    def words(self) -> str:
        return DECISION_WORDS[self]

    @property
    def takes_forward(self) -> bool:
        return self in (Decision.DO, Decision.PLAN, Decision.TEST)


DECISION_WORDS = {
    Decision.DO: "We will do it",
    Decision.PLAN: "We will plan it",
    Decision.TEST: "We will try it out",
    Decision.ALREADY: "We do it already",
    Decision.NOT_NOW: "Not now",
    Decision.NO: "No",
}
HORIZON_WORDS = {
    1: "Quick win",
    2: "Into this year's plans",
    3: "Into next year's plans",
    4: "To try out",
}


class Kept(enum.Enum):
    """What somebody answered when asked about their commitment."""

    KEPT = "kept"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    NO_ANSWER = "no_answer"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Recommendation(Base):
    """What the crowd asks somebody to do, and what was decided, with a reason."""

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        CheckConstraint("horizon BETWEEN 1 AND 4", name="horizon"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str]
    because: Mapped[str] = mapped_column(default="")
    owner_role: Mapped[str] = mapped_column(default="")
    first_step: Mapped[str] = mapped_column(default="")
    horizon: Mapped[int]
    decision: Mapped[Decision | None]
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    rehearsal: Mapped[bool] = mapped_column(default=False)

    event: Mapped[Event] = relationship()

    @property
    def horizon_words(self) -> str:
        return HORIZON_WORDS[self.horizon]

    @property
    def edition(self) -> str:
        """What its words are, in short: whoever changes them says which edition they had before them."""
        words = (self.text, self.because, self.owner_role, self.first_step, str(self.horizon))
        return sha256("\0".join(words).encode()).hexdigest()[:16]


class RecommendationSource(Base):
    """An insight from which a recommendation was made: the thread from every idea to what came of it."""

    __tablename__ = "recommendation_source"
    __table_args__ = (UniqueConstraint("recommendation_id", "insight_id"),)

    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id", ondelete="CASCADE"))
    insight_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), index=True)

    recommendation: Mapped[Recommendation] = relationship()
    insight: Mapped[Insight] = relationship()


class Commitment(Base):
    """What one person says they will do, and whether they did. Printed only with their leave.

    `token` is the id under which it was sent, so that sending twice makes one row; and who holds it may come back.
    """

    __tablename__ = "commitment"
    __table_args__ = (UniqueConstraint("event_id", "number"), UniqueConstraint("event_id", "token"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    token: Mapped[str] = mapped_column(default=long_token)
    text: Mapped[str]
    remind_on: Mapped[date | None]
    kept: Mapped[Kept] = mapped_column(default=Kept.NO_ANSWER)
    may_print: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)
    rehearsal: Mapped[bool] = mapped_column(default=False)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))

    event: Mapped[Event] = relationship()
    participant: Mapped[Participant | None] = relationship()
