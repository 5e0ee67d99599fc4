"""Committing oneself, and saying whether one did."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.commitments.models import Commitment, Kept
from hackathon.core.clock import now
from hackathon.core.codes import long_token
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record, take_turns
from hackathon.events.queries import stage_at, was_rehearsal
from hackathon.participants.models import Participant

NOBODY_SAID = "someone"


class AlreadySent(Refusal):
    """The same form came a second time; what it said is kept already."""


def commit_to(
    session: Session,
    event: Event,
    *,
    text: str,
    remind_on: date | None,
    may_print: bool,
    remind_to: str = "",
    client_id: str = "",
    written_at: datetime | None = None,
    participant: Participant | None = None,
    actor: str = NOBODY_SAID,
) -> Commitment:
    """Say what one will do. Sent again under the same `client_id`, it makes no second commitment.

    The id that the phone made is then the commitment's token: nobody else knows it. What was written in a stage that
    has closed since is late, and is kept and counted all the same. `remind_to` is the address for the one letter that
    asks how it went; it is kept in that letter and nowhere else.
    """
    if not event.is_published:
        raise Refusal("This event is not open yet.")
    if event.is_closed:
        raise Refusal("This event is closed, so it takes no more commitments.", "text")
    if remind_to and remind_on is None:
        raise Refusal("Choose the day on which we shall write to you, or leave the address out.", "remind_on")
    take_turns(session, event)
    token = client_id or long_token()
    if held := session.scalar(select(Commitment).where(Commitment.event_id == event.id, Commitment.token == token)):
        if held.text != text:
            raise Refusal("You have sent a commitment from this page already. Send this one from a new page.", "text")
        raise AlreadySent("This commitment is kept already.")
    commitment = Commitment(
        event=event,
        number=_next_number(session, event),
        token=token,
        text=text,
        remind_on=remind_on,
        may_print=may_print,
        participant=participant,
        late=written_at is not None and stage_at(session, event, written_at) is not event.stage,
        rehearsal=was_rehearsal(session, event, written_at or now()),
    )
    session.add(commitment)
    session.flush()
    record(session, event, "commitment.made", actor=actor, subject_id=commitment.id)
    return commitment


def answer_commitment(session: Session, commitment: Commitment, *, kept: Kept, actor: str = NOBODY_SAID) -> Commitment:
    """Say whether one did it: kept, partly, or not yet."""
    commitment.kept = kept
    session.flush()
    record(session, commitment.event, "commitment.answered", actor=actor, subject_id=commitment.id, kept=kept.value)
    return commitment


def _next_number(session: Session, event: Event) -> int:
    return (session.scalar(select(func.max(Commitment.number)).where(Commitment.event_id == event.id)) or 0) + 1
