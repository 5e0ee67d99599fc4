"""People who take part in an event, and the places they hold."""

import enum
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.codes import long_token
from hackathon.core.db import Base, Created
from hackathon.events.models import Event, Place


class RegistrationState(enum.Enum):
    """How a registration stands."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class Places(Base):
    """How many places in the room there are to give, and how many are given.

    `taken` is a guard beside the rows, changed in the same transaction: it can never pass `capacity`.
    """

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("taken <= capacity", name="capacity"),
        CheckConstraint("taken >= 0", name="taken"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    cut_off: Mapped[datetime | None]

    event: Mapped[Event] = relationship()


class Participant(Base):
    """Somebody known to an event: by registering, or only by the address they wrote under.

    A person is one address, without regard to case; somebody without an address is one row.
    """

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("event_id", "email_key"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    email_key: Mapped[str | None]
    token: Mapped[str] = mapped_column(unique=True, default=long_token)
    organisation: Mapped[str] = mapped_column(default="")
    sector: Mapped[str] = mapped_column(default="")
    job_role: Mapped[str] = mapped_column(default="")
    known_since: Mapped[Created]

    event: Mapped[Event] = relationship()


class Registration(Base):
    """A person's place: where they mean to take part, how it stands, and when they came through the door."""

    __tablename__ = "registration"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), unique=True)
    attending: Mapped[Place]
    state: Mapped[RegistrationState]
    registered_at: Mapped[Created]
    checked_in_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    participant: Mapped[Participant] = relationship()

    @property
    def is_walk_in(self) -> bool:
        return self.checked_in_at is not None and self.state is not RegistrationState.CONFIRMED

    @property
    def is_cancelled(self) -> bool:
        return self.state is RegistrationState.CANCELLED

    @property
    def may_sit(self) -> bool:
        """Whether a seat at a table is theirs to take: with a place in the room, or once through the door."""
        return self.checked_in_at is not None or (
            self.attending is Place.ROOM and self.state is RegistrationState.CONFIRMED
        )


class QuestionType(enum.Enum):
    """How a registration question is answered."""

    TEXT = "text"
    YES_NO = "yes-no"
    CHOICE = "choice"
    CHOICE_OTHER = "choice-other"


class RegistrationQuestion(Base):
    """One question of an event's own registration form. The form and the privacy notice are both made from it."""

    __tablename__ = "registration_question"
    __table_args__ = (
        UniqueConstraint("event_id", "key"),
        CheckConstraint("NOT sensitive OR keep_days IS NOT NULL", name="sensitive_is_deleted"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    key: Mapped[str]
    position: Mapped[int]
    label: Mapped[str]
    type: Mapped[QuestionType]
    options: Mapped[list[str]] = mapped_column(default=list)
    purpose: Mapped[str]
    sensitive: Mapped[bool]
    seen_by: Mapped[list[str]] = mapped_column(default=list)
    keep_days: Mapped[int | None]

    event: Mapped[Event] = relationship()

    @property
    def purpose_words(self) -> str:
        return PURPOSES.get(self.purpose, self.purpose)

    @property
    def seen_by_words(self) -> str:
        people = [f"the {role.replace('-', ' ')}" for role in self.seen_by] or ["the organisers"]
        return " and ".join(people)

    @property
    def deleted_on(self) -> date | None:
        return None if self.keep_days is None else self.event.held_on + timedelta(days=self.keep_days)


PURPOSES = {
    "adjustments": "So that we can arrange what you need",
    "catering": "So that we can order food that you can eat",
    "photo-consent": "So that we only print photographs of people who said yes",
}
"""What the packs' purposes mean, in words; a purpose that is not here is in words already."""


class Answer(Base):
    """What somebody answered to one registration question. Who may read it, the question says."""

    __tablename__ = "registration_answer"
    __table_args__ = (UniqueConstraint("registration_id", "question"),)

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    question: Mapped[str]
    words: Mapped[str]

    registration: Mapped[Registration] = relationship()
