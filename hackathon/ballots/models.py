"""Ballots on paper: what was printed and given out."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created
from hackathon.events.models import Event, Place


class PaperBallot(Base):
    """A ballot that was printed to be given out: its one-time code, and where it is marked. Nothing says by whom.

    Ballots that were printed together are a `batch`. `printed_with` is a digest of the statements as they stand on the
    paper: once they say something else, the paper is no ballot any more.
    """

    __tablename__ = "paper_ballot"
    __table_args__ = (UniqueConstraint("event_id", "code"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    batch: Mapped[int]
    code: Mapped[str]
    place: Mapped[Place]
    printed_with: Mapped[str]
    printed_at: Mapped[Created]

    event: Mapped[Event] = relationship()
