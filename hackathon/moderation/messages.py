"""The letter to whoever looks after those who tell of harm: it says that something waits, and never what."""

from sqlalchemy.orm import Session

from hackathon.adapters.mail import post_letter
from hackathon.events.models import Event
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


def send_for_care(session: Session, event: Event, *, address: str) -> None:
    """Tell the care leads to sign in; where an event has none, tell its organisers to name one.

    Whoever has no address for letters reads it on the dashboard: it leaves the pages all the same.
    """
    text = SIGN_IN if care_leads_of(session, event) else NAME_A_LEAD
    for account in those_told_of_harm(session, event):
        if not account.is_reachable:
            continue
        post_letter(
            session,
            kind="care.needed",
            to_address=account.email,
            subject=f"Something needs you: {' '.join(event.title.split())}",
            text=text.format(title=event.title, code=event.code, address=address),
            event_id=event.id,
        )
