"""Insights and comments, the promise to answer them, and what a survey brought in before the day."""

import enum
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.clock import local
from hackathon.core.db import Base, Created
from hackathon.events.models import Event, Place, Stage
from hackathon.participants.models import Participant
from hackathon.tables.models import Table
from hackathon.themes.models import Theme

LONGEST = 500


class Kind(enum.Enum):
    """What an insight is: something noticed, something to do, something asked."""

    INSIGHT = "insight"
    IDEA = "idea"
    QUESTION = "question"


class Identity(enum.Enum):
    """Who can see who wrote it: everybody, the organisers alone, nobody."""

    NAMED = "named"
    HIDDEN = "hidden"
    ANONYMOUS = "anonymous"


class Source(enum.Enum):
    """How the words came in."""

    PHONE = "phone"
    SCRIBE = "scribe"
    PAPER = "paper"
    WEB = "web"


class HideReason(enum.Enum):
    """Why an insight was taken off every page."""

    PERSONAL = "personal"
    UNKIND = "unkind"
    DISCLOSURE = "disclosure"
    DUPLICATE = "duplicate"
    OFF_SCOPE = "off_scope"

    @property
    def words(self) -> str:
        return HIDE_WORDS[self]


HIDE_WORDS = {
    HideReason.PERSONAL: "It names or identifies a person",
    HideReason.UNKIND: "It is rude or unkind",
    HideReason.DISCLOSURE: "It tells of harm to somebody and needs private care",
    HideReason.DUPLICATE: "It came twice",
    HideReason.OFF_SCOPE: "It is spam, or outside what this event can act on",
}


class Uncounted(enum.Enum):
    """Why words stand on the pages and in no figure: they were put there to begin with, or to practise."""

    SEED = "seed"
    REHEARSAL = "rehearsal"

    @property
    def words(self) -> str:
        return "To begin with" if self is Uncounted.SEED else "Rehearsal"


class AuthorRole(enum.Enum):
    """Who replied."""

    PARTICIPANT = "participant"
    COMMUNITY_MANAGER = "community_manager"
    CARE_LEAD = "care_lead"


class Insight(Base):
    """One observation, in the words of whoever shared it.

    `client_id` is made where it was written, so that sending twice makes one row. `number` is its receipt in the event.
    An anonymous insight holds neither an author, a name nor a device. `captured_at` is when it was written,
    `received_at` when it arrived; it is `late` when the stage in which it was written had closed by then. One that
    `waits` is read by a moderator before everybody else; one that was escalated is seen by the care lead alone.
    """

    __tablename__ = "insight"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        UniqueConstraint("event_id", "client_id"),
        Index("ix_insight_event_id_captured_at", "event_id", "captured_at"),
        CheckConstraint(f"length(text) BETWEEN 1 AND {LONGEST}", name="text_length"),
        CheckConstraint(
            "identity <> 'anonymous' OR (author_id IS NULL AND author_name = '' AND device IS NULL)", name="anonymous"
        ),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    client_id: Mapped[str]
    text: Mapped[str]
    kind: Mapped[Kind] = mapped_column(default=Kind.INSIGHT)
    phase: Mapped[Stage]
    place: Mapped[Place]
    table_id: Mapped[int | None] = mapped_column(ForeignKey("hack_table.id", ondelete="SET NULL"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id", ondelete="SET NULL"))
    identity: Mapped[Identity]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"), index=True)
    author_name: Mapped[str] = mapped_column(default="")
    device: Mapped[str | None]
    source: Mapped[Source]
    card_number: Mapped[str | None]
    captured_at: Mapped[Created]
    received_at: Mapped[Created]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[HideReason | None]
    escalated_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    waits: Mapped[bool] = mapped_column(default=False)
    uncounted: Mapped[Uncounted | None]

    event: Mapped[Event] = relationship()
    table: Mapped[Table | None] = relationship()
    theme: Mapped[Theme | None] = relationship()
    author: Mapped[Participant | None] = relationship()

    @hybrid_property
    def is_shown(self) -> bool:
        """Whether everybody may read it."""
        return self.hidden_at is None and not self.waits

    @is_shown.inplace.expression
    @classmethod
    def _is_shown_in_sql(cls) -> ColumnElement[bool]:
        return and_(cls.hidden_at.is_(None), cls.waits.is_(False))

    @property
    def said_by(self) -> str:
        """The name beside it on public pages: only where its author chose to be named."""
        if self.identity is not Identity.NAMED:
            return ""
        return self.author.name if self.author else self.author_name


class LastNumber(Base):
    """The last receipt number given in an event: a narrow row, so that numbering locks nothing else."""

    __tablename__ = "last_number"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    number: Mapped[int] = mapped_column(default=0)


class Comment(Base):
    """A response to an insight: by somebody taking part, or a reply by a community manager.

    `told_at` is when whoever wrote the insight was told of it by letter, or would have been, had they left an address.
    """

    __tablename__ = "comment"
    __table_args__ = (UniqueConstraint("event_id", "client_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    insight_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), index=True)
    client_id: Mapped[str]
    text: Mapped[str]
    place: Mapped[Place]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"))
    author_role: Mapped[AuthorRole]
    author_name: Mapped[str] = mapped_column(default="")
    written_at: Mapped[Created]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[HideReason | None]
    escalated_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    waits: Mapped[bool] = mapped_column(default=False)
    uncounted: Mapped[Uncounted | None]
    told_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()
    insight: Mapped[Insight] = relationship()
    author: Mapped[Participant | None] = relationship()

    @hybrid_property
    def is_shown(self) -> bool:
        """Whether everybody may read it, as far as it depends on the comment itself."""
        return self.hidden_at is None and not self.waits

    @is_shown.inplace.expression
    @classmethod
    def _is_shown_in_sql(cls) -> ColumnElement[bool]:
        return and_(cls.hidden_at.is_(None), cls.waits.is_(False))


class HearBack(Base):
    """The address to which a reply to one insight is mailed, for somebody who did not register."""

    __tablename__ = "hear_back"

    insight_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str]
    asked_at: Mapped[Created]

    insight: Mapped[Insight] = relationship()


class ReplyPromise(Base):
    """Which contributions were promised an answer, how soon, and when somebody was on duty to write it.

    `staffed` are pairs of ISO 8601 moments, from and to, as they were written for an event on the day `written_for`:
    where the event has moved to another day since, they have moved with it.
    """

    __tablename__ = "reply_promise"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[Kind]
    within_hours: Mapped[int]
    staffed: Mapped[list[Any]] = mapped_column(default=list)
    written_for: Mapped[date | None]

    event: Mapped[Event] = relationship()

    @property
    def periods(self) -> list[tuple[datetime, datetime]]:
        """When somebody is on duty, at the same times of the venue's clock as they were written."""
        moved = self.event.held_on - (self.written_for or self.event.held_on)

        def on_the_day(moment: str) -> datetime:
            return (local(datetime.fromisoformat(moment), self.event.timezone) + moved).astimezone(UTC)

        return [(on_the_day(since), on_the_day(to)) for since, to in self.staffed]


class SurveyQuestion(Base):
    """One open question of the survey that went out before the day."""

    __tablename__ = "survey_question"
    __table_args__ = (UniqueConstraint("event_id", "number"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str]

    event: Mapped[Event] = relationship()


class SurveyResponse(Base):
    """One filled-in survey. A response without an address is one person by the survey's own number for it."""

    __tablename__ = "survey_response"
    __table_args__ = (UniqueConstraint("event_id", "respondent"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    respondent: Mapped[str]
    email_key: Mapped[str | None]
    describes: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()

    @property
    def person(self) -> str:
        return self.email_key or f"respondent {self.respondent}"


class SurveyAnswer(Base):
    """What one response said to one question; blank answers are not kept.

    One that is hidden counts like the others. One that is hidden because it tells of harm is the care lead's alone.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (UniqueConstraint("response_id", "question_id"),)

    response_id: Mapped[int] = mapped_column(ForeignKey("survey_response.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("survey_question.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    hidden_at: Mapped[datetime | None]
    hidden_reason: Mapped[HideReason | None]

    response: Mapped[SurveyResponse] = relationship()
    question: Mapped[SurveyQuestion] = relationship()

    @hybrid_property
    def is_escalated(self) -> bool:
        return self.hidden_reason is HideReason.DISCLOSURE

    @is_escalated.inplace.expression
    @classmethod
    def _is_escalated_in_sql(cls) -> ColumnElement[bool]:
        return cls.hidden_reason.is_not_distinct_from(HideReason.DISCLOSURE)

    @property
    def escalated_at(self) -> datetime | None:
        return self.hidden_at if self.is_escalated else None
