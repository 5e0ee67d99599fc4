"""Finding accounts and sign-in codes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.errors import NotFound
from hackathon.staff.models import Account, SignInCode


def account_by_email(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email_key == email.strip().casefold()))


def account_by_id(session: Session, account_id: int | None) -> Account:
    if account_id is None or (account := session.get(Account, account_id)) is None:
        raise NotFound
    return account


def first_account(session: Session) -> Account | None:
    return session.scalar(select(Account).order_by(Account.id).limit(1))


def code_behind_link(session: Session, link_digest: str) -> SignInCode | None:
    return session.scalar(select(SignInCode).where(SignInCode.link_digest == link_digest))


def newest_code_for(session: Session, address_digest: str) -> SignInCode | None:
    """The last code with digits that was sent to this address."""
    return session.scalar(
        select(SignInCode)
        .where(SignInCode.address_digest == address_digest, SignInCode.digits_digest.is_not(None))
        .order_by(SignInCode.id.desc())
        .limit(1)
    )
