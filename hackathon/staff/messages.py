"""Letters about signing in."""

from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.core.clock import now
from hackathon.staff.operations import LIFETIME, SignInWords


def send_sign_in_letter(session: Session, words: SignInWords, *, email: str, address: str, organisation: str) -> Letter:
    """Send the code; or, where nobody has this address, say so to whoever reads its mail and to nobody else.

    It is sent as long as the code works, and never afterwards.
    """
    if words.account is None:
        subject, text = f"Signing in to hackathons at {organisation}", _no_account(organisation)
    else:
        subject, text = f"Your code to sign in to hackathons at {organisation}", _code(words, address)
    return post_letter(
        session, kind="staff.sign-in", to_address=email, subject=subject, text=text, good_until=now() + LIFETIME
    )


def _code(words: SignInWords, address: str) -> str:
    return f"""\
Your code: {words.digits}

Type it on the page where you asked for it. It works once, for {LIFETIME.seconds // 60} minutes.

Or open this page and press its button:
{address}/sign-in/link/{words.link_token}

If you did not ask to sign in, do nothing. Nobody gets in without this letter.
"""


def _no_account(organisation: str) -> str:
    return f"""\
Somebody, perhaps you, asked to sign in to the hackathons of {organisation} with this address. It has no account, so
there is no code.

If you help to run an event, try the address to which your invitation came, or ask an organiser to invite this one.

If it was not you, do nothing.
"""
