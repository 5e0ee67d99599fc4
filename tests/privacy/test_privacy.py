"""Attack 39 and promise 8: erased means absent; and a log that nobody edits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, inspect, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, post_letter
from hackathon.comments.operations import ADDRESS_KEPT
from hackathon.commitments.models import Commitment
from hackathon.core.clock import now
from hackathon.core.db import db, empty_journal, transaction
from hackathon.events.models import Activity, Event, Place
from hackathon.events.operations import record
from hackathon.insights.models import (
    HearBack,
    Identity,
    Insight,
    Source,
    SurveyAnswer,
    SurveyQuestion,
    SurveyResponse,
)
from hackathon.insights.operations import share_insight
from hackathon.needs.models import AccessNeed, NeedKind, NeedState
from hackathon.participants.messages import send_place
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.participants.operations import register, set_places
from hackathon.participants.queries import registration_of
from hackathon.privacy.document import FOR_TAKING_PART, IN_THE_COPY, NOT_IN_THE_COPY
from hackathon.privacy.operations import TAKEN_BACK, erase_person, seal_log
from hackathon.privacy.queries import check_log, own_copy
from hackathon.watches.commands import delete_addresses
from tests.makers import (
    leave_deleted_rows_readable,
    make_commitment,
    make_event,
    make_insight,
    make_pack,
    make_participant,
    make_registration,
)
from tests.visitor import Visitor, words_of

NAME, ADDRESS, WORDS = "Zebedee Quillfeather", "zebedee.quillfeather@example.org", "Umbrellas at the bus stop"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    make_pack(session, event)
    set_places(session, event, chairs=1, cut_off=None, actor="a test")
    session.commit()
    return event


@pytest.fixture
def person(session: Session, event: Event) -> Participant:
    """Somebody who has left something everywhere."""
    registration = register(
        session,
        event,
        name=NAME,
        email=ADDRESS,
        organisation="Quillfeather Ltd",
        job_role="Umbrella maker",
        attending=Place.ROOM,
        answers={},
        companion="Dougal Quillfeather",
    ).registration
    person = registration.participant
    send_place(session, registration, address="https://hack.example.org")
    thought = share_insight(
        session,
        event,
        text=WORDS,
        author=person,
        identity=Identity.NAMED,
        client_id="a-phone-made-this",
        place=Place.ROOM,
        source=Source.PHONE,
    )
    session.add(HearBack(insight=thought, email=ADDRESS))
    make_commitment(session, event, text="I bring umbrellas", participant=person)
    session.commit()
    return person


def everything_in(session: Session) -> str:
    """All values of all tables, as one text."""
    connection = session.connection()
    names = inspect(connection).get_table_names()
    return "\n".join(str(tuple(row)) for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"')))


def test_attack_39_somebody_who_is_erased_is_absent_everywhere(
    client: Visitor, session: Session, event: Event, person: Participant, staff_client: Callable[..., Visitor]
) -> None:
    desk = staff_client(event=event)
    seen = ("people", "insights", "log")
    assert any("Quillfeather" in desk.words(f"/desk/{event.code}/{page}") for page in seen)
    client.get(f"/p/{person.token}")

    answer = client.post_form(f"/e/{event.code}/me/erase", {"keep_words": "take"}, follow_redirects=True)

    assert "Certificate of erasure" in words_of(answer)
    session.expire_all()
    left = everything_in(session)
    for word in ("Quillfeather", "quillfeather", "Zebedee", "Umbrellas", "umbrellas"):
        assert word not in left
    for page in (
        f"/e/{event.code}/insights?find=umbrellas",
        f"/e/{event.code}/insights.csv",
        f"/e/{event.code}/write-up",
    ):
        assert "Umbrellas" not in client.get(page).text
    assert not any("Quillfeather" in desk.words(f"/desk/{event.code}/{page}") for page in seen)
    assert client.get(f"/e/{event.code}/me").status_code == 404


def test_a_copy_of_their_letter_that_waits_for_an_organiser_goes_too(
    session: Session, event: Event, person: Participant
) -> None:
    for kind, link in (("of theirs", person.token), ("of somebody else’s", "another-link")):
        words = f"Dear reader, your page: https://hack.example.org/p/{link}"
        post_letter(session, kind=kind, to_address="jo@example.org", subject="Copy", text=words, event_id=event.id)

    erase_person(session, person, keep_words=True, at=now())

    assert session.scalars(select(Letter.kind)).all() == ["of somebody else’s"]


def test_the_control_a_row_that_is_left_would_be_seen(session: Session, event: Event, person: Participant) -> None:
    assert "Quillfeather" in everything_in(session)
    assert "Umbrellas" in everything_in(session)


def test_on_sqlite_the_file_itself_says_nothing_any_more(
    app: Flask, session: Session, tmp_path: Path, event: Event, person: Participant
) -> None:
    if session.get_bind().dialect.name != "sqlite":
        return  # PostgreSQL's files are the operator's, as its backups are
    with transaction() as writing:
        erase_person(writing, writing.get_one(Participant, person.id), keep_words=False, at=now())
    assert b"zebedee.quillfeather" in files(tmp_path), "it stands in the journal beside the file"
    empty_journal()

    assert b"Umbrellas at the bus stop" not in files(tmp_path)
    assert b"zebedee.quillfeather" not in files(tmp_path)


def test_on_sqlite_the_file_says_nothing_of_what_has_gone_on_its_day(
    session: Session, tmp_path: Path, event: Event
) -> None:
    if session.get_bind().dialect.name != "sqlite":
        return
    for _ in range(20):
        session.add(HearBack(insight=make_insight(session, event), email=ADDRESS))
    session.commit()
    event.held_on -= ADDRESS_KEPT + timedelta(days=365)
    leave_deleted_rows_readable(session)

    delete_addresses()
    empty_journal()

    assert session.scalars(select(HearBack)).all() == []
    assert ADDRESS.encode() not in files(tmp_path)


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("hackathon.sqlite3*"))


def test_words_may_stay_without_the_name_and_the_place_goes_to_the_next_in_line(
    session: Session, event: Event, person: Participant
) -> None:
    waiting = make_registration(session, event, state=RegistrationState.WAITING)

    erased = erase_person(session, person, keep_words=True, at=now())

    (thought,) = session.scalars(select(Insight))
    assert (thought.text, thought.author_id, thought.author_name, thought.identity) == (
        WORDS,
        None,
        "",
        Identity.ANONYMOUS,
    )
    assert [each.id for each in erased.lucky] == [waiting.id]
    assert waiting.state is RegistrationState.CONFIRMED
    assert session.scalars(select(Commitment.participant_id)).all() == [None]
    assert session.scalar(select(func.count(Letter.id))) == 0
    assert session.scalar(select(func.count(Registration.id))) == 1
    assert erased.certificate.erased["people"] == 2


def test_words_that_are_taken_back_leave_only_that_they_were(
    session: Session, event: Event, person: Participant
) -> None:
    erase_person(session, person, keep_words=False, at=now())

    (thought,) = session.scalars(select(Insight))
    assert (thought.text, thought.is_shown) == (TAKEN_BACK, False)


def test_ones_own_copy_holds_what_one_said_and_nobody_elses(
    client: Visitor, session: Session, event: Event, person: Participant
) -> None:
    other = make_registration(session, event, state=RegistrationState.WAITING).participant
    make_insight(session, event, text="Somebody else’s words", author=other, identity=Identity.HIDDEN)
    session.commit()
    client.get(f"/p/{person.token}")

    file = client.get(f"/e/{event.code}/me/copy.json")
    page = client.words(f"/e/{event.code}/me/copy")

    assert file.headers["Content-Disposition"] == "attachment; filename=my-copy.json"
    assert file.json is not None
    assert file.json == own_copy(session, person)
    assert file.json["you"]["email"] == ADDRESS
    assert [thought["text"] for thought in file.json["thoughts"]] == [WORDS]
    assert WORDS in page
    assert "Somebody else" not in page
    for row in (f"Ticket {file.json['place']['ticket']}", "Comes with you Dougal Quillfeather", "Table None yet"):
        assert row in page


def test_ones_own_copy_holds_all_that_is_kept_of_a_place(
    client: Visitor, session: Session, event: Event, person: Participant
) -> None:
    place = registration_of(session, person)
    assert place is not None
    at = datetime(2026, 3, 10, 12, tzinfo=UTC)
    place.claim_by, place.assured_at, place.checked_in_at, place.number, place.lot = at, at, at, 7, 3
    place.booked_by = make_participant(session, event, name="Ada Byron")
    session.commit()
    client.get(f"/p/{person.token}")

    copy, page = own_copy(session, person)["place"], client.words(f"/e/{event.code}/me/copy")

    assert [copy[key] for key in ("kept_until", "said_still_coming_at", "came_at")] == [at.isoformat()] * 3
    assert [copy[key] for key in ("number_in_the_ballot", "lot", "booked_by")] == [7, 3, "Ada Byron"]
    assert "Number in the ballot 7 Where the ballot put you Number 3 in line Registered by Ada Byron" in page


def test_the_database_refuses_to_change_the_log_or_to_shorten_it(session: Session, event: Event) -> None:
    record(session, event, "test.happened", actor="a test")
    session.commit()

    for change in (update(Activity).values(actor="nobody"), delete(Activity)):
        with pytest.raises(DatabaseError, match="the log is not changed"):
            session.execute(change, execution_options={"synchronize_session": False})
        session.rollback()


def test_the_log_goes_with_its_event(session: Session, event: Event) -> None:
    record(session, event, "test.happened", actor="a test")
    session.commit()

    session.execute(delete(Event).where(Event.id == event.id))

    assert session.scalar(select(func.count(Activity.id)).where(Activity.event_id == event.id)) == 0


def test_a_line_changed_behind_the_program_breaks_its_seal(session: Session, event: Event) -> None:
    for number in range(3):
        record(session, event, "test.happened", actor="a test", number=number)
    session.commit()
    later = now() + timedelta(hours=1)
    seal_log(session, event, at=later)
    record(session, event, "test.happened", actor="a test", number=3)
    session.flush()
    seal_log(session, event, at=later)
    session.commit()
    whole = check_log(session, event)
    assert (whole.is_whole, whole.seals, seal_log(session, event, at=later)) == (True, 2, None)

    on = " ON activity" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER activity_is_not_changed{on}"))
    session.execute(text("UPDATE activity SET actor = 'nobody' WHERE id = (SELECT max(id) FROM activity)"))
    session.expire_all()

    broken = check_log(session, event)
    assert (broken.is_whole, broken.seals) == (False, 1)


def test_lines_that_others_may_still_join_are_not_sealed_yet(session: Session, event: Event) -> None:
    record(session, event, "test.happened", actor="a test")
    session.flush()

    assert seal_log(session, event, at=now()) is None


def test_the_desk_says_what_is_kept_and_when_it_went(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    desk = staff_client(event=event)

    page = desk.words(f"/desk/{event.code}/plan/privacy?check=1")

    assert "The log is whole" in page
    assert all(line.what in page for line in FOR_TAKING_PART)


def test_an_address_to_hear_back_is_kept_for_as_long_as_people_are_told() -> None:
    (line,) = (line for line in FOR_TAKING_PART if "hear_back" in line.tables)

    assert (ADDRESS_KEPT, line.until) == (timedelta(weeks=6), "Six weeks after the event")


def test_every_table_that_hangs_on_a_person_is_in_the_data_map(session: Session) -> None:
    named = {table for line in FOR_TAKING_PART for table in line.tables} | {"registration_answer"}
    tables = db.metadata.tables
    personal = {
        name
        for name, table in tables.items()
        if {key.column.table.name for key in table.foreign_keys} & {"participant", "registration"}
        or {"email", "email_key", "to_address", "device"} & set(table.columns.keys())
    }

    assert personal - named - {"account"} == set()


def test_ones_own_copy_has_a_place_for_every_table_of_the_data_map_or_a_reason(
    session: Session, person: Participant
) -> None:
    named = {table for line in FOR_TAKING_PART for table in line.tables} | {"registration_answer"}

    assert named - set(IN_THE_COPY) - set(NOT_IN_THE_COPY) == set()
    assert set(IN_THE_COPY) & set(NOT_IN_THE_COPY) == set()
    assert set(IN_THE_COPY.values()) <= set(own_copy(session, person))


def test_ones_own_copy_says_what_the_access_lead_notes_and_which_letters_were_sent(
    client: Visitor, session: Session, event: Event, person: Participant
) -> None:
    registration = registration_of(session, person)
    session.add(
        AccessNeed(
            registration=registration,
            question="access",
            kind=NeedKind.INTERPRETER,
            state=NeedState.BOOKED,
            note="Asked twice, sounded cross",
            booked_with="Sign Here, order 12",
        )
    )
    survey = SurveyQuestion(event=event, number=1, text="What gets in the way?")
    filled_in = SurveyResponse(event=event, respondent="9", email_key=ADDRESS)
    session.add(SurveyAnswer(question=survey, response=filled_in, text="Doors"))
    session.commit()
    client.get(f"/p/{person.token}")

    copy, page = own_copy(session, person), client.words(f"/e/{event.code}/me/copy")

    assert [(each["what"], each["note"]) for each in copy["arranged"]] == [
        ("Interpreter", "Asked twice, sounded cross")
    ]
    assert (copy["survey"], copy["hears_back_about"]) == (
        [{"question": "What gets in the way?", "answer": "Doors"}],
        [copy["thoughts"][0]["number"]],
    )
    assert [letter["sent_at"] for letter in copy["letters"]] == [None]
    for words in ("Asked twice, sounded cross", "Sign Here", "Letters to you", "Photographs Ask me", "Doors"):
        assert words in page
