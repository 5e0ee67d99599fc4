"""What a plan may do to seats, and what it never does."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Activity, Event
from hackathon.maths.seating import Balance, Reason, Why
from hackathon.participants.models import QuestionType, Registration, RegistrationState
from hackathon.participants.operations import ask_at_registration
from hackathon.seating.document import Place, Proposal, company_in_words, words_for_person, words_for_staff
from hackathon.seating.models import Leaning, Moving, Placement
from hackathon.seating.operations import ask_for_plan, forget_needs, mix_tables, move_person, undo_run
from hackathon.seating.queries import room_of, sittings_of
from hackathon.tables.models import Mark, Table
from hackathon.tables.operations import change_table, fix_seat, take_seat
from hackathon.tables.queries import seat_of, seats_of
from hackathon.wishes.models import WishKind
from hackathon.wishes.operations import note_needs, wish_for_seats
from hackathon.wishes.queries import needs_of
from tests.makers import make_event, make_participant, make_registration, make_table

LEVEL = Balance(0, 0, {"organisation": 0})


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


@pytest.fixture
def tables(session: Session, event: Event) -> list[Table]:
    return [make_table(session, event, number=number, seats=2) for number in (1, 2)]


@pytest.fixture
def people(session: Session, event: Event) -> list[Registration]:
    names = ("Ada", "Ben", "Cleo", "Dev")
    return [make_registration(session, event, make_participant(session, event, name=name)) for name in names]


def seated(session: Session, event: Event) -> dict[str, int]:
    return {seat.participant.name: seat.table.number for seat in seats_of(session, event)}


def plan_of(*moves: tuple[Registration, Table | None, Table | None]) -> Proposal:
    """Who goes from where to where."""
    reasons = (Reason(Why.NO_CHOICE),)
    places = [Place(who.participant_id, _id(before), _id(after), reasons) for who, before, after in moves]
    return Proposal(tuple(places), LEVEL, LEVEL, settled=True)


def _id(table: Table | None) -> int | None:
    return None if table is None else table.id


def take(session: Session, event: Event, plan: Proposal, moving: Moving = Moving.EVERYBODY) -> list[int]:
    run = ask_for_plan(session, event, leaning=Leaning.BALANCED, moving=moving, seed=1, actor="a test")
    return mix_tables(session, run, plan, actor="a test")


def test_a_full_room_changes_places_and_its_tables_count_right(
    session: Session, event: Event, tables: list[Table], people: list[Registration]
) -> None:
    one, two = tables
    take(session, event, plan_of(*((who, None, one) for who in people[:2]), *((who, None, two) for who in people[2:])))

    assert take(session, event, plan_of((people[0], one, two), (people[2], two, one))) == []

    assert seated(session, event) == {"Ada": 2, "Ben": 1, "Cleo": 1, "Dev": 2}
    assert [(table.taken, table.is_full) for table in tables] == [(2, True), (2, True)]
    lines = session.scalars(select(Activity).where(Activity.kind == "seats.mixed").order_by(Activity.id)).all()
    assert [line.detail for line in lines] == [{"moved": 4, "seed": 1}, {"moved": 2, "seed": 1}]


def test_a_plan_leaves_alone_whoever_it_does_not_know_any_more(
    session: Session, event: Event, tables: list[Table], people: list[Registration]
) -> None:
    """One was fixed, one sat down elsewhere, one gave up their place, and a chair was taken by somebody new."""
    one, two = tables
    ada, ben, cleo, dev = people
    for who in (ada, ben):
        take_seat(session, one, who.participant, actor="a test")
    plan = plan_of((ada, one, two), (ben, one, two), (cleo, None, one), (dev, None, one))
    seat = seat_of(session, ada.participant)
    assert seat is not None
    fix_seat(session, seat, fixed=True, actor="a test")
    take_seat(session, two, cleo.participant, actor="a test")
    take_seat(session, two, make_registration(session, event).participant, actor="a test")
    dev.state = RegistrationState.CANCELLED

    left = take(session, event, plan)

    assert sorted(left) == [who.participant_id for who in (ada, ben, cleo)]
    assert seated(session, event) == {"Ada": 1, "Ben": 1, "Cleo": 2, "Sample Person": 2}
    assert [table.taken for table in tables] == [2, 2]


def test_nobody_who_came_meanwhile_loses_a_seat_to_a_plan_for_no_shows(
    session: Session, event: Event, tables: list[Table], people: list[Registration]
) -> None:
    one, _ = tables
    ada, ben = people[:2]
    take_seat(session, one, ada.participant, actor="a test")
    plan = plan_of((ada, one, None), (ben, None, one))
    ada.checked_in_at = now()

    take(session, event, plan, Moving.NO_SHOWS)

    assert seated(session, event) == {"Ada": 1, "Ben": 1}


def test_a_change_is_taken_back_once_and_in_order(
    session: Session, event: Event, tables: list[Table], people: list[Registration]
) -> None:
    one, two = tables
    runs = []
    for plan in (plan_of((people[0], None, one), (people[1], None, one)), plan_of((people[0], one, two))):
        run = ask_for_plan(session, event, leaning=Leaning.BALANCED, moving=Moving.EVERYBODY, actor="a test")
        mix_tables(session, run, plan, actor="a test")
        runs.append(run)
    take_seat(session, two, people[1].participant, actor="a test")

    with pytest.raises(Refusal, match="Take that back first"):
        undo_run(session, runs[0], actor="a test")
    assert undo_run(session, runs[1], actor="a test") == []
    assert seated(session, event) == {"Ada": 1, "Ben": 2}
    undo_run(session, runs[0], actor="a test")
    assert seated(session, event) == {"Ben": 2}, "who has moved since stays"
    with pytest.raises(Refusal, match="already"):
        undo_run(session, runs[0], actor="a test")


def test_empty_tables_are_listed_shortly_and_nothing_is_said_before_anybody_sits(
    session: Session, event: Event
) -> None:
    tables = [make_table(session, event, number=number, seats=8) for number in range(1, 10)]
    people_at = {tables[0].id: 4, tables[3].id: 1, tables[7].id: 2}

    assert company_in_words(tables, {}) == []
    assert company_in_words(tables, people_at) == [
        "6 tables stay empty: 2, 3, 5 to 7 and 9.",
        "Only one or two people sit at tables 4 and 8.",
    ]
    assert company_in_words(tables[:2], {tables[0].id: 4}) == ["Table 2 stays empty."]


def test_the_mixer_is_told_of_companions_wishes_needs_and_marks(
    session: Session, event: Event, tables: list[Table], people: list[Registration]
) -> None:
    ada, ben, cleo, dev = people
    tables[0].marks = [Mark.QUIET.value]
    ben.companion_of_id = ada.id
    wish_for_seats(session, event, one=dev, other=cleo, kind=WishKind.TOGETHER, actor="a test")
    wish_for_seats(session, event, one=cleo, other=dev, kind=WishKind.APART, actor="a test")
    note_needs(session, dev, marks=[Mark.QUIET], actor="a test")
    dev.checked_in_at = now()
    take_seat(session, tables[0], dev.participant, actor="a test")
    session.flush()

    room = room_of(session, event, leaning=Leaning.MIXING, moving=Moving.EXPECTED)

    assert [person.id for person in room.people] == [who.participant_id for who in (dev, ada, ben, cleo)]
    assert (room.people[0].needs, room.people[0].fixed) == (frozenset({"quiet"}), tables[0].id)
    assert room.rules.together == [(ben.participant_id, ada.participant_id)]
    assert room.rules.apart == [(cleo.participant_id, dev.participant_id)]
    assert [table.marks for table in room.tables] == [frozenset({"quiet"}), frozenset()]


def test_what_somebody_needs_and_whom_they_are_kept_from_stays_with_those_who_may_know() -> None:
    reasons = (Reason(Why.NEED_FULL, marks=("quiet",)), Reason(Why.CHOICE, 2), Reason(Why.APART, other=7))
    names = {7: "Ann Bell"}

    assert words_for_person(reasons) == "This table works on your second choice."
    assert [words for words, _ in words_for_staff(reasons, names, sees_needs=False)] == [
        "A need that the access lead knows is not met",
        "Second choice",
        "Apart from Ann Bell",
    ]
    assert next(words_for_staff(reasons, names, sees_needs=True)) == (
        "Needs it in a quiet corner: no such seat is left",
        True,
    )


def test_erasing_a_person_erases_what_was_planned_for_them(
    session: Session, event: Event, tables: list[Table], people: list[Registration]
) -> None:
    take(session, event, plan_of((people[0], None, tables[0])))

    session.delete(people[0].participant)
    session.flush()

    assert session.scalars(select(Placement)).all() == []


def test_a_need_is_told_to_be_unmet_once_the_table_has_changed_or_a_hand_has_moved_them(
    session: Session, event: Event, tables: list[Table], people: list[Registration]
) -> None:
    ada, ben = people[:2]
    level, other = tables
    change_table(session, level, seats=2, theme=None, marks=[Mark.STEP_FREE], actor="a test")
    for each in (ada, ben):
        note_needs(session, each, marks=[Mark.STEP_FREE], actor="a test")
    met = (Reason(Why.NEED, marks=(Mark.STEP_FREE.value,)),)
    places = tuple(Place(each.participant_id, None, level.id, met) for each in (ada, ben))
    take(session, event, Proposal(places, LEVEL, LEVEL, settled=True))
    assert told_needs(session, event) == {"Ada": "Needs it step-free", "Ben": "Needs it step-free"}

    move_person(session, ben, table=other, actor="a test")
    change_table(session, level, seats=2, theme=None, marks=[], actor="a test")

    unmet = "Needs it step-free, and this table is not"
    assert told_needs(session, event) == {"Ada": unmet, "Ben": unmet}
    assert [seat.why for seat in seats_of(session, event) if seat.participant is ada.participant] == [""]


def told_needs(session: Session, event: Event) -> dict[str, str]:
    """What the access lead reads on the page of seats about those who need something."""
    return {
        each.registration.participant.name: words
        for table in sittings_of(session, event).values()
        for each in table
        for words, _ in words_for_staff(each.reasons, {}, sees_needs=True)
        if "Needs" in words
    }


def test_needs_go_with_the_answers_of_the_access_lead(
    session: Session, event: Event, tables: list[Table], people: list[Registration]
) -> None:
    ask_at_registration(
        session,
        event,
        key="access",
        label="What do you need?",
        type=QuestionType.TEXT,
        purpose="adjustments",
        sensitive=True,
        seen_by=["access-lead"],
        keep_days=14,
        actor="a test",
    )
    note_needs(session, people[0], marks=[Mark.QUIET], actor="a test")
    take(session, event, plan_of((people[0], None, tables[0])))
    due = datetime(2026, 3, 31, 12, tzinfo=UTC)

    assert forget_needs(session, at=due - timedelta(days=1)) == 0
    assert forget_needs(session, at=due) == 1

    session.expire_all()
    assert needs_of(session, event) == {}
    assert [placement.reasons for placement in session.scalars(select(Placement))] == [[]]
    assert [(seat.table.number, seat.why) for seat in seats_of(session, event)] == [(1, "")]
