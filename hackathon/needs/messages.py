"""The letter to the access lead about what is not booked yet."""

from datetime import datetime

from sqlalchemy.orm import Session

from hackathon.adapters.mail import post_letter
from hackathon.core.clock import spoken_date
from hackathon.events.models import Event
from hackathon.needs.queries import access_leads_of, untold_needs

WARNING = "access.warning"


def send_warning(session: Session, event: Event, *, at: datetime, address: str) -> bool:
    """Tell the access leads, in one letter and once for each need, what is not booked. Mail goes through many hands, so
    the letter says how many needs there are, and neither whose nor which.
    """
    leads = [lead for lead in access_leads_of(session, event) if lead.is_reachable]
    needs = untold_needs(session, event, at=at)
    if not leads or not needs:
        return False
    for need in needs:
        need.warned_at = at
    number = len(needs)
    counted = "1 access need is" if number == 1 else f"{number} access needs are"
    text = f"""\
{counted} not booked yet:

{event.title}
{spoken_date(event.held_on)}

Interpreters, captions and much else are hard to find later. The list says what must be booked by when:
{address}/desk/{event.code}/access

You get this because you are the access lead of this event: one letter for each need that stays open.
"""
    for lead in leads:
        post_letter(
            session,
            kind=WARNING,
            to_address=lead.email,
            subject=f"{counted} not booked: {' '.join(event.title.split())}",
            text=text,
            event_id=event.id,
            good_until=event.ends_at,
        )
    session.flush()
    return True
