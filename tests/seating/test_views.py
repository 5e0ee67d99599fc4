"""The desk's pages of seats, as a facilitator goes through them, and what a participant reads of it."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import run_next_job
from hackathon.core.clock import now
from hackathon.events.models import Event
from hackathon.factory import PAPERS
from hackathon.participants.models import Registration
from hackathon.seating.models import SeatingRun
from hackathon.staff.models import Role
from hackathon.tables.models import Seat, Table
from hackathon.tables.queries import seats_of
from hackathon.themes.models import ThemeChoice
from tests.makers import make_event, make_participant, make_registration, make_table, make_theme
from tests.visitor import StaffClient, Visitor, words_of

NORTH = "Northern Trust"


@pytest.fixture
def event(session: Session) -> Event:
    """Four colleagues who all want the same theme first, four others without a wish, and two tables of four."""
    event = make_event(session)
    themes = [make_theme(session, event, position=position) for position in (1, 2)]
    for number, theme in enumerate(themes, 1):
        make_table(session, event, number=number, seats=4, theme=theme)
    for name in ("Ada", "Ben", "Cleo", "Dev", "Eve", "Finn", "Gil", "Hana"):
        colleague = name < "Eve"
        person = make_participant(session, event, name=name, organisation=NORTH if colleague else name)
        make_registration(session, event, person)
        if colleague:
            session.add_all(
                ThemeChoice(participant=person, theme=theme, rank=rank) for rank, theme in enumerate(themes, 1)
            )
    session.commit()
    return event


def registration_of(session: Session, event: Event, name: str) -> Registration:
    people = session.scalars(select(Registration).where(Registration.event_id == event.id))
    return next(each for each in people if each.participant.name == name)


def tables_by_name(session: Session, event: Event) -> dict[str, int]:
    session.rollback()
    return {seat.participant.name: seat.table.number for seat in seats_of(session, event)}


def mixed(staff: Visitor, app: Flask, event: Event, **asked: str) -> str:
    """Ask for a plan, let the job process make it, and read it."""
    answers = {"leaning": "mixing", "moving": "everybody", "seed": "7", **asked}
    assert staff.post_form(f"/desk/{event.code}/seats/mix", answers).status_code == 302
    assert "Making the plan" in staff.words(f"/desk/{event.code}/seats/proposal")
    assert run_next_job(PAPERS, app.extensions["settings"].papers)
    return staff.words(f"/desk/{event.code}/seats/proposal")


def press(staff: Visitor, event: Event, act: str, page: str = "", **answers: object) -> str:
    """Press a button of a page of seats, and read where it leads."""
    base = f"/desk/{event.code}/seats"
    answer = staff.post_form(base + act, answers, page=base + page, follow_redirects=True)
    return words_of(answer)


def waiting_plan(session: Session) -> str:
    session.rollback()
    return session.scalars(select(SeatingRun).order_by(SeatingRun.id.desc())).all()[0].key


def take(staff: Visitor, session: Session, event: Event) -> str:
    return press(staff, event, "/proposal/take", "/proposal", plan=waiting_plan(session))


def test_a_plan_says_what_it_costs_and_moves_nobody_until_it_is_taken(
    app: Flask, session: Session, event: Event, staff_client: StaffClient
) -> None:
    staff = staff_client(Role.FACILITATOR, event)

    said = mixed(staff, app, event)

    assert "2 of 4 who chose a theme sit at their first choice, and 2 pairs of colleagues share a table." in said
    assert "Without mixing 4 would, but 6 pairs of colleagues would share a table." in said
    assert tables_by_name(session, event) == {}
    assert "People are seated as planned. Take back" in take(staff, session, event)
    seated = tables_by_name(session, event)
    assert sorted(seated.values()) == [1] * 4 + [2] * 4
    assert sorted(seated[name] for name in ("Ada", "Ben", "Cleo", "Dev")) == [1, 1, 2, 2]
    papers = app.extensions["settings"].papers
    assert [path.name for path in papers.iterdir() if path.suffix != ".lock"] == [], "its file tells who needs what"


def test_few_people_sit_together_and_the_page_says_which_tables_stay_empty(
    app: Flask, session: Session, staff_client: StaffClient
) -> None:
    event = make_event(session)
    for number in range(1, 6):
        make_table(session, event, number=number, seats=8)
    for name in ("Ada", "Ben", "Cleo", "Dev"):
        make_registration(session, event, make_participant(session, event, name=name))
    session.commit()
    staff = staff_client(Role.FACILITATOR, event)

    said = mixed(staff, app, event)
    take(staff, session, event)

    (table,) = set(tables_by_name(session, event).values())
    empty = [str(number) for number in range(1, 6) if number != table]
    assert "4 tables stay empty: " in said
    assert "4 tables stay empty: " in staff.words(f"/desk/{event.code}/seats")
    ada = registration_of(session, event, "Ada").participant_id
    other = session.scalar(select(Table.id).where(Table.event_id == event.id, Table.number == int(empty[0])))
    press(staff, event, f"/{ada}/move", f"/{ada}", table=other)
    assert f"Only one or two people sit at table {empty[0]}." in staff.words(f"/desk/{event.code}/seats")


def test_a_plan_that_is_left_changes_nothing(
    app: Flask, session: Session, event: Event, staff_client: StaffClient
) -> None:
    staff = staff_client(Role.FACILITATOR, event)
    mixed(staff, app, event)

    assert "8 people without a seat" in press(staff, event, "/proposal/drop", "/proposal")
    assert "Mix the tables" in staff.words(f"/desk/{event.code}/seats/proposal"), "it leads back to the seats"
    assert tables_by_name(session, event) == {}


def test_who_is_kept_stays_and_a_change_is_taken_back(
    app: Flask, session: Session, event: Event, staff_client: StaffClient
) -> None:
    staff = staff_client(Role.FACILITATOR, event)
    mixed(staff, app, event)
    take(staff, session, event)
    before = tables_by_name(session, event)
    ada = registration_of(session, event, "Ada").participant_id
    other = 3 - before["Ada"]
    theirs = next(name for name, table in before.items() if table == other)
    other_id = registration_of(session, event, theirs).participant_id

    said = press(staff, event, f"/{ada}/swap", f"/{ada}", other=other_id)
    assert f"Ada and {theirs} have changed places and stay there." in said
    after = {**before, "Ada": other, theirs: before["Ada"]}
    assert tables_by_name(session, event) == after
    mixed(staff, app, event, leaning="choices", seed="9")
    take(staff, session, event)
    assert {name: tables_by_name(session, event)[name] for name in ("Ada", theirs)} == {
        "Ada": other,
        theirs: before["Ada"],
    }

    for expected in (after, before, {}):
        session.rollback()
        run = session.scalars(select(SeatingRun).where(SeatingRun.undone_at.is_(None))).all()[-1]
        assert "The change is taken back." in press(staff, event, f"/undo/{run.id}", "")
        assert tables_by_name(session, event) == expected


def test_a_full_table_takes_nobody_by_hand(
    app: Flask, session: Session, event: Event, staff_client: StaffClient
) -> None:
    staff = staff_client(Role.FACILITATOR, event)
    mixed(staff, app, event)
    take(staff, session, event)
    before = tables_by_name(session, event)
    ada = registration_of(session, event, "Ada").participant_id
    full = next(seat.table_id for seat in seats_of(session, event) if seat.table.number == 3 - before["Ada"])

    assert "Choose a table." in press(staff, event, f"/{ada}/move", f"/{ada}", table=full)
    assert tables_by_name(session, event) == before


def test_seats_of_those_who_have_not_come_go_to_those_who_stand(
    app: Flask, session: Session, event: Event, staff_client: StaffClient
) -> None:
    staff = staff_client(Role.FACILITATOR, event)
    mixed(staff, app, event)
    take(staff, session, event)
    session.rollback()
    for registration in session.scalars(select(Registration)):
        registration.checked_in_at = None if registration.participant.name in ("Ada", "Hana") else now()
    make_registration(session, event, make_participant(session, event, name="Iris"), checked_in_at=now())
    session.commit()
    before = tables_by_name(session, event)

    said = mixed(staff, app, event, moving="no-shows")
    assert "1 person gets another seat, and 1 loses theirs." in said
    take(staff, session, event)

    after = tables_by_name(session, event)
    gone = before.keys() - after.keys()
    assert gone < {"Ada", "Hana"}
    assert len(gone) == 1
    assert after == {name: table for name, table in before.items() if name not in gone} | {"Iris": before[gone.pop()]}


def test_my_page_says_which_table_is_mine_and_why(
    app: Flask, client: Visitor, session: Session, event: Event, staff_client: StaffClient
) -> None:
    staff = staff_client(Role.FACILITATOR, event)
    mixed(staff, app, event)
    take(staff, session, event)
    seats = {seat.participant.name: seat for seat in seats_of(session, event)}
    spread = next(name for name in ("Ada", "Ben", "Cleo", "Dev") if seats[name].table.number == 2)

    for name, why in (
        (spread, "This table works on your second choice, so that people who work together are spread over the room."),
        ("Eve", "You had chosen no theme, so you have a free chair here."),
    ):
        client.get(f"/p/{seats[name].participant.token}")
        said = client.words(f"/e/{event.code}/me")
        assert f"You sit at table {seats[name].table.number}. {why}" in said


def test_a_plan_that_somebody_else_replaced_is_not_taken_unseen(
    app: Flask, session: Session, event: Event, staff_client: StaffClient
) -> None:
    staff, other = staff_client(Role.FACILITATOR, event), staff_client(Role.ORGANISER, event)
    mixed(staff, app, event)
    seen = waiting_plan(session)
    mixed(other, app, event, seed="8")

    said = press(staff, event, "/proposal/take", "/proposal", plan=seen)

    assert "Look at it first." in said
    assert session.scalars(select(Seat)).all() == []
