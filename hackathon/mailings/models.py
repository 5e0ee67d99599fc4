"""What organisers decided about one letter of the calendar."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base
from hackathon.events.models import Event


class LetterPlan(Base):
    """One letter of the calendar in one event: how it opens, and whether it goes by itself on its day.

    `asked_at` is when an organiser said "send it now"; it stands as long as there is somebody left to write to.
    """

    __tablename__ = "letter_plan"
    __table_args__ = (UniqueConstraint("event_id", "kind"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[str]
    opening: Mapped[str] = mapped_column(default="")
    automatic: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
