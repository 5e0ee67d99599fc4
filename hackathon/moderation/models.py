"""What somebody reported."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event
from hackathon.insights.models import Comment, HideReason, Insight


class Concern(Base):
    """Somebody reported an insight, or a comment under it: why, and what was done about it.

    Nothing says who did.
    """

    __tablename__ = "concern"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    insight_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    reason: Mapped[HideReason]
    text: Mapped[str]
    raised_at: Mapped[Created]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(default="")

    event: Mapped[Event] = relationship()
    insight: Mapped[Insight] = relationship()
    comment: Mapped[Comment | None] = relationship()
