"""The rule of a ballot, and the ballot that was held under it."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event
from hackathon.participants.models import Participant


class About(enum.Enum):
    """What people wrote that says whether a share is theirs."""

    SECTOR = "sector"
    ORGANISATION = "organisation"
    TEAM = "team"
    REGION = "region"
    JOB_ROLE = "job_role"

    @property
    def words(self) -> str:
        return ABOUT_WORDS[self]


ABOUT_WORDS = {
    About.SECTOR: "sector",
    About.ORGANISATION: "organisation",
    About.TEAM: "team",
    About.REGION: "region",
    About.JOB_ROLE: "what they do",
}


class ReservedShare(Base):
    """Places kept for some: `percent` of all go first to those who wrote one of `words` under `about`."""

    __tablename__ = "reserved_share"
    __table_args__ = (
        UniqueConstraint("event_id", "name"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str]
    about: Mapped[About]
    words: Mapped[list[str]] = mapped_column(default=list)
    percent: Mapped[int]

    event: Mapped[Event] = relationship()

    def is_for(self, participant: Participant) -> bool:
        """Whether somebody belongs to it; capitals and spaces around make no difference."""
        written = str(getattr(participant, self.about.value)).strip().casefold()
        return written in {word.casefold() for word in self.words}


class Draw(Base):
    """One ballot for places: first the list is closed, with where the seed will come from; then it is drawn.

    `entrants` are [number, [names of shares]], `gave_up` the numbers of those who gave up before the draw, `reserved`
    are [name of a share, places]. Whoever has these and the seed draws the same again: `hackathon/maths/lots.py` says
    how.
    """

    __tablename__ = "draw"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    entrants: Mapped[list[Any]] = mapped_column(default=list)
    seed_source: Mapped[str]
    closed_at: Mapped[Created]
    gave_up: Mapped[list[Any]] = mapped_column(default=list)
    places: Mapped[int | None]
    reserved: Mapped[list[Any]] = mapped_column(default=list)
    seed: Mapped[str | None]
    drawn_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
