"""Proof of what was erased, and seals on the log."""

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.codes import short_code
from hackathon.core.db import Base, Created
from hackathon.events.models import Event

REFERENCE_LENGTH = 10


def reference() -> str:
    return short_code(REFERENCE_LENGTH)


class Certificate(Base):
    """What was erased: how many rows of which kind, and nothing that says who it was.

    Whoever asked to be erased is given the `reference`, and with it can show that they were. Where a whole event was
    closed, `closed_by` says by whom, `stays` how much of what is left, and `digest`, which the log has too, seals that.
    """

    __tablename__ = "certificate"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    reference: Mapped[str] = mapped_column(unique=True, default=reference)
    erased: Mapped[dict[str, Any]] = mapped_column(default=dict)
    stays: Mapped[dict[str, Any]] = mapped_column(default=dict)
    closed_by: Mapped[str | None]
    digest: Mapped[str] = mapped_column(default="")
    made_at: Mapped[Created]

    event: Mapped[Event] = relationship()


class Seal(Base):
    """A digest of the log up to a line, and of the seal before it: a line changed later breaks every seal after it."""

    __tablename__ = "seal"
    __table_args__ = (Index("ix_seal_event_id_last_line", "event_id", "last_line"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    last_line: Mapped[int]
    lines: Mapped[int]
    digest: Mapped[str]
    made_at: Mapped[Created]

    event: Mapped[Event] = relationship()
