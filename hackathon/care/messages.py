"""The letter that says that an answer waits, and never what it says."""

from sqlalchemy.orm import Session

from hackathon.adapters.mail import post_letter
from hackathon.insights.models import Insight
from hackathon.insights.queries import mail_address_of

ANSWERED = """\
Somebody has answered what you wrote, at this event:

{title}

Read the answer on the phone or computer from which you wrote. Nobody else can see it:
{address}/e/{code}/insights/{number}
"""


def send_answered(session: Session, insight: Insight, *, address: str) -> None:
    """Tell whoever gave an address that an answer waits on the phone that holds the number."""
    event = insight.event
    if (to_address := mail_address_of(session, insight)) is not None:
        post_letter(
            session,
            kind="care.answered",
            to_address=to_address,
            subject=f"An answer for you: {' '.join(event.title.split())}",
            text=ANSWERED.format(title=event.title, code=event.code, address=address, number=insight.number),
            event_id=event.id,
        )
