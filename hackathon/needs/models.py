"""What it takes to meet somebody's need, and how long before the day it must be booked."""

import enum
import re
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base
from hackathon.events.models import Event
from hackathon.participants.models import Registration


class NeedKind(enum.Enum):
    """What has to be found, by how long that takes."""

    INTERPRETER = "interpreter"
    CAPTIONS = "captions"
    LOOP = "loop"
    STEP_FREE = "step-free"
    OTHER = "other"

    @property
    def words(self) -> str:
        return {
            "interpreter": "Interpreter",
            "captions": "Captions",
            "loop": "Hearing loop",
            "step-free": "Step-free way in, ramp",
            "other": "Something else",
        }[self.value]

    @property
    def usual_days(self) -> int:
        return {"interpreter": 42, "captions": 21, "loop": 7, "step-free": 7, "other": 14}[self.value]


_SPOKEN_OF = {
    NeedKind.INTERPRETER: r"interpret\w*|bsl|sign language|signers?",
    NeedKind.CAPTIONS: r"caption\w*|subtitle\w*|speech[- ]to[- ]text|palantypist",
    NeedKind.LOOP: r"loop|hearing aids?|t[- ]switch",
    NeedKind.STEP_FREE: r"wheelchair|step[- ]free|ramps?|stairs|lift|mobility",
}


def kinds_in(words: str) -> frozenset[NeedKind]:
    """The kinds of need that somebody's words speak of. The access lead reads the words, and has the last one."""
    return frozenset(kind for kind, said in _SPOKEN_OF.items() if re.search(rf"\b(?:{said})\b", words, re.IGNORECASE))


class NeedState(enum.Enum):
    """How far meeting a need has come."""

    ASKED = "asked"
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    NOT_POSSIBLE = "not-possible"
    NOTHING = "nothing"

    @property
    def is_arranged(self) -> bool:
        return self in (NeedState.BOOKED, NeedState.CONFIRMED)

    @property
    def words(self) -> str:
        return {
            "asked": "Asked for",
            "booked": "Booked",
            "confirmed": "Confirmed",
            "not-possible": "Not possible",
            "nothing": "Nothing to book",
        }[self.value]


class AccessNeed(Base):
    """One line of the access lead's work list: what somebody's answer takes. One answer may take several.

    `read_as` is the kind that the words were read as, and empty on a line that the access lead added. `said` is what
    they had said when the access lead last kept the line, so that a change is seen. `booked_with` is whom to ring, and
    says nothing of the person: it outlives them, so that what was booked for somebody erased can be called off.
    """

    __tablename__ = "access_need"
    __table_args__ = (UniqueConstraint("registration_id", "question", "read_as"),)

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    question: Mapped[str]
    read_as: Mapped[NeedKind | None]
    kind: Mapped[NeedKind]
    state: Mapped[NeedState] = mapped_column(default=NeedState.ASKED)
    said: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    booked_with: Mapped[str] = mapped_column(default="")
    booked_on: Mapped[date | None]
    warned_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship()


class FreedBooking(Base):
    """What was booked for somebody who has been erased since. Whose it was, nothing says; it goes when it is called
    off.
    """

    __tablename__ = "freed_booking"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    kind: Mapped[NeedKind]
    booked_with: Mapped[str] = mapped_column(default="")
    booked_on: Mapped[date | None]

    event: Mapped[Event] = relationship()


class LeadTime(Base):
    """How many days before the day of this event a kind of need must be booked, where it is not the usual number."""

    __tablename__ = "lead_time"
    __table_args__ = (UniqueConstraint("event_id", "kind"), CheckConstraint("days >= 0", name="days"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[NeedKind]
    days: Mapped[int]

    event: Mapped[Event] = relationship()
