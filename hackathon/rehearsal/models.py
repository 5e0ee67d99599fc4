"""What a rehearsal remembers, so that all is afterwards as it was before."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base
from hackathon.participants.models import Participant
from hackathon.tables.models import Table


class SeatBefore(Base):
    """Where somebody sat when the rehearsal began. It goes when the rehearsal ends."""

    __tablename__ = "seat_before"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), unique=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("hack_table.id", ondelete="CASCADE"), index=True)
    taken_at: Mapped[datetime]

    participant: Mapped[Participant] = relationship()
    table: Mapped[Table] = relationship()
