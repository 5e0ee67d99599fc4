"""Who looks after which insight, what was reported, which are alike, and who wants to hear back by mail."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event
from hackathon.insights.models import Comment, Insight
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


class Concern(Base):
    """Somebody reported an insight, or a comment under it: why, and what was done about it."""

    __tablename__ = "concern"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    insight_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    text: Mapped[str]
    raised_at: Mapped[Created]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(default="")

    event: Mapped[Event] = relationship()
    insight: Mapped[Insight] = relationship()
    comment: Mapped[Comment | None] = relationship()


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


class HearBack(Base):
    """The address to which a reply to one insight is mailed, for somebody who did not register."""

    __tablename__ = "hear_back"

    insight_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str]
    asked_at: Mapped[Created]

    insight: Mapped[Insight] = relationship()
