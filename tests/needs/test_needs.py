"""What people need, eat and allow: worked through by whoever was named, hidden from everybody else, and forgotten."""

from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import Job, forget_old_files, job_file, run_next_job
from hackathon.adapters.mail import Letter
from hackathon.badges.document import Photos
from hackathon.badges.queries import photos_of
from hackathon.core.clock import moment_at, now, short_date
from hackathon.core.db import transaction
from hackathon.events.models import Activity, Event, Place, Stage
from hackathon.factory import PAPERS
from hackathon.needs.messages import send_warning
from hackathon.needs.models import AccessNeed, FreedBooking, NeedKind, NeedState, kinds_in
from hackathon.needs.operations import forget_access_needs, list_needs
from hackathon.needs.queries import needs_of, photo_lines, work_list
from hackathon.needs.transfer import WITH_NAMES
from hackathon.participants.models import Answer, Participant, Registration, RegistrationState
from hackathon.participants.operations import delete_due_answers, register
from hackathon.privacy.operations import erase_person
from hackathon.staff.models import Role
from tests.makers import (
    make_account,
    make_event,
    make_member,
    make_pack,
    make_participant,
    make_registration,
)
from tests.visitor import StaffClient, Visitor, words_of

WORDS = "A BSL interpreter, and captions on the screen"
ADDRESS = "https://hack.example.org"


@pytest.fixture
def event(session: Session) -> Event:
    """In eight weeks, with a pack that asks about access, food and photographs."""
    event = make_event(session, held_on=now().date() + timedelta(days=56))
    make_pack(session, event)
    session.commit()
    return event


def someone(session: Session, event: Event, name: str, **answers: str) -> Registration:
    row = make_registration(session, event, make_participant(session, event, name=name))
    session.add_all(Answer(registration=row, question=question, words=words) for question, words in answers.items())
    session.commit()
    return row


def test_each_thing_to_book_is_a_line_with_its_day_and_the_log_does_not_say_what_it_is(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    someone(session, event, "Edith Marlow", access=WORDS)
    lead, page = staff_client(Role.ACCESS_LEAD, event), f"/desk/{event.code}/access"
    assert "Interpreter : A BSL interpreter, and captions" in lead.words(page)
    interpreter, captions = needs_of(session, event)
    assert [(each.kind, each.state) for each in (interpreter, captions)] == [
        (NeedKind.INTERPRETER, NeedState.ASKED),
        (NeedKind.CAPTIONS, NeedState.ASKED),
    ]
    days = [line.held_on - line.book_by for line in work_list(session, event, today=now().date())]
    assert days == [timedelta(days=42), timedelta(days=21)]
    one = f"{page}/{interpreter.id}"

    refused = lead.post_form(one, {"kind": "interpreter", "state": "not-possible", "note": ""}, page=one)
    lead.post_form(one, {"kind": "interpreter", "state": "booked", "note": "Clarion, from 9 to 4"}, page=one)
    lead.post_form(f"{page}/{captions.id}/add", {}, page=f"{page}/{captions.id}")
    days_typed = {"interpreter": "50", "captions": "21", "loop": "7", "step_free": "7", "other": "14"}
    lead.post_form(f"{page}/lead-times", days_typed, page=f"{page}/lead-times")

    assert "Say why it is not possible" in refused.text
    said = lead.words(page)
    assert "Asked for: 2 , booked: 1 ." in said
    assert "Clarion, from 9 to 4" in said
    session.rollback()
    lines = {line.kind: line.held_on - line.book_by for line in work_list(session, event, today=now().date())}
    assert lines == {
        "Interpreter": timedelta(days=50),
        "Captions": timedelta(days=21),
        "Something else": timedelta(days=14),
    }
    log = session.scalars(select(Activity).where(Activity.event_id == event.id, Activity.kind.like("need.%")))
    assert [(line.kind, line.detail) for line in log] == [
        ("need.listed", {"number": 2}),
        ("need.kept", {"state": "booked"}),
        ("need.added", {}),
        ("need.lead_times_set", {}),
    ]


def test_organisers_are_told_when_needs_wait_for_an_access_lead(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    told = "Somebody said what they need, and no access lead is named to read it"
    organiser = staff_client(event=event)
    assert told not in organiser.words(f"/desk/{event.code}")

    stage, event.stage = event.stage, Stage.DRAFT
    session.commit()
    assert "People are asked what they need. Name an access lead" in organiser.words(f"/desk/{event.code}/plan")
    event.stage = stage
    someone(session, event, "Asha", access="A ramp")
    assert told in organiser.words(f"/desk/{event.code}")
    assert "nobody reads access needs yet" in organiser.words(f"/desk/{event.code}/plan")

    staff_client(Role.ACCESS_LEAD, event)
    assert told not in organiser.words(f"/desk/{event.code}")


def test_attack_37_what_people_need_opens_for_the_access_lead_alone(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    someone(session, event, "Edith Marlow", access=WORDS)
    list_needs(session, event, actor="a test")
    session.commit()
    pages = [f"/desk/{event.code}/access{rest}" for rest in ("", f"/{needs_of(session, event)[0].id}", "/lead-times")]

    said = {role: [staff_client(role, event).get(page).status_code for page in pages] for role in Role}

    assert {role for role, answers in said.items() if 200 in answers} == {Role.ACCESS_LEAD}
    assert said[Role.ACCESS_LEAD] == [200] * 3


def test_one_letter_tells_the_access_lead_in_time_and_says_neither_whose_nor_which(
    app: Flask, session: Session, event: Event
) -> None:
    lead = make_account(session, "lead@example.org")
    make_member(session, event, lead, Role.ACCESS_LEAD)
    someone(session, event, "Edith Marlow", access=WORDS)
    list_needs(session, event, actor="a test")
    early, six_weeks = now(), now() + timedelta(days=14)

    told = [send_warning(session, event, at=at, address=ADDRESS) for at in (early, six_weeks, six_weeks)]

    assert told == [False, True, False]
    letter = session.scalars(select(Letter).where(Letter.kind == "access.warning")).one()
    assert (letter.to_address, letter.subject) == (
        "lead@example.org",
        f"2 access needs are not booked: {event.title}",
    )
    assert f"{ADDRESS}/desk/{event.code}/access" in letter.text
    assert not any(word in letter.text for word in ("Edith", "BSL"))


def test_a_line_warns_when_its_day_is_near_past_or_not_needed_any_more(session: Session, event: Event) -> None:
    row = someone(session, event, "Edith Marlow", access="A BSL interpreter")
    list_needs(session, event, actor="a test")

    def warning(days_before: int) -> list[str]:
        return [line.warning for line in work_list(session, event, today=event.held_on - timedelta(days=days_before))]

    assert [warning(days) for days in (56, 45, 40)] == [
        [""],
        ["Book it within 3 days."],
        ["It should have been booked 2 days ago."],
    ]
    needs_of(session, event)[0].state = NeedState.BOOKED
    assert warning(40) == [""]
    row.state = RegistrationState.CANCELLED
    assert warning(40) == ["They are not coming any more: call it off."]


def test_what_was_booked_for_somebody_erased_stays_on_the_list_without_them_until_it_is_called_off(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    row = someone(session, event, "Edith Marlow", access="A BSL interpreter")
    lead = staff_client(Role.ACCESS_LEAD, event)
    (need,) = needs_on(lead, event, session)
    one = f"/desk/{event.code}/access/{need}"
    kept = {"kind": "interpreter", "state": "booked", "note": "Edith likes Clarion", "booked_with": "Clarion, order 12"}
    assert "Leave the person’s name out" in words_of(lead.post_form(one, {**kept, "booked_with": "for edith marlow"}))
    lead.post_form(one, kept)

    with transaction() as writing:
        erase_person(writing, writing.get_one(Participant, row.participant_id), keep_words=True, at=now())

    page = lead.words(f"/desk/{event.code}/access")
    assert "1 booking to call off" in lead.words(f"/desk/{event.code}")
    assert f"Interpreter , Clarion, order 12 , booked on {short_date(now().date())}" in page
    assert "Edith" not in page
    (freed,) = session.scalars(select(FreedBooking))
    lead.post_form(f"/desk/{event.code}/access/freed/{freed.id}/called-off", page=f"/desk/{event.code}/access")
    assert "call it off" not in lead.words(f"/desk/{event.code}/access")


def test_what_was_booked_for_somebody_who_cancelled_is_taken_off_the_list_once_it_is_called_off(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    row = someone(session, event, "Edith Marlow", access="A BSL interpreter")
    lead = staff_client(Role.ACCESS_LEAD, event)
    (need,) = needs_on(lead, event, session)
    kept = {"kind": "interpreter", "state": "confirmed", "note": "", "booked_with": "Clarion"}
    lead.post_form(f"/desk/{event.code}/access/{need}", kept)
    session.get_one(Registration, row.id).state = RegistrationState.CANCELLED
    session.commit()

    page = lead.words(f"/desk/{event.code}/access")
    lead.post_form(f"/desk/{event.code}/access/{need}/called-off", page=f"/desk/{event.code}/access")

    assert "for Edith Marlow They are not coming any more: call it off." in page
    assert "Edith" not in lead.words(f"/desk/{event.code}/access")


def needs_on(lead: Visitor, event: Event, session: Session) -> list[int]:
    """The lines that are there once the list was looked at."""
    lead.get(f"/desk/{event.code}/access")
    session.rollback()
    return [need.id for need in needs_of(session, event)]


def test_lines_go_with_the_answers_on_their_day_and_with_the_person(session: Session, event: Event) -> None:
    rows = [someone(session, event, name, access=WORDS) for name in ("Edith Marlow", "Dan Price")]
    list_needs(session, event, actor="a test")
    session.commit()

    def lines() -> int:
        return session.scalar(select(func.count()).select_from(AccessNeed)) or 0

    assert lines() == 4
    session.delete(rows[0].participant)
    session.commit()
    assert lines() == 2
    for days, left in ((13, 2), (14, 0)):
        at = moment_at(event.held_on + timedelta(days=days), time(12), event.timezone)
        delete_due_answers(session, at=at)
        forget_access_needs(session, at=at)
        assert lines() == left


def test_the_caterer_is_told_how_many_eat_what_of_those_who_come_and_companions_count(
    session: Session, event: Event, staff_client: StaffClient, app: Flask
) -> None:
    for name, diet in (("Edith", "Vegan"), ("Dan", " vegan "), ("Ruth", "Renal diet")):
        someone(session, event, name, diet=diet)
    someone(session, event, "Gone", diet="Kosher").state = RegistrationState.CANCELLED
    said = {"email": "tom@example.org", "organisation": "", "job_role": "", "attending": Place.ROOM}
    register(session, event, name="Tom", companion="Una", answers={}, **said)  # type: ignore[arg-type]  # a test says only what matters to it - mypy sees only object
    session.commit()
    page = f"/desk/{event.code}/food"
    clients = {role: staff_client(role, event) for role in Role}

    words = clients[Role.ACCESS_LEAD].words(page)

    assert "5 people eat: whoever has a place in the room or came without one, companions counted" in words
    assert "vegan 2 Dan, Edith Renal diet 1 Ruth Nothing said 2" in words
    assert "Kosher" not in words
    opened = {role for role, client in clients.items() if client.get(page).status_code == 200}
    assert opened == {Role.ACCESS_LEAD, Role.FACILITATOR}
    assert clients[Role.FACILITATOR].get(f"{page}-by-name.pdf").status_code == 404
    assert clients[Role.ORGANISER].get(f"{page}.pdf").status_code == 404


def test_papers_with_names_are_made_for_the_access_lead_and_do_not_lie_about(
    session: Session, event: Event, staff_client: StaffClient, app: Flask
) -> None:
    someone(session, event, "Edith", diet="Vegan", photo="no")
    lead, organiser, folder = (
        staff_client(Role.ACCESS_LEAD, event),
        staff_client(Role.ORGANISER, event),
        app.extensions["settings"].papers,
    )
    asked = [(lead, "food"), (lead, "food-by-name"), (organiser, "photos")]

    for client, sheet in asked:
        client.get(f"/desk/{event.code}/{sheet}.pdf", headers={"Accept": "text/html"})
        assert run_next_job(PAPERS, folder)
        assert client.get(f"/desk/{event.code}/{sheet}.pdf").data.startswith(b"%PDF")

    session.rollback()
    named = [job_file(job, folder) for job in session.scalars(select(Job).where(Job.kind.in_(WITH_NAMES)))]
    assert [path.is_file() for path in named] == [True, True]
    forget_old_files(session, WITH_NAMES, made_before=now() + timedelta(seconds=1), folder=folder)
    assert [path.is_file() for path in named] == [False, False]
    session.commit()


def test_photographs_are_told_by_word_and_shape_and_people_change_their_minds_at_the_desk(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    rows = {name: someone(session, event, name, **said) for name, said in (("Edith", {"photo": "no"}), ("Dan", {}))}
    organiser, page = staff_client(Role.ORGANISER, event), f"/desk/{event.code}/photos"

    said = organiser.words(page)
    organiser.post_form(f"{page}/{rows['Dan'].id}/yes", {}, page=page)
    organiser.post_form(f"{page}/{rows['Edith'].id}/ask", {}, page=page)

    assert "Of 2 people, 1 said no, 0 said yes, and 1 must be asked." in said
    assert "Edith No photos" in said
    session.rollback()
    assert photos_of(session, event) == {rows["Dan"].id: Photos.YES}
    assert [(line.name, line.words) for line in photo_lines(session, event)] == [
        ("Edith", "Photos: ask me"),
        ("Dan", "Photos: yes"),
    ]
    assert staff_client(Role.FACILITATOR, event).get(page).status_code == 404


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("I use a wheelchair and lip-read with a loop", {NeedKind.STEP_FREE, NeedKind.LOOP}),
        ("Cramped rooms make me anxious", set()),
        ("Sign language", {NeedKind.INTERPRETER}),
    ],
)
def test_words_are_read_as_the_kinds_they_speak_of(words: str, kinds: set[NeedKind]) -> None:
    assert kinds_in(words) == kinds
