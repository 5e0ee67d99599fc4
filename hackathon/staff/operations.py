"""Making accounts and signing in, without passwords."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.codes import fingerprint, long_token, six_digits
from hackathon.core.errors import Refusal
from hackathon.staff.models import Account, SignInCode
from hackathon.staff.queries import account_by_email, code_behind_link, first_account, newest_code_for

LIFETIME = timedelta(minutes=30)
LIFETIME_OF_A_PRINTED_LINK = timedelta(days=1)
MOST_WRONG_TRIES = 5
FIRST_ORGANISER = "organiser@localhost"


@dataclass(frozen=True, slots=True)
class SignInWords:
    """What the letter says and the database does not keep. `account` is empty where nobody has that address."""

    account: Account | None
    digits: str
    link_token: str


class WrongDigits(Refusal):
    """The digits do not fit; the try has been counted and must be kept."""


def find_or_add_account(session: Session, *, email: str, name: str = "") -> Account:
    """The account of this address; it is made when there is none."""
    if account := account_by_email(session, email):
        return account
    account = Account(email=email.strip(), email_key=email.strip().casefold(), name=name or email.partition("@")[0])
    session.add(account)
    session.flush()
    return account


def rename_account(session: Session, account: Account, *, name: str) -> Account:
    """Say what people should call whoever has this account: in letters, in packs and in the log from now on."""
    account.name = name
    session.flush()
    return account


def account_at_terminal(session: Session, *, email: str | None) -> Account:
    """Whom the operator means: this address, or else the first organiser, who is made in an empty database."""
    if email is None and (account := first_account(session)):
        return account
    return find_or_add_account(session, email=email or FIRST_ORGANISER)


def ask_to_sign_in(session: Session, *, email: str, secret: str) -> SignInWords:
    """One more chance to sign in, for whoever reads the mail of this address. `secret` keys the digests, so that a
    copied database opens no door.
    """
    words = SignInWords(account=account_by_email(session, email), digits=six_digits(), link_token=long_token())
    _keep(session, words, address_digest=_of_address(secret, email), secret=secret, lifetime=LIFETIME)
    return words


def make_sign_in_link(session: Session, account: Account, *, secret: str) -> str:
    """The token of a link that lets this account in once: for the operator, who needs no mail."""
    words = SignInWords(account=account, digits="", link_token=long_token())
    address_digest, lifetime = _of_address(secret, account.email), LIFETIME_OF_A_PRINTED_LINK
    _keep(session, words, address_digest=address_digest, secret=secret, lifetime=lifetime)
    return words.link_token


def spend_link(session: Session, *, token: str, secret: str) -> Account:
    """Sign in with the link of a letter. It works once."""
    code = code_behind_link(session, fingerprint(secret, "link", token))
    if code is None or code.account is None or not _is_good(code):
        raise Refusal("That link cannot be used any more. Ask for a new one.")
    return _spend(session, code, code.account)


def spend_digits(session: Session, *, email: str, digits: str, secret: str) -> Account:
    """Sign in with the six digits of a letter. After five wrong tries the code is dead, whatever is typed then.

    One sentence answers a wrong code, an old one, a dead one and an unknown address, so that it tells nothing about
    who has an account. A wrong try is counted in a transaction that stays: the caller commits although this refuses.
    """
    address_digest = _of_address(secret, email)
    code = newest_code_for(session, address_digest)
    typed = fingerprint(secret, "digits", address_digest, "".join(digits.split()))
    if code is not None and _is_good(code):
        if code.account is not None and hmac.compare_digest(code.digits_digest or "", typed):
            return _spend(session, code, code.account)
        code.wrong_tries += 1
        session.flush()
    raise WrongDigits("That code does not work. Check the newest letter, or ask for a new code.", "digits")


def _of_address(secret: str, email: str) -> str:
    return fingerprint(secret, "address", email.strip().casefold())


def _keep(session: Session, words: SignInWords, *, address_digest: str, secret: str, lifetime: timedelta) -> SignInCode:
    session.execute(delete(SignInCode).where(SignInCode.expires_at < now()))
    code = SignInCode(
        address_digest=address_digest,
        account=words.account,
        digits_digest=fingerprint(secret, "digits", address_digest, words.digits) if words.digits else None,
        link_digest=fingerprint(secret, "link", words.link_token),
        expires_at=now() + lifetime,
    )
    session.add(code)
    session.flush()
    return code


def _is_good(code: SignInCode) -> bool:
    return code.spent_at is None and code.expires_at > now() and code.wrong_tries < MOST_WRONG_TRIES


def _spend(session: Session, code: SignInCode, account: Account) -> Account:
    code.spent_at = account.signed_in_at = now()
    session.flush()
    return account
