"""Finding accounts, sign-in codes, and letters in the outbox."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
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
    """The code that this link spends. Whoever asks for it waits their turn, so that it opens once."""
    return session.scalar(select(SignInCode).where(SignInCode.link_digest == link_digest).with_for_update())


def newest_code_for(session: Session, address_digest: str) -> SignInCode | None:
    """The last code with digits that was sent to this address. Who tries it waits their turn: every try is counted."""
    return session.scalar(
        select(SignInCode)
        .where(SignInCode.address_digest == address_digest, SignInCode.digits_digest.is_not(None))
        .order_by(SignInCode.id.desc())
        .limit(1)
        .with_for_update()
    )


def waiting_letters(session: Session) -> Sequence[Letter]:
    """What lies in the outbox, the oldest first."""
    return session.scalars(select(Letter).where(Letter.sent_at.is_(None)).order_by(Letter.id)).all()


def newest_letter(session: Session, to_address: str | None) -> Letter | None:
    """The last letter that waits, to this address or to anybody. Of those that are sent nothing is kept to read."""
    letters = select(Letter).where(Letter.sent_at.is_(None)).order_by(Letter.id.desc()).limit(1)
    if to_address:
        letters = letters.where(func.lower(Letter.to_address) == to_address.strip().lower())
    return session.scalar(letters)
