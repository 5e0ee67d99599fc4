"""Letters that come back: reads what mail servers report (RFC 3464), and notes it with the letter that was meant."""

import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path

from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.adapters.postman import WHY_UNKNOWN

FAILED = "failed"
CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
OURS = re.compile(r"<?\s*(\d{1,18})\.(\d{20})(?:@[^\s>]*)?\s*>?")
"""The number of a letter and the moment at which it was made, as it stood on its envelope and in its Message-ID."""
WHOLE_LETTERS = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
MAILBOX_BEGINS = b"From "

WORDS = {
    "5.1": "There is no such address",
    "5.1.2": "There is no such mail server",
    "5.1.10": "There is no such mail server",
    "5.2": "The mailbox is closed",
    "5.2.2": "The mailbox is full",
    "4.2.2": "The mailbox is full",
    "5.4": "Their mail server could not be reached",
    "4.4": "Their mail server could not be reached",
    "5.7": "Their mail server does not take letters from us",
}


@dataclass(frozen=True, slots=True)
class Report:
    """That one letter could not be delivered: which, and why, as a code of RFC 3463."""

    letter_id: int
    made_at: str
    code: str


def why_returned(code: str) -> str:
    """The code in words."""
    return WORDS.get(code) or WORDS.get(code.rpartition(".")[0]) or "It was sent back"


def note_returned(session: Session, report: Report, *, at: datetime) -> bool:
    """Note that a letter came back, if it is one of ours; of each letter once, however often it is reported."""
    letter = session.get(Letter, report.letter_id, with_for_update=True)
    if letter is None or not letter.envelope_id.endswith(f".{report.made_at}") or letter.returned_at is not None:
        return False
    letter.returned_at, letter.returned_code = at, report.code
    session.flush()
    return True


def messages_in(path: Path) -> Iterator[bytes]:
    """The messages that a mail server left behind: a Maildir, an mbox file, or one message alone."""
    if not path.is_dir() and not path.read_bytes().startswith(MAILBOX_BEGINS):
        yield path.read_bytes()
        return
    box = mailbox.Maildir(path, create=False) if path.is_dir() else mailbox.mbox(path, create=False)
    yield from (box.get_bytes(key) for key in box.keys())  # noqa: SIM118 - a mailbox goes over its messages


def message_piped(given: bytes) -> bytes:
    """The one message that a mail server hands to a program, without the line by which mailboxes part them."""
    return given.partition(b"\n")[2] if given.startswith(MAILBOX_BEGINS) else given


def reports_in(message: bytes) -> Iterator[Report]:
    """What a message reports as undeliverable for good. What is merely late, or delivered, is no report."""
    parsed = message_from_bytes(message, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    for part in parsed.walk():
        if part.get_content_type() == "message/delivery-status" and (code := _failure_in(part)) is not None:
            if (letter := _letter_meant(parsed, part)) is not None:
                yield Report(int(letter[1]), letter[2], code)
            return


def _failure_in(status: Message) -> str | None:
    for fields in _fields_of(status):
        if str(fields.get("Action", "")).strip().casefold() == FAILED:
            found = CODE.search(str(fields.get("Status", "")))
            return found[0] if found else WHY_UNKNOWN
    return None


def _letter_meant(report: EmailMessage, status: Message) -> re.Match[str] | None:
    """The letter's own name: on the envelope, or else in what was sent back of it."""
    for fields in _fields_of(status):
        if found := OURS.fullmatch(str(fields.get("Original-Envelope-Id", "")).strip()):
            return found
    for part in report.walk():
        if part.get_content_type() in WHOLE_LETTERS:
            for headers in _headers_in(part):
                if found := OURS.fullmatch(str(headers.get("Message-ID", "")).strip()):
                    return found
    return None


def _headers_in(part: Message) -> Iterator[Message]:
    if part.is_multipart():
        yield from _fields_of(part)
    else:
        payload = part.get_payload(decode=True)
        yield message_from_bytes(payload if isinstance(payload, bytes) else b"", policy=policy.default)


def _fields_of(part: Message) -> Iterator[Message]:
    """The groups of fields of a part that is made of messages; a broken one has none."""
    payload = part.get_payload()
    yield from (each for each in payload if isinstance(each, Message)) if isinstance(payload, list) else ()
