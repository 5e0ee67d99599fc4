"""Every change of seats, by the mixer or by hand, with its way back."""

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event


class Leaning(enum.Enum):
    """What weighs more where choices and mixing pull apart."""

    CHOICES = "choices"
    BALANCED = "balanced"
    MIXING = "mixing"

    @property
    def words(self) -> str:
        return LEANING_WORDS[self]

    @property
    def weights(self) -> Mapping[str, float]:
        """What it is worth, in choices, that a table holds one person fewer who is alike in this column."""
        return WEIGHTS[self]


LEANING_WORDS = {
    Leaning.CHOICES: "First choices: mix only where it costs next to nothing",
    Leaning.BALANCED: "Balanced: one colleague fewer at a table is worth one second choice",
    Leaning.MIXING: "Mixing: spread colleagues, even where it costs some first choices",
}

WEIGHTS = {
    Leaning.CHOICES: {"organisation": 0.4, "sector": 0.05, "job_role": 0.05},
    Leaning.BALANCED: {"organisation": 1.0, "sector": 0.2, "job_role": 0.2},
    Leaning.MIXING: {"organisation": 3.0, "sector": 1.0, "job_role": 0.6},
}
KINDS = tuple(WEIGHTS[Leaning.BALANCED])


class Moving(enum.Enum):
    """Who may be given another seat. Fixed people never are."""

    EVERYBODY = "everybody"
    EXPECTED = "expected"
    STANDING = "standing"
    NO_SHOWS = "no-shows"

    @property
    def words(self) -> str:
        return MOVING_WORDS[self]


MOVING_WORDS = {
    Moving.EVERYBODY: "Everybody",
    Moving.EXPECTED: "People who have not come yet, and those without a seat",
    Moving.STANDING: "Only people without a seat",
    Moving.NO_SHOWS: "Only people who are here without a seat: they get the seats of those who have not come",
}


class SeatingRun(Base):
    """A change of seats: proposed by the mixer and then taken, or made by hand at once.

    A run that waits to be taken has no placements yet. `figures` say what the plan came to.
    """

    __tablename__ = "seating_run"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    asked_by: Mapped[str]
    asked_at: Mapped[Created]
    leaning: Mapped[Leaning | None]
    moving: Mapped[Moving | None]
    seed: Mapped[int | None]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    taken_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()

    @property
    def key(self) -> str:
        """Which plan it is. SQLite gives the number of a row that is gone to the next one, so the time is in it."""
        return f"{self.id}-{self.asked_at:%Y%m%d%H%M%S%f}"

    @property
    def is_by_hand(self) -> bool:
        return self.leaning is None


class Placement(Base):
    """Where a run put somebody, where they sat before, and the reasons for those who lead the room."""

    __tablename__ = "placement"
    __table_args__ = (UniqueConstraint("run_id", "participant_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("seating_run.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    before_id: Mapped[int | None] = mapped_column(ForeignKey("hack_table.id", ondelete="SET NULL"))
    after_id: Mapped[int | None] = mapped_column(ForeignKey("hack_table.id", ondelete="SET NULL"))
    reasons: Mapped[list[Any]] = mapped_column(default=list)

    run: Mapped[SeatingRun] = relationship()
