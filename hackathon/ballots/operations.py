"""Giving out ballots on paper, and typing in what was marked on them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.ballots.queries import BALLOTS_GIVEN_OUT, is_typed, paper_ballot
from hackathon.core.codes import short_code
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event, Place
from hackathon.events.operations import record, take_turns
from hackathon.votes.models import Answer, Channel, PaperBallot
from hackathon.votes.operations import ballot_with_code, cast
from hackathon.votes.queries import round_of, statements_of, what_is_printed

CODE_LENGTH = 5
"""One less than the codes of phones' ballots have, so that no two are ever the same."""
MOST_AT_ONCE = 500


class AlreadyTyped(Refusal):
    """The ballot with this code is in. A code counts once."""


def give_out_ballots(
    session: Session, event: Event, *, number: int, place: Place, actor: str, large: bool = False
) -> int:
    """Make so many one-time codes for ballots to print; the number of their batch comes back.

    A code belongs to a piece of paper and to nobody: who gets which is written nowhere. So ballots in large print have
    codes of their own.
    """
    take_turns(session, event)
    if not statements_of(session, event):
        raise Refusal("Write the statements first: they are what is printed.", "number")
    voting = round_of(session, event)
    if voting is not None and voting.is_closed:
        raise Refusal("The vote has closed: there is nothing more to mark.", "number")
    held = session.execute(select(PaperBallot.code, PaperBallot.batch).where(PaperBallot.event_id == event.id)).all()
    codes: set[str] = set()
    while len(codes) < number:
        codes.add(short_code(CODE_LENGTH))
        codes -= {code for code, _ in held}
    batch = 1 + max((batch for _, batch in held), default=0)
    printed_with = what_is_printed(session, event)
    session.add_all(
        PaperBallot(event=event, batch=batch, code=code, place=place, printed_with=printed_with)
        for code in sorted(codes)
    )
    session.flush()
    record(session, event, BALLOTS_GIVEN_OUT, actor=actor, number=number, place=place.value, batch=batch, large=large)
    return batch


def type_ballot(session: Session, event: Event, *, code: str, marks: Mapping[int, Answer | None], actor: str) -> int:
    """Count what is marked on one ballot, by the statements' numbers; how many lines are marked comes back.

    The log says that a ballot was typed in, and by whom; not which.
    """
    ballot = ballot_to_type(session, event, code)
    session.scalar(select(PaperBallot.id).where(PaperBallot.id == ballot.id).with_for_update())
    _refuse_twice(session, ballot)
    if not {statement.number for statement in statements_of(session, event)} <= marks.keys():
        raise Refusal("A line has no figure yet. Type 0 where nothing is marked.", "marks")
    marked = sum(bool(mark) for mark in marks.values())
    if not marked:
        raise Refusal("Nothing is marked. A ballot that was left empty is not counted: lay it aside.", "marks")
    counted = ballot_with_code(session, event, code=ballot.code, place=ballot.place, channel=Channel.PAPER)
    cast(session, event, ballot=counted, marks=marks, actor=actor)
    return marked


def ballot_to_type(session: Session, event: Event, code: str) -> PaperBallot:
    """The ballot with this code, if it can be typed in; otherwise why not, in words for the scribe."""
    try:
        ballot = paper_ballot(session, event, code)
    except NotFound:
        raise Refusal(f"No ballot of this event has the code {code}. Look at it again.", "code") from None
    _refuse_twice(session, ballot)
    if ballot.printed_with != what_is_printed(session, event):
        raise Refusal(f"{code} was printed before the statements were changed, so it cannot be counted.", "code")
    return ballot


def _refuse_twice(session: Session, ballot: PaperBallot) -> None:
    if is_typed(session, ballot):
        raise AlreadyTyped(f"{ballot.code} is in already. A code counts once.", "code")
