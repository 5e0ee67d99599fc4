"""Writing statements, opening and closing the round, and casting ballots in secret."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.codes import short_code
from hackathon.core.db import put
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place
from hackathon.events.operations import record, take_turns
from hackathon.maths.standing import Rule
from hackathon.votes.models import Ballot, Channel, Mark, Rating, Round, Statement
from hackathon.votes.queries import round_of, rule_from_pack, statements_of

BALLOT_CODE_LENGTH = 6
MOST_STATEMENTS = 40
NOBODY_SAID = "someone"


class BeingRated(Refusal):
    """Statements stay as they are once somebody may have rated them."""


class RoundClosed(Refusal):
    """The rating is not open: not yet, or not any more."""


def add_statement(session: Session, event: Event, *, text: str, actor: str) -> Statement:
    """Write one more statement, after those that are there."""
    take_turns(session, event)
    _refuse_while_rated(session, event)
    held = statements_of(session, event)
    if len(held) >= MOST_STATEMENTS:
        raise Refusal(f"{MOST_STATEMENTS} statements are as many as anybody can rate. Remove one first.", "text")
    _refuse_twice(held, text, but=None)
    statement = Statement(event=event, number=len(held) + 1, text=text)
    session.add(statement)
    session.flush()
    record(session, event, "statement.added", actor=actor, subject_id=statement.id)
    return statement


def change_statement(session: Session, statement: Statement, *, text: str, seen: str, actor: str) -> Statement:
    """Put a statement into other words. `seen` is how it stood when its writer began: nobody writes over another."""
    event = statement.event
    take_turns(session, event)
    session.refresh(statement)
    _refuse_while_rated(session, event)
    if seen != statement.text:
        raise Refusal(f"Somebody has changed it meanwhile. It now says: “{statement.text}”", "text")
    _refuse_twice(statements_of(session, event), text, but=statement)
    statement.text = text
    session.flush()
    record(session, event, "statement.changed", actor=actor, subject_id=statement.id)
    return statement


def move_statement(session: Session, statement: Statement, *, up: bool, actor: str) -> Statement:
    """Change places with the statement before or behind; at the end of the list nothing moves."""
    event = statement.event
    take_turns(session, event)
    session.refresh(statement)
    _refuse_while_rated(session, event)
    wanted = statement.number + (-1 if up else 1)
    other = next((other for other in statements_of(session, event) if other.number == wanted), None)
    if other is not None:
        number, other.number = statement.number, 0
        session.flush()
        statement.number = wanted
        session.flush()
        other.number = number
        session.flush()
        record(session, event, "statement.moved", actor=actor, subject_id=statement.id)
    return statement


def remove_statement(session: Session, statement: Statement, *, actor: str) -> None:
    """Take a statement off the list; those behind it move up."""
    event = statement.event
    take_turns(session, event)
    _refuse_while_rated(session, event)
    session.delete(statement)
    session.flush()
    for number, other in enumerate(statements_of(session, event), start=1):
        other.number = number
        session.flush()
    record(session, event, "statement.removed", actor=actor, text=statement.text)


def open_round(
    session: Session,
    event: Event,
    *,
    actor: str,
    entitled_room: int | None = None,
    entitled_outside: int | None = None,
    entitled_note: str = "",
    rule: Rule | None = None,
    at: datetime | None = None,
) -> Round:
    """Let people rate the statements, which stay as they are from now on.

    The rule is fixed before anybody has rated: the pack's, unless another is given.
    """
    take_turns(session, event)
    _refuse_while_rated(session, event)
    if not statements_of(session, event):
        raise Refusal("Write a statement first: there is nothing to rate yet.")
    rule = rule or rule_from_pack(session, event)
    voting = round_of(session, event) or Round(event=event)
    session.add(voting)
    voting.opened_at = at or now()
    voting.entitled_room, voting.entitled_outside = entitled_room, entitled_outside
    voting.entitled_note = entitled_note
    voting.agreed_at, voting.agreed_max_disagree = rule.agreed_at, rule.agreed_max_disagree
    voting.contested_each_side, voting.not_clear_at = rule.contested_each_side, rule.not_clear_at
    voting.minimum_ballots = rule.minimum_ballots
    session.flush()
    record(session, event, "round.opened", actor=actor)
    return voting


def take_back_opening(session: Session, event: Event, *, actor: str) -> Round:
    """Undo an opening that came too early. It can be done only while nobody has rated."""
    voting = _held(session, event, for_all=False)
    if not voting.is_open:
        raise RoundClosed("The rating is not open.")
    if session.scalar(select(Ballot.id).where(Ballot.event_id == event.id).limit(1)) is not None:
        raise BeingRated("People have rated already, so the statements stay as they are.")
    voting.opened_at = None
    session.flush()
    record(session, event, "round.taken_back", actor=actor)
    return voting


def close_round(session: Session, event: Event, *, actor: str, at: datetime | None = None) -> Round:
    """End the rating and let everybody see how the statements stand. It is not opened again."""
    voting = _held(session, event, for_all=False)
    if voting.opened_at is None:
        raise RoundClosed("The rating has not been opened.")
    if voting.closed_at is None:
        voting.closed_at = at or now()
        session.flush()
        record(session, event, "round.closed", actor=actor)
    return voting


def ballot_for_device(
    session: Session, event: Event, *, device: str, place: Place, channel: Channel = Channel.ELECTRONIC
) -> Ballot:
    """The one ballot of this phone. `device` is a keyed digest that nothing else in the event carries."""
    put(
        session,
        Ballot,
        [
            {
                "event_id": event.id,
                "code": free_ballot_code(session, event),
                "channel": channel,
                "place": place,
                "device": device,
            }
        ],
        key=("event_id", "device"),
    )
    return session.scalars(select(Ballot).where(Ballot.event_id == event.id, Ballot.device == device)).one()


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
    marks: Mapping[int, Mark | None],
    at: datetime | None = None,
    actor: str = NOBODY_SAID,
) -> Ballot:
    """Put these marks, by the statement's number, on a ballot. They replace what was on it.

    Who closes the round waits for casts under way; who casts after that is told so. A statement without a mark stays
    blank. The log says that a ballot came, not which.
    """
    voting = _held(session, event, for_all=True)
    if not voting.is_open:
        raise RoundClosed(
            "The rating has closed, so these ratings were not counted."
            if voting.is_closed
            else "The rating has not opened yet."
        )
    numbers = {statement.number: statement.id for statement in statements_of(session, event)}
    if not marks.keys() <= numbers.keys():
        raise Refusal("One of these statements is not here. Open the page again and rate what it shows.", "marks")
    if not any(marks.values()):
        raise Refusal("Rate at least one statement.", "marks")
    session.execute(select(Ballot.id).where(Ballot.id == ballot.id).with_for_update())
    put(
        session,
        Rating,
        [
            {"ballot_id": ballot.id, "statement_id": statement_id, "mark": marks.get(number)}
            for number, statement_id in numbers.items()
        ],
        key=("ballot_id", "statement_id"),
        change=("mark",),
    )
    ballot.cast_at = at or now()
    session.flush()
    record(session, event, "ballot.cast", actor=actor)
    return ballot


def rate_statements(
    session: Session, event: Event, *, device: str, place: Place, marks: Mapping[int, Mark | None]
) -> Ballot:
    """Rate from a phone: the first time makes its ballot, every later time changes its mind."""
    ballot = ballot_for_device(session, event, device=device, place=place)
    ballot.place = place
    return cast(session, event, ballot=ballot, marks=marks)


def free_ballot_code(session: Session, event: Event) -> str:
    """A random code that no ballot of this event has."""
    while True:
        code = short_code(BALLOT_CODE_LENGTH)
        if session.scalar(select(Ballot.id).where(Ballot.event_id == event.id, Ballot.code == code)) is None:
            return code


def _held(session: Session, event: Event, *, for_all: bool) -> Round:
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


def _refuse_while_rated(session: Session, event: Event) -> None:
    voting = round_of(session, event)
    if voting is not None and voting.is_open:
        raise BeingRated("The statements are being rated, so they stay as they are.", "text")
    if voting is not None and voting.is_closed:
        raise BeingRated("The statements have been rated, so they stay as they are.", "text")


def _refuse_twice(held: Sequence[Statement], text: str, *, but: Statement | None) -> None:
    for statement in held:
        if statement is not but and statement.text.casefold() == text.casefold():
            raise Refusal(f"Statement {statement.number} says this already.", "text")
