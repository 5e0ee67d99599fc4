"""A mail server that keeps what it is given."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, Envelope, Session

from hackathon.porch.copies import free_port

LONGEST_POST = 60.0


class Postbox(Sink):
    """The letters in the order in which they came."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 Kept"

    def letter_to(self, address: str) -> EmailMessage:
        """The first letter to somebody, as soon as it is there."""
        return self._first("To", address)

    def letter_about(self, subject: str, *, after: int = 0) -> EmailMessage:
        """The first letter with this subject, as soon as it is there; where some came before, among those after."""
        return self._first("Subject", subject, after)

    def _first(self, header: str, words: str, after: int = 0) -> EmailMessage:
        deadline = time.monotonic() + LONGEST_POST
        while time.monotonic() < deadline:
            for letter in self.letters[after:]:
                if words in str(letter[header]):
                    return letter
            time.sleep(0.05)
        raise AssertionError(f"No letter with {header} {words} in {LONGEST_POST:.0f} s; there are {len(self.letters)}.")


def words_of(letter: EmailMessage, form: str) -> str:
    """What a letter says in one of its two forms, "plain" or "html"."""
    body = letter.get_body((form,))
    assert body is not None, f"the letter has no {form} part"
    return str(body.get_content())


@contextmanager
def mail_server() -> Iterator[tuple[Postbox, str]]:
    """A postbox, and the setting that leads the product to it."""
    postbox, port = Postbox(), free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield postbox, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
