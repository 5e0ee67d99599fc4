"""Writing into the places that a pack leaves open."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record
from hackathon.handouts.document import INSERTS
from hackathon.packs.models import Insert

LONGEST_INSERT = 6000


def write_insert(session: Session, event: Event, *, slot: str, markdown: str, actor: str) -> Insert:
    """Write the organiser's own words into a place that the pack leaves open. Empty words leave it empty again."""
    if slot not in INSERTS:
        raise Refusal("The pack has no such place.")
    if len(markdown) > LONGEST_INSERT:
        raise Refusal(f"This must be {LONGEST_INSERT:,} characters or fewer.", "markdown")
    insert = session.scalar(select(Insert).where(Insert.event_id == event.id, Insert.slot == slot))
    if insert is None:
        insert = Insert(event=event, slot=slot)
        session.add(insert)
    insert.markdown = markdown.strip()
    session.flush()
    record(session, event, "pack.insert_written", actor=actor, subject_id=insert.id, slot=slot)
    return insert
