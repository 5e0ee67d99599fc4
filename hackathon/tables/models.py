"""Tables with their short codes, and who sits where."""

import enum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event
from hackathon.participants.models import Participant
from hackathon.themes.models import Theme


class Mark(enum.Enum):
    """What a table is good for, so that whoever needs it can sit there."""

    STEP_FREE = "step-free"
    QUIET = "quiet"
    LOOP = "loop"
    DOOR = "door"

    @property
    def words(self) -> str:
        return MARK_WORDS[self]


MARK_WORDS = {
    Mark.STEP_FREE: "step-free",
    Mark.QUIET: "in a quiet corner",
    Mark.LOOP: "near the hearing loop",
    Mark.DOOR: "near the door",
}


class Table(Base):
    """A table in the room. Its code is printed on its card; `taken` guards its seats and is a count of the rows.

    `cards_printed` is the highest number on a capture card that was printed for it.
    """

    __tablename__ = "hack_table"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        CheckConstraint("taken <= seats", name="seats"),
        CheckConstraint("taken >= 0", name="taken"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    seats: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    cards_printed: Mapped[int] = mapped_column(default=0)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"))
    marks: Mapped[list[str]] = mapped_column(default=list)

    event: Mapped[Event] = relationship()
    theme: Mapped[Theme | None] = relationship()

    @property
    def mark_words(self) -> str:
        return ", ".join(mark.words for mark in Mark if mark.value in self.marks)

    @property
    def is_full(self) -> bool:
        return self.taken >= self.seats


class Room(Base):
    """A room beside the one with the tables, such as the quiet room: signs show the way to it."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str]
    where: Mapped[str] = mapped_column(default="")

    event: Mapped[Event] = relationship()

    @property
    def line(self) -> str:
        """As it is typed: the name, then the way there."""
        return ", ".join(filter(None, (self.name, self.where)))


class Seat(Base):
    """One person at one table. Who is `fixed` is moved by nobody but themselves or a hand that says so.

    `why` is for the person to read: nothing stands in it that others are not to know.
    """

    __tablename__ = "seat"

    table_id: Mapped[int] = mapped_column(ForeignKey("hack_table.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), unique=True)
    taken_at: Mapped[Created]
    fixed: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(default="")

    table: Mapped[Table] = relationship()
    participant: Mapped[Participant] = relationship()
