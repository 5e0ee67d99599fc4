"""Letters of care: they say that something waits, and never what."""

from sqlalchemy.orm import Session

from hackathon.adapters.mail import post_letter
from hackathon.events.models import Event
from hackathon.insights.models import Insight
from hackathon.insights.queries import mail_address_of
from hackathon.moderation.queries import care_leads_of, those_told_of_harm

SIGN_IN = """\
Somebody wrote something that needs you, at this event:

{title}

It is off every page, and only you can read it. Sign in to read it:
{address}/desk/{code}/care

If somebody may be in danger now, ring 999 first.
"""
NAME_A_LEAD = """\
Somebody wrote something that needs private care, at this event:

{title}

It is off every page. Nobody can read it until you name a care lead, and then only they can:
{address}/desk/{code}/plan/people
"""
ANSWERED = """\
Somebody has answered what you wrote, at this event:

{title}

Read the answer on the phone or computer from which you wrote. Nobody else can see it:
{address}/e/{code}/insights/{number}
"""


def send_for_care(session: Session, event: Event, *, address: str) -> None:
    """Tell the care leads to sign in; where an event has none, tell its organisers to name one."""
    text = SIGN_IN if care_leads_of(session, event) else NAME_A_LEAD
    for account in those_told_of_harm(session, event):
        post_letter(
            session,
            kind="care.needed",
            to_address=account.email,
            subject=f"Something needs you: {' '.join(event.title.split())}",
            text=text.format(title=event.title, code=event.code, address=address),
            event_id=event.id,
        )


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
