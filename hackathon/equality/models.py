"""Counts of answers: there is no row of anybody, so nothing can be linked with a registration."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base
from hackathon.events.models import Event


class EqualityCount(Base):
    """How often one answer to one question was given. When, in which order, and by whom is kept nowhere."""

    __tablename__ = "equality_count"
    __table_args__ = (
        UniqueConstraint("event_id", "question", "answer"),
        CheckConstraint("number >= 0", name="number"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    question: Mapped[str]
    answer: Mapped[str]
    number: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()
