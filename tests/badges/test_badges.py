"""Badges, the list for the door and its sign: what stands on them, and that the paper is accessible."""

from collections.abc import Callable
from pathlib import Path

import page as page_validation
import pikepdf
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from hackathon.badges.document import ROOM_FOR_NAME, Badge, BadgePrint, mirrored, sheets_of
from hackathon.badges.queries import badges_of, register_of
from hackathon.badges.transfer import badges_html, make_badges, make_door_sign, make_register
from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.participants.models import Answer, QuestionType, RegistrationState
from hackathon.participants.operations import ask_at_registration
from hackathon.participants.queries import registrations_of
from hackathon.staff.models import Role
from hackathon.tables.operations import take_seat
from tests.applications import on_one_database
from tests.makers import make_event, make_participant, make_registration, make_table
from tests.printed import codes_in, heights_in
from tests.visitor import Visitor

LONG = "Persephone Featherstonehaugh-Cholmondeley"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    ask_at_registration(
        session,
        event,
        key="photo",
        label="Photographs?",
        type=QuestionType.YES_NO,
        purpose="photo-consent",
        keep_days=365,
        actor="a test",
    )
    table = make_table(session, event, number=7)
    for name, said in (("Zoë Marsh", "no"), ("Ann Lee", "yes"), (LONG, "")):
        row = make_registration(session, event, make_participant(session, event, name=name, organisation="Ward 4"))
        if said:
            session.add(Answer(registration=row, question="photo", words=said))
    take_seat(session, table, row.participant, actor="a test")
    make_registration(session, event, state=RegistrationState.WAITING)
    session.commit()
    return event


LONGER = "Maximiliana Bartholomea von und zu Hohenlohe-Waldenburg-Schillingsfürst the Third"
TOP_OF_CODE = 38.25
"""Millimetres from the top of the first badge of a sheet."""


def test_a_name_is_as_large_as_fits_and_then_stands_on_two_lines_or_small_on_three() -> None:
    assert [
        (Badge(name).points, Badge(name).lines) for name in ("Ann Lee", "Alexandra Okonkwo-Bright", LONG, LONGER)
    ] == [
        (28, ("Ann Lee",)),
        (18, ("Alexandra Okonkwo-Bright",)),
        (16, ("Persephone", "Featherstonehaugh-", "Cholmondeley")),
        (14, ("Maximiliana Bartholomea von", "und zu Hohenlohe-Waldenburg-", "Schillingsfürst the Third")),
    ]
    assert ROOM_FOR_NAME < 89 / 25.4 * 72


@pytest.mark.parametrize("name", [LONG, LONGER, "A" * 80])
def test_no_name_runs_into_the_code_below_it(session: Session, event: Event, name: str) -> None:
    row = make_registration(session, event, make_participant(session, event, name=name))
    session.commit()

    paper = make_badges(session, event.id, BadgePrint(person=row.id).part)

    foot = max(foot for word, _top, foot in heights_in(paper) if word in name.split() or set(word) == {"A"})
    assert foot < TOP_OF_CODE


def test_badges_begin_at_the_label_that_is_left_and_backs_lie_behind_fronts(session: Session, event: Event) -> None:
    wanted = BadgePrint.read(BadgePrint(size="a6", start=3, blanks=2, both_sides=True, wifi="Guest & co / tea=2").part)
    badges = badges_of(session, event, wanted)

    first, second = sheets_of(badges, wanted.size, wanted.start)

    assert wanted.wifi == "Guest & co / tea=2"
    assert [badge and badge.name for badge in (*first, *second)] == [
        None,
        None,
        "Ann Lee",
        LONG,
        "Zoë Marsh",
        "",
        "",
        None,
    ]
    assert [badge and badge.name for badge in mirrored(first)] == [None, None, LONG, "Ann Lee"]
    assert [(badge.photos.value, badge.table) for badge in badges[:3]] == [("yes", None), ("ask", 7), ("no", None)]
    for nonsense in (
        "size=a6&start=5",
        "size=a5",
        "blanks=x",
        "person=0x1",
        "blanks=-1",
        "&".join("a=1" for _ in range(99)),
    ):
        with pytest.raises(NotFound):
            BadgePrint.read(nonsense)


def test_pronouns_stand_on_a_badge_where_the_form_asks_for_them(session: Session, event: Event) -> None:
    ask_at_registration(
        session,
        event,
        key="pronouns",
        label="Your pronouns",
        type=QuestionType.TEXT,
        purpose="pronouns",
        keep_days=30,
        actor="a test",
    )
    ann = next(each for each in registrations_of(session, event) if each.participant.name == "Ann Lee")
    session.add(Answer(registration=ann, question="pronouns", words="they / them"))
    session.flush()

    badges = badges_of(session, event, BadgePrint())

    assert [(badge.name, badge.pronouns) for badge in badges if badge.pronouns] == [("Ann Lee", "they / them")]
    assert "they / them" in badges_html(session, event, BadgePrint().part)


@on_one_database
def test_the_code_on_a_badge_is_25_millimetres_or_more(session: Session, event: Event, tmp_path: Path) -> None:
    found = codes_in(make_badges(session, event.id, BadgePrint().part), tmp_path)

    assert set(found) == {each.ticket for each in registrations_of(session, event) if each.may_sit}
    assert min(found.values()) >= 25


def test_the_door_looks_names_up_where_people_do(session: Session, event: Event) -> None:
    for name in ("Łukasz Baran", "Émile Roux"):
        make_registration(session, event, make_participant(session, event, name=name))

    assert [line.name for line in register_of(session, event)] == [
        "Ann Lee",
        "Émile Roux",
        "Łukasz Baran",
        LONG,
        "Zoë Marsh",
    ]


def test_the_list_for_the_door_names_who_is_expected_from_a_to_z(session: Session, event: Event) -> None:
    assert [(line.name, line.table) for line in register_of(session, event)] == [
        ("Ann Lee", None),
        (LONG, 7),
        ("Zoë Marsh", None),
    ]


@on_one_database
@pytest.mark.parametrize(
    ("make", "pages"),
    [
        (lambda session, event: make_badges(session, event, BadgePrint(start=8, wifi="Guest").part), 4),
        (make_register, 1),
        (make_door_sign, 1),
    ],
)
def test_papers_of_the_door_are_accessible(
    app: Flask, session: Session, event: Event, tmp_path: Path, make: Callable[[Session, int], bytes], pages: int
) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(make(session, event.id))

    result = page_validation.validate_pdf(str(path), profile="ua1")

    assert result.is_compliant, [failure.message for failure in result.failures][:5]
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == pages


def test_a_scribe_asks_for_badges_and_is_told_of_a_label_that_is_not_there(
    event: Event, staff_client: Callable[..., Visitor]
) -> None:
    desk, page = staff_client(Role.SCRIBE, event), f"/desk/{event.code}/paper/door"
    asked = {"size": "a6", "start": "4", "blanks": "2", "wifi": ""}

    answer = desk.post_form(page, asked)
    refused = desk.post_form(page, {**asked, "start": "5"})

    assert answer.location == f"/desk/{event.code}/paper/badges.pdf?size=a6&start=4&blanks=2"
    assert "A sheet of this size has the labels 1 to 4" in refused.text
