"""What is wished for two people, and what somebody's table must be."""

import enum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base
from hackathon.events.models import Event
from hackathon.participants.models import Participant
from hackathon.tables.models import Mark


class WishKind(enum.Enum):
    """Whether two people are to sit at one table, or never."""

    TOGETHER = "together"
    APART = "apart"


class SeatWish(Base):
    """Two people, and whether they share a table. The one with the lower id stands first, so that it is one row."""

    __tablename__ = "seat_wish"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="two_people"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    kind: Mapped[WishKind]

    event: Mapped[Event] = relationship()
    one: Mapped[Participant] = relationship(foreign_keys=one_id)
    other: Mapped[Participant] = relationship(foreign_keys=other_id)


class SeatNeed(Base):
    """What somebody's table must be. Why, only the access lead knows."""

    __tablename__ = "seat_need"
    __table_args__ = (UniqueConstraint("participant_id", "mark"),)

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    mark: Mapped[Mark]

    participant: Mapped[Participant] = relationship()
