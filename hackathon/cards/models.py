"""Capture cards that came back from the tables."""

import enum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event
from hackathon.insights.models import Insight
from hackathon.tables.models import Table


class CardState(enum.Enum):
    """What became of a card: its words are in, nobody can read it, nothing is on it."""

    TYPED = "typed"
    ILLEGIBLE = "illegible"
    BLANK = "blank"


class Card(Base):
    """One numbered card of a table. Its number can be entered once; one that was typed in is an insight."""

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("table_id", "number"),
        CheckConstraint("(state = 'typed') = (insight_id IS NOT NULL)", name="typed_is_an_insight"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("hack_table.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[CardState]
    insight_id: Mapped[int | None] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), unique=True)
    entered_by: Mapped[str]
    entered_at: Mapped[Created]

    event: Mapped[Event] = relationship()
    table: Mapped[Table] = relationship()
    insight: Mapped[Insight | None] = relationship()
