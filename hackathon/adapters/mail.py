"""Letters: written into the outbox in the same transaction as what they tell, and sent by the job process."""

import re
import smtplib
import ssl
from contextlib import ExitStack
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import ForeignKey, Index, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.db import Base, Created, transaction
from hackathon.core.errors import Refusal

SMTP_PATIENCE = 20
LEASE = timedelta(minutes=10)
"""How long a letter belongs to the process that is sending it. Longer than any SMTP conversation may take."""
FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES = timedelta(minutes=1), timedelta(hours=6), 12
FOR_EVER = 500
"""From this SMTP code on, asking again is of no use."""
THIS_LETTER_ALONE = (
    ValueError,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
)
WORDLESS = {"to_address": "", "to_name": "", "text": "", "html": None}
"""What is left of a letter's words once it is sent: a copied database opens no door and tells nobody's address."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Letter(Base):
    """One outgoing email. Unsent ones wait here, also for as long as no mail server is configured.

    Once it is sent, nothing stays but that it was: neither to whom, nor what it said. One that is `good_until` a moment
    is dropped then, because nobody has any use for it later.
    """

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_waiting", "sent_at", "send_after"),)

    kind: Mapped[str]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    to_address: Mapped[str]
    to_name: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str | None]
    made_at: Mapped[Created]
    send_after: Mapped[datetime]
    good_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]


def post_letter(
    session: Session,
    *,
    kind: str,
    to_address: str,
    subject: str,
    text: str,
    html: str | None = None,
    to_name: str = "",
    event_id: int | None = None,
    send_after: datetime | None = None,
    good_until: datetime | None = None,
) -> Letter:
    """Put a letter into the outbox. It leaves when the transaction it was written in has been committed."""
    made_at = now()
    letter = Letter(
        kind=kind,
        event_id=event_id,
        to_address=_address(to_address),
        to_name=_one_line(to_name, "name"),
        subject=_one_line(subject, "subject"),
        text=text,
        html=html,
        made_at=made_at,
        send_after=send_after or made_at,
        good_until=good_until,
    )
    session.add(letter)
    session.flush()
    return letter


def _one_line(words: str, field: str) -> str:
    """A line break in a header would begin another header, of the sender's choosing."""
    if CONTROL.search(words):
        raise Refusal("This must stay on one line and hold no control characters.", field)
    return words.strip()


def _address(typed: str) -> str:
    address = _one_line(typed, "email")
    try:
        parsed = Address(addr_spec=address)
    except (ValueError, IndexError, MessageError):
        parsed = Address()
    if not parsed.username or "." not in parsed.domain:
        raise Refusal("Write an email address like name@example.org.", "email")
    return address


def send_waiting_letters(settings: Settings) -> int:
    """Send what is due, and say how many letters left. Without a mail server everything stays in the outbox.

    A letter is claimed before it is sent and released after it, in transactions of their own. A process that dies in
    between leaves it to the next one when the lease is over; the Message-ID is the same, so it is the same letter.
    """
    _drop_stale_letters()
    if not settings.smtp_url:
        return 0
    sent = 0
    with ExitStack() as conversation:
        server = cache(lambda: conversation.enter_context(_mail_server(settings.smtp_url)))
        while letter := _claimed_letter():
            try:
                server().send_message(_message(letter, settings.mail_from))
            except THIS_LETTER_ALONE as problem:
                _put_back(letter, problem)
            except OSError as problem:  # the server is away, and would be for the next letter, too
                _put_back(letter, problem)
                break
            else:
                _release(letter, sent_at=now(), last_error=None, **WORDLESS)
                sent += 1
    return sent


def _drop_stale_letters() -> None:
    with transaction() as session:
        session.execute(delete(Letter).where(Letter.sent_at.is_(None), Letter.good_until <= now()))


def _mail_server(url: str) -> smtplib.SMTP:
    """What goes wrong before the first letter is the server's doing or the setting's, never the letter's."""
    try:
        return _connected(url)
    except (smtplib.SMTPException, ValueError) as problem:
        raise ConnectionError(f"{type(problem).__name__}: {problem}") from problem


def _connected(url: str) -> smtplib.SMTP:
    """smtp://user:password@host:587?starttls or smtps://user:password@host:465"""
    parts = urlsplit(url)
    trust = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(parts.hostname or "", parts.port or 465, timeout=SMTP_PATIENCE, context=trust)
    else:
        server = smtplib.SMTP(parts.hostname or "", parts.port or 25, timeout=SMTP_PATIENCE)
    if "starttls" in parts.query:
        server.starttls(context=trust)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _message(letter: Letter, mail_from: str) -> EmailMessage:
    name, address = parseaddr(mail_from)
    sender = Address(name, addr_spec=address)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(letter.to_name, addr_spec=letter.to_address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.made_at)
    message["Message-ID"] = f"<{letter.id}.{letter.made_at:%Y%m%d%H%M%S%f}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return message


def _claimed_letter() -> Letter | None:
    """The letter that has been due for longest, ours alone until its lease is over."""
    moment = now()
    due = (
        select(Letter)
        .where(Letter.sent_at.is_(None), Letter.send_after <= moment, Letter.tries < MOST_TRIES)
        .order_by(Letter.send_after, Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with transaction() as session:
        if letter := session.scalar(due):
            letter.send_after = moment + LEASE
            letter.tries += 1
        return letter


def _put_back(letter: Letter, problem: Exception) -> None:
    """Try again, a little later each time; but not where the other side has said for ever no."""
    pause = min(FIRST_PAUSE * 2 ** (letter.tries - 1), LONGEST_PAUSE)
    tries = MOST_TRIES if _is_final(problem) else letter.tries
    _release(letter, send_after=now() + pause, tries=tries, last_error=f"{type(problem).__name__}: {problem}")


def _is_final(problem: Exception) -> bool:
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return all(code >= FOR_EVER for code, _ in problem.recipients.values())
    return isinstance(problem, ValueError | smtplib.SMTPNotSupportedError) or (
        isinstance(problem, smtplib.SMTPDataError) and problem.smtp_code >= FOR_EVER
    )


def _release(letter: Letter, **outcome: Any) -> None:
    with transaction() as session:
        session.execute(update(Letter).where(Letter.id == letter.id).values(outcome))
