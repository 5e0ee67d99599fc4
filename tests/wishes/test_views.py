"""Wishes for seats, and what tables must be: who writes them down, and who may read them."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import run_next_job
from hackathon.events.models import Event
from hackathon.factory import PAPERS
from hackathon.participants.models import Registration
from hackathon.staff.models import Role
from hackathon.tables.models import Mark
from hackathon.tables.queries import tables_of
from hackathon.wishes.models import WishKind
from hackathon.wishes.queries import needs_of, wishes_of
from tests.makers import make_event, make_participant, make_registration, make_table
from tests.visitor import StaffClient, words_of


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    make_table(session, event, number=1, seats=2)
    make_table(session, event, number=2, seats=2)
    session.commit()
    return event


@pytest.fixture
def people(session: Session, event: Event) -> list[Registration]:
    names = ("Ann Bell", "Zoë Marsh")
    rows = [make_registration(session, event, make_participant(session, event, name=name)) for name in names]
    session.commit()
    return rows


def test_the_newest_wish_for_two_people_holds_and_is_removed(
    session: Session, event: Event, people: list[Registration], staff_client: StaffClient
) -> None:
    staff, page = staff_client(Role.FACILITATOR, event), f"/desk/{event.code}/seats/wishes"
    ann, zoe = (each.participant_id for each in people)

    for one, other, kind in ((ann, zoe, "together"), (zoe, ann, "apart")):
        staff.post_form(page, {"one": one, "other": other, "kind": kind})
    assert "Ann Bell and Zoë Marsh Never at one table" in staff.words(page)
    (wish,) = wishes_of(session, event)
    assert (wish.kind, wish.one_id, wish.other_id) == (WishKind.APART, ann, zoe)

    staff.post_form(f"{page}/{wish.id}/drop", page=page)
    assert "No wishes yet" in staff.words(page)


def test_a_wish_needs_two_people_and_says_where_they_sit(
    session: Session, event: Event, people: list[Registration], staff_client: StaffClient
) -> None:
    staff, page = staff_client(Role.FACILITATOR, event), f"/desk/{event.code}/seats/wishes"
    ann = people[0].participant_id

    said = words_of(staff.post_form(page, {"one": ann, "other": ann, "kind": "apart"}))
    assert "Choose two different people." in said
    said = words_of(staff.post_form(page, {"one": ann, "other": people[1].participant_id}))
    assert "Choose whether they sit together" in said
    assert wishes_of(session, event) == []


def test_what_a_table_must_be_is_read_by_the_access_lead_alone(
    app: Flask, session: Session, event: Event, people: list[Registration], staff_client: StaffClient
) -> None:
    lead, facilitator = staff_client(Role.ACCESS_LEAD, event), staff_client(Role.FACILITATOR, event)
    organiser = staff_client(Role.ORGANISER, event)
    seats, ann = f"/desk/{event.code}/seats", people[0].participant_id
    organiser.post_form(f"/desk/{event.code}/tables/2", {"seats": 2, "theme": 0, "marks": ["quiet", "loop"]})

    lead.post_form(f"{seats}/needs/{ann}", {"marks": ["quiet"]})
    facilitator.post_form(f"{seats}/mix", {"leaning": "balanced", "moving": "everybody"})
    facilitator.get(f"{seats}/proposal")
    run_next_job(PAPERS, app.extensions["settings"].papers)

    session.rollback()
    assert needs_of(session, event) == {ann: {Mark.QUIET}}
    assert [table.mark_words for table in tables_of(session, event)] == ["", "in a quiet corner, near the hearing loop"]
    assert "Ann Bell In a quiet corner" in lead.words(f"{seats}/needs")
    said = facilitator.words(f"{seats}/proposal")
    assert "A need that the access lead knows" in said
    assert "quiet" not in said
    assert {facilitator.get(f"{seats}/needs").status_code, lead.get(f"{seats}/proposal").status_code} == {404}
