"""Turnout, and the order in which a phone shows the statements."""

from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.events.models import Place
from hackathon.maths.rates import Rate
from hackathon.votes.models import Mark
from hackathon.votes.queries import shuffled, turnout_of
from tests.makers import make_ballot, make_event, make_participant, make_registration, make_round, make_statement


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
