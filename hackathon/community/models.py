"""Who looks after which insight."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base
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
