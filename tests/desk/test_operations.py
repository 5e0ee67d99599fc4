"""Beginning an event from a pack, and what is left to plan."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.desk.operations import plan_event
from hackathon.desk.queries import Need, first_tasks, tasks_of
from hackathon.events.models import Event, Stage
from hackathon.events.operations import invite_member
from hackathon.events.queries import all_events, roles_of
from hackathon.framing.operations import declare_base, make_promise
from hackathon.packs.queries import manifest_of
from hackathon.packs.transfer import pack_on_disk
from hackathon.participants.queries import places_of
from hackathon.staff.models import Role
from hackathon.tables.queries import tables_of
from hackathon.themes.queries import themes_of
from tests.makers import make_account


def planned(session: Session, **answers: Any) -> Event:
    return plan_event(
        session,
        **{
            "pack": pack_on_disk("change-model"),
            "title": "Hack the way we lead change",
            "held_on": date(2027, 3, 17),
            "starts": time(9, 30),
            "venue": "The Corn Store",
            "expected_people": 83,
            "account": make_account(session, name="Priya"),
            **answers,
        },
    )


def test_the_pack_brings_question_scope_themes_and_length_of_the_day(session: Session) -> None:
    event = planned(session)

    pack = pack_on_disk("change-model").manifest
    assert (event.stage, event.question, event.scope_in) == (
        Stage.DRAFT,
        pack.hack_question.text,
        list(pack.hack_question.in_scope),
    )
    assert event.ends == time(16, 15)
    assert [theme.key for theme in themes_of(session, event)] == [theme.id for theme in pack.themes]
    assert manifest_of(session, event) == pack


def test_everybody_expected_has_a_chair_and_a_place(session: Session) -> None:
    event = planned(session, expected_people=83)

    tables, themes, places = tables_of(session, event), themes_of(session, event), places_of(session, event)
    assert [(table.number, table.seats) for table in tables] == [(number, 8) for number in range(1, 12)]
    assert [table.theme for table in tables[:6]] == [*themes, themes[0]]
    assert places is not None
    assert places.capacity == 83


def test_whoever_plans_an_event_is_its_organiser_and_contact(session: Session) -> None:
    account = make_account(session, "priya@example.org", "Priya")

    event = planned(session, account=account)

    assert roles_of(session, event, account.id) == {Role.ORGANISER}
    assert (event.contact_name, event.contact_email) == ("Priya", "priya@example.org")


@pytest.mark.parametrize(
    ("answers", "said"),
    [({"starts": time(18)}, "after midnight"), ({"expected_people": 5000}, "at most")],
)
def test_what_cannot_be_held_is_refused(session: Session, answers: dict[str, object], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        planned(session, **answers)

    assert list(all_events(session)) == []


def test_a_pack_without_a_document_that_people_are_owed_makes_no_event(session: Session) -> None:
    whole = pack_on_disk("change-model")
    documents = tuple(each for each in whole.manifest.documents if each.kind != "code-of-conduct")
    torn = replace(whole, manifest=whole.manifest.model_copy(update={"documents": documents}))

    with pytest.raises(Refusal, match="not whole: it has no document of the kind code-of-conduct"):
        planned(session, pack=torn)

    assert list(all_events(session)) == []


@pytest.mark.parametrize("name", ["change-model", "inclusion-and-system-leadership", "open-space-unconference"])
def test_every_pack_that_ships_makes_an_event(session: Session, name: str) -> None:
    event = planned(session, pack=pack_on_disk(name))

    assert event.question == pack_on_disk(name).manifest.hack_question.text


def needs(session: Session, event: Event) -> dict[str, Need]:
    groups = [first_tasks(session, event), *tasks_of(session, event).values()]
    return {task.page: task.need for tasks in groups for task in tasks}


def test_a_new_draft_needs_names_and_says_what_else_is_open(session: Session) -> None:
    event = planned(session)

    assert needs(session, event) == {
        "events.details": Need.DONE,
        "framing.question": Need.TODO,
        "handouts.notice": Need.DONE,
        "framing.promise": Need.NEEDED,
        "framing.base": Need.TODO,
        "events.people": Need.TODO,
        "moderation.moderation": Need.TODO,
        "duty.replies": Need.TODO,
        "themes.themes": Need.DONE,
        "tables.desk": Need.DONE,
        "participants.places": Need.DONE,
        "handouts.desk": Need.TODO,
        "privacy.desk": Need.LATER,
        "questions.questions": Need.DONE,
        "framing.outside": Need.TODO,
        "stages.stage": Need.LATER,
        "events.report": Need.LATER,
        "closing.plan": Need.LATER,
    }


def test_tasks_are_done_when_their_answers_are_there(session: Session) -> None:
    event = planned(session)
    make_promise(
        session,
        event,
        sponsor_name="Harriet",
        sponsor_role="",
        words="We will answer.",
        made_on=None,
        owner_name="Kiran",
        actor="Priya",
    )
    declare_base(
        session,
        event,
        room=80,
        outside=200,
        source="Seat plan",
        declared_by="Priya",
        declared_on=date(2027, 1, 1),
        actor="Priya",
    )
    invite_member(session, event, email="jo@example.org", name="Jo", role=Role.FACILITATOR, actor="Priya")
    assert needs(session, event)["events.people"] is Need.TODO  # nobody reads yet what people need
    invite_member(session, event, email="jo@example.org", name="Jo", role=Role.ACCESS_LEAD, actor="Priya")

    now = needs(session, event)
    assert {now[page] for page in ("framing.promise", "framing.base", "events.people")} == {Need.DONE}
