"""Letters that come back: refused at the door, or reported by a mail server later."""

import mailbox
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Conversation
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.adapters.bounces import messages_in, note_returned, reports_in, why_returned
from hackathon.adapters.mail import Letter, post_letter
from hackathon.adapters.postman import send_waiting_letters
from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.db import transaction
from hackathon.porch.copies import free_port


def posted(address: str = "gone@example.org") -> Letter:
    with transaction() as session:
        return post_letter(session, kind="test", to_address=address, subject="Hello", text="Hello")


def notice(letter: Letter, *, named_by: str = "envelope", action: str = "failed", status: str = "5.1.1") -> bytes:
    """What a mail server writes back, as Postfix and its like word it."""
    about = f"Reporting-MTA: dns; mx.example.org\nOriginal-Envelope-Id: {letter.envelope_id}\n"
    if named_by != "envelope":
        about = "Reporting-MTA: dns; mx.example.org\n"
    whole = "Message-ID: <{}@example.org>\nSubject: Hello\n\n".format(
        letter.envelope_id if named_by != "nothing" else "x"
    )
    kind = "message/rfc822" if named_by == "letter" else "text/rfc822-headers"
    return (
        "From: MAILER-DAEMON@mx.example.org\nTo: team@example.org\nSubject: Undelivered Mail Returned to Sender\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
        "--B\nContent-Type: text/plain\n\nI am sorry to have to inform you that 5.9.9 <1.2@x> was not delivered.\n\n"
        f"--B\nContent-Type: message/delivery-status\n\n{about}\n"
        f"Final-Recipient: rfc822; gone@example.org\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
        f"--B\nContent-Type: {kind}\n\n{whole}\n--B--\n"
    ).encode()


def noted(message: bytes) -> list[bool]:
    with transaction() as session:
        return [note_returned(session, report, at=now()) for report in reports_in(message)]


@pytest.mark.parametrize("named_by", ["envelope", "headers", "letter"])
def test_a_notice_is_matched_to_the_letter_that_it_names(session: Session, named_by: str) -> None:
    letter, other = posted(), posted("ada@example.org")

    assert noted(notice(letter, named_by=named_by)) == [True]
    assert noted(notice(letter, named_by=named_by)) == [False], "a second notice of the same letter is no news"

    session.rollback()
    assert [session.get_one(Letter, each.id).returned_code for each in (letter, other)] == ["5.1.1", None]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"action": "delayed", "status": "4.4.1"}, 0),
        ({"action": "delivered", "status": "2.0.0"}, 0),
        ({"named_by": "nothing"}, 0),
    ],
)
def test_what_is_late_delivered_or_not_ours_is_no_return(session: Session, changes: dict[str, str], found: int) -> None:
    assert len(list(reports_in(notice(posted(), **changes)))) == found


def test_a_letter_made_at_another_moment_is_not_ours(session: Session) -> None:
    letter = posted()
    report = notice(letter).replace(letter.envelope_id.encode(), f"{letter.id}.20200101000000000000".encode())

    assert noted(report) == [False]


@pytest.mark.parametrize(
    "nonsense",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/report\n\n",
        b"Content-Type: message/delivery-status\n\n\x00\nAction: failed",
    ],
)
def test_attack_18_what_is_no_message_is_read_in_peace(nonsense: bytes) -> None:
    assert list(reports_in(nonsense)) == []


def test_codes_are_said_in_words() -> None:
    said = {code: why_returned(code) for code in ("5.1.1", "5.2.2", "5.7.26", "4.4.7", "5.0.0")}

    assert said == {
        "5.1.1": "There is no such address",
        "5.2.2": "The mailbox is full",
        "5.7.26": "Their mail server does not take letters from us",
        "4.4.7": "Their mail server could not be reached",
        "5.0.0": "It was sent back",
    }


def test_mailboxes_of_both_kinds_and_one_letter_alone_are_read(session: Session, tmp_path: Path) -> None:
    letters = [posted(), posted(), posted()]
    heap, folder, alone = mailbox.mbox(tmp_path / "heap"), mailbox.Maildir(tmp_path / "box"), tmp_path / "alone"
    heap.add(notice(letters[0]))
    heap.flush()
    folder.add(notice(letters[1]))
    alone.write_bytes(notice(letters[2]))

    for path in (tmp_path / "heap", tmp_path / "box", alone):
        assert [noted(message) for message in messages_in(path)] == [[True]], path


def test_the_command_reads_what_a_mail_server_hands_over(app: Flask, session: Session, tmp_path: Path) -> None:
    letters = [posted(), posted()]
    (tmp_path / "heap").write_bytes(b"From MAILER-DAEMON Sun Nov 22 10:00:00 2026\n" + notice(letters[0]) + b"\n")
    run = app.test_cli_runner().invoke

    from_file = run(args=["mail", "bounced", str(tmp_path / "heap")])
    from_pipe = run(args=["mail", "bounced"], input=b"From MAILER-DAEMON x\n" + notice(letters[1]))

    assert from_file.output == f"Letter {letters[0].id}: There is no such address (5.1.1)\n1 came back.\n"
    assert from_pipe.output == f"Letter {letters[1].id}: There is no such address (5.1.1)\n1 came back.\n"


class Picky:
    """A mail server that knows which addresses it has, and how letters are named on their envelopes."""

    def __init__(self) -> None:
        self.named: list[dict[str, Any]] = []

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, conversation: Conversation, _envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        conversation.host_name = name
        return [*answers[:-1], "250-DSN", answers[-1]]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _conversation: Conversation, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("gone"):
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class NamesItsLetters(SMTP):
    """aiosmtpd does not know the words of RFC 3461; this one writes them down."""

    def _getparams(self, params: Any) -> dict[str, Any] | None:
        given = super()._getparams(params)
        if given is None:
            return None
        assert isinstance(self.event_handler, Picky)
        self.event_handler.named.append({name: given.pop(name) for name in ("RET", "ENVID", "NOTIFY") if name in given})
        return given


class PickyController(Controller):
    def factory(self) -> SMTP:
        return NamesItsLetters(self.handler, enable_SMTPUTF8=True)


@pytest.fixture
def picky() -> Iterator[tuple[Picky, str]]:
    server = Picky()
    controller = PickyController(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield server, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


def test_an_address_that_is_refused_at_the_door_is_noted_and_its_letter_is_named(
    session: Session, app: Flask, picky: tuple[Picky, str]
) -> None:
    server, url = picky
    own: Settings = app.extensions["settings"]
    gone, there = posted(), posted("ada@example.org")

    assert send_waiting_letters(own.model_copy(update={"smtp_url": url})) == 1

    session.rollback()
    assert [session.get_one(Letter, each.id).returned_code for each in (gone, there)] == ["5.1.1", None]
    assert server.named[-2:] == [{"RET": "HDRS", "ENVID": there.envelope_id}, {"NOTIFY": "FAILURE"}]
