"""The letter that asks how a commitment went."""

from datetime import time

from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.core.clock import moment_at
from hackathon.follow_up.models import Commitment

AT = time(8, 0)


def send_reminder(session: Session, commitment: Commitment, *, email: str, link: str) -> Letter | None:
    """Write to somebody on the day they chose, with their own words and a page to answer on."""
    if commitment.remind_on is None:
        return None
    event = commitment.event
    return post_letter(
        session,
        kind="follow_up.reminder",
        to_address=email,
        subject="How did it go?",
        text=f"""\
At "{event.title}" you wrote:

{commitment.text}

Did you do it? Kept, partly, or not yet: all three help. Answer with one tap on this page:
{link}

This is the only letter about it.
""",
        event_id=event.id,
        send_after=moment_at(commitment.remind_on, AT, event.timezone),
    )
