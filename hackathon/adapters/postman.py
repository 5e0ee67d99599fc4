"""Takes letters out of the outbox to the mail server: each once, in its turn, and later again where that failed."""

import logging
import re
import smtplib
import ssl
from contextlib import ExitStack
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from threading import Event
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from hackathon.adapters.mail import WORDLESS, Letter
from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.db import overwrite_what_is_deleted, transaction

LOOK_EVERY, RETRY = 1.0, 5.0
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
ENHANCED_CODE = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
WHY_UNKNOWN, NO_SUCH_ADDRESS = "5.0.0", "5.1.1"

logger = logging.getLogger(__name__)


def keep_sending(app: Flask, settings: Settings, stop: Event) -> None:
    """Look every second for letters that are due, until told to stop. What goes wrong is noted, and tried again."""
    while not stop.wait(LOOK_EVERY):
        try:
            with app.app_context():
                send_waiting_letters(settings, stop)
        except Exception as problem:
            is_away = isinstance(problem, OperationalError)  # the database is: nobody's fault
            logger.warning("Letters cannot be sent at the moment: %s", problem, exc_info=not is_away)
            stop.wait(RETRY)


def send_waiting_letters(settings: Settings, stop: Event | None = None) -> int:
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
        while not (stop and stop.is_set()) and (letter := _claimed_letter()):
            try:
                _send(server(), letter, settings.mail_from)
            except THIS_LETTER_ALONE as problem:
                _put_back(letter, problem)
            except OSError as problem:  # the server is away, and would be for the next letter, too
                _put_back(letter, problem, tries=min(letter.tries, MOST_TRIES - 1))
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


def _send(server: smtplib.SMTP, letter: Letter, mail_from: str) -> None:
    """Where the server knows how, a letter that comes back names itself and leaves its words behind."""
    server.ehlo_or_helo_if_needed()
    knows_how = server.has_extn("dsn")
    server.send_message(
        _message(letter, mail_from),
        mail_options=["RET=HDRS", f"ENVID={letter.envelope_id}"] if knows_how else [],
        rcpt_options=["NOTIFY=FAILURE"] if knows_how else [],
    )


def _message(letter: Letter, mail_from: str) -> EmailMessage:
    name, address = parseaddr(mail_from)
    sender = Address(name, addr_spec=address)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(letter.to_name, addr_spec=letter.to_address)
    if letter.reply_to:
        message["Reply-To"] = Address(addr_spec=letter.reply_to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.made_at)
    message["Message-ID"] = f"<{letter.envelope_id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    if letter.calendar is not None and letter.calendar_method is not None:
        _enclose_appointment(message, letter.calendar, letter.calendar_method.value)
    return message


def _enclose_appointment(message: EmailMessage, calendar: str, method: str) -> None:
    """Twice: as a part that mail programs show with buttons of their own, and as a file for all other calendars."""
    message.add_alternative(calendar, subtype="calendar", params={"method": method})
    message.add_attachment(
        calendar.encode(), maintype="application", subtype="ics", filename="event.ics", params={"method": method}
    )


def _claimed_letter() -> Letter | None:
    """The letter that has been due for longest, ours alone until its lease is over.

    Nobody hears of a change before what it changes: a letter waits behind an earlier one to the same address that was
    put off. Otherwise a place that was given up would come into a calendar after it had been taken out.
    """
    moment, earlier = now(), aliased(Letter)
    comes_first = select(earlier.id).where(
        earlier.sent_at.is_(None),
        earlier.address_key == Letter.address_key,
        earlier.id < Letter.id,
        earlier.tries < MOST_TRIES,
        or_(earlier.send_after <= moment, earlier.tries > 0),
    )
    due = (
        select(Letter)
        .where(Letter.sent_at.is_(None), Letter.send_after <= moment, Letter.tries < MOST_TRIES)
        .where(~comes_first.exists())
        .order_by(Letter.send_after, Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with transaction() as session:
        if letter := session.scalar(due):
            letter.send_after = moment + LEASE
            letter.tries += 1
        return letter


def _put_back(letter: Letter, problem: Exception, **outcome: Any) -> None:
    """Try again, a little later each time; but not where the other side has said for ever no.

    No letter is given up because the server is away: whoever mends it after a weekend would never know which.
    """
    pause = min(FIRST_PAUSE * 2 ** (letter.tries - 1), LONGEST_PAUSE)
    outcome.update(send_after=now() + pause, last_error=f"{type(problem).__name__}: {problem}")
    if _is_final(problem):
        outcome["tries"] = MOST_TRIES
    if (code := _code_of_refusal(problem)) is not None:
        outcome.update(returned_at=now(), returned_code=code)
    _release(letter, **outcome)


def _is_final(problem: Exception) -> bool:
    return isinstance(problem, ValueError | smtplib.SMTPNotSupportedError) or _code_of_refusal(problem) is not None


def _code_of_refusal(problem: Exception) -> str | None:
    """Why the other side will never take this letter, as a code of RFC 3463; nothing where it might yet."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        (code, said), otherwise = next(iter(problem.recipients.values())), NO_SUCH_ADDRESS
    elif isinstance(problem, smtplib.SMTPDataError):
        code, said, otherwise = problem.smtp_code, problem.smtp_error, WHY_UNKNOWN  # type: ignore[assignment]  # it holds bytes - the stubs allow words, too
    else:
        return None
    if code < FOR_EVER:
        return None
    found = ENHANCED_CODE.search(said.decode(errors="replace"))
    return found[0] if found else otherwise


def _release(letter: Letter, **outcome: Any) -> None:
    with transaction() as session:
        overwrite_what_is_deleted(session)
        session.execute(update(Letter).where(Letter.id == letter.id).values(outcome))
