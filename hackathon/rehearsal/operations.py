"""Beginning a rehearsal, letting pretend people write, and wiping everything that came in."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.cards.models import Card
from hackathon.carry_in.models import CarriedIn
from hackathon.community.operations import add_comment
from hackathon.core.clock import now, spoken_date, spoken_time
from hackathon.core.codes import long_token
from hackathon.core.errors import Refusal
from hackathon.events.models import Act, Activity, Event, Place, Stage, StageTime
from hackathon.events.operations import record, take_turns
from hackathon.events.queries import PUT_BACK
from hackathon.follow_up.models import Commitment
from hackathon.insights.models import Comment, Identity, Insight, Source, Uncounted
from hackathon.insights.operations import share_insight, wait_for_turn
from hackathon.insights.queries import newest_insights
from hackathon.participants.models import Registration
from hackathon.participants.operations import hold_all_still
from hackathon.rehearsal.document import EACH, EVERY_NTH_A_COMMENT, EVERY_NTH_FROM_OUTSIDE, PEOPLE, answer, saying
from hackathon.rehearsal.queries import (
    CROWD_CALLED,
    STARTED,
    crowd_name,
    crowd_of,
    due_from_crowd,
    has_begun,
    is_over,
    practised_in,
    sent_by_crowd,
    stage_before,
)
from hackathon.tables.models import Seat
from hackathon.tables.operations import leave_seat
from hackathon.tables.queries import tables_of
from hackathon.votes.models import Ballot, Exposure, Rating, Round, Statement
from hackathon.votes.operations import KIND as BALLOT_ACT
from hackathon.votes.operations import remove_statement

MAY_REHEARSE = (Stage.BEFORE, Stage.WARM_UP)
THE_CLOCK = "the clock"
WIPED_ACTS = (BALLOT_ACT, "seat.taken")
"""Whose receipts go, because what they were given for goes too. Whatever else a phone did stands, and so does its
receipt: sent again, it is not done a second time."""


def start_rehearsal(session: Session, event: Event, *, actor: str) -> Event:
    """From now on everything that comes in is practice. Only before the day's work begins, and its time has come."""
    take_turns(session, event)
    session.refresh(event)
    if event.is_rehearsing:
        return event
    if event.stage not in MAY_REHEARSE:
        raise Refusal("A rehearsal is for the time before the tables begin. This event has begun already.")
    if has_begun(event, at=now()):
        began = f"{spoken_time(event.starts)} on {spoken_date(event.held_on)}"
        raise Refusal(f"The day began at {began}: what comes in since is real. Rehearse before the day begins.")
    held = session.scalar(select(Round.opened_at).where(Round.event_id == event.id))
    if held is not None:
        raise Refusal("People have begun to rate the statements, so there is nothing left to practise.")
    event.rehearsal_since = now()
    session.flush()
    record(session, event, STARTED, actor=actor, stage=event.stage.value)
    return event


def call_crowd(session: Session, event: Event, *, actor: str) -> Activity:
    """Let pretend people write for a few minutes, as fast as real ones do."""
    take_turns(session, event)
    session.refresh(event)
    if not event.is_rehearsing:
        raise Refusal("Start the rehearsal first: pretend people write in rehearsals only.")
    called = crowd_of(session, event)
    if called is not None and sent_by_crowd(session, called) < PEOPLE * EACH:
        raise Refusal("The pretend people are still writing.")
    return session.get_one(Activity, record(session, event, CROWD_CALLED, actor=actor, crowd=long_token()))


def keep_rehearsal_going(session: Session, event: Event, *, at: datetime) -> None:
    """Let pretend people write; or end a rehearsal that nobody ended, so that no real word is wiped with it."""
    take_turns(session, event)
    session.refresh(event)
    if is_over(event, at=at):
        end_rehearsal(session, event, actor=THE_CLOCK)
    elif event.is_rehearsing and (called := crowd_of(session, event)) is not None:
        _let_crowd_write(session, event, called, at)


def _let_crowd_write(session: Session, event: Event, called: Activity, at: datetime) -> None:
    """Send what the pretend people should have sent by now, through the operations that take real words in."""
    tables = tables_of(session, event)
    for number in range(sent_by_crowd(session, called), due_from_crowd(called, at=at)):
        client_id = f"{crowd_name(called)}-{number}"
        newest = newest_insights(session, event, limit=1)
        if newest and number % EVERY_NTH_A_COMMENT == EVERY_NTH_A_COMMENT - 1:
            add_comment(session, newest[0], text=answer(number), place=Place.ROOM, client_id=client_id)
            continue
        outside = not tables or number % EVERY_NTH_FROM_OUTSIDE == EVERY_NTH_FROM_OUTSIDE - 1
        table = None if outside else tables[number % len(tables)]
        share_insight(
            session,
            event,
            text=saying(number),
            place=Place.OUTSIDE if outside else Place.ROOM,
            client_id=client_id,
            identity=Identity.ANONYMOUS,
            source=Source.WEB if outside else Source.PHONE,
            table=table,
            theme=table.theme if table else None,
        )


def end_rehearsal(session: Session, event: Event, *, actor: str) -> Event:
    """Wipe everything that came in since it began, and put the event back where it was.

    Receipt numbers go on from where they are: phones that took part still hold theirs, and one number shall never
    mean two things.
    """
    take_turns(session, event)
    hold_all_still(session, event)
    wait_for_turn(session, event)
    session.refresh(event)
    if event.rehearsal_since is None:
        return event
    wiped = practised_in(session, event)
    _wipe_votes(session, event, event.rehearsal_since)
    _wipe_words(session, event, event.rehearsal_since)
    _wipe_people(session, event, event.rehearsal_since, actor)
    _wind_clock_back(session, event, event.rehearsal_since)
    event.stage, event.rehearsal_since = Stage(stage_before(session, event)), None
    session.flush()
    session.expire_all()
    record(
        session,
        event,
        PUT_BACK,
        actor=actor,
        stage=event.stage.value,
        insights=wiped.insights,
        comments=wiped.comments,
        commitments=wiped.commitments,
        ballots=wiped.ballots,
    )
    return event


def _wipe_votes(session: Session, event: Event, since: datetime) -> None:
    """Ballots and what is on them, and statements that were written to practise. A printed code stays good."""
    voting = session.scalar(select(Round).where(Round.event_id == event.id))
    statements = select(Statement.id).where(Statement.event_id == event.id)
    if voting is not None and voting.rehearsal:
        session.execute(delete(Rating).where(Rating.statement_id.in_(statements)))
        session.execute(delete(Exposure).where(Exposure.statement_id.in_(statements)))
        cast = Ballot.cast_at.is_not(None) | Ballot.device.is_not(None)
        session.execute(delete(Ballot).where(Ballot.event_id == event.id, cast))
        voting.opened_at = voting.phones_closed_at = voting.closed_at = None
        voting.entitled_room = voting.entitled_outside = None
        voting.entitled_note, voting.rehearsal = "", False
        session.flush()
    added = select(Activity.subject_id).where(
        Activity.event_id == event.id, Activity.kind == "statement.added", Activity.at >= since
    )
    for statement in session.scalars(select(Statement).where(Statement.event_id == event.id, Statement.id.in_(added))):
        remove_statement(session, statement, actor=THE_CLOCK)


def _wipe_words(session: Session, event: Event, since: datetime) -> None:
    """Insights with all that hangs on them, comments, cards, commitments and the letters that ask about them.

    What was carried to the tables meanwhile is taken back, and phones may send again what was wiped.
    """
    tables = [table.id for table in tables_of(session, event)]
    practised = select(Comment.id).where(Comment.event_id == event.id, Comment.uncounted == Uncounted.REHEARSAL)
    for rows in (
        update(CarriedIn).where(CarriedIn.answer_id.in_(practised)).values(answer_id=None, answered_at=None),
        delete(CarriedIn).where(CarriedIn.table_id.in_(tables), CarriedIn.carried_at >= since),
        delete(Card).where(Card.event_id == event.id, Card.entered_at >= since),
        delete(Comment).where(Comment.id.in_(practised)),
        delete(Insight).where(Insight.event_id == event.id, Insight.uncounted == Uncounted.REHEARSAL),
        delete(Commitment).where(Commitment.event_id == event.id, Commitment.rehearsal.is_(True)),
        delete(Act).where(Act.event_id == event.id, Act.at >= since, Act.kind.in_(WIPED_ACTS)),
        delete(Letter).where(
            Letter.event_id == event.id,
            Letter.made_at >= since,
            Letter.sent_at.is_(None),
            Letter.kind == "follow_up.reminder",
        ),
    ):
        session.execute(rows, execution_options={"synchronize_session": False})


def _wipe_people(session: Session, event: Event, since: datetime, actor: str) -> None:
    """Seats that were taken to practise are given back, and nobody has come through the door.

    Table after table, in the order in which whoever changes tables locks them.
    """
    taken = (
        select(Seat).where(Seat.taken_at >= since, Seat.table.has(event_id=event.id)).order_by(Seat.table_id, Seat.id)
    )
    for seat in session.scalars(taken).all():
        leave_seat(session, seat.participant, actor=actor)
    session.execute(
        update(Registration)
        .where(Registration.event_id == event.id, Registration.checked_in_at >= since)
        .values(checked_in_at=None)
        .execution_options(synchronize_session=False)
    )


def _wind_clock_back(session: Session, event: Event, since: datetime) -> None:
    """What was moved past by hand in the rehearsal opens by the clock after all."""
    session.execute(
        update(StageTime)
        .where(StageTime.event_id == event.id, StageTime.opened_at >= since, StageTime.opens_at > now())
        .values(opened_at=None)
        .execution_options(synchronize_session=False)
    )
