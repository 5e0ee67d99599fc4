"""Who sits where, on paper."""

from pathlib import Path

import page as page_validation
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.events.models import Event
from hackathon.print_kit.document import SeatPlan
from hackathon.print_kit.queries import seat_plan_of
from hackathon.print_kit.transfer import make_seat_plan, make_seats_by_name, seats_html
from hackathon.tables.operations import take_seat
from hackathon.tables.queries import tables_of
from tests.makers import make_event, make_participant, make_registration, make_table, make_theme
from tests.printed import paper_of, rightmost_words_in


@pytest.fixture
def event(session: Session) -> Event:
    """Four people at two tables, two of them with one name."""
    event = make_event(session)
    theme = make_theme(session, event, title="Words and names", position=1)
    tables = [make_table(session, event, number=number, seats=3, theme=theme) for number in (1, 2)]
    for name, organisation, table in (
        ("Łukasz Baran", "Fire Service", tables[0]),
        ("Zoë Marsh", "Council", tables[1]),
        ("Ann Bell", "Ward 4", tables[0]),
        ("ann bell", "Council", tables[1]),
    ):
        person = make_participant(session, event, name=name, organisation=organisation)
        make_registration(session, event, person)
        take_seat(session, table, person, actor="a test")
    session.commit()
    return event


def test_the_plan_lists_tables_and_names_and_tells_namesakes_apart(session: Session, event: Event) -> None:
    plan = seat_plan_of(session, event)

    assert [(table.number, table.names, table.free) for table in plan.tables] == [
        (1, ("Ann Bell, Ward 4", "Łukasz Baran"), 1),
        (2, ("ann bell, Council", "Zoë Marsh"), 1),
    ]
    assert plan.names == (("ann bell, Council", 2), ("Ann Bell, Ward 4", 1), ("Łukasz Baran", 1), ("Zoë Marsh", 2))


def test_the_plan_on_paper_counts_the_tables_at_which_somebody_sits(app: Flask, session: Session, event: Event) -> None:
    make_table(session, event, number=3)

    with app.test_request_context():
        assert "4 people at 2 tables; 1 table is empty." in seats_html(session, event)


@pytest.mark.parametrize("make", [make_seat_plan, make_seats_by_name])
def test_seats_on_paper_are_accessible(app: Flask, session: Session, event: Event, tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "seats.pdf"
    path.write_bytes(make(session, event.id))

    result = page_validation.validate_pdf(str(path), profile="ua1")

    assert result.is_compliant, [failure.message for failure in result.failures][:5]


@pytest.mark.parametrize("make", [make_seat_plan, make_seats_by_name])
def test_a_name_without_a_space_pushes_no_table_off_the_paper(session: Session, event: Event, make) -> None:  # type: ignore[no-untyped-def]
    person = make_participant(session, event, name="W" * 80)
    make_registration(session, event, person)
    take_seat(session, tables_of(session, event)[0], person, actor="a test")
    session.commit()

    paper = make(session, event.id)

    assert rightmost_words_in(paper) < paper_of(paper)[0]


def test_an_event_without_seats_prints_them_too(app: Flask, session: Session) -> None:
    event = make_event(session)
    session.commit()

    assert seat_plan_of(session, event) == SeatPlan((), ())
    assert make_seat_plan(session, event.id)[:5] == make_seats_by_name(session, event.id)[:5] == b"%PDF-"
