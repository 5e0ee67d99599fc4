"""Who put which insight under which theme, who does not recognise themselves there, and which insights are alike."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event
from hackathon.insights.models import Insight
from hackathon.staff.models import Account
from hackathon.themes.models import Theme


class Coder(Base):
    """One of the people who put insights under themes. The first (letter a) leads: their theme stands in the report."""

    __tablename__ = "coder"
    __table_args__ = (UniqueConstraint("event_id", "letter"), UniqueConstraint("event_id", "account_id"))

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    letter: Mapped[str]
    name: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    event: Mapped[Event] = relationship()
    account: Mapped[Account | None] = relationship()


class Coding(Base):
    """One coder's theme for one insight. No theme means: looked at, and it fits under none."""

    __tablename__ = "coding"
    __table_args__ = (UniqueConstraint("coder_id", "insight_id"),)

    coder_id: Mapped[int] = mapped_column(ForeignKey("coder.id", ondelete="CASCADE"))
    insight_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"))
    coded_at: Mapped[Created]

    coder: Mapped[Coder] = relationship()
    insight: Mapped[Insight] = relationship()
    theme: Mapped[Theme | None] = relationship()


class Objection(Base):
    """Whoever wrote an insight says that the theme under which it stood then is not what they meant.

    Nothing says who did. Once the insight stands elsewhere, this speaks of the past.
    """

    __tablename__ = "objection"

    insight_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), unique=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"))
    raised_at: Mapped[Created]

    insight: Mapped[Insight] = relationship()
    theme: Mapped[Theme | None] = relationship()


class Likeness(Base):
    """Two insights known to be alike: 3 the same in other words, 2 the same point, 1 the same subject."""

    __tablename__ = "likeness"
    __table_args__ = (UniqueConstraint("first_id", "second_id"), CheckConstraint("grade BETWEEN 1 AND 3", name="grade"))

    first_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("insight.id", ondelete="CASCADE"), index=True)
    grade: Mapped[int]

    first: Mapped[Insight] = relationship(foreign_keys=first_id)
    second: Mapped[Insight] = relationship(foreign_keys=second_id)
