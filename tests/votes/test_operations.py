"""Statements, the round, and ballots."""

import threading
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.db import transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Activity, Event, Place
from hackathon.maths.rates import Rate
from hackathon.maths.standing import Rule, Standing
from hackathon.votes.models import Ballot, Mark, Rating, Statement
from hackathon.votes.operations import (
    BeingRated,
    RoundClosed,
    add_statement,
    change_statement,
    close_round,
    move_statement,
    open_round,
    rate_statements,
    remove_statement,
    take_back_opening,
)
from hackathon.votes.queries import (
    ballot_of,
    marks_on,
    round_of,
    shuffled,
    statements_of,
    tallies_of,
    turnout_of,
)
from tests.makers import make_ballot, make_event, make_participant, make_registration, make_round, make_statement


def listed(session: Session, event: Event) -> list[tuple[int, str]]:
    return [(statement.number, statement.text) for statement in statements_of(session, event)]


def test_statements_are_numbered_moved_and_removed(session: Session) -> None:
    event = make_event(session)
    for text in ("First", "Second", "Third"):
        add_statement(session, event, text=text, actor="Jo")
    first, second, third = statements_of(session, event)

    move_statement(session, third, up=True, actor="Jo")
    move_statement(session, first, up=True, actor="Jo")
    assert listed(session, event) == [(1, "First"), (2, "Third"), (3, "Second")]

    remove_statement(session, first, actor="Jo")
    change_statement(session, second, text="Second, better", seen="Second", actor="Jo")
    assert listed(session, event) == [(1, "Third"), (2, "Second, better")]


def test_the_same_statement_twice_is_refused(session: Session) -> None:
    event = make_event(session)
    add_statement(session, event, text="Say invite", actor="Jo")

    with pytest.raises(Refusal, match="Statement 1 says this already"):
        add_statement(session, event, text="say INVITE", actor="Jo")


def test_nobody_writes_over_a_statement_that_changed_meanwhile(session: Session) -> None:
    """Attack 21."""
    event = make_event(session)
    statement = make_statement(session, event, text="As it was")
    change_statement(session, statement, text="As Jo has it", seen="As it was", actor="Jo")

    with pytest.raises(Refusal, match="As Jo has it"):
        change_statement(session, statement, text="As Benedikt has it", seen="As it was", actor="Benedikt")

    assert statement.text == "As Jo has it"


@pytest.mark.parametrize("closed", [False, True])
def test_statements_stay_as_they_are_while_rated_and_after(session: Session, closed: bool) -> None:
    event = make_event(session)
    statement = add_statement(session, event, text="As it is", actor="Jo")
    open_round(session, event, actor="Jo")
    if closed:
        close_round(session, event, actor="Jo")

    with pytest.raises(BeingRated):
        add_statement(session, event, text="One more", actor="Jo")
    with pytest.raises(BeingRated):
        change_statement(session, statement, text="Otherwise", seen="As it is", actor="Jo")
    with pytest.raises(BeingRated):
        move_statement(session, statement, up=False, actor="Jo")
    with pytest.raises(BeingRated):
        remove_statement(session, statement, actor="Jo")
    with pytest.raises(BeingRated):
        open_round(session, event, actor="Jo")

    assert listed(session, event) == [(1, "As it is")]


def test_a_round_needs_a_statement_and_keeps_the_rule_it_opened_with(session: Session) -> None:
    event = make_event(session)
    with pytest.raises(Refusal, match="Write a statement first"):
        open_round(session, event, actor="Jo")
    add_statement(session, event, text="Something", actor="Jo")

    voting = open_round(session, event, rule=Rule(agreed_at=0.8, minimum_ballots=5), actor="Jo")

    assert voting.rule == Rule(agreed_at=0.8, minimum_ballots=5)
    assert voting.is_open


def test_an_opening_is_taken_back_only_while_nobody_has_rated(session: Session) -> None:
    event = make_event(session)
    add_statement(session, event, text="Something", actor="Jo")
    open_round(session, event, actor="Jo")
    assert not take_back_opening(session, event, actor="Jo").is_open
    add_statement(session, event, text="Something else", actor="Jo")

    open_round(session, event, actor="Jo")
    rate_statements(session, event, device="a phone", place=Place.ROOM, marks={1: Mark.AGREE})

    with pytest.raises(BeingRated):
        take_back_opening(session, event, actor="Jo")


def test_rating_again_changes_ones_mind(session: Session) -> None:
    event = make_event(session)
    for text in ("First", "Second"):
        add_statement(session, event, text=text, actor="Jo")
    open_round(session, event, actor="Jo")

    marks_sent: list[dict[int, Mark | None]] = [{1: Mark.AGREE, 2: Mark.DISAGREE}, {1: Mark.NOT_CLEAR}]
    ballots = [
        rate_statements(session, event, device="a phone", place=place, marks=marks)
        for place, marks in zip((Place.OUTSIDE, Place.ROOM), marks_sent, strict=True)
    ]

    assert ballots[0] is ballots[1]
    assert marks_on(session, ballots[0]) == {1: Mark.NOT_CLEAR}
    assert turnout_of(session, event).ballots == {Place.ROOM: 1, Place.OUTSIDE: 0}
    assert session.scalar(select(func.count(Rating.id))) == 2


def test_a_ballot_knows_no_person_and_the_log_no_ballot(session: Session) -> None:
    event = make_event(session)
    add_statement(session, event, text="Something", actor="Jo")
    open_round(session, event, actor="Jo")

    ballot = rate_statements(session, event, device="digest", place=Place.ROOM, marks={1: Mark.AGREE})

    assert {column.name for column in Ballot.__table__.columns} == {
        "id",
        "event_id",
        "code",
        "channel",
        "place",
        "device",
        "cast_at",
        "late",
    }
    line = session.scalars(select(Activity).where(Activity.kind == "ballot.cast")).one()
    assert (line.actor, line.subject_id, line.detail) == ("someone", None, {})
    assert ballot.device == "digest"


@pytest.mark.parametrize("state", ["no round", "not open", "closed"])
def test_who_rates_while_it_is_not_open_is_told_so(session: Session, state: str) -> None:
    """Attacks 3 and 20."""
    event = make_event(session)
    make_statement(session, event, number=1)
    if state != "no round":
        make_round(
            session,
            event,
            opened_at=None if state == "not open" else now(),
            closed_at=now() if state == "closed" else None,
        )

    with pytest.raises(RoundClosed):
        rate_statements(session, event, device="a phone", place=Place.ROOM, marks={1: Mark.AGREE})


def test_a_statement_that_is_not_here_and_an_empty_ballot_are_refused(session: Session) -> None:
    event = make_event(session)
    make_statement(session, event, number=1)
    make_round(session, event)

    with pytest.raises(Refusal, match="not here"):
        rate_statements(session, event, device="a phone", place=Place.ROOM, marks={1: Mark.AGREE, 2: Mark.AGREE})
    with pytest.raises(Refusal, match="at least one"):
        rate_statements(session, event, device="a phone", place=Place.ROOM, marks={1: None})


def test_nothing_is_tallied_before_the_round_is_closed(session: Session) -> None:
    event = make_event(session)
    statement = make_statement(session, event, number=1)
    make_round(session, event)
    for _ in range(5):
        make_ballot(session, event, {statement: Mark.AGREE})

    assert tallies_of(session, event) == []
    close_round(session, event, actor="Jo")
    assert [tally.support for tally in tallies_of(session, event)] == [Rate(5, 5)]


def test_fewer_than_five_ballots_are_not_tallied_together_or_in_a_place(session: Session) -> None:
    event = make_event(session)
    statement = make_statement(session, event, number=1)
    make_round(session, event, closed_at=now())
    for place in (Place.OUTSIDE, *[Place.ROOM] * 3):
        make_ballot(session, event, {statement: Mark.AGREE}, place=place)
    make_ballot(session, event, {statement: None})

    assert tallies_of(session, event) == []
    make_ballot(session, event, {statement: Mark.DISAGREE}, place=Place.ROOM)
    assert [tally.support for tally in tallies_of(session, event)] == [Rate(4, 5)]
    assert [tallies_of(session, event, place=place) for place in Place] == [[], []]


def test_tallies_leave_out_blank_lines_and_count_places_apart(session: Session) -> None:
    event, other = make_event(session), make_event(session)
    statement = make_statement(session, event, number=1)
    elsewhere = make_statement(session, other, number=1)
    make_round(session, event, closed_at=now())
    for mark, place in [
        *[(Mark.STRONGLY_AGREE, Place.ROOM)] * 7,
        *[(Mark.AGREE, Place.OUTSIDE)] * 4,
        (Mark.DISAGREE, Place.ROOM),
        (Mark.NEUTRAL, Place.OUTSIDE),
        (Mark.NOT_CLEAR, Place.ROOM),
        (None, Place.ROOM),
    ]:
        make_ballot(session, event, {statement: mark}, place=place)
    make_ballot(session, other, {elsewhere: Mark.DISAGREE})

    (together,) = tallies_of(session, event)
    (outside,) = tallies_of(session, event, place=Place.OUTSIDE)

    assert (together.support, together.disagree, together.not_clear) == (Rate(11, 13), Rate(1, 13), Rate(1, 14))
    assert together.standing is Standing.AGREED
    assert Counter(together.counts) == Counter(
        {
            Mark.STRONGLY_DISAGREE: 0,
            Mark.DISAGREE: 1,
            Mark.NEUTRAL: 1,
            Mark.AGREE: 4,
            Mark.STRONGLY_AGREE: 7,
            Mark.NOT_CLEAR: 1,
        }
    )
    assert (outside.support, outside.standing) == (Rate(4, 5), Standing.NEITHER)


def test_turnout_is_read_against_those_who_may_rate(session: Session) -> None:
    event = make_event(session)
    statement = make_statement(session, event, number=1)
    voting = make_round(session, event)
    for _ in range(2):
        make_registration(session, event, make_participant(session, event), checked_in_at=now())
    make_ballot(session, event, {statement: Mark.AGREE})

    turnout = turnout_of(session, event)
    assert (turnout.rate_in(Place.ROOM), turnout.rate_in(Place.OUTSIDE), turnout.rate) == (Rate(1, 2), None, None)

    voting.entitled_room, voting.entitled_outside = 80, 41
    assert turnout_of(session, event).rate == Rate(1, 121)


def test_the_order_is_a_phones_own_and_stays(session: Session) -> None:
    event = make_event(session)
    statements = [make_statement(session, event, number=number) for number in range(1, 10)]

    orders = {seed: [each.number for each in shuffled(statements, seed)] for seed in "abcdef"}

    assert len({tuple(order) for order in orders.values()}) > 1
    assert all(sorted(order) == list(range(1, 10)) for order in orders.values())
    assert [each.number for each in shuffled(statements, "a")] == orders["a"]


def test_many_phones_at_once_and_the_same_phone_many_times_are_counted_exactly(app: Flask, session: Session) -> None:
    """Attack 20: totals equal a recount, whatever came in parallel, and nothing is counted after closing."""
    event = make_event(session)
    add_statement(session, event, text="Something", actor="Jo")
    open_round(session, event, actor="Jo")
    session.commit()
    event_id = event.id
    came: list[str] = []
    late: list[str] = []
    start = threading.Barrier(17)

    def vote(device: str) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction() as own:
                    rate_statements(
                        own, own.get_one(Event, event_id), device=device, place=Place.ROOM, marks={1: Mark.AGREE}
                    )
                came.append(device)
            except RoundClosed:
                late.append(device)

    def close() -> None:
        with app.app_context():
            start.wait()
            with transaction() as own:
                close_round(own, own.get_one(Event, event_id), actor="Jo")

    devices = [f"phone {number}" for number in range(12)] + ["the same phone"] * 4
    threads = [threading.Thread(target=vote, args=(device,)) for device in devices]
    threads.append(threading.Thread(target=close))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    session.rollback()
    voting = round_of(session, event)
    agreeing = session.scalar(select(func.count(Rating.id)).where(Rating.mark == Mark.AGREE))
    counted = set(session.scalars(select(Ballot.device).where(Ballot.event_id == event_id)))
    assert voting is not None
    assert voting.is_closed
    assert sorted(came + late) == sorted(devices)
    assert counted == set(came)
    assert agreeing == len(counted) == turnout_of(session, event).total
    assert ballot_of(session, event, "nobody's phone") is None
    assert session.scalar(select(func.count(Statement.id))) == 1
