"""A rehearsal: marked, counted nowhere, wiped whole."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hackathon.arrivals.operations import check_in
from hackathon.ballots.operations import give_out_ballots, type_ballot
from hackathon.cards.document import CardNumber
from hackathon.cards.models import Card, CardState
from hackathon.cards.operations import enter_card, number_cards
from hackathon.cards.queries import cards_by_table
from hackathon.carry_in.models import CarriedIn
from hackathon.carry_in.operations import answer_carried
from hackathon.comments.operations import add_comment
from hackathon.commitments.models import Commitment
from hackathon.commitments.operations import commit_to
from hackathon.core.clock import now
from hackathon.core.codes import long_token
from hackathon.core.db import Base, transaction
from hackathon.core.errors import Refusal
from hackathon.counts.queries import live_counts
from hackathon.events.models import Act, Event, Place, Stage, StageTime
from hackathon.events.operations import move_to
from hackathon.events.queries import log_of, stage_at
from hackathon.figures.queries import figures_of, needs_of
from hackathon.follow_up.models import Recommendation
from hackathon.follow_up.operations import recommend
from hackathon.insights.models import Comment, Identity, Insight, Source, Uncounted
from hackathon.insights.operations import share_insight
from hackathon.participants.models import Participant
from hackathon.participants.operations import hold_still
from hackathon.rehearsal.document import EACH, MINUTES, PEOPLE
from hackathon.rehearsal.models import SeatBefore
from hackathon.rehearsal.operations import call_crowd, end_rehearsal, keep_rehearsal_going, start_rehearsal
from hackathon.staff.models import Role
from hackathon.stages.queries import last_move
from hackathon.statements.operations import add_statement, close_round, open_round
from hackathon.tables.models import Seat, Table
from hackathon.tables.operations import leave_seat, take_seat
from hackathon.votes.models import Ballot, Exposure, Mark, PaperBallot, Rating, Round, Statement
from hackathon.votes.operations import rate_statements
from hackathon.watches.commands import keep_rehearsals
from tests.makers import (
    backdate,
    kept,
    make_event,
    make_insight,
    make_pack,
    make_registration,
    make_statement,
    make_table,
)
from tests.visitor import StaffClient, Visitor

WIPED: tuple[type[Base], ...] = (
    *(Insight, Comment, Card, CarriedIn, Commitment, Recommendation, Act, Seat, Statement, Ballot, Rating, Exposure),
)


@pytest.fixture
def event(session: Session) -> Event:
    """Before its day, with a few real words and a statement that is being prepared."""
    event = make_event(session, stage=Stage.BEFORE, held_on=now().date() + timedelta(days=7))
    make_insight(session, event, number=1, place=Place.OUTSIDE)
    make_statement(session, event, number=1)
    session.commit()
    return event


def share(session: Session, event: Event, **rest: Any) -> Insight:
    facts = {"place": Place.ROOM, "identity": Identity.ANONYMOUS, "source": Source.PHONE, "client_id": long_token()}
    return share_insight(session, event, **{"text": "Does this work?", **facts, **rest})


def practise(session: Session, event: Event) -> None:
    """Everything that people do on a day."""
    table = make_table(session, event, number=70)
    registration = make_registration(session, event)
    check_in(session, registration, actor="Jo")
    take_seat(session, table, registration.participant, actor="Jo")
    move_to(session, event, stage=Stage.DIVERGE, actor="Jo")
    insight = share(session, event, table=table)
    add_comment(session, insight, text="It does", place=Place.ROOM, client_id=long_token())
    add_comment(session, real_insight(session, event), text="Hello", place=Place.ROOM, client_id=long_token())
    card = share(session, event, table=table, source=Source.PAPER)
    kept(session, Card(event=event, table=table, number=1, state=CardState.TYPED, insight=card, entered_by="Jo"))
    kept(session, Card(event=event, table=table, number=2, state=CardState.BLANK, entered_by="Jo"))
    kept(session, CarriedIn(table=table, insight=real_insight(session, event)))
    add_statement(session, event, text="Practice makes us calm.", actor="Jo")
    open_round(session, event, actor="Jo", entitled_room=8)
    for _ in range(6):
        rate_statements(
            session,
            event,
            device=long_token(),
            place=Place.ROOM,
            client_id=long_token(),
            marks={1: Mark.AGREE, 2: Mark.AGREE},
        )
    close_round(session, event, actor="Jo")
    commit_to(session, event, text="I will come early.", remind_on=None, may_print=True)
    recommend(
        session,
        event,
        text="Meet",
        because="",
        owner_role="",
        first_step="",
        horizon=1,
        sources=[],
        actor="Jo",
    )
    kept(session, Act(event=event, client_id=long_token(), kind="seat.taken", digest="", receipt={}))
    session.flush()


def test_what_is_written_after_it_was_written_where_the_event_was_put_back_to(session: Session, event: Event) -> None:
    start_rehearsal(session, event, actor="Jo")
    move_to(session, event, stage=Stage.CONVERGE, actor="Jo")
    end_rehearsal(session, event, actor="Jo")
    for line in log_of(session, event):
        backdate(session, line, line.at - timedelta(minutes=10))

    assert stage_at(session, event, now() - timedelta(minutes=5)) is Stage.BEFORE


def test_a_move_that_was_practised_is_not_taken_back_after_it(session: Session, event: Event) -> None:
    start_rehearsal(session, event, actor="Jo")
    move_to(session, event, stage=Stage.CONVERGE, actor="Jo")
    assert last_move(session, event) is not None

    end_rehearsal(session, event, actor="Jo")

    assert last_move(session, event) is None


def test_paper_that_was_practised_with_can_be_typed_in_again(session: Session, event: Event) -> None:
    make_table(session, event, number=7, seats=2)
    start_rehearsal(session, event, actor="Jo")
    number_cards(session, event, per_seat=6, actor="Jo")
    give_out_ballots(session, event, number=1, place=Place.ROOM, actor="Jo")
    code = session.scalars(select(PaperBallot.code)).one()
    open_round(session, event, actor="Jo")

    def type_in() -> list[int]:
        """Five cards of which two are put aside, and a ballot; how many rows of each are there then."""
        for card, state in enumerate([*[CardState.TYPED] * 3, CardState.ILLEGIBLE, CardState.BLANK], start=1):
            enter_card(
                session,
                event,
                number=CardNumber(7, card),
                state=state,
                text=f"Card {card}" if state is CardState.TYPED else "",
                identity=Identity.HIDDEN,
                author_name="",
                client_id=f"a-card-with-a-number-{card}",
                actor="Sam",
            )
        type_ballot(session, event, code=code, marks={1: Mark.AGREE}, actor="Sam")
        return [len(rows(session)["card"]), len(rows(session)["ballot"])]

    practised = type_in()
    end_rehearsal(session, event, actor="Jo")
    ((printed, missing),) = [(each.printed, each.missing) for each in cards_by_table(session, event)]
    wiped = [len(rows(session)["card"]), len(rows(session)["ballot"])]
    open_round(session, event, actor="Jo")

    assert (practised, wiped) == ([5, 1], [0, 0])
    assert (printed, len(missing)) == (12, 12)
    assert type_in() == [5, 1]


def test_receipts_of_what_is_undone_go_with_it(session: Session, event: Event) -> None:
    kept(session, Act(event=event, client_id=long_token(), kind="seat.left", digest="", receipt={}))
    start_rehearsal(session, event, actor="Jo")
    for kind in ("ballot", "seat.taken", "seat.left"):
        kept(session, Act(event=event, client_id=long_token(), kind=kind, digest="", receipt={}))

    end_rehearsal(session, event, actor="Jo")

    assert list(session.scalars(select(Act.kind))) == ["seat.left"]


def test_a_card_put_aside_before_it_is_put_aside_after_it(session: Session, event: Event) -> None:
    table = make_table(session, event, number=7)
    start_rehearsal(session, event, actor="Jo")
    kept(session, Card(event=event, table=table, number=1, state=CardState.BLANK, entered_by="Sam"))
    earlier = event.rehearsal_since - timedelta(minutes=1) if event.rehearsal_since else now()
    kept(
        session,
        Card(event=event, table=table, number=2, state=CardState.BLANK, entered_by="Sam", entered_at=earlier),
    )

    end_rehearsal(session, event, actor="Jo")

    assert list(session.scalars(select(Card.number))) == [2]


def test_a_real_card_that_was_put_aside_is_not_practised_with(session: Session, event: Event) -> None:
    table = make_table(session, event, number=7)
    earlier = now() - timedelta(minutes=1)
    kept(
        session,
        Card(event=event, table=table, number=1, state=CardState.ILLEGIBLE, entered_by="Sam", entered_at=earlier),
    )
    start_rehearsal(session, event, actor="Jo")

    with pytest.raises(Refusal, match="before the rehearsal"):
        enter_card(
            session,
            event,
            number=CardNumber(7, 1),
            state=CardState.TYPED,
            text="I can read it",
            identity=Identity.HIDDEN,
            author_name="",
            client_id=long_token(),
            actor="Sam",
        )


def test_a_real_thought_on_a_table_waits_again_after_a_practised_answer(session: Session, event: Event) -> None:
    table = make_table(session, event, number=7)
    carried = kept(session, CarriedIn(table=table, insight=real_insight(session, event)))
    carried.carried_at = now() - timedelta(minutes=1)
    start_rehearsal(session, event, actor="Jo")
    answer_carried(session, table, number=1, text="So do we", client_id=long_token())
    practised = carried.answered_at

    end_rehearsal(session, event, actor="Jo")

    assert practised is not None
    assert (carried.answer_id, carried.answered_at) == (None, None)


def real_insight(session: Session, event: Event) -> Insight:
    return session.scalars(select(Insight).where(Insight.event_id == event.id, Insight.number == 1)).one()


def rows(session: Session) -> dict[str, list[int]]:
    return {model.__tablename__: sorted(session.scalars(select(model.id))) for model in WIPED}


def published(session: Session, event: Event) -> dict[str, Any]:
    figures = {name: found for name, found in figures_of(session, event).as_json().items() if name != "as_of"}
    # Registering is real, also while others practise.
    return {name: found for name, found in figures.items() if name not in REAL}


REAL = {"registered", "confirmed_in_room", "attendance_rate", "no_show_rate"}


def test_figures_are_the_same_before_during_and_after(session: Session, event: Event) -> None:
    make_registration(session, event)
    before, needs = published(session, event), needs_of(session, event)

    start_rehearsal(session, event, actor="Jo")
    practise(session, event)
    during, seen = published(session, event), live_counts(session, event)
    needs_meanwhile = needs_of(session, event)
    end_rehearsal(session, event, actor="Jo")

    assert during == before
    assert published(session, event) == before
    assert (seen.room, seen.outside, seen.people_here) == (0, 1, 0)
    assert needs_meanwhile == needs


def test_everything_that_came_in_is_wiped_and_everything_else_is_kept(session: Session, event: Event) -> None:
    before = rows(session)
    start_rehearsal(session, event, actor="Jo")
    practise(session, event)
    assert [name for name, ids in rows(session).items() if ids == before[name]] == ["exposure"]

    end_rehearsal(session, event, actor="Jo")

    assert rows(session) == before
    assert (event.stage, event.is_rehearsing) == (Stage.BEFORE, False)
    voting = session.scalars(select(Round)).one()
    assert (voting.opened_at, voting.closed_at, voting.rehearsal) == (None, None, False)
    ended = log_of(session, event)[0]
    assert (ended.kind, ended.detail["insights"], ended.detail["ballots"]) == ("rehearsal.ended", 2, 6)


def test_somebody_who_changes_tables_while_it_ends_does_not_stop_it(app: Flask, session: Session, event: Event) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("only PostgreSQL lets two write at once")
    tables = [make_table(session, event, number=number) for number in (1, 2)]
    people = [make_registration(session, event).participant for _ in range(2)]
    start_rehearsal(session, event, actor="Jo")
    for table, person in zip(tables, people, strict=True):
        take_seat(session, table, person, actor="Jo")
    table_id, person_id = tables[0].id, people[1].id
    session.commit()
    problems: list[BaseException] = []
    held, done = threading.Event(), threading.Event()

    def change_tables() -> None:
        """What `take_seat` does, with a pause between the person and the table."""
        try:
            with app.app_context(), transaction() as other:
                hold_still(other, other.get_one(Participant, person_id))
                held.set()
                done.wait(1)
                take_seat(other, other.get_one(Table, table_id), other.get_one(Participant, person_id), actor="Ann")
        except OperationalError as problem:
            problems.append(problem)

    phone = threading.Thread(target=change_tables)
    phone.start()
    held.wait(5)
    end_rehearsal(session, event, actor="Jo")
    session.commit()
    done.set()
    phone.join()

    assert problems == []
    assert session.scalars(select(Seat)).all() == []


def test_receipt_numbers_go_on_so_that_none_means_two_things(session: Session, event: Event) -> None:
    start_rehearsal(session, event, actor="Jo")
    practised = share(session, event).number
    end_rehearsal(session, event, actor="Jo")

    real = share(session, event)

    assert (practised, real.number, real.uncounted) == (2, 3, None)


def rehearsed(session: Session, event: Event, *, ago: timedelta, minutes: int) -> None:
    """A rehearsal of so many minutes that began so long ago, by the log's own lines."""
    start_rehearsal(session, event, actor="Jo")
    end_rehearsal(session, event, actor="Jo")
    ended, begun = log_of(session, event, limit=2)
    backdate(session, begun, now() - ago)
    event.rehearsal_ended_at = begun.at + timedelta(minutes=minutes)
    backdate(session, ended, event.rehearsal_ended_at)


def test_what_was_written_in_it_is_practice_whenever_it_arrives(session: Session, event: Event) -> None:
    rehearsed(session, event, ago=timedelta(hours=3), minutes=30)
    rehearsed(session, event, ago=timedelta(hours=1), minutes=30)
    # Before the first, in it, between the two, in the second, after both.
    moments = [now() - timedelta(minutes=ago) for ago in (200, 170, 100, 50, 10)]
    practice = [False, True, False, True, False]

    def marks() -> list[list[bool]]:
        words = [share(session, event, captured_at=at).uncounted is Uncounted.REHEARSAL for at in moments]
        replies = [
            add_comment(
                session,
                real_insight(session, event),
                text=f"Reply at {at}",
                place=Place.ROOM,
                client_id=long_token(),
                written_at=at,
            ).uncounted
            is Uncounted.REHEARSAL
            for at in moments
        ]
        made = [
            commit_to(session, event, text=f"At {at}", remind_on=None, may_print=True, written_at=at).rehearsal
            for at in moments
        ]
        return [words, replies, made]

    afterwards = marks()
    start_rehearsal(session, event, actor="Jo")
    in_the_next = marks()

    assert afterwards == in_the_next == [practice] * 3


def test_what_arrives_after_it_is_counted_nowhere_and_wiped_with_one_button(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    before, figures = rows(session), published(session, event)
    rehearsed(session, event, ago=timedelta(hours=1), minutes=30)
    jo, page = staff_client(Role.FACILITATOR, event), f"/desk/{event.code}/plan/rehearsal"
    silent = "Came in after a rehearsal" not in jo.words(page)
    share(session, event, captured_at=now() - timedelta(minutes=40))
    commit_to(session, event, text="Early", remind_on=None, may_print=True, written_at=now() - timedelta(minutes=40))
    session.commit()

    said, counted = jo.words(page), published(session, event)
    jo.post_form(f"{page}/wipe", page=page)

    assert silent
    assert "1 thought, 0 comments, 1 commitment" in said
    assert counted == figures
    session.expire_all()
    assert rows(session) == before


def test_a_practised_ballot_that_arrives_in_the_real_vote_is_refused(session: Session, event: Event) -> None:
    rehearsed(session, event, ago=timedelta(hours=1), minutes=30)
    open_round(session, event, actor="Jo")

    def rate(at: datetime) -> None:
        words: dict[str, Any] = {"device": long_token(), "place": Place.ROOM, "client_id": long_token()}
        rate_statements(session, event, marks={1: Mark.AGREE}, written_at=at, **words)

    with pytest.raises(Refusal, match="marked before the rating opened"):
        rate(now() - timedelta(minutes=40))
    refused = len(session.scalars(select(Ballot.id)).all())
    rate(now())

    assert (refused, len(session.scalars(select(Ballot.id)).all())) == (0, 1)


def test_everybody_sits_afterwards_where_they_sat_before(session: Session, event: Event) -> None:
    one, two = (make_table(session, event, number=number, seats=2) for number in (1, 2))
    people = [make_registration(session, event).participant for _ in range(4)]
    stays, moves, leaves, comes = people
    for person in (stays, moves):
        take_seat(session, one, person, actor="Jo")
    take_seat(session, two, leaves, actor="Jo")
    before = {seat.participant_id: (seat.table_id, seat.taken_at) for seat in session.scalars(select(Seat))}
    figures = published(session, event)
    start_rehearsal(session, event, actor="Jo")
    leave_seat(session, leaves, actor="Jo")
    for person in (moves, comes):
        take_seat(session, two, person, actor="Jo")
    meanwhile = {seat.participant_id: seat.table_id for seat in session.scalars(select(Seat))}
    during = published(session, event)

    end_rehearsal(session, event, actor="Jo")

    assert meanwhile == {stays.id: one.id, moves.id: two.id, comes.id: two.id}
    assert {seat.participant_id: (seat.table_id, seat.taken_at) for seat in session.scalars(select(Seat))} == before
    assert (one.taken, two.taken) == (2, 1)
    assert during == figures
    assert session.scalars(select(SeatBefore)).all() == []


def test_a_seat_that_was_asked_for_in_it_is_not_taken_after_it(session: Session, event: Event) -> None:
    table, person = make_table(session, event, number=1), make_registration(session, event).participant
    rehearsed(session, event, ago=timedelta(hours=1), minutes=30)

    with pytest.raises(Refusal, match="in the rehearsal, which is over"):
        take_seat(session, table, person, actor="Jo", at=now() - timedelta(minutes=40))
    take_seat(session, table, person, actor="Jo", at=now() - timedelta(minutes=10))

    assert table.taken == 1


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.DIVERGE, Stage.CONVERGE, Stage.AFTER])
def test_it_begins_only_before_the_tables_do(session: Session, event: Event, stage: Stage) -> None:
    event.stage = stage
    session.flush()

    with pytest.raises(Refusal, match="before the tables begin"):
        start_rehearsal(session, event, actor="Jo")


def test_recommendations_are_practised_with_what_was_said_to_practise(session: Session, event: Event) -> None:
    words: dict[str, Any] = {"text": "Meet early", "because": "", "owner_role": "", "first_step": "", "horizon": 1}
    real = recommend(session, event, sources=[1], actor="Jo", **words)
    before, needs = published(session, event), needs_of(session, event)
    start_rehearsal(session, event, actor="Jo")
    numbers = [share(session, event).number, 1]
    practised = recommend(session, event, sources=numbers, actor="Jo", **words).rehearsal
    during, needs_meanwhile = published(session, event), needs_of(session, event)

    end_rehearsal(session, event, actor="Jo")

    assert (real.rehearsal, practised) == (False, True)
    assert (during, needs_meanwhile) == (before, needs)
    assert list(session.scalars(select(Recommendation.number))) == [1]


def test_the_clock_opens_afterwards_what_was_moved_past_in_it(session: Session, event: Event) -> None:
    time = kept(session, StageTime(event=event, stage=Stage.DIVERGE, opens_at=now() + timedelta(days=1)))
    start_rehearsal(session, event, actor="Jo")
    move_to(session, event, stage=Stage.CONVERGE, actor="Jo")
    settled = time.opened_at

    end_rehearsal(session, event, actor="Jo")

    assert settled is not None
    assert time.opened_at is None


def test_pretend_people_write_at_real_speed_and_then_stop(session: Session, event: Event) -> None:
    make_table(session, event, number=1)
    start_rehearsal(session, event, actor="Jo")
    called = call_crowd(session, event, actor="Jo")

    def so_far(minutes: float) -> int:
        keep_rehearsal_going(session, event, at=called.at + timedelta(minutes=minutes))
        keep_rehearsal_going(session, event, at=called.at + timedelta(minutes=minutes))
        marks = [*session.scalars(select(Insight.uncounted)), *session.scalars(select(Comment.uncounted))]
        return marks.count(Uncounted.REHEARSAL)

    assert [so_far(minutes) for minutes in (0, 1, MINUTES, MINUTES + 5)] == [0, 12, PEOPLE * EACH, PEOPLE * EACH]
    texts = session.scalars(select(Insight.text).where(Insight.uncounted == Uncounted.REHEARSAL)).all()
    assert {text.partition(":")[0] for text in texts} == {"Sample"}
    assert set(session.scalars(select(Insight.place))) == set(Place)
    call_crowd(session, event, actor="Jo")
    with pytest.raises(Refusal, match="still writing"):
        call_crowd(session, event, actor="Jo")


def test_nobody_stops_pretend_people_by_guessing_their_ids(session: Session, event: Event) -> None:
    start_rehearsal(session, event, actor="Jo")
    called = call_crowd(session, event, actor="Jo")
    for number in range(3):
        share(session, event, client_id=f"pretend-{called.id}-{number}")

    keep_rehearsal_going(session, event, at=called.at + timedelta(minutes=1))

    samples = select(Insight.client_id).where(Insight.text.startswith("Sample:"))
    assert {len(client_id.split("-")[1]) for client_id in session.scalars(samples)} == {32}


def test_pretend_people_write_in_rehearsals_only(session: Session, event: Event) -> None:
    with pytest.raises(Refusal, match="Start the rehearsal first"):
        call_crowd(session, event, actor="Jo")


def test_a_rehearsal_that_somebody_forgot_ends_when_the_doors_open(app: Flask, session: Session, event: Event) -> None:
    event.held_on = now().date() + timedelta(days=3)
    start_rehearsal(session, event, actor="Jo")
    share(session, event)

    keep_rehearsal_going(session, event, at=event.starts_at - timedelta(minutes=61))
    still = event.is_rehearsing
    keep_rehearsal_going(session, event, at=event.starts_at - timedelta(minutes=60))

    assert (still, event.is_rehearsing) == (True, False)
    assert list(session.scalars(select(Insight.number))) == [1]
    assert log_of(session, event)[0].actor == "the clock"


def test_a_rehearsal_does_not_begin_once_the_day_has(session: Session, event: Event, staff_client: StaffClient) -> None:
    event.stage, event.held_on = Stage.WARM_UP, now().date() - timedelta(days=1)
    jo = staff_client(Role.FACILITATOR, event)

    with pytest.raises(Refusal, match="what comes in since is real"):
        start_rehearsal(session, event, actor="Jo")
    assert "This one has begun." in jo.words(f"/desk/{event.code}/plan/rehearsal")


def test_a_rehearsal_ends_by_the_clock_where_the_day_was_moved_before_it(session: Session, event: Event) -> None:
    start_rehearsal(session, event, actor="Jo")
    event.held_on = now().date() - timedelta(days=1)

    keep_rehearsal_going(session, event, at=now())

    assert not event.is_rehearsing


def test_every_page_and_the_wall_say_that_nothing_counts(
    app: Flask, session: Session, event: Event, client: Visitor, staff_client: StaffClient
) -> None:
    table = make_table(session, event, number=1)
    make_pack(session, event)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/plan/rehearsal"
    said = "This is a rehearsal: nothing counts and everything is wiped."

    def silent() -> list[str]:
        public = [f"/e/{event.code}{end}" for end in ("", "/wall", "/insights", "/outside", "/register", "/pack")]
        return [page for page in (*public, f"/t/{table.code}") if said not in client.get(page).text]

    before = silent()
    jo.post_form(f"{page}/start", page=page)
    during = silent()
    said_of_paper = jo.words(page)
    jo.post_form(f"{page}/crowd", page=page)
    with app.app_context():
        keep_rehearsals()
    jo.post_form(f"{page}/end", page=page)

    assert (len(before), during, silent()) == (7, [], before)
    assert "Paper printed in a rehearsal stays good" in said_of_paper
    assert "What you do to words that were there before stays done" in said_of_paper
    assert "Start the rehearsal" in jo.words(page)
