"""Commitments, with what became of them."""

import enum
from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.codes import long_token
from hackathon.core.db import Base
from hackathon.events.models import Event
from hackathon.participants.models import Participant

REMINDER = "follow_up.reminder"
"""How the outbox calls the letter that asks how a commitment went."""


class Kept(enum.Enum):
    """What somebody answered when asked about their commitment."""

    KEPT = "kept"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    NO_ANSWER = "no_answer"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Commitment(Base):
    """What one person says they will do, and whether they did. Printed only with their leave.

    `token` is the id under which it was sent, so that sending twice makes one row; and who holds it may come back.
    """

    __tablename__ = "commitment"
    __table_args__ = (UniqueConstraint("event_id", "number"), UniqueConstraint("event_id", "token"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    token: Mapped[str] = mapped_column(default=long_token)
    text: Mapped[str]
    remind_on: Mapped[date | None]
    kept: Mapped[Kept] = mapped_column(default=Kept.NO_ANSWER)
    may_print: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)
    rehearsal: Mapped[bool] = mapped_column(default=False)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))

    event: Mapped[Event] = relationship()
    participant: Mapped[Participant | None] = relationship()
