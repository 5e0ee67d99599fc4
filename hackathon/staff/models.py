"""Accounts of people who run events, and the codes with which they sign in."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hackathon.core.db import Base, Created


class Role(enum.Enum):
    """What somebody does in an event."""

    ORGANISER = "organiser"
    FACILITATOR = "facilitator"
    COMMUNITY_MANAGER = "community_manager"
    SPONSOR = "sponsor"
    ACCESS_LEAD = "access_lead"
    CARE_LEAD = "care_lead"
    SCRIBE = "scribe"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


class Account(Base):
    """Somebody who runs events. There is no password: signing in goes through their mail."""

    __tablename__ = "account"

    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    made_at: Mapped[Created]
    signed_in_at: Mapped[datetime | None]

    @property
    def is_reachable(self) -> bool:
        """Whether letters can arrive: the first organiser of a new copy has an address in name only."""
        return "." in self.email.rpartition("@")[2]


class SignInCode(Base):
    """One chance to sign in: six digits to type, or a link to open. Only digests are kept, never what they are made of.

    A row is made for every address that asks, so that asking and guessing take the same steps and the same time
    whether or not somebody has an account. `account` is empty where nobody has; nothing opens then. A link made at the
    terminal has no digits.
    """

    __tablename__ = "sign_in_code"

    address_digest: Mapped[str] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    digits_digest: Mapped[str | None]
    link_digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[Created]
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
    wrong_tries: Mapped[int] = mapped_column(default=0)

    account: Mapped[Account | None] = relationship()
