"""Writing statements, and opening and closing the vote on them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.events.operations import record, take_turns
from hackathon.maths.standing import Rule
from hackathon.votes.models import Ballot, Exposure, Round, Statement, VoteMethod, Way
from hackathon.votes.operations import RoundClosed, hold_round
from hackathon.votes.queries import round_of, rule_from_pack, statements_of, way_from_pack

MOST_STATEMENTS = 40


class BeingRated(Refusal):
    """Statements stay as they are once somebody may have rated them."""


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
    method: VoteMethod | None = None,
    dots: int | None = None,
    dots_on_one: int | None = None,
    entitled_room: int | None = None,
    entitled_outside: int | None = None,
    entitled_note: str = "",
    rule: Rule | None = None,
    at: datetime | None = None,
) -> Round:
    """Let people vote on the statements, which stay as they are from now on.

    How they vote and the rule are fixed before anybody has: as the pack says, unless it is said here.
    """
    take_turns(session, event)
    session.refresh(event)
    if event.is_closed:
        raise RoundClosed("This event is closed: no phone is known here any more, so nobody can vote.")
    _refuse_while_rated(session, event)
    if not statements_of(session, event):
        raise Refusal("Write a statement first: there is nothing to rate yet.")
    rule, way = rule or rule_from_pack(session, event), way_from_pack(session, event)
    if method is not None:
        way = Way(method, dots or way.dots, dots_on_one)
    if way.dots_on_one is not None and way.dots_on_one > way.dots:
        raise Refusal(f"Nobody who has {way.dots} dots can put {way.dots_on_one} on one statement.", "dots_on_one")
    spreads = way.method is VoteMethod.DOTS
    voting = round_of(session, event) or Round(event=event)
    session.add(voting)
    voting.opened_at, voting.rehearsal = at or now(), event.is_rehearsing
    voting.method = way.method
    voting.dots, voting.dots_on_one = (way.dots, way.dots_on_one) if spreads else (0, None)
    voting.entitled_room, voting.entitled_outside = entitled_room, entitled_outside
    voting.entitled_note = entitled_note
    voting.agreed_at, voting.agreed_max_disagree = rule.agreed_at, rule.agreed_max_disagree
    voting.contested_each_side, voting.not_clear_at = rule.contested_each_side, rule.not_clear_at
    voting.minimum_ballots = rule.minimum_ballots
    session.flush()
    record(session, event, "round.opened", actor=actor)
    return voting


def take_back_opening(session: Session, event: Event, *, actor: str) -> Round:
    """Undo an opening that came too early. It can be done only while nobody has voted.

    What phones have shown is forgotten with it: the statements may change before they are shown again.
    """
    voting = hold_round(session, event, for_all=False)
    if not voting.is_open:
        raise RoundClosed(f"The {voting.noun} is not open.")
    if session.scalar(select(Ballot.id).where(Ballot.event_id == event.id).limit(1)) is not None:
        raise BeingRated("People have rated already, so the statements stay as they are.")
    of_event = select(Statement.id).where(Statement.event_id == event.id)
    session.execute(delete(Exposure).where(Exposure.statement_id.in_(of_event)))
    voting.opened_at = voting.phones_closed_at = None
    session.flush()
    record(session, event, "round.taken_back", actor=actor)
    return voting


def close_phones(session: Session, event: Event, *, actor: str, at: datetime | None = None) -> Round:
    """Take no more ballots from phones, while those on paper are typed in. Results stay secret until the round ends."""
    voting = hold_round(session, event, for_all=False)
    if not voting.is_open:
        raise RoundClosed(f"The {voting.noun} is not open.")
    if voting.phones_closed_at is None:
        voting.phones_closed_at = at or now()
        session.flush()
        record(session, event, "round.phones_closed", actor=actor)
    return voting


def close_round(session: Session, event: Event, *, actor: str, at: datetime | None = None) -> Round:
    """End the vote and let everybody see what came of it. It is not opened again."""
    voting = hold_round(session, event, for_all=False)
    if voting.opened_at is None:
        raise RoundClosed(f"The {voting.noun} has not been opened.")
    if voting.closed_at is None:
        voting.closed_at = at or now()
        session.flush()
        record(session, event, "round.closed", actor=actor)
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
