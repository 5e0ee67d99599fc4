"""Which insights were linked. Comments are rows of `insights`: moderation hides both kinds of words."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.insights.models import Insight


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
