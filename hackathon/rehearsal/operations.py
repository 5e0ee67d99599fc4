"""Beginning a rehearsal, letting pretend people write, and wiping everything that came in."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from hackathon.cards.models import Card
from hackathon.carry_in.models import CarriedIn
from hackathon.comments.operations import add_comment
from hackathon.commitments.models import Commitment
from hackathon.core.clock import now, spoken_date, spoken_time
from hackathon.core.codes import long_token
from hackathon.core.errors import Refusal
from hackathon.events.models import Act, Activity, Event, Place, Stage, StageTime
from hackathon.events.operations import record, take_turns, take_turns_in_series
from hackathon.events.queries import PUT_BACK, REHEARSED
from hackathon.follow_up.models import Recommendation
from hackathon.insights.models import Comment, Identity, Insight, Source, Uncounted
from hackathon.insights.operations import share_insight, wait_for_turn
from hackathon.insights.queries import newest_insights
from hackathon.participants.models import Registration, RegistrationState
from hackathon.participants.operations import hold_all_still
from hackathon.rehearsal.document import EACH, EVERY_NTH_A_COMMENT, EVERY_NTH_FROM_OUTSIDE, PEOPLE, answer, saying
from hackathon.rehearsal.models import SeatBefore
from hackathon.rehearsal.queries import (
    CROWD_CALLED,
    crowd_name,
    crowd_of,
    due_from_crowd,
    has_begun,
    is_over,
    practised_in,
    seats_to_give_back,
    sent_by_crowd,
    stage_before,
)
from hackathon.statements.operations import remove_statement
from hackathon.tables.models import Seat, Table
from hackathon.tables.operations import leave_seat, take_seat
from hackathon.tables.queries import tables_of
from hackathon.votes.models import Ballot, Exposure, Rating, Round, Statement

MAY_REHEARSE = (Stage.BEFORE, Stage.WARM_UP)
THE_CLOCK = "the clock"


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
    _remember_seats(session, event)
    record(session, event, REHEARSED, actor=actor, stage=event.stage.value)
    return event


def _remember_seats(session: Session, event: Event) -> None:
    columns = ("event_id", "participant_id", "table_id", "taken_at")
    seats = select(Table.event_id, Seat.participant_id, Seat.table_id, Seat.taken_at).join(Seat.table)
    session.execute(insert(SeatBefore).from_select(columns, seats.where(Table.event_id == event.id)))


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
    take_turns_in_series(session, event)
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
    take_turns_in_series(session, event)
    take_turns(session, event)
    hold_all_still(session, event)
    wait_for_turn(session, event)
    session.refresh(event)
    if event.rehearsal_since is None:
        return event
    wiped = practised_in(session, event)
    _wipe_votes(session, event, event.rehearsal_since)
    _wipe_marked(session, event)
    _wipe_paper_and_acts(session, event, event.rehearsal_since)
    _put_people_back(session, event, event.rehearsal_since, actor)
    _wind_clock_back(session, event, event.rehearsal_since)
    event.stage, event.rehearsal_since = Stage(stage_before(session, event)), None
    event.rehearsal_ended_at = now()
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
        recommendations=wiped.recommendations,
        ballots=wiped.ballots,
    )
    return event


def wipe_stragglers(session: Session, event: Event, *, actor: str) -> None:
    """Wipe what was written in a rehearsal and came in after it was over, from phones that had no signal."""
    take_turns(session, event)
    session.refresh(event)
    if event.is_rehearsing or not practised_in(session, event):
        return
    _wipe_marked(session, event)
    record(session, event, "rehearsal.wiped", actor=actor)


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


def _wipe_marked(session: Session, event: Event) -> None:
    """What carries the mark of a rehearsal: insights with all that hangs on them, comments, commitments, and what was
    recommended. A real thought that was answered to practise waits for its answer again.
    """
    practised = select(Comment.id).where(Comment.event_id == event.id, Comment.uncounted == Uncounted.REHEARSAL)
    for rows in (
        update(CarriedIn).where(CarriedIn.answer_id.in_(practised)).values(answer_id=None, answered_at=None),
        delete(Comment).where(Comment.id.in_(practised)),
        delete(Insight).where(Insight.event_id == event.id, Insight.uncounted == Uncounted.REHEARSAL),
        delete(Commitment).where(Commitment.event_id == event.id, Commitment.rehearsal.is_(True)),
        delete(Recommendation).where(Recommendation.event_id == event.id, Recommendation.rehearsal.is_(True)),
    ):
        session.execute(rows, execution_options={"synchronize_session": False})
    session.expire_all()


def _wipe_paper_and_acts(session: Session, event: Event, since: datetime) -> None:
    """Cards typed in or put aside, what was carried to the tables, and the receipts of what is undone."""
    tables = [table.id for table in tables_of(session, event)]
    for rows in (
        delete(CarriedIn).where(CarriedIn.table_id.in_(tables), CarriedIn.carried_at >= since),
        delete(Card).where(Card.event_id == event.id, Card.entered_at >= since),
        delete(Act).where(Act.event_id == event.id, Act.at >= since),
    ):
        session.execute(rows, execution_options={"synchronize_session": False})


def _put_people_back(session: Session, event: Event, since: datetime, actor: str) -> None:
    """Everybody sits where they sat before, and nobody has come through the door.

    All chairs are freed before any is taken, and table after table, as whoever changes tables locks them. Whoever gave
    their place in the room back meanwhile, or whose chair is gone, sits nowhere. Whoever was put on the list at the
    door to practise is off it again.
    """
    at_tables = select(Table.id).where(Table.event_id == event.id).order_by(Table.id)
    session.execute(at_tables.with_for_update())
    moved = select(Seat).where(Seat.taken_at >= since, Seat.table.has(event_id=event.id)).order_by(Seat.table_id)
    for seat in session.scalars(moved).all():
        leave_seat(session, seat.participant, actor=actor)
    for before in seats_to_give_back(session, event):
        with suppress(Refusal):
            take_seat(session, before.table, before.participant, actor=actor, at=before.taken_at)
    session.execute(delete(SeatBefore).where(SeatBefore.event_id == event.id))
    session.execute(
        update(Registration)
        .where(Registration.event_id == event.id, Registration.registered_at >= since)
        .where(Registration.registered_at == Registration.checked_in_at)
        .values(state=RegistrationState.CANCELLED)
        .execution_options(synchronize_session=False)
    )
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
