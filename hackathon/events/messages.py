"""Letters to people who help to run an event."""

from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.core.clock import spoken_date
from hackathon.events.models import ROLE_WORDS, Membership


def send_invitation(
    session: Session, membership: Membership, *, invited_by: str, address: str, by_code: bool
) -> Letter:
    """Tell somebody what they are asked to do in an event, and where to find it. The letter itself opens nothing.

    `by_code` says whether they sign in with a code that is mailed: without a mail server, only with a link.
    """
    event, account, role = membership.event, membership.account, membership.role
    opens = "a code that we mail to you then" if by_code else "a link that whoever runs this site makes for you"
    text = f"""\
{invited_by} asks you to help run this event as {role.words}:

{event.title}
{spoken_date(event.held_on)}{f", {event.venue}" if event.venue else ""}

{ROLE_WORDS[role]}

Open its desk here. You sign in with this address ({account.email}) and {opens}:
{address}/desk/{event.code}
"""
    return post_letter(
        session,
        kind="event.invitation",
        to_address=account.email,
        to_name=account.name,
        subject=f"Help to run: {event.title}",
        text=text,
        event_id=event.id,
    )
