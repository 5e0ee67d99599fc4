"""Writing statements, and opening the vote on them."""

import pytest
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.maths.standing import Rule
from hackathon.statements.operations import (
    BeingRated,
    add_statement,
    change_statement,
    close_round,
    move_statement,
    open_round,
    remove_statement,
    take_back_opening,
)
from hackathon.votes.models import Mark
from hackathon.votes.queries import statements_of
from tests.makers import make_ballot, make_event, make_statement


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
    make_ballot(session, event, {statements_of(session, event)[0]: Mark.AGREE})

    with pytest.raises(BeingRated):
        take_back_opening(session, event, actor="Jo")
