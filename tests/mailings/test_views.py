"""The mail calendar as organisers see it, and what readers of letters answer."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import vobject
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.adapters.postman import send_waiting_letters
from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.db import transaction
from hackathon.events.models import Activity, Event, Stage
from hackathon.mailings.models import LetterPlan
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.watches.commands import write_letters
from tests.house.test_forms import forms
from tests.journeys.postbox import mail_server
from tests.makers import make_commitment, make_event, make_participant, make_registration
from tests.visitor import StaffClient, Visitor, words_of

TITLES = (
    "Save the date",
    "Invitation",
    "Place offered, waiting or not offered",
    "Confirmation",
    "Pack 1",
    "Pack 2",
    "Reminder, a week before",
    "On the morning",
    "Thank you and digest",
    "Missed you",
    "Report is ready",
    "Did we hear you right?",
    "Decision on your idea",
    "Pledge reminder",
    "You said, we did",
)


def an_event(session: Session, **columns: Any) -> Event:
    """An event in five days, with two people who have a place."""
    soon = date.today() + timedelta(days=5)  # noqa: DTZ011 - any day to come
    event = make_event(session, **{"stage": Stage.BEFORE, "held_on": soon, **columns})
    for name in ("Ada Lovelace", "Bo"):
        make_registration(session, event, make_participant(session, event, email=f"{name[:2]}@example.org", name=name))
    session.commit()
    return event


def registration_of(session: Session, event: Event) -> tuple[Participant, Registration]:
    session.rollback()
    row = session.scalars(
        select(Registration).where(Registration.event_id == event.id).order_by(Registration.id)
    ).first()
    assert row is not None
    return row.participant, row


def letters(session: Session, kind: str) -> list[Letter]:
    session.rollback()
    return list(session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def test_the_calendar_lists_every_letter_with_its_day_and_state(session: Session, staff_client: StaffClient) -> None:
    event = an_event(session)

    said = staff_client(event=event).words(f"/desk/{event.code}/letters")

    assert [title for title in TITLES if title not in said] == []
    assert "Ready to send 2 people" in said, "the reminder of a week before is due"
    assert "No mail server is set up yet" in said


def test_a_letter_is_shown_with_real_values_and_as_text(session: Session, staff_client: StaffClient) -> None:
    event = an_event(session)
    page = staff_client(event=event).soup(f"/desk/{event.code}/letters/reminder-7")

    (shown,) = page.select(".preview__body")
    person, _ = registration_of(session, event)
    assert "Hello Ada Lovelace," in shown.get_text()
    assert f"https://hack.example.org/p/{person.token}/coming" in [link["href"] for link in shown.find_all("a")]
    assert "Hello Ada Lovelace," in page.select(".preview__text")[0].get_text()
    assert page.find_all("iframe") == []


def test_another_reader_can_be_chosen_and_no_address_is_on_the_page(
    session: Session, staff_client: StaffClient
) -> None:
    event = an_event(session)
    visitor = staff_client(event=event)
    page = visitor.soup(f"/desk/{event.code}/letters/reminder-7")
    keys = {option.get_text(): option["value"] for option in page.find_all("option")}

    other = visitor.get(f"/desk/{event.code}/letters/reminder-7?to={keys['Bo']}").text

    assert "Hello Bo," in other
    assert "example.org</option" not in other
    assert "bo@example.org" not in other.lower()


def test_the_first_words_are_kept_and_stand_in_the_letter(session: Session, staff_client: StaffClient) -> None:
    event = an_event(session)
    visitor = staff_client(event=event)
    url = f"/desk/{event.code}/letters/morning"

    visitor.post_form(url, {"opening": "Today we meet at {place}.\r\nBring a friend."})
    refused = visitor.post_form(url, {"opening": "Hello {event.__class__}"})
    too_long = visitor.post_form(url, {"opening": "word " * 41})

    assert "Today we meet at The Corn Store." in visitor.words(url)
    assert "No letter knows {event.__class__}" in refused.text, "attack 8"
    assert "41 words" in too_long.text


def test_attack_7_markup_in_an_organisers_own_words_is_inert(session: Session, staff_client: StaffClient) -> None:
    event = an_event(session, title="<b>Day</b><script>alert(1)</script>")
    visitor = staff_client(event=event)
    url = f"/desk/{event.code}/letters/morning"
    visitor.post_form(url, {"opening": "<img src=x onerror=alert(1)> <a href='http://evil.test'>win</a>"})

    body = visitor.soup(url).select(".preview__body")[0]

    assert body.find_all(["img", "script", "b"]) == []
    assert "evil.test" not in " ".join(str(link["href"]) for link in body.find_all("a"))


def test_a_copy_goes_to_the_organiser_alone(session: Session, staff_client: StaffClient) -> None:
    event = an_event(session)
    visitor = staff_client(event=event)
    page = f"/desk/{event.code}/letters/reminder-7"

    visitor.post_form(f"{page}/copy", page=page)

    (copy,) = letters(session, "letters.copy")
    assert (copy.to_address, copy.subject.partition(":")[0]) == ("organiser1@example.org", "Copy")
    assert "Hello Ada Lovelace," in copy.text
    assert letters(session, "letters.reminder-7") == []


def test_attack_10_a_letter_leads_to_the_configured_address_whatever_the_request_says(
    session: Session, staff_client: StaffClient
) -> None:
    event = an_event(session)
    visitor = staff_client(event=event)
    page = f"/desk/{event.code}/letters/reminder-7"
    token = visitor.token_on(page)
    evil = {"Host": "evil.test", "X-Forwarded-Host": "evil.test"}

    visitor.post(f"{page}/copy", data={"csrf_token": token}, headers={"X-Forwarded-Host": "evil.test"})
    shown = visitor.get(page, headers=evil).text

    (copy,) = letters(session, "letters.copy")
    assert "evil.test" not in f"{copy.text}{copy.html}{shown}"
    assert "https://hack.example.org/p/" in copy.text


def test_attack_38_a_flood_of_copies_is_slowed(session: Session, staff_client: StaffClient) -> None:
    event = an_event(session)
    visitor = staff_client(event=event)
    page = f"/desk/{event.code}/letters/reminder-7"
    token = visitor.token_on(page)

    answers = [visitor.post(f"{page}/copy", data={"csrf_token": token}).status_code for _ in range(14)]

    assert answers[:10] == [302] * 10
    assert answers[-1] == 429
    assert len(letters(session, "letters.copy")) < 14


def test_sending_asks_first_and_then_writes_to_everybody_once(session: Session, staff_client: StaffClient) -> None:
    event = an_event(session)
    visitor = staff_client(event=event)
    page = f"/desk/{event.code}/letters/reminder-7"

    assert "It goes to 2 people" in visitor.words(f"{page}/send")
    session.rollback()
    assert letters(session, "letters.reminder-7") == [], "looking sends nothing"
    visitor.post_form(f"{page}/send", {"people": "2"})
    for _ in range(3):
        write_letters()

    assert [letter.to_name for letter in letters(session, "letters.reminder-7")] == ["Ada Lovelace", "Bo"]
    assert "Written, and waits for a mail server" in visitor.words(f"/desk/{event.code}/letters")
    assert "nobody to write to" in visitor.words(f"{page}/send")
    session.rollback()
    assert session.scalars(select(LetterPlan.asked_at)).all() == [None]


def test_a_letter_that_was_worded_anew_meanwhile_is_read_again_before_it_goes(
    session: Session, staff_client: StaffClient
) -> None:
    event = an_event(session)
    visitor = staff_client(event=event)
    page = f"/desk/{event.code}/letters/reminder-7"
    visitor.post_form(page, {"opening": "Bring  an umbrella."})
    assert "It begins: “Bring an umbrella.”" in visitor.words(f"{page}/send")

    visitor.post_form(page, {"opening": "Bring a coat."})
    refused = visitor.post_form(f"{page}/send", {"people": "2", "opening": "Bring an umbrella."})
    session.rollback()

    assert "Somebody has just changed how this letter begins." in words_of(refused)
    assert session.scalars(select(LetterPlan.asked_at)).all() == [None]
    visitor.post_form(f"{page}/send", {"people": "2", "opening": "Bring a coat."})
    session.rollback()
    assert session.scalars(select(LetterPlan.asked_at)).all() != [None]


def test_a_letter_is_let_go_by_itself_and_held_back_again(session: Session, staff_client: StaffClient) -> None:
    event = an_event(session)
    visitor = staff_client(event=event)
    page = f"/desk/{event.code}/letters/missed-you"

    visitor.post_form(f"{page}/by-itself", {"automatic": "y"}, page=page)
    on = session.scalars(select(LetterPlan.automatic)).all()
    visitor.post_form(f"{page}/by-itself", page=page)
    session.rollback()

    assert (on, session.scalars(select(LetterPlan.automatic)).all()) == ([True], [False])


def test_the_letters_about_places_are_shown_and_are_for_nobody_to_send(
    session: Session, staff_client: StaffClient
) -> None:
    event = an_event(session)
    waiting = make_participant(session, event, email="w@example.org", name="Wen")
    make_registration(session, event, waiting, state=RegistrationState.WAITING)
    visitor = staff_client(event=event)

    confirmation = visitor.words(f"/desk/{event.code}/letters/confirmation")
    place = visitor.words(f"/desk/{event.code}/letters/place")

    assert "Hello Ada Lovelace, You have a place in the room." in confirmation
    assert "Hello Wen, The room is full" in place
    assert "Send" not in confirmation + place
    for act in ("send", "copy", "by-itself"):
        token = visitor.token_on(f"/desk/{event.code}/letters/morning")
        answer = visitor.post(f"/desk/{event.code}/letters/place/{act}", data={"csrf_token": token})
        assert answer.status_code == 404


def test_the_letter_about_a_commitment_is_shown_with_somebodys_words_and_not_sent(
    session: Session, staff_client: StaffClient
) -> None:
    event = an_event(session)
    make_commitment(session, event, text="I will take out one form", remind_on=event.held_on)
    session.commit()
    visitor = staff_client(event=event)

    shown = visitor.words(f"/desk/{event.code}/letters/pledge")

    assert "I will take out one form" in shown
    assert "At most 50." in shown
    assert "Send" not in shown


@pytest.mark.parametrize("kind", ["no-such-letter", "__class__"])
def test_what_is_no_letter_of_ours_is_not_there(session: Session, staff_client: StaffClient, kind: str) -> None:
    event = an_event(session)

    assert staff_client(event=event).get(f"/desk/{event.code}/letters/{kind}").status_code == 404


def test_attack_5_opening_the_link_of_a_reminder_changes_nothing(session: Session, client: Visitor) -> None:
    event = an_event(session)
    person, _ = registration_of(session, event)
    lines = len(session.scalars(select(Activity.id)).all())

    for path in ("coming", "give-up"):
        assert client.get(f"/p/{person.token}/{path}").status_code == 200
        client.client.head(f"/p/{person.token}/{path}")

    _, registration = registration_of(session, event)
    assert (registration.state, registration.assured_at) == (RegistrationState.CONFIRMED, None)
    assert len(session.scalars(select(Activity.id)).all()) == lines

    client.post_form(f"/p/{person.token}/coming")
    assert registration_of(session, event)[1].assured_at is not None, "the control: the button does"
    client.post_form(f"/p/{person.token}/give-up")
    assert registration_of(session, event)[1].state is RegistrationState.CANCELLED
    assert "register again" in client.words(f"/p/{person.token}/coming")


def test_attack_40_no_form_asks_which_server_to_call(app: Flask) -> None:
    """Where mail goes is the operator's setting alone, so nobody can point it into the host's own network."""
    asked = {name for form in forms() for name in dir(form) if hasattr(getattr(form, name), "field_class")}

    assert "contact_email" in asked, "the control: the fields are looked through"
    assert [name for name in asked if re.search("smtp|server|host$|webhook|relay|url", name)] == []


def test_what_came_back_is_shown_by_name_and_can_be_trusted_again(session: Session, staff_client: StaffClient) -> None:
    event = an_event(session)
    visitor = staff_client(event=event)
    page = f"/desk/{event.code}/letters"
    visitor.post_form(f"{page}/reminder-7/send", {"people": "2"})
    write_letters()
    with transaction() as writing:
        letter = writing.scalars(select(Letter).where(Letter.to_name == "Bo")).one()
        letter.returned_at, letter.returned_code = now(), "5.2.2"

    assert "Bo The mailbox is full (5.2.2)" in visitor.words(page)
    visitor.post_form(f"{page}/returned/{letter.id}/again", page=page)
    assert "What came back" not in visitor.words(page)
    other = make_event(session)
    session.commit()
    foreign = staff_client(event=other)
    assert (
        foreign.post_form(
            f"/desk/{other.code}/letters/returned/{letter.id}/again", page=f"/desk/{other.code}/letters/morning"
        ).status_code
        == 404
    )


def test_through_a_real_server_a_place_enters_the_calendar_and_leaves_it_again(
    app: Flask, session: Session, client: Visitor
) -> None:
    event = an_event(session, title="Zuhören")
    about = {"name": "Zoë Ng", "email": "zoe@example.org", "organisation": "", "job_role": "", "attending": "room"}
    client.post_form(f"/e/{event.code}/register", about)
    session.rollback()
    person = session.scalars(select(Participant).where(Participant.email == "zoe@example.org")).one()
    client.post_form(f"/p/{person.token}/give-up")
    client.post_form(f"/e/{event.code}/register", about)

    own: Settings = app.extensions["settings"]
    with mail_server() as (postbox, smtp_url):
        assert send_waiting_letters(own.model_copy(update={"smtp_url": smtp_url})) == 3

    entries = []
    for letter in postbox.letters:
        assert letter["Reply-To"] == "organiser@example.org"
        body = letter.get_body(("html",))
        assert body is not None
        assert BeautifulSoup(body.get_content(), "html.parser").find_all(["img", "script", "link"]) == []
        (file,) = letter.iter_attachments()
        calendar = vobject.readOne(file.get_content().decode())
        entries.append((calendar.method.value, calendar.vevent.uid.value, int(calendar.vevent.sequence.value)))
        assert calendar.vevent.dtstart.value == event.starts_at
    methods, uids, editions = zip(*entries, strict=True)
    assert methods == ("REQUEST", "CANCEL", "REQUEST")
    assert len(set(uids)) == 1
    assert list(editions) == sorted(set(editions)), "each is newer than the one before"


def test_who_was_waiting_has_nothing_in_the_calendar_to_take_out(session: Session, client: Visitor) -> None:
    event = an_event(session)
    waiting = make_participant(session, event, email="w@example.org")
    make_registration(session, event, waiting, state=RegistrationState.WAITING)
    session.commit()

    client.post_form(f"/p/{waiting.token}/give-up")

    (letter,) = letters(session, "place.cancelled")
    assert (letter.calendar, letter.calendar_method) == (None, None)
