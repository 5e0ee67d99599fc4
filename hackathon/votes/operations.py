"""Casting ballots in secret."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.codes import short_code
from hackathon.core.errors import Refusal
from hackathon.core.rows import put
from hackathon.events.models import Event, Place
from hackathon.events.operations import earlier_act, keep_act, record
from hackathon.votes.models import Answer, Ballot, Channel, Exposure, Mark, Rating, Round, VoteMethod
from hackathon.votes.queries import late_device, open_round_of, statements_of

BALLOT_CODE_LENGTH = 6
NOBODY_SAID = "someone"
KIND = "ballot"
SLOW_LINE = timedelta(seconds=30)
"""Within this time what arrives last stands: when a button was pressed is known only as well as the line is fast."""
COLUMNS = {VoteMethod.RATE: "mark", VoteMethod.DOTS: "dots", VoteMethod.RANKING: "rank"}


class RoundClosed(Refusal):
    """The rating is not open: not yet, or not any more."""


def hold_round(session: Session, event: Event, *, for_all: bool) -> Round:
    """The round as it is at this moment. Those who cast hold it together; who opens or closes it holds it alone."""
    voting = session.scalar(
        select(Round)
        .where(Round.event_id == event.id)
        .with_for_update(read=for_all)
        .execution_options(populate_existing=True)
    )
    if voting is None:
        raise RoundClosed("There is nothing to rate yet.")
    return voting


def free_ballot_code(session: Session, event: Event) -> str:
    """A random code that no ballot of this event has."""
    while True:
        code = short_code(BALLOT_CODE_LENGTH)
        if session.scalar(select(Ballot.id).where(Ballot.event_id == event.id, Ballot.code == code)) is None:
            return code


def ballot_with_code(session: Session, event: Event, *, code: str, place: Place, channel: Channel) -> Ballot:
    """A ballot under a one-time code that was given out beforehand, on paper or by mail."""
    ballot = Ballot(event=event, code=code, place=place, channel=channel)
    session.add(ballot)
    session.flush()
    return ballot


def cast(
    session: Session,
    event: Event,
    *,
    ballot: Ballot,
    marks: Mapping[int, Answer | None],
    at: datetime | None = None,
    actor: str = NOBODY_SAID,
) -> Ballot:
    """Put these marks, by the statement's number, on a ballot. They replace what was on it.

    Who closes the round waits for casts under way; who casts after that is told so. A statement without a mark stays
    blank. The log says that a ballot came, not which.
    """
    voting = hold_round(session, event, for_all=True)
    if not (voting.is_open if ballot.channel is Channel.PAPER else voting.takes_phones):
        raise RoundClosed(_not_open(voting))
    session.execute(select(Ballot.id).where(Ballot.id == ballot.id).with_for_update())
    _mark(session, voting, ballot, marks, at or now())
    record(session, event, "ballot.cast", actor=actor)
    return ballot


def rate_statements(
    session: Session,
    event: Event,
    *,
    device: str,
    place: Place,
    marks: Mapping[int, Answer | None],
    client_id: str,
    written_at: datetime | None = None,
) -> dict[str, Any]:
    """Vote from a phone: the first time makes its ballot, every later time changes its mind. The receipt comes back.

    `device` is a keyed digest that nothing else in the event carries. What was marked last stands, even if something
    older arrives after it. What was marked in time and arrives after the phones have closed is kept as a late ballot,
    apart from the one that counts.
    """
    body = {"place": place.value, "marks": {str(n): _plain(mark) for n, mark in sorted(marks.items())}}
    if (earlier := earlier_act(session, event, client_id=client_id, kind=KIND, body=body)) is not None:
        return earlier
    voting = hold_round(session, event, for_all=True)
    written_at = written_at or now()
    late = _is_late(voting, written_at)
    ballot = _ballot_for_device(session, event, late_device(device) if late else device, place, late=late)
    if ballot.cast_at is not None and written_at < ballot.cast_at - SLOW_LINE:
        receipt = {"words": "What you sent later from this phone is in already, and stands.", "late": late}
    else:
        ballot.place = place
        of = _mark(session, voting, ballot, marks, written_at)
        record(session, event, "ballot.late" if late else "ballot.cast", actor=NOBODY_SAID)
        receipt = {"words": _receipt_words(voting, marks, of=of, late=late), "late": late}
    keep_act(session, event, client_id=client_id, kind=KIND, body=body, receipt=receipt)
    return receipt


def note_exposure(session: Session, event: Event, *, device: str, order: Sequence[int]) -> None:
    """Keep that this phone was shown the statements in this order, by their numbers; the first time, while it matters.

    It moves no screen and nobody answers for it, so the log has no line about it.
    """
    if open_round_of(session, event) is None:
        return
    ids = {statement.number: statement.id for statement in statements_of(session, event)}
    rows = [
        {"statement_id": ids[number], "device": device, "position": position, "shown_at": now()}
        for position, number in enumerate(order, start=1)
        if number in ids
    ]
    if rows:
        put(session, Exposure, rows, key=("device", "statement_id"))


def _is_late(voting: Round, written_at: datetime) -> bool:
    """Whether something marked on a phone then is late. What was not marked in time at all is refused: also what was
    marked before this vote opened, in a rehearsal or before an opening was taken back.
    """
    closed_at = voting.phones_closed_at or voting.closed_at
    if voting.opened_at is None or (closed_at is not None and not voting.opened_at <= written_at <= closed_at):
        raise RoundClosed(_not_open(voting))
    if written_at < voting.opened_at:
        raise RoundClosed(f"This was marked before the {voting.noun} opened, so it was not counted. Mark it once more.")
    return closed_at is not None


def _not_open(voting: Round) -> str:
    if voting.phones_closed_at or voting.is_closed:
        return f"The {voting.noun} has closed, so this was not counted."
    return f"The {voting.noun} has not opened yet."


def _ballot_for_device(session: Session, event: Event, device: str, place: Place, *, late: bool) -> Ballot:
    """The one ballot under this name, held until the end of the transaction. Two who come first together make one."""
    held = (
        select(Ballot)
        .where(Ballot.event_id == event.id, Ballot.device == device)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if (ballot := session.scalar(held)) is not None:
        return ballot
    row = {"event_id": event.id, "code": free_ballot_code(session, event), "channel": Channel.ELECTRONIC}
    put(session, Ballot, [{**row, "place": place, "device": device, "late": late}], key=("event_id", "device"))
    return session.scalars(held).one()


def _mark(session: Session, voting: Round, ballot: Ballot, marks: Mapping[int, Answer | None], at: datetime) -> int:
    """Write all lines of a ballot afresh, so that no two casts can add up to more than one of them may hold.

    How many lines it has comes back.
    """
    numbers = {statement.number: statement.id for statement in statements_of(session, voting.event)}
    if not marks.keys() <= numbers.keys():
        raise Refusal("One of these statements is not here. Open the page again and rate what it shows.", "marks")
    if (problem := voting.way.problem_with(marks)) is not None:
        raise Refusal(problem, "marks")
    column = COLUMNS[voting.method]
    put(
        session,
        Rating,
        [
            {"ballot_id": ballot.id, "statement_id": statement_id, column: marks.get(number) or None}
            for number, statement_id in numbers.items()
        ],
        key=("ballot_id", "statement_id"),
        change=(column,),
    )
    ballot.cast_at = at
    session.flush()
    return len(numbers)


def _receipt_words(voting: Round, marks: Mapping[int, Answer | None], *, of: int, late: bool) -> str:
    if late:
        return f"This was marked in time and came after the {voting.noun} had closed. It is kept, and counted nowhere."
    given = [mark for mark in marks.values() if mark]
    match voting.method:
        case VoteMethod.RATE:
            return f"Your ratings are in: you rated {len(given)} of {of} statements."
        case VoteMethod.DOTS:
            spread = sum(dots for dots in given if isinstance(dots, int))
            return f"Your dots are in: you spread {spread} of {voting.dots} dots."
        case VoteMethod.RANKING:
            return f"Your order is in: you ranked {len(given)} of {of} statements."


def _plain(mark: Answer | None) -> str | int | None:
    return mark.value if isinstance(mark, Mark) else mark
