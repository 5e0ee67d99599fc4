"""People who take part in an event, and the places they hold."""

import enum
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.clock import local, moment_at, now
from hackathon.core.codes import long_token, ticket_code
from hackathon.core.db import Base, Created
from hackathon.events.models import Event, Place
from hackathon.staff.models import Role


class RegistrationState(enum.Enum):
    """How a registration stands.

    Applied: nobody has decided, by hand or by lot. Offered: a place is kept until `claim_by`. Lapsed: it was not taken
    in time. Declined: the organisers said no.
    """

    APPLIED = "applied"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    LAPSED = "lapsed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


HOLDS_A_PLACE = (RegistrationState.CONFIRMED, RegistrationState.OFFERED)
HAS_ENDED = (RegistrationState.CANCELLED, RegistrationState.LAPSED, RegistrationState.DECLINED)


class Way(enum.Enum):
    """How places in the room are given."""

    FIRST_COME = "first_come"
    APPROVAL = "approval"
    BALLOT = "ballot"


class Places(Base):
    """How many places in the room there are to give, how they are given, and how many are.

    More places are given than there are chairs, by `oversell` in a hundred, because some people will not come:
    `capacity` is what that amounts to. `taken` is a guard beside the rows, changed in the same transaction: it can
    never pass `capacity`. Somebody who is offered a place has `claim_hours` to take it; with 0 it is theirs at once.
    `cut_off` was written for an event on the day `cut_off_for`; it moves with the day.
    `confirmed` and `came` are what forecasts learn from once the event is closed: how many had a place, and came.
    """

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("taken <= capacity", name="capacity"),
        CheckConstraint("taken >= 0", name="taken"),
        CheckConstraint("oversell BETWEEN 0 AND 100", name="oversell"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    chairs: Mapped[int]
    oversell: Mapped[int] = mapped_column(default=0)
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    cut_off: Mapped[datetime | None]
    cut_off_for: Mapped[date | None]
    way: Mapped[Way] = mapped_column(default=Way.FIRST_COME)
    claim_hours: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int | None]
    came: Mapped[int | None]

    event: Mapped[Event] = relationship()

    @property
    def is_full(self) -> bool:
        """Whether whoever registers for the room now goes on the waiting list."""
        return self.way is Way.FIRST_COME and self.taken >= self.capacity

    @property
    def closes_at(self) -> datetime | None:
        """Until when giving a place up is no no-show: at the same time of a day that moves with the event."""
        if self.cut_off is None:
            return None
        written, event = local(self.cut_off, self.event.timezone), self.event
        moved = event.held_on - (self.cut_off_for or event.held_on)
        return moment_at(written.date() + moved, written.time(), event.timezone)


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
    team: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    known_since: Mapped[Created]

    event: Mapped[Event] = relationship()


class Registration(Base):
    """A person's place: where they mean to take part, how it stands, and when they came through the door.

    Somebody who comes to support another is that one's companion: they sit, eat and are greeted like everybody, and
    use no place. `booked_by` is who registered them, where it was not themselves. `ticket` is what the door reads: it
    finds a person and opens nothing. `number` is how the published ballot calls somebody, `lot` where it put them.
    `assured_at` is when somebody who was reminded said that they are still coming. `moves_from` is their registration
    for another event of the series, which ends as soon as this one is confirmed.
    """

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), unique=True)
    attending: Mapped[Place]
    state: Mapped[RegistrationState]
    registered_at: Mapped[Created]
    checked_in_at: Mapped[datetime | None]
    assured_at: Mapped[datetime | None]
    claim_by: Mapped[datetime | None]
    companion_of_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"), index=True)
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    ticket: Mapped[str] = mapped_column(unique=True, default=ticket_code)
    number: Mapped[int | None]
    lot: Mapped[int | None]
    moves_from_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="SET NULL"), index=True)

    event: Mapped[Event] = relationship()
    participant: Mapped[Participant] = relationship(foreign_keys=participant_id)
    booked_by: Mapped[Participant | None] = relationship(foreign_keys=booked_by_id)
    companion_of: Mapped["Registration | None"] = relationship(
        foreign_keys=companion_of_id, remote_side="Registration.id"
    )
    moves_from: Mapped["Registration | None"] = relationship(foreign_keys=moves_from_id, remote_side="Registration.id")

    @property
    def is_walk_in(self) -> bool:
        return self.checked_in_at is not None and self.state is not RegistrationState.CONFIRMED

    @property
    def has_come(self) -> bool:
        """Whether somebody came through the door. Whoever is checked in to practise has not come."""
        since = self.event.rehearsal_since
        return self.checked_in_at is not None and (since is None or self.checked_in_at < since)

    @property
    def kept_meanwhile(self) -> "Registration | None":
        """What somebody keeps at another event until they have a place here. Where that day has come it is theirs, and
        whoever takes part from outside here gives no place up for it."""
        left = self.moves_from
        if left is None or left.has_ended or left.has_come or left.event.ends_at <= now():
            return None
        return None if self.attending is Place.OUTSIDE and left.attending is Place.ROOM else left

    @property
    def kept_until(self) -> datetime | None:
        """Until when a place that is offered is kept: as was said, and no longer than until the day begins, which may
        have moved since."""
        return None if self.claim_by is None else min(self.claim_by, self.event.starts_at)

    @property
    def came_unannounced(self) -> bool:
        """Whether somebody was put on the list at the door, in the moment in which they came."""
        return self.checked_in_at is not None and self.registered_at == self.checked_in_at

    @property
    def is_in_line(self) -> bool:
        """Whether they wait for a place in the room. Who has come waits no more, nor who was welcomed to practise."""
        waits = self.state is RegistrationState.WAITING and self.attending is Place.ROOM and not self.is_companion
        return waits and not self.has_come and not self.came_unannounced

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes of it, unless the person registers again."""
        return self.state in HAS_ENDED

    @property
    def is_companion(self) -> bool:
        return self.companion_of_id is not None

    @property
    def holds_place(self) -> bool:
        """Whether one of the places in the room is kept for this person."""
        return self.attending is Place.ROOM and self.state in HOLDS_A_PLACE and not self.is_companion

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

    @property
    def words(self) -> str:
        return {
            "text": "Some words",
            "yes-no": "Yes or no",
            "choice": "One of a list",
            "choice-other": "One of a list, or something else",
        }[self.value]


class RegistrationQuestion(Base):
    """One question of an event's own registration form. The form and the privacy notice are both made from it.

    One that is retired is not asked any more; its answers stay until their day.
    """

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
    retired_at: Mapped[datetime | None]

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
        return None if self.days_kept is None else self.event.held_on + timedelta(days=self.days_kept)

    @property
    def days_kept(self) -> int | None:
        """How long after the day answers are kept: as long as was said, and never longer than the event's people."""
        return min((days for days in (self.keep_days, self.event.closes_after) if days is not None), default=None)

    def is_seen_by(self, roles: Collection[Role]) -> bool:
        """Whether somebody with these roles may read the answers. The organisers see what names nobody else."""
        named = {STANDS_IN.get(name, name) for name in self.seen_by or [Role.ORGANISER.value]}
        return any(role.value.replace("_", "-") in named for role in roles)


ADJUSTMENTS, CATERING, PHOTO_CONSENT, PRONOUNS = "adjustments", "catering", "photo-consent", "pronouns"
PURPOSES = {
    ADJUSTMENTS: "So that we can arrange what you need",
    CATERING: "So that we can order food that you can eat",
    PHOTO_CONSENT: "So that we only print photographs of people who said yes",
    PRONOUNS: "So that people speak of you as you wish: what you write is printed on your badge",
}
"""What the packs' purposes mean, in words; a purpose that is not here is in words already."""

FRONT_DESK = "front-desk"
STANDS_IN = {FRONT_DESK: "facilitator"}
"""Whom packs name and no role is called: facilitators check people in, so they are the front desk."""


class Answer(Base):
    """What somebody answered to one registration question. Who may read it, the question says."""

    __tablename__ = "registration_answer"
    __table_args__ = (UniqueConstraint("registration_id", "question"),)

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    question: Mapped[str]
    words: Mapped[str]

    registration: Mapped[Registration] = relationship()
