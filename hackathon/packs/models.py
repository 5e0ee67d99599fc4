"""The pack of an event, frozen at its version, and what the organiser adds to it."""

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event


class FrozenPack(Base):
    """A pack as it was when the event took it: later versions on disk do not change what people were given."""

    __tablename__ = "frozen_pack"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    pack: Mapped[str]
    version: Mapped[str]
    manifest: Mapped[dict[str, Any]]
    frozen_at: Mapped[Created]

    event: Mapped[Event] = relationship()


class FrozenDocument(Base):
    """The Markdown of one document of a frozen pack."""

    __tablename__ = "frozen_document"
    __table_args__ = (UniqueConstraint("pack_id", "key"),)

    pack_id: Mapped[int] = mapped_column(ForeignKey("frozen_pack.id", ondelete="CASCADE"))
    key: Mapped[str]
    markdown: Mapped[str]

    pack: Mapped[FrozenPack] = relationship()


class Insert(Base):
    """The organiser's own words at a place that the pack leaves open: how to get there, what a survey found."""

    __tablename__ = "pack_insert"
    __table_args__ = (UniqueConstraint("event_id", "slot"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    slot: Mapped[str]
    markdown: Mapped[str]

    event: Mapped[Event] = relationship()
