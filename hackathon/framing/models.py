"""What strangers made of the question, the promise behind an event, and the base for its figures."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event


class Trial(Base):
    """What one person made of the question's words before anybody was invited. Nothing says who it was."""

    __tablename__ = "trial"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    wording: Mapped[str]
    is_clear: Mapped[bool]
    is_answerable: Mapped[bool]
    is_open: Mapped[bool]
    said: Mapped[str] = mapped_column(default="")
    made_at: Mapped[Created]

    event: Mapped[Event] = relationship()


class Promise(Base):
    """What the sponsor says will happen, since when, and who sees it through."""

    __tablename__ = "promise"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    sponsor_name: Mapped[str] = mapped_column(default="")
    sponsor_role: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    made_on: Mapped[date | None]
    owner_name: Mapped[str] = mapped_column(default="")

    event: Mapped[Event] = relationship()


class DeclaredBase(Base):
    """How many people could have taken part: every rate is read against it, so it says who counted, and from what.

    `parts` are {"name", "number", "note"}; `name` is a place ("room", "outside").
    """

    __tablename__ = "declared_base"
    __table_args__ = (CheckConstraint("total > 0", name="total"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    total: Mapped[int]
    parts: Mapped[list[Any]] = mapped_column(default=list)
    source: Mapped[str]
    declared_on: Mapped[date]
    declared_by: Mapped[str]

    event: Mapped[Event] = relationship()


class OutsideCall(Base):
    """The invitation that went to people outside the room, and the survey that came with it.

    `source` is where the number of those invited comes from, as of `declared_on`.
    """

    __tablename__ = "outside_call"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    invited: Mapped[int]
    bounced: Mapped[int] = mapped_column(default=0)
    survey_opened: Mapped[date | None]
    survey_closed: Mapped[date | None]
    source: Mapped[str] = mapped_column(default="")
    declared_on: Mapped[date | None]

    event: Mapped[Event] = relationship()
