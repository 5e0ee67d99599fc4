"""Letters say what they should, and carry nothing that a name brought along."""

from email.message import EmailMessage

import pytest
from sqlalchemy.orm import Session

from hackathon.adapters.calendar import Method
from hackathon.adapters.mail import Letter, post_letter
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Place
from hackathon.participants.messages import called, send_place
from hackathon.participants.models import RegistrationState
from tests.makers import make_event, make_participant, make_registration

ADDRESS = "https://hack.example.org"
EVIL_NAMES = [
    "<a href=http://evil.test>win</a>",
    "[x](http://evil.test)",
    "www.evil.test",
    "evil.test/claim",
    "{{config}} {token}",
    "Mair\r\nBcc: all@evil.test",
    "mair@evil.test",
]


def letter_for(session: Session, **columns: object) -> Letter:
    event = make_event(session)
    person = make_participant(session, event, **columns)
    return send_place(session, make_registration(session, event, person), address=ADDRESS)


@pytest.mark.parametrize("name", ["Mair", "Dr. Aneta Wróblewska-O’Neil", "Nguyễn Thị Minh", "محمد", "Jo Ann 2"])
def test_a_name_is_greeted(name: str) -> None:
    assert called(name) == name


@pytest.mark.parametrize("name", EVIL_NAMES)
def test_attacks_6_and_7_and_8_what_is_no_name_is_not_in_the_letter(session: Session, name: str) -> None:
    letter = letter_for(session, name=name)

    written = f"{letter.subject}\n{letter.to_name}\n{letter.text}\n{letter.html}"
    assert "evil" not in written
    assert "config" not in written
    assert letter.text.startswith("Hello,\n")


def test_attack_7_markup_in_what_the_organiser_wrote_is_inert_in_html(session: Session) -> None:
    event = make_event(session, title="<b>Day</b>\r\nBcc: x@evil.test", question="<script>alert(1)</script>?")

    letter = send_place(session, make_registration(session, event), address=ADDRESS)

    assert "<b>" not in (letter.html or "")
    assert "<script" not in (letter.html or "")
    assert letter.subject == "Your place: <b>Day</b> Bcc: x@evil.test"
    EmailMessage()["Subject"] = letter.subject  # the standard library refuses a line end in a header


def test_attack_6_an_address_with_a_line_end_is_refused(session: Session) -> None:
    with pytest.raises(Refusal):
        letter_for(session, email="mair@example.org\r\nBcc: all@evil.test")


@pytest.mark.parametrize(
    ("state", "attending", "says"),
    [
        (RegistrationState.CONFIRMED, Place.ROOM, "You have a place in the room."),
        (RegistrationState.CONFIRMED, Place.OUTSIDE, "You take part from outside."),
        (RegistrationState.WAITING, Place.ROOM, "you are on the waiting list"),
        (RegistrationState.CANCELLED, Place.ROOM, "Your place is given up."),
    ],
)
def test_the_letter_says_how_the_place_stands(
    session: Session, state: RegistrationState, attending: Place, says: str
) -> None:
    event = make_event(session)
    row = make_registration(session, event, state=state, attending=attending)

    letter = send_place(session, row, address=ADDRESS)

    link = f"{ADDRESS}/p/{row.participant.token}"
    assert says in letter.text
    assert says in (letter.html or "")
    assert (link in letter.text) is (state is not RegistrationState.CANCELLED)
    assert len(letter.text.split()) <= 150


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (RegistrationState.WAITING, "No longer waiting? Leave the line, without signing in"),
        (RegistrationState.CONFIRMED, "Cannot come? Give it up, without signing in"),
    ],
)
def test_whoever_waits_is_offered_to_leave_the_line_and_not_a_place_to_give_up(
    session: Session, state: RegistrationState, says: str
) -> None:
    registration = make_registration(session, make_event(session), state=state)

    letter = send_place(session, registration, address=ADDRESS)

    assert says in letter.text
    assert says.partition(",")[0] in (letter.html or "")


@pytest.mark.parametrize("state", RegistrationState)
def test_a_letter_about_a_place_stays_within_its_words_and_goes_to_whom_it_says(
    session: Session, state: RegistrationState
) -> None:
    words = " ".join(["listening"] * 12)
    event = make_event(
        session, title=words, venue=f"{words} hall", question=f"{words} to {words[:69]}?", contact_name="Kiran"
    )
    row = make_registration(session, event, make_participant(session, event, name="Ana Maria da Luz"), state=state)
    row.claim_by = now()

    letter = send_place(session, row, address=ADDRESS)

    read = [word for word in letter.text.split() if any(map(str.isalnum, word)) and not word.startswith("http")]
    assert len(read) <= (150 if state is RegistrationState.CONFIRMED else 120), letter.text
    assert letter.reply_to == event.contact_email
    assert "Answer this letter: Kiran reads it." in letter.text
    assert (letter.calendar is not None) == (state is RegistrationState.CONFIRMED)


@pytest.mark.parametrize(
    ("held", "state", "sent"),
    [
        (Method.PUBLISH, RegistrationState.WAITING, None),
        (Method.PUBLISH, RegistrationState.CANCELLED, Method.CANCEL),
        (Method.REQUEST, RegistrationState.WAITING, Method.CANCEL),
        (Method.CANCEL, RegistrationState.CANCELLED, None),
    ],
)
def test_no_calendar_calls_the_day_cancelled_for_whoever_may_still_get_a_place(
    session: Session, held: Method, state: RegistrationState, sent: Method | None
) -> None:
    event = make_event(session)
    person = make_participant(session, event, email="ada@example.org")
    post_letter(
        session,
        kind="test",
        to_address="ada@example.org",
        subject="Keep this day free",
        text="Dear Ada",
        calendar="a day",
        calendar_method=held,
        event_id=event.id,
    )

    letter = send_place(session, make_registration(session, event, person, state=state), address=ADDRESS)

    assert letter.calendar_method is sent
