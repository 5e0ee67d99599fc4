"""Coming through the door: once, whoever says so, and back again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.arrivals.operations import (
    TypedIn,
    check_in,
    say_here_by_words,
    type_in_register,
    undo_check_in,
    welcome_walk_in,
)
from hackathon.arrivals.queries import arrivals_of, changed_since, since_words
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Activity, Event, Stage
from hackathon.figures.queries import figures_of
from hackathon.participants.models import Registration, RegistrationState
from hackathon.participants.queries import people_here, waiting_in_order
from hackathon.rehearsal.operations import end_rehearsal, start_rehearsal
from hackathon.tables.queries import seat_of
from tests.makers import make_event, make_participant, make_registration, make_table

NINE = datetime(2026, 3, 17, 9, 2, tzinfo=UTC)


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, timezone="Europe/London")


def walk_in(session: Session, event: Event, name: str = "Ola Brandt", email: str = "") -> Registration:
    return welcome_walk_in(session, event, name=name, organisation="", email=email, desk="A", actor="Jo")


def test_two_desks_never_clash_and_the_second_hears_of_the_first(session: Session, event: Event) -> None:
    row = make_registration(session, event)

    first = check_in(session, row, at=NINE, desk="B", client_id="from-desk-b", actor="Jo")
    second = check_in(session, row, desk="A", client_id="from-desk-a", actor="Ann")
    undone = undo_check_in(session, row, of="from-desk-a", actor="Ann")

    assert (first, second, undone) == (True, False, False)
    assert (row.checked_in_at, people_here(session, event)) == (NINE, 1)
    assert since_words(session, row) == "9:02am, desk B"
    assert undo_check_in(session, row, of="from-desk-b", actor="Jo")
    assert (people_here(session, event), since_words(session, row)) == (0, "")


def test_a_walk_in_is_here_at_once_seated_and_counted_as_one(session: Session, event: Event) -> None:
    full = make_table(session, event, number=1, seats=1, taken=1)
    free = make_table(session, event, number=2, seats=2)

    row = walk_in(session, event)

    seat = seat_of(session, row.participant)
    assert (seat and seat.table_id, full.taken, free.taken) == (free.id, 1, 1)
    assert (figures_of(session, event).people.walk_ins, list(waiting_in_order(session, event))) == (1, [])

    assert undo_check_in(session, row, actor="Jo")
    assert (row.state, seat_of(session, row.participant), free.taken) == (RegistrationState.CANCELLED, None, 0)
    assert list(waiting_in_order(session, event)) == []


def test_a_walk_in_who_is_on_the_list_after_all_is_that_person(session: Session, event: Event) -> None:
    known = make_registration(session, event, make_participant(session, event, email="ann@example.org", name="Ann"))

    row = walk_in(session, event, "Anne Lee", "ANN@example.org")

    assert (row.id, row.state, row.participant.name) == (known.id, RegistrationState.CONFIRMED, "Ann")
    assert (session.scalar(select(func.count(Registration.id))), figures_of(session, event).people.walk_ins) == (1, 0)


@pytest.mark.parametrize("typed", ["jose", "JOSÉ", "obrien", "o'br", "brien zol", "zolc"])
def test_a_name_is_found_by_plain_letters(session: Session, event: Event, typed: str) -> None:
    make_registration(session, event, make_participant(session, event, name="José O’Brien-Żółć"))
    make_registration(session, event, make_participant(session, event, name="Ann Lee"))

    assert [each.name for each in arrivals_of(session, event) if each.is_meant(typed)] == ["José O’Brien-Żółć"]


def test_a_walk_in_with_an_address_to_which_no_letter_can_go_is_told_so(session: Session, event: Event) -> None:
    with pytest.raises(Refusal, match="Write an email address") as refusal:
        walk_in(session, event, email="jo,doe@example.org")

    assert (refusal.value.field, people_here(session, event)) == ("email", 0)


def test_who_walked_in_to_practise_has_not_come(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=now().date() + timedelta(days=7))
    start_rehearsal(session, event, actor="Jo")
    practised_at = now()
    practised = walk_in(session, event)
    end_rehearsal(session, event, actor="Jo")

    session.refresh(practised)
    assert (practised.checked_in_at, practised.state) == (None, RegistrationState.CANCELLED)
    with pytest.raises(Refusal, match="in the rehearsal"):
        check_in(session, make_registration(session, event), at=practised_at, actor="Jo")
    assert people_here(session, event) == 0


def test_somebody_says_so_by_ticket_or_address_and_only_on_the_day(session: Session, event: Event) -> None:
    by_ticket, by_mail = make_registration(session, event), make_registration(session, event)

    session.commit()
    session.expunge_all()
    event = session.merge(event)
    say_here_by_words(session, event, typed=f" {by_ticket.ticket.lower()} ", actor="someone")
    say_here_by_words(session, event, typed=str(by_mail.participant.email).upper(), actor="someone")
    say_here_by_words(session, event, typed="nobody@example.org", actor="someone")

    assert people_here(session, event) == 2
    event.stage = Stage.BEFORE
    with pytest.raises(Refusal, match="on the day"):
        say_here_by_words(session, event, typed=by_ticket.ticket, actor="someone")


def test_nobody_on_the_printed_list_is_counted_twice(session: Session, event: Event) -> None:
    ticked = [make_registration(session, event) for _ in range(3)]
    elsewhere = make_registration(session, make_event(session))
    check_in(session, ticked[0], at=NINE, desk="B", actor="Jo")

    typed = type_in_register(session, event, people=[*(row.id for row in ticked), elsewhere.id], actor="Jo")
    again = type_in_register(session, event, people=[row.id for row in ticked], actor="Jo")

    assert (typed, again) == (TypedIn(new=2, known=1), TypedIn(new=0, known=3))
    assert (people_here(session, event), ticked[0].checked_in_at, elsewhere.checked_in_at) == (3, NINE, None)


def test_a_laptop_is_told_whose_lines_changed(session: Session, event: Event) -> None:
    ann = make_registration(session, event, make_participant(session, event, name="Ann Lee"))
    make_registration(session, event, make_participant(session, event, name="Bo Diaz"))
    check_in(session, ann, at=NINE, desk="A", actor="Jo")
    before = session.scalar(select(func.max(Activity.id))) or 0

    assert changed_since(session, event, before) == set()
    undo_check_in(session, ann, actor="Jo")
    assert changed_since(session, event, before) == {ann.id}
    assert [(each.name, each.since) for each in arrivals_of(session, event, {ann.id})] == [("Ann Lee", "")]
    walk_in(session, event)
    make_table(session, event)
    walk_in(session, event, "Cy Ford")
    assert changed_since(session, event, before) is None
