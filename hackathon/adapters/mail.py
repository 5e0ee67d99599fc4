"""Letters: written into the outbox in the same transaction as what they tell, and sent by the job process."""

import re
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address

from flask import current_app
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from hackathon.adapters.calendar import Method
from hackathon.core.clock import now
from hackathon.core.codes import fingerprint
from hackathon.core.db import Base, Created
from hackathon.core.errors import Refusal

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
WORDLESS = {"to_address": "", "to_name": "", "text": "", "html": None, "calendar": None}
"""What is left of a letter's words once it is sent: a copied database opens no door and tells nobody's address."""


class Letter(Base):
    """One outgoing email. Unsent ones wait here, also for as long as no mail server is configured.

    Once it is sent, nothing stays but that it was: neither to whom, nor what it said. `address_key` recognises the
    address within the event without keeping it, so that a letter that comes back is known to be this person's. One that
    is `good_until` a moment is dropped then, because nobody has any use for it later. What must not be said twice is
    said `once`: no second letter can carry the same word there.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_waiting", "sent_at", "send_after"),
        Index("ix_letter_event_id_kind", "event_id", "kind"),
    )

    kind: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    to_address: Mapped[str]
    to_name: Mapped[str]
    address_key: Mapped[str] = mapped_column(default="")
    reply_to: Mapped[str] = mapped_column(default="")
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str | None]
    calendar: Mapped[str | None]
    calendar_method: Mapped[Method | None]
    once: Mapped[str | None] = mapped_column(unique=True)
    made_at: Mapped[Created]
    send_after: Mapped[datetime]
    good_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    returned_at: Mapped[datetime | None]
    returned_code: Mapped[str | None]

    @property
    def envelope_id(self) -> str:
        """What mail servers along the way call it, and name when they send it back."""
        return f"{self.id}.{self.made_at:%Y%m%d%H%M%S%f}"


def post_letter(
    session: Session,
    *,
    kind: str,
    to_address: str,
    subject: str,
    text: str,
    html: str | None = None,
    to_name: str = "",
    reply_to: str = "",
    calendar: str | None = None,
    calendar_method: Method | None = None,
    once: str | None = None,
    event_id: int | None = None,
    send_after: datetime | None = None,
    good_until: datetime | None = None,
) -> Letter:
    """Put a letter into the outbox. It leaves when the transaction it was written in has been committed."""
    made_at = now()
    letter = Letter(
        kind=kind,
        event_id=event_id,
        to_address=checked_address(to_address),
        to_name=_one_line(to_name, "name"),
        address_key=address_key(event_id, to_address),
        reply_to=reply_to if is_address(reply_to) else "",
        subject=_one_line(subject, "subject"),
        text=text,
        html=html,
        calendar=calendar,
        calendar_method=calendar_method,
        once=once,
        made_at=made_at,
        send_after=send_after or made_at,
        good_until=good_until,
    )
    session.add(letter)
    session.flush()
    return letter


def address_key(event_id: int | None, address: str) -> str:
    """What is kept of an address once a letter is sent: a keyed digest, another one in every event."""
    return fingerprint(str(current_app.config["SECRET_KEY"]), "address", str(event_id), address.strip().casefold())


def _one_line(words: str, field: str) -> str:
    """A line break in a header would begin another header, of the sender's choosing."""
    if CONTROL.search(words):
        raise Refusal("This must stay on one line and hold no control characters.", field)
    return words.strip()


def checked_address(typed: str) -> str:
    """An address that a letter can go to, or a refusal in words."""
    address = _one_line(typed, "email")
    if not is_address(address):
        raise Refusal("Write an email address like name@example.org.", "email")
    return address


def is_address(typed: str) -> bool:
    """Whether a letter can go there."""
    if CONTROL.search(typed):
        return False
    try:
        parsed = Address(addr_spec=typed)
    except (ValueError, IndexError, MessageError):
        return False
    return bool(parsed.username) and "." in parsed.domain
