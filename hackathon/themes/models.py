"""Themes, and the order in which people would choose them."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base
from hackathon.events.models import Event
from hackathon.participants.models import Participant

TONES = 8
SHAPES = ("circle", "square", "triangle", "diamond", "hexagon", "star", "cross", "arch")


class Theme(Base):
    """A named group of similar contributions. Everywhere it shows the same letter, shape and colour."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("event_id", "key"), UniqueConstraint("event_id", "position"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    key: Mapped[str]
    title: Mapped[str]
    prompt: Mapped[str]
    position: Mapped[int]

    event: Mapped[Event] = relationship()

    @property
    def letter(self) -> str:
        return chr(ord("A") + (self.position - 1) % 26)

    @property
    def tone(self) -> int:
        """Its colour, 1 to 8."""
        return (self.position - 1) % TONES + 1

    @property
    def shape(self) -> str:
        return SHAPES[self.tone - 1]


class ThemeChoice(Base):
    """One person's first, second or third choice."""

    __tablename__ = "theme_choice"
    __table_args__ = (
        UniqueConstraint("participant_id", "rank"),
        UniqueConstraint("participant_id", "theme_id"),
        CheckConstraint("rank BETWEEN 1 AND 3", name="rank"),
    )

    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int]

    participant: Mapped[Participant] = relationship()
    theme: Mapped[Theme] = relationship()
