"""The terminal: an event, its staff, the outbox. One file, because the operator uses them together."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.adapters.mail import post_letter
from hackathon.events.models import Event
from hackathon.events.queries import all_events, roles_of
from hackathon.staff.models import Role
from hackathon.staff.queries import account_by_email
from tests.makers import make_event
from tests.visitor import Visitor


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(words))
    return result.exit_code, result.output


CREATE = ("events", "create", "--title", "A day", "--pack", "change-model", "--date", "2026-03-17")


def created(app: Flask, session: Session) -> Event:
    run(app, *CREATE)
    session.rollback()
    [event] = all_events(session)
    return event


def test_an_event_is_created_and_listed(app: Flask, session: Session) -> None:
    code, said = run(app, *CREATE, "--people", "80", "--place", "The Corn Store", "--organiser", "priya@example.org")

    session.rollback()
    [event] = all_events(session)
    account = account_by_email(session, "priya@example.org")
    assert account is not None
    assert roles_of(session, event, account.id) == {Role.ORGANISER}
    assert (code, said) == (0, f"{event.code}\thttps://hack.example.org/desk/{event.code}/plan\n")
    listed = f"{event.code}\t2026-03-17\tdraft\tA day\thttps://hack.example.org/e/{event.code}\n"
    assert run(app, "events", "list") == (0, listed)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--pack", "no-such"), "There is no pack no-such. There are: change-model, inclusion"),
        (("--starts", "18:00"), "after midnight"),
    ],
)
def test_an_event_that_cannot_be_is_refused_in_words(
    app: Flask, session: Session, words: tuple[str, ...], said: str
) -> None:
    code, output = run(app, *CREATE, *words)

    assert code == 1
    assert said in output
    assert list(all_events(session)) == []


def test_the_first_link_makes_the_first_organiser_and_opens_their_events(app: Flask, session: Session) -> None:
    event = created(app, session)
    code, said = run(app, "staff", "link")

    assert code == 0
    assert re.fullmatch(r"https://hack\.example\.org/sign-in/link/[a-z2-7]{32}\n", said)
    visitor = Visitor(app)
    visitor.post_form(said.strip().removeprefix("https://hack.example.org"))
    assert event.title in visitor.words("/desk")


def test_inviting_posts_a_letter_that_the_outbox_shows(app: Flask, session: Session) -> None:
    event = created(app, session)

    code, said = run(app, "staff", "invite", event.code.lower(), "jo@example.org", "facilitator")

    assert (code, said) == (0, f"jo@example.org is facilitator of {event.code}. The letter is in the outbox.\n")
    assert "jo@example.org\tHelp to run: A day\n" in run(app, "mail", "list")[1]
    assert f"https://hack.example.org/desk/{event.code}" in run(app, "mail", "show", "JO@example.org")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("XXXX", "jo@example.org", "facilitator"), "There is no event XXXX"),
        (("{code}", "jo", "facilitator"), "Write an email address"),
        (("{code}", "jo@example.org", "king"), "Invalid value"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused(
    app: Flask, session: Session, words: tuple[str, ...], said: str
) -> None:
    event = make_event(session)
    session.commit()

    code, output = run(app, "staff", "invite", *(word.format(code=event.code) for word in words))

    assert code != 0
    assert said in output
    session.rollback()
    assert account_by_email(session, "jo@example.org") is None


def test_sending_without_a_mail_server_says_where_letters_stay(app: Flask, session: Session) -> None:
    post_letter(session, kind="test", to_address="jo@example.org", subject="Hello", text="Hello")
    session.commit()

    code, said = run(app, "mail", "send")

    assert (code, "No mail server is set" in said) == (1, True)
    assert "jo@example.org\tHello\n" in run(app, "mail", "list")[1]
    assert run(app, "mail", "show", "nobody@example.org")[0] == 1
