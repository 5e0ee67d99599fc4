"""The figures of an event whose people are forgotten."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event


class KeptFigures(Base):
    """What was counted from an event's people before they went: numbers that nobody can work out again.

    `said` holds parts of the figures under their names, as plain values.
    """

    __tablename__ = "kept_figures"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    said: Mapped[dict[str, Any]]
    kept_at: Mapped[Created]

    event: Mapped[Event] = relationship()
