"""What the registration form asks, as organisers change it, people read it and the privacy notice repeats it."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.bookings.operations import change_registration
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place
from hackathon.participants.models import Answer, QuestionType, RegistrationQuestion
from hackathon.participants.operations import delete_due_answers
from hackathon.participants.queries import questions_of
from hackathon.questions.operations import OWN_WORDS, add_question, remove_question
from hackathon.staff.models import Role
from tests.makers import make_event, make_pack, make_registration
from tests.visitor import StaffClient, Visitor, words_of

ROOMS = {
    "label": "Which rooms do you know?",
    "type": "choice",
    "options": "The hall\nThe loft",
    "purpose": OWN_WORDS,
    "why": "So that we can plan the tour",
    "seen_by": "facilitator",
    "keep_days": "30",
}


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    make_pack(session, event)
    session.commit()
    return event


def question(session: Session, event: Event, key: str) -> RegistrationQuestion:
    found = select(RegistrationQuestion).where(
        RegistrationQuestion.event_id == event.id, RegistrationQuestion.key == key
    )
    return session.scalars(found).one()


def test_a_question_that_is_added_stands_in_the_form_and_in_the_notice_with_why_who_and_until(
    event: Event, staff_client: StaffClient, client: Visitor
) -> None:
    organiser, page = staff_client(Role.ORGANISER, event), f"/desk/{event.code}/plan/questions"

    said = words_of(organiser.post_form(f"{page}/new", ROOMS, page=f"{page}/new", follow_redirects=True))

    line = "So that we can plan the tour The facilitator 16 April 2026"
    assert f"Which rooms do you know? {line}" in said
    assert line in client.words(f"/e/{event.code}/pack/privacy")
    form = client.words(f"/e/{event.code}/register")
    assert "Which rooms do you know? (optional) So that we can plan the tour. Seen by the facilitator only." in form
    assert "Deleted on 16 April 2026." in form


def test_questions_change_places_and_go_while_nobody_has_answered(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    organiser, page = staff_client(Role.ORGANISER, event), f"/desk/{event.code}/plan/questions"
    access, diet = (question(session, event, key).id for key in ("access", "diet"))

    organiser.post_form(f"{page}/{diet}/up", page=page)
    organiser.post_form(f"{page}/{diet}/up", page=page)
    organiser.post_form(f"{page}/{access}/remove", page=page)
    changed = {"keep_days": "7", "seen_by": "access-lead", "label": "What do you eat?"}
    answers = {"type": "text", "purpose": "catering", "sensitive": "y", **changed}
    said = words_of(organiser.post_form(f"{page}/{diet}", answers, page=f"{page}/{diet}", follow_redirects=True))

    session.rollback()
    assert [(each.key, each.position) for each in questions_of(session, event)] == [("diet", 1), ("photo", 2)]
    assert "What do you eat? So that we can order food that you can eat The access lead 24 March 2026" in said


def test_what_people_have_answered_keeps_what_they_were_told(
    session: Session, event: Event, staff_client: StaffClient
) -> None:
    row = make_registration(session, event)
    session.add(Answer(registration=row, question="access", words="Large print"))
    session.commit()
    organiser, page = staff_client(Role.ORGANISER, event), f"/desk/{event.code}/plan/questions"
    access = question(session, event, "access").id
    one = f"{page}/{access}"

    assert "Who may see the answer?" not in organiser.words(one)
    organiser.post_form(one, {"label": "What do you need?", "seen_by": "organiser", "keep_days": "999"}, page=one)
    refused = organiser.post_form(f"{one}/remove", page=page, follow_redirects=True)
    organiser.post_form(f"{one}/retire", page=page)

    session.rollback()
    asked = question(session, event, "access")
    assert "People have answered this question" in words_of(refused)
    assert (asked.label, asked.seen_by, asked.keep_days) == ("What do you need?", ["access-lead"], 14)
    assert "What do you need?" not in organiser.words(f"/e/{event.code}/register")
    assert "What do you need?" in organiser.words(f"/e/{event.code}/pack/privacy")
    change_registration(
        session, row, name="Edith", organisation="", job_role="", attending=Place.ROOM, answers={"photo": "no"}
    )
    kept = session.scalars(select(Answer).where(Answer.registration_id == row.id))
    assert {answer.question: answer.words for answer in kept} == {"access": "Large print", "photo": "no"}
    delete_due_answers(session, at=now())
    with pytest.raises(Refusal, match="People have answered"):
        remove_question(session, asked, actor="a test")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"why": ""}, "why"),
        ({"sensitive": True, "keep_days": None}, None),
        ({"purpose": "catering"}, "sensitive"),
        ({"purpose": "photo-consent", "type": QuestionType.YES_NO}, "purpose"),
        ({"purpose": "pronouns", "sensitive": True}, "sensitive"),
        ({"options": ["The hall", "The hall"]}, "options"),
    ],
)
def test_a_question_that_does_not_say_enough_is_refused(
    session: Session, event: Event, said: dict[str, object], field: str | None
) -> None:
    asked = {**ROOMS, "type": QuestionType.CHOICE, "options": ["The hall", "The loft"], "seen_by": ["organiser"]}

    with pytest.raises(Refusal) as refusal:
        add_question(session, event, **{**asked, "sensitive": False, "keep_days": 30, **said}, actor="a test")  # type: ignore[arg-type]  # a test says only what matters to it - mypy sees only object

    assert refusal.value.field == field
    assert len(questions_of(session, event)) == 3
