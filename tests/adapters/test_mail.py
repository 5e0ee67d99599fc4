"""Letters through a real SMTP server."""

import asyncio
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as Conversation
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from hackathon.adapters.calendar import Method
from hackathon.adapters.mail import Letter, address_key, post_letter
from hackathon.adapters.postman import MOST_TRIES, send_waiting_letters
from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.db import empty_journal, transaction
from hackathon.core.errors import Refusal
from hackathon.porch.copies import free_port
from tests.makers import leave_deleted_rows_readable, make_event


class Postbox:
    """Keeps what the server takes in. `answers` are given one after the other, then every letter is welcome."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: list[str] = []
        self.passwords: list[tuple[bytes, bytes]] = []
        self.is_slow = False

    async def handle_DATA(self, _server: SMTP, _conversation: Conversation, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        if self.is_slow:
            await asyncio.sleep(1)
        return "250 thank you"

    def authenticate(
        self, _server: SMTP, _session: Conversation, _envelope: Envelope, _how: str, proof: object
    ) -> AuthResult:
        assert isinstance(proof, LoginPassword)
        self.passwords.append((proof.login, proof.password))
        return AuthResult(success=proof.password == b"p@ss")


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[Controller]:
    controller = Controller(
        postbox, hostname="127.0.0.1", port=free_port(), authenticator=postbox.authenticate, auth_require_tls=False
    )
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def settings(app: Flask, server: Controller) -> Settings:
    own: Settings = app.extensions["settings"]
    return own.model_copy(
        update={"smtp_url": f"smtp://127.0.0.1:{server.port}", "mail_from": "The hack team <team@example.org>"}
    )


def post(**changes: object) -> Letter:
    words = {"kind": "test", "to_address": "ada@example.org", "subject": "Hello", "text": "Dear Ada\n"}
    with transaction() as session:
        return post_letter(session, **{**words, **changes})  # type: ignore[arg-type]  # words of several kinds


def outbox(session: Session) -> list[Letter]:
    session.rollback()
    return list(session.scalars(select(Letter).order_by(Letter.id)))


def make_due(letter: Letter) -> None:
    with transaction() as session:
        session.get_one(Letter, letter.id).send_after = now()


def test_a_letter_arrives_once_and_says_who_it_is_from(session: Session, settings: Settings, postbox: Postbox) -> None:
    letter = post(to_name="Zoë, of the team", subject="Your link – keep it", html="<p>Dear <b>Zoë</b></p>")

    assert [send_waiting_letters(settings), send_waiting_letters(settings)] == [1, 0]

    (arrived,) = postbox.letters
    assert {name: arrived[name] for name in ("From", "To", "Subject", "Auto-Submitted", "Message-ID")} == {
        "From": "The hack team <team@example.org>",
        "To": '"Zoë, of the team" <ada@example.org>',
        "Subject": "Your link – keep it",
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<{letter.id}.{letter.made_at:%Y%m%d%H%M%S%f}@example.org>",
    }
    assert [part.get_content().strip() for part in arrived.iter_parts()] == ["Dear Ada", "<p>Dear <b>Zoë</b></p>"]
    (kept,) = outbox(session)
    assert kept.sent_at is not None
    assert (kept.to_address, kept.to_name, kept.text, kept.html) == ("", "", "", None)


def test_a_letter_brings_its_appointment_as_a_part_and_as_a_file(
    session: Session, settings: Settings, postbox: Postbox
) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:Zuhören\r\nEND:VCALENDAR\r\n"
    post(html="<p>Hello</p>", calendar=calendar, calendar_method=Method.CANCEL, reply_to="kiran@example.org")

    assert send_waiting_letters(settings) == 1

    (arrived,) = postbox.letters
    words, file = arrived.iter_parts()
    *_, part = words.iter_parts()
    assert (part.get_content_type(), part["Content-Type"].params["method"]) == ("text/calendar", "CANCEL")
    assert part.get_content().replace("\r\n", "\n") == calendar.replace("\r\n", "\n")
    assert (file.get_content_type(), file.get_filename(), file.get_content()) == (
        "application/ics",
        "event.ics",
        calendar.encode(),
    )
    assert arrived["Reply-To"] == "kiran@example.org"
    assert [name for name in arrived if name.lower().startswith("list-")] == []
    assert [(kept.calendar, kept.calendar_method) for kept in outbox(session)] == [(None, Method.CANCEL)]


@pytest.mark.parametrize("typed", ["", "nobody", "a@b.c\r\nBcc: all@evil.test", "a@b.c, d@e.f"])
def test_attack_6_what_is_no_address_is_nobody_to_answer(
    session: Session, settings: Settings, postbox: Postbox, typed: str
) -> None:
    post(reply_to=typed)

    assert send_waiting_letters(settings) == 1
    assert (postbox.letters[0]["Reply-To"], postbox.letters[0]["Bcc"]) == (None, None)


def test_what_is_said_once_cannot_be_said_twice(session: Session) -> None:
    post(once="a reminder to Ada")

    with pytest.raises(IntegrityError):
        post(once="a reminder to Ada")

    assert len(outbox(session)) == 1


def test_an_address_is_recognised_within_one_event_alone(session: Session, app: Flask) -> None:
    keys = [address_key(1, "Ada@example.org"), address_key(1, " ada@EXAMPLE.org"), address_key(2, "ada@example.org")]

    assert keys[0] == keys[1] != keys[2]
    assert "ada" not in keys[0]


def test_without_a_mail_server_letters_wait_in_the_outbox(session: Session, app: Flask) -> None:
    post()

    assert send_waiting_letters(app.extensions["settings"]) == 0
    assert [letter.sent_at for letter in outbox(session)] == [None]


def test_a_letter_for_later_waits_until_then(session: Session, settings: Settings, postbox: Postbox) -> None:
    post(send_after=now() + timedelta(hours=1))

    assert send_waiting_letters(settings) == 0
    assert postbox.letters == []


@pytest.mark.parametrize("has_server", [True, False])
def test_a_letter_that_nobody_has_a_use_for_any_more_is_dropped(
    session: Session, app: Flask, settings: Settings, postbox: Postbox, has_server: bool
) -> None:
    post(good_until=now() - timedelta(seconds=1))
    still_good = post(to_address="bo@example.org", good_until=now() + timedelta(minutes=1))

    sent = send_waiting_letters(settings if has_server else app.extensions["settings"])

    assert (sent, [arrived["To"] for arrived in postbox.letters]) == (
        (1, ["bo@example.org"]) if has_server else (0, [])
    )
    assert [letter.id for letter in outbox(session)] == [still_good.id]


def test_a_letter_written_in_a_transaction_that_failed_was_never_written(session: Session) -> None:
    with suppress(ZeroDivisionError), transaction() as writing:
        post_letter(writing, kind="test", to_address="ada@example.org", subject="Hello", text="Hello")
        raise ZeroDivisionError

    assert outbox(session) == []


@pytest.mark.parametrize(
    "ending", ["\r\nBcc: everyone@example.org", "\nX: y", "\rX: y", "\0", "\x0bX", "\u2028X", "\x85X"]
)
@pytest.mark.parametrize("field", ["to_address", "to_name", "subject"])
def test_attack_6_no_word_makes_a_header_of_its_own(session: Session, field: str, ending: str) -> None:
    with pytest.raises(Refusal, match="one line"):
        post(**{field: f"ada@example.org{ending}"})

    assert outbox(session) == []


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@", "@example.org", "ada@localhost", "a b@example.org", "a@b.c, d@e.f", "A <a@b.c>"]
)
def test_what_is_no_address_is_refused_in_words(session: Session, address: str) -> None:
    with pytest.raises(Refusal, match=r"like name@example\.org") as refusal:
        post(to_address=address)

    assert refusal.value.field == "email"


def test_a_letter_that_was_put_off_is_sent_again_later_and_is_the_same_letter(
    session: Session, settings: Settings, postbox: Postbox
) -> None:
    letter = post()
    postbox.answers = ["451 not now"]

    assert [send_waiting_letters(settings), send_waiting_letters(settings)] == [0, 0]
    (waiting,) = outbox(session)
    assert (waiting.tries, waiting.sent_at, waiting.send_after > now() + timedelta(seconds=50)) == (1, None, True)
    assert "not now" in (waiting.last_error or "")

    make_due(letter)
    assert send_waiting_letters(settings) == 1
    assert [arrived["Message-ID"] for arrived in postbox.letters] == [
        f"<{letter.id}.{letter.made_at:%Y%m%d%H%M%S%f}@example.org>"
    ]
    assert [(sent.tries, sent.last_error) for sent in outbox(session)] == [(2, None)]


def test_nobody_hears_of_a_change_before_what_it_changes(
    session: Session, settings: Settings, postbox: Postbox
) -> None:
    first = post(subject="Your place")
    postbox.answers = ["451 not now"]
    send_waiting_letters(settings)
    post(subject="Your place is given up")
    post(subject="To somebody else", to_address="bo@example.org")

    send_waiting_letters(settings)
    make_due(first)
    send_waiting_letters(settings)

    assert [letter["Subject"] for letter in postbox.letters] == [
        "To somebody else",
        "Your place",
        "Your place is given up",
    ]


def test_a_letter_for_later_and_one_that_was_refused_hold_up_no_other(
    session: Session, settings: Settings, postbox: Postbox
) -> None:
    post(subject="A reminder of what you said", send_after=now() + timedelta(days=30))
    post(subject="Too large")
    postbox.answers = ["552 too large"]
    post(subject="Your place")

    assert send_waiting_letters(settings) == 1
    assert [letter["Subject"] for letter in postbox.letters] == ["Your place"]


def test_pauses_grow_and_end(session: Session, settings: Settings, postbox: Postbox) -> None:
    letter = post()
    pauses = []
    for _ in range(MOST_TRIES + 3):
        postbox.answers = ["451 not now"]
        make_due(letter)
        before = now()
        send_waiting_letters(settings)
        pauses.append(round((outbox(session)[0].send_after - before) / timedelta(minutes=1)))

    assert pauses[:MOST_TRIES] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert outbox(session)[0].tries == MOST_TRIES


def test_a_letter_that_is_refused_for_ever_does_not_stop_the_others(
    session: Session, settings: Settings, postbox: Postbox
) -> None:
    post(to_address="gone@example.org")
    post(to_address="ada@example.org")
    postbox.answers = ["550 nobody here"]

    assert send_waiting_letters(settings) == 1

    assert [(letter.tries, letter.sent_at is None) for letter in outbox(session)] == [(MOST_TRIES, True), (1, False)]
    assert [(letter.returned_at is None, letter.returned_code) for letter in outbox(session)] == [
        (False, "5.0.0"),
        (True, None),
    ]
    assert [letter["To"] for letter in postbox.letters] == ["ada@example.org"]


def test_a_mail_server_that_is_away_is_asked_once_and_not_for_every_letter(
    session: Session, settings: Settings
) -> None:
    post()
    post()
    away = settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{free_port()}"})

    assert send_waiting_letters(away) == 0

    assert [letter.tries for letter in outbox(session)] == [1, 0]


def test_no_letter_is_given_up_because_the_mail_server_is_away(
    session: Session, settings: Settings, postbox: Postbox
) -> None:
    letter = post()
    away = settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{free_port()}"})
    for _ in range(MOST_TRIES + 3):
        send_waiting_letters(away)
        make_due(letter)

    assert send_waiting_letters(settings) == 1
    assert len(postbox.letters) == 1


def test_the_name_and_password_in_the_address_are_used(
    session: Session, settings: Settings, server: Controller, postbox: Postbox
) -> None:
    post()
    with_password = settings.model_copy(update={"smtp_url": f"smtp://team:p%40ss@127.0.0.1:{server.port}"})

    assert send_waiting_letters(with_password) == 1
    assert postbox.passwords == [(b"team", b"p@ss")]


def test_where_starttls_is_asked_for_nothing_is_sent_in_the_clear(
    session: Session, settings: Settings, server: Controller, postbox: Postbox
) -> None:
    post()
    encrypted = settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{server.port}?starttls"})

    assert send_waiting_letters(encrypted) == 0
    assert postbox.letters == []
    assert smtplib.SMTPNotSupportedError.__name__ in (outbox(session)[0].last_error or "")


SENDER = """
import sys
from hackathon.adapters.postman import send_waiting_letters
from hackathon.core.config import load_settings
from hackathon.factory import create_app
settings = load_settings()
with create_app(settings).app_context():
    print(send_waiting_letters(settings))
"""


@pytest.fixture
def sender(app: Flask, settings: Settings) -> Callable[[], "subprocess.Popen[str]"]:
    """Starts a job process of its own that empties the outbox."""
    environment = {
        "PATH": "",
        "PYTHONPATH": str(Path.cwd()),
        "HACKATHON_DATA_DIR": str(settings.folder),
        "HACKATHON_DATABASE_URL": settings.database_url,
        "HACKATHON_SMTP_URL": settings.smtp_url,
        "HACKATHON_MAIL_FROM": settings.mail_from,
        "HACKATHON_SECRET_KEY": settings.secret_key,
    }
    return lambda: subprocess.Popen([sys.executable, "-c", SENDER], env=environment, stdout=subprocess.PIPE, text=True)


def test_attack_42_three_job_processes_send_each_letter_once(
    session: Session, sender: Callable[[], "subprocess.Popen[str]"], postbox: Postbox
) -> None:
    ids = [post(subject=f"Letter {number}").id for number in range(60)]

    processes = [sender() for _ in range(3)]
    counts = [int(process.communicate(timeout=60)[0]) for process in processes]

    assert sum(counts) == len(ids)
    assert sorted(letter["Subject"] for letter in postbox.letters) == sorted(f"Letter {n}" for n in range(60))


def test_attack_42_a_letter_whose_process_died_is_sent_when_its_lease_is_over(
    session: Session, sender: Callable[[], "subprocess.Popen[str]"], settings: Settings, postbox: Postbox
) -> None:
    letter = post()
    postbox.is_slow = True
    process = sender()
    while not postbox.letters:
        assert process.poll() is None
        time.sleep(0.01)

    process.kill()
    process.wait()
    postbox.is_slow = False
    assert send_waiting_letters(settings) == 0
    make_due(letter)
    assert send_waiting_letters(settings) == 1

    assert len(postbox.letters) == 2
    assert len({arrived["Message-ID"] for arrived in postbox.letters}) == 1


def test_a_letter_goes_when_its_event_goes(session: Session) -> None:
    with transaction() as writing:
        event = make_event(writing)
        post_letter(writing, kind="t", to_address="a@example.org", subject="s", text="t", event_id=event.id)

    with transaction() as writing:
        writing.delete(writing.merge(event))

    assert outbox(session) == []


def test_on_sqlite_the_file_says_nothing_of_a_letter_that_was_sent(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    if session.get_bind().dialect.name != "sqlite":
        return  # PostgreSQL's files are the operator's
    for number in range(20):
        post(text=f"Dear Zebedee Quillfeather, this is letter {number}")
    leave_deleted_rows_readable(session)

    send_waiting_letters(settings)
    empty_journal()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("hackathon.sqlite3*"))
    assert (b"Quillfeather" in kept, b"ada@example.org" in kept) == (False, False)
