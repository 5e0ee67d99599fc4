"""What the operator does at the terminal: let staff in, and look after the outbox."""

import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from hackathon.adapters.bounces import message_piped, messages_in, note_returned, reports_in, why_returned
from hackathon.adapters.postman import send_waiting_letters
from hackathon.core.clock import now
from hackathon.core.db import reading, transaction
from hackathon.staff.operations import account_at_terminal, make_sign_in_link
from hackathon.staff.queries import newest_letter, waiting_letters

staff = AppGroup("staff", help="People who run events.")
mail = AppGroup("mail", help="The letters that wait to be sent.")


@staff.command("link")
@click.argument("email", required=False)
def link(email: str | None) -> None:
    """Print a link that signs EMAIL in, once, within a day. Without EMAIL: the first organiser."""
    with transaction() as session:
        account = account_at_terminal(session, email=email)
        token = make_sign_in_link(session, account, secret=current_app.config["SECRET_KEY"])
    click.echo(f"{current_app.extensions['settings'].address}/sign-in/link/{token}")


@mail.command("send")
def send() -> None:
    """Send every letter whose time has come."""
    settings = current_app.extensions["settings"]
    if not settings.smtp_url:
        raise click.ClickException("No mail server is set: write smtp_url in config.toml. Letters stay in the outbox.")
    click.echo(f"{send_waiting_letters(settings)} sent.")


@mail.command("list")
def show_waiting() -> None:
    """List what lies in the outbox, the oldest first: number, time, address, subject, what went wrong."""
    for letter in waiting_letters(reading()):
        click.echo(
            f"{letter.id}\t{letter.made_at:%Y-%m-%d %H:%M} UTC\t{letter.to_address}\t{letter.subject}"
            f"\t{letter.last_error or ''}".rstrip()
        )


@mail.command("show")
@click.argument("email", required=False)
def show(email: str | None) -> None:
    """Print the newest letter in the outbox, to EMAIL or to anybody."""
    letter = newest_letter(reading(), email)
    if letter is None:
        raise click.ClickException("No such letter lies in the outbox.")
    click.echo(f"To: {letter.to_address}\nSubject: {letter.subject}\n\n{letter.text}")


@mail.command("bounced")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
def bounced(files: tuple[Path, ...]) -> None:
    """Read what came back: FILES are mailboxes (mbox, Maildir) or single messages. Without any, one message is read
    from standard input, as a mail server hands it over.
    """
    noted = 0
    for report in chain.from_iterable(reports_in(message) for message in _returned(files)):
        with transaction() as session:
            is_new = note_returned(session, report, at=now())
        if is_new:
            noted += 1
            click.echo(f"Letter {report.letter_id}: {why_returned(report.code)} ({report.code})")
    click.echo(f"{noted} came back.")


def _returned(files: Sequence[Path]) -> Iterator[bytes]:
    if not files:
        yield message_piped(sys.stdin.buffer.read())
    for file in files:
        yield from messages_in(file)
