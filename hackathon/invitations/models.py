"""Lists of people to invite, and everybody on them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.codes import long_token
from hackathon.core.db import Base, Created
from hackathon.events.models import Event
from hackathon.participants.models import Participant


class InvitationList(Base):
    """A list as it was taken: where it came from, who vouches for it, and how many people are on it.

    `invited_on` is when they were written to by somebody else; without it only letters from here count as invitations.
    """

    __tablename__ = "invitation_list"
    __table_args__ = (CheckConstraint("people > 0", name="people"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    source: Mapped[str]
    declared_by: Mapped[str]
    declared_on: Mapped[date]
    people: Mapped[int]
    invited_on: Mapped[date | None]
    taken_at: Mapped[Created]

    event: Mapped[Event] = relationship()


class Invitee(Base):
    """Somebody on a list: one address, however many lists it is on. It stays with the list that came first.

    `token` is their own link, good for one registration. `opened_at` is when a button behind it was pressed: mail
    scanners open links and press nothing. `address_key` finds the letters to them, which keep no address.
    Names and addresses go some weeks after the day; the rest is what rates are counted from.
    """

    __tablename__ = "invitee"
    __table_args__ = (UniqueConstraint("event_id", "email_key"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    list_id: Mapped[int] = mapped_column(ForeignKey("invitation_list.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    email_key: Mapped[str | None]
    address_key: Mapped[str]
    team: Mapped[str] = mapped_column(default="")
    sector: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    token: Mapped[str] = mapped_column(unique=True, default=long_token)
    opened_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    spent_at: Mapped[datetime | None]
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"), index=True)

    event: Mapped[Event] = relationship()
    list: Mapped[InvitationList] = relationship()
    participant: Mapped[Participant | None] = relationship()


class ListDraft(Base):
    """A file that somebody looks at before it is taken: its cells, and nothing of the file itself.

    It goes when it is taken or thrown away, and after a day. `rows` are [number of the row, its cells].
    """

    __tablename__ = "list_draft"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str]
    read_as: Mapped[str]
    heads: Mapped[list[str]]
    rows: Mapped[list[Any]]
    uploaded_at: Mapped[Created]

    event: Mapped[Event] = relationship()
