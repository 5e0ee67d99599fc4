"""Ballots on paper: what they were printed with, and which are in."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.ballots.document import Batch
from hackathon.core.errors import NotFound
from hackathon.events.models import Activity, Event
from hackathon.votes.models import Ballot, PaperBallot, Statement
from hackathon.votes.queries import shuffled, statements_of, what_is_printed

BALLOTS_GIVEN_OUT = "ballots.given_out"


def lines_of(session: Session, event: Event, code: str) -> list[Statement]:
    """The statements in the order in which the ballot with this code has them."""
    return shuffled(statements_of(session, event), code)


def paper_ballot(session: Session, event: Event, code: str) -> PaperBallot:
    """The ballot on which this code is printed."""
    ballot = session.scalar(select(PaperBallot).where(PaperBallot.event_id == event.id, PaperBallot.code == code))
    if ballot is None:
        raise NotFound
    return ballot


def is_typed(session: Session, ballot: PaperBallot) -> bool:
    """Whether it is in. It says nothing about what is marked on it."""
    typed = select(Ballot.id).where(Ballot.event_id == ballot.event_id, Ballot.code == ballot.code)
    return session.scalar(typed) is not None


def ballots_in(session: Session, event: Event, batch: int) -> Sequence[PaperBallot]:
    """The ballots that were printed together, in the order of the print."""
    found = session.scalars(
        select(PaperBallot).where(PaperBallot.event_id == event.id, PaperBallot.batch == batch).order_by(PaperBallot.id)
    ).all()
    if not found:
        raise NotFound
    return found


def large_batches_of(session: Session, event: Event) -> frozenset[int]:
    """The prints in large print, as the log has it: a code stands on one paper, so a print has one size for good."""
    details = session.scalars(
        select(Activity.detail).where(Activity.event_id == event.id, Activity.kind == BALLOTS_GIVEN_OUT)
    )
    return frozenset(detail["batch"] for detail in details if detail.get("large"))


def batches_of(session: Session, event: Event) -> list[Batch]:
    """What was printed, the newest first."""
    now_printed, large = what_is_printed(session, event), large_batches_of(session, event)
    rows = session.execute(
        select(
            PaperBallot.batch,
            PaperBallot.place,
            PaperBallot.printed_with,
            func.min(PaperBallot.printed_at),
            func.count(PaperBallot.id),
            func.count(Ballot.id),
        )
        .outerjoin(Ballot, (Ballot.event_id == PaperBallot.event_id) & (Ballot.code == PaperBallot.code))
        .where(PaperBallot.event_id == event.id)
        .group_by(PaperBallot.batch, PaperBallot.place, PaperBallot.printed_with)
        .order_by(PaperBallot.batch.desc())
    )
    return [
        Batch(batch, place, batch in large, printed_at, given_out, typed, printed_with != now_printed)
        for batch, place, printed_with, printed_at, given_out, typed in rows
    ]
