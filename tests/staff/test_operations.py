"""Accounts, and the codes with which people sign in."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.db import transaction
from hackathon.core.errors import Refusal
from hackathon.staff.models import Account, SignInCode
from hackathon.staff.operations import (
    MOST_WRONG_TRIES,
    SignInWords,
    WrongDigits,
    account_at_terminal,
    ask_to_sign_in,
    find_or_add_account,
    make_sign_in_link,
    spend_digits,
    spend_link,
)
from tests.crowd import crowd
from tests.makers import make_account

SECRET = "a secret"


def asked(session: Session, email: str = "priya@example.org") -> SignInWords:
    return ask_to_sign_in(session, email=email, secret=SECRET)


def other_digits(words: SignInWords) -> str:
    return f"{(int(words.digits) + 1) % 1_000_000:06}"


def test_an_address_is_one_account_however_it_is_written(session: Session) -> None:
    first = find_or_add_account(session, email="Priya@Example.org", name="Priya")

    assert find_or_add_account(session, email=" priya@example.ORG ") is first
    assert (first.email, first.name) == ("Priya@Example.org", "Priya")


def test_the_terminal_means_the_first_organiser_and_makes_one_in_an_empty_database(session: Session) -> None:
    made = account_at_terminal(session, email=None)

    assert made.email == "organiser@localhost"
    assert account_at_terminal(session, email=None) is made
    assert account_at_terminal(session, email="jo@example.org").email == "jo@example.org"


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}"])
def test_digits_sign_in_once_however_they_are_pasted(session: Session, typed: str) -> None:
    account = make_account(session, "priya@example.org")
    digits = typed.format(asked(session).digits)

    assert spend_digits(session, email="PRIYA@example.org", digits=digits, secret=SECRET) is account
    assert account.signed_in_at is not None
    with pytest.raises(WrongDigits):
        spend_digits(session, email="priya@example.org", digits=digits, secret=SECRET)


def test_a_link_signs_in_once(session: Session) -> None:
    account = make_account(session, "priya@example.org")
    token = asked(session).link_token

    assert spend_link(session, token=token, secret=SECRET) is account
    with pytest.raises(Refusal, match="cannot be used any more"):
        spend_link(session, token=token, secret=SECRET)


def test_a_link_opened_on_many_phones_at_once_signs_one_of_them_in(app: Flask, session: Session) -> None:
    make_account(session, "priya@example.org")
    token = asked(session).link_token
    session.commit()

    def act(_: int) -> bool:
        try:
            with transaction() as own:
                spend_link(own, token=token, secret=SECRET)
        except Refusal:
            return False
        return True

    assert sorted(crowd(app, range(12), act)) == [False] * 11 + [True]


def test_wrong_digits_typed_at_the_same_moment_are_all_counted(app: Flask, session: Session) -> None:
    make_account(session, "priya@example.org")
    words = asked(session)
    session.commit()

    def act(_: int) -> None:
        with transaction() as own, pytest.raises(WrongDigits):
            spend_digits(own, email="priya@example.org", digits=other_digits(words), secret=SECRET)

    crowd(app, range(MOST_WRONG_TRIES), act)

    assert session.scalars(select(SignInCode.wrong_tries)).all() == [MOST_WRONG_TRIES]


def test_whoever_used_the_link_has_used_up_the_digits(session: Session) -> None:
    make_account(session, "priya@example.org")
    words = asked(session)
    spend_link(session, token=words.link_token, secret=SECRET)

    with pytest.raises(WrongDigits):
        spend_digits(session, email="priya@example.org", digits=words.digits, secret=SECRET)


def test_after_five_wrong_tries_the_right_digits_do_not_work_either(session: Session) -> None:
    make_account(session, "priya@example.org")
    words = asked(session)
    for _ in range(MOST_WRONG_TRIES):
        with pytest.raises(WrongDigits):
            spend_digits(session, email="priya@example.org", digits=other_digits(words), secret=SECRET)

    with pytest.raises(WrongDigits):
        spend_digits(session, email="priya@example.org", digits=words.digits, secret=SECRET)


def test_only_the_newest_digits_work(session: Session) -> None:
    account = make_account(session, "priya@example.org")
    older, newer = asked(session), asked(session)

    with pytest.raises(WrongDigits):
        spend_digits(session, email="priya@example.org", digits=older.digits, secret=SECRET)
    assert spend_digits(session, email="priya@example.org", digits=newer.digits, secret=SECRET) is account


def test_a_link_from_the_terminal_does_not_stop_the_digits_in_the_mail(session: Session) -> None:
    account = make_account(session, "priya@example.org")
    words = asked(session)
    token = make_sign_in_link(session, account, secret=SECRET)

    assert spend_digits(session, email="priya@example.org", digits=words.digits, secret=SECRET) is account
    assert spend_link(session, token=token, secret=SECRET) is account


def test_codes_end_and_are_swept_away(session: Session) -> None:
    make_account(session, "priya@example.org")
    words = asked(session)
    code = session.scalars(select(SignInCode)).one()
    code.expires_at = now() - timedelta(seconds=1)
    session.flush()

    with pytest.raises(Refusal):
        spend_link(session, token=words.link_token, secret=SECRET)
    with pytest.raises(WrongDigits):
        spend_digits(session, email="priya@example.org", digits=words.digits, secret=SECRET)
    asked(session)
    assert session.scalar(select(func.count(SignInCode.id))) == 1


def test_an_unknown_address_takes_the_same_steps_and_opens_nothing(session: Session) -> None:
    """Attack 9: one more row and one refusal in the same words, with an account and without."""
    make_account(session, "priya@example.org")
    said = []
    for email in ("priya@example.org", "nobody@example.org"):
        words = asked(session, email)
        with pytest.raises(WrongDigits) as refusal:
            spend_digits(session, email=email, digits=other_digits(words), secret=SECRET)
        said.append(refusal.value.message)
    unknown = asked(session, "nobody@example.org")

    assert said[0] == said[1]
    tries = session.scalars(select(SignInCode.wrong_tries).order_by(SignInCode.id)).all()
    assert list(tries) == [1, 1, 0]
    with pytest.raises(WrongDigits):
        spend_digits(session, email="nobody@example.org", digits=unknown.digits, secret=SECRET)
    with pytest.raises(Refusal):
        spend_link(session, token=unknown.link_token, secret=SECRET)
    assert session.scalar(select(func.count(Account.id))) == 1


def test_the_database_keeps_neither_digits_nor_tokens_nor_strangers_addresses(session: Session) -> None:
    words = asked(session, "nobody@example.org")
    code = session.scalars(select(SignInCode)).one()

    kept = f"{code.address_digest} {code.digits_digest} {code.link_digest}"
    assert not [secret for secret in (words.digits, words.link_token, "nobody") if secret in kept]
