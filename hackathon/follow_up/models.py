"""Recommendations with their decisions, and the insights behind them."""

import enum
from datetime import datetime
from hashlib import sha256

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base
from hackathon.events.models import Event
from hackathon.insights.models import Insight


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
