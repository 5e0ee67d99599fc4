"""Which insight from outside lies before which table."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.insights.models import Comment, Insight
from hackathon.tables.models import Table


class CarriedIn(Base):
    """One insight from outside that a table was given to answer, and its answer."""

    __tablename__ = "carried_in"
    __table_args__ = (UniqueConstraint("table_id", "insight_id"),)

    table_id: Mapped[int] = mapped_column(ForeignKey("hack_table.id", ondelete="CASCADE"))
    insight_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), index=True)
    carried_at: Mapped[Created]
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]

    table: Mapped[Table] = relationship()
    insight: Mapped[Insight] = relationship()
    answer: Mapped[Comment | None] = relationship()
