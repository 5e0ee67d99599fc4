"""Who looks after which insight, which are alike, and who wants to hear back by mail."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.insights.models import Insight
from hackathon.staff.models import Account


class Care(Base):
    """Where one insight stands on the community desk: who has it in hand, and whether it needs no reply any more.

    `note` is what the last holder wrote for the next one.
    """

    __tablename__ = "care"

    insight_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), unique=True)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    held_since: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    no_reply_needed_at: Mapped[datetime | None]
    no_reply_needed_by: Mapped[str] = mapped_column(default="")

    insight: Mapped[Insight] = relationship()
    holder: Mapped[Account | None] = relationship()


class Link(Base):
    """Two insights that a community manager has told of each other, because they say something alike."""

    __tablename__ = "insight_link"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="once"),
    )

    first_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), index=True)
    linked_by: Mapped[str]
    linked_at: Mapped[Created]

    first: Mapped[Insight] = relationship(foreign_keys=first_id)
    second: Mapped[Insight] = relationship(foreign_keys=second_id)
