"""The event, who runs it, and its log."""

import enum
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.clock import local, moment_at, now, short_date
from hackathon.core.db import Base, Created
from hackathon.staff.models import Account, Role


class Stage(enum.Enum):
    """Where an event is in its life."""

    DRAFT = "draft"
    BEFORE = "before"
    WARM_UP = "warm_up"
    DIVERGE = "diverge"
    CONVERGE = "converge"
    AFTER = "after"

    @property
    def words(self) -> str:
        return STAGE_WORDS[self]

    @property
    def says(self) -> str:
        """What people may do in it, in a sentence for them."""
        return STAGE_SAYS[self]


STAGE_WORDS = {
    Stage.DRAFT: "Draft",
    Stage.BEFORE: "Before the day",
    Stage.WARM_UP: "Warm-up",
    Stage.DIVERGE: "Opening up",
    Stage.CONVERGE: "Coming together",
    Stage.AFTER: "After the day",
}
STAGE_SAYS = {
    Stage.DRAFT: "Only staff see this event so far.",
    Stage.BEFORE: "The day has not begun, and your thought is welcome already: it counts as one from outside the room.",
    Stage.WARM_UP: "People are arriving. Write a first thought to break the silence.",
    Stage.DIVERGE: "Write what you notice. Nothing is judged or counted out loud yet.",
    Stage.CONVERGE: "Find what belongs together, and rate the statements in secret when the room is asked to.",
    Stage.AFTER: "The day is over, and your thought still counts: it stands with those from outside the room.",
}
CLOSED_SAYS = (
    "This event is closed. What everybody said stays, without names, and everything about its people is deleted."
)
"""The one place that says what people may do, for every page that tells them."""
ROLE_WORDS = {
    Role.ORGANISER: "An organiser plans the event and answers for it.",
    Role.FACILITATOR: "A facilitator leads the day: wall, themes, statements.",
    Role.COMMUNITY_MANAGER: "A community manager sees that people are answered.",
    Role.SPONSOR: "A sponsor makes the promise and follows the figures.",
    Role.ACCESS_LEAD: "An access lead alone sees what people need to take part.",
    Role.CARE_LEAD: "A care lead alone sees what somebody told of harm.",
    Role.SCRIBE: "A scribe types in what people wrote on paper.",
}
DAY_STAGES = (Stage.WARM_UP, Stage.DIVERGE, Stage.CONVERGE)


class Place(enum.Enum):
    """Where somebody takes part."""

    ROOM = "room"
    OUTSIDE = "outside"

    @property
    def words(self) -> str:
        return "In the room" if self is Place.ROOM else "From outside"


class Moderation(enum.Enum):
    """Whether words are read by somebody before everybody can see them, or after."""

    AFTER = "after"
    BEFORE = "before"


class Series(Base):
    """Several events in several places under one question. Each keeps its own date, people and roles."""

    __tablename__ = "series"

    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    question: Mapped[str]
    tested_with: Mapped[int] = mapped_column(default=0)
    contact_name: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    made_at: Mapped[Created]


CLOSED_AFTER = 84
"""Days after which a new event is closed: twelve weeks, when people have been told what became of their words."""


class Event(Base):
    """One dated gathering around one question, in a room and outside it.

    `closes_after` is how many days after its own day an event is closed and its people are forgotten.
    """

    __tablename__ = "event"
    __table_args__ = (CheckConstraint("expected_people > 0", name="expected_people"),)

    slug: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    question: Mapped[str]
    tested_with: Mapped[int] = mapped_column(default=0)
    scope_in: Mapped[list[str]] = mapped_column(default=list)
    scope_out: Mapped[list[str]] = mapped_column(default=list)
    held_on: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    doors: Mapped[time | None]
    timezone: Mapped[str] = mapped_column(default="Europe/London")
    venue: Mapped[str] = mapped_column(default="")
    online: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="en-GB")
    expected_people: Mapped[int]
    contact_name: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    stage: Mapped[Stage] = mapped_column(default=Stage.DRAFT)
    moderation: Mapped[Moderation] = mapped_column(default=Moderation.AFTER)
    rehearsal_since: Mapped[datetime | None]
    rehearsal_ended_at: Mapped[datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[Created]
    report_first_published: Mapped[date | None]
    figures_frozen_at: Mapped[datetime | None]
    closes_after: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"), index=True)

    series: Mapped[Series | None] = relationship()

    @property
    def is_published(self) -> bool:
        return self.stage is not Stage.DRAFT

    @property
    def is_capturing(self) -> bool:
        """Insights are taken from the day the event is published, and after it: later thoughts count too."""
        return self.is_published and not self.is_closed

    @property
    def is_closed(self) -> bool:
        """Its people are forgotten: what they said, the figures and the decisions stay."""
        return self.closed_at is not None

    @property
    def says(self) -> str:
        """What people may do in it now, in a sentence for them."""
        return CLOSED_SAYS if self.is_closed else self.stage.says

    @property
    def closes_on(self) -> date | None:
        """The last day before it is closed by itself; without one, somebody closes it by hand."""
        return None if self.closes_after is None else self.held_on + timedelta(days=self.closes_after)

    @property
    def people_kept(self) -> str:
        """Until when it is known who took part, in words that go on a sentence."""
        return f"until {short_date(self.closes_on)}" if self.closes_on else "until the event is closed"

    @property
    def is_read_first(self) -> bool:
        """Whether somebody reads words before everybody can see them."""
        return self.moderation is Moderation.BEFORE

    @property
    def is_rehearsing(self) -> bool:
        """What comes in now is practice: it is marked, never counted, and wiped when the rehearsal ends."""
        return self.rehearsal_since is not None

    @property
    def hides_counts(self) -> bool:
        """While tables open up nobody but staff sees how much was said, or about what: numbers steer people."""
        return self.stage is Stage.DIVERGE

    @property
    def is_on(self) -> bool:
        return self.stage in DAY_STAGES

    @property
    def is_to_come(self) -> bool:
        """Whether its day has not come yet where it is held, and nobody has opened it or rehearses."""
        waits = self.stage in (Stage.DRAFT, Stage.BEFORE) and not self.is_rehearsing
        return waits and local(now(), self.timezone).date() < self.held_on

    @property
    def doors_at(self) -> datetime:
        """When people can come in; without an hour for it, when the event starts."""
        return moment_at(self.held_on, self.doors or self.starts, self.timezone)

    @property
    def starts_at(self) -> datetime:
        return moment_at(self.held_on, self.starts, self.timezone)

    @property
    def ends_at(self) -> datetime:
        return moment_at(self.held_on, self.ends, self.timezone)


class Membership(Base):
    """What one account does in one event. `nudged` is whether letters fetch them while somebody waits for an answer."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("event_id", "account_id", "role"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role]
    nudged: Mapped[bool] = mapped_column(default=True)

    event: Mapped[Event] = relationship()
    account: Mapped[Account] = relationship()


class StageTime(Base):
    """When a stage opens by itself. `opened_at` is when it did, or when somebody moved the event past it by hand."""

    __tablename__ = "stage_time"
    __table_args__ = (UniqueConstraint("event_id", "stage"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    stage: Mapped[Stage]
    opens_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()


class Act(Base):
    """What was answered to something sent under an id that the phone made: sent again, it is answered alike.

    `digest` tells the same words from others under the same id. Nothing here says who sent it.
    """

    __tablename__ = "act"
    __table_args__ = (UniqueConstraint("event_id", "client_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    client_id: Mapped[str]
    kind: Mapped[str]
    digest: Mapped[str]
    receipt: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[Created]

    event: Mapped[Event] = relationship()


class Activity(Base):
    """One line of an event's log: audit trail, live stream and chronology in one. Nobody edits it.

    `xact` is PostgreSQL's number of the writing transaction. Commits land out of the order of ids there, so whoever
    follows the log reads only lines older than every transaction still under way; on SQLite the column stays empty.
    """

    __tablename__ = "activity"
    __table_args__ = (Index("ix_activity_event_id_id", "event_id", "id"), {"sqlite_autoincrement": True})

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    kind: Mapped[str]
    actor: Mapped[str]
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[Created]
    xact: Mapped[int | None] = mapped_column(BigInteger, server_default=FetchedValue())

    event: Mapped[Event] = relationship()
