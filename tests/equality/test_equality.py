"""An equality form that belongs to nobody: counts, small ones hidden, and never a row of a person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.equality.models import EqualityCount
from hackathon.equality.operations import count_answers
from hackathon.equality.queries import counted_answers
from hackathon.events.models import Activity, Event
from tests.makers import make_event, make_pack
from tests.visitor import Visitor, words_of

PACK = "inclusion-and-system-leadership"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, held_on=now().date())
    make_pack(session, event, PACK)
    session.commit()
    return event


def test_answers_are_counted_once_a_browser_and_leave_no_row_of_anybody(
    client: Visitor, session: Session, event: Event
) -> None:
    page = f"/e/{event.code}/equality"
    lines = session.scalar(select(func.count(Activity.id)))

    said = words_of(client.post_form(page, {"answers-age": "25 to 34", "answers-caring": "Yes"}, follow_redirects=True))

    assert "nobody can tell that they were yours" in said
    assert "Count my answers" not in client.words(page)
    counts = session.execute(select(EqualityCount.question, EqualityCount.answer, EqualityCount.number)).all()
    assert sorted(counts) == [("age", "25 to 34", 1), ("caring", "Yes", 1)]
    assert session.scalar(select(func.count(Activity.id))) == lines
    assert {column.name for column in EqualityCount.__table__.columns} == {
        "id",
        "event_id",
        "question",
        "answer",
        "number",
    }


def test_nothing_answered_is_said_and_something_made_up_is_not_counted(client: Visitor, event: Event) -> None:
    page = f"/e/{event.code}/equality"

    assert "Answer at least one question" in words_of(client.post_form(page, {}, follow_redirects=True))
    client.post_form(page, {"answers-age": "900"})
    assert "Count my answers" in client.words(page)


def test_small_numbers_are_hidden_and_one_more_so_that_none_can_be_worked_out(session: Session, event: Event) -> None:
    for answer, number in (("Yes", 2), ("No", 9), ("Prefer not to say", 7)):
        for _ in range(number):
            count_answers(session, event, answers={"caring": answer})

    shown = dict(counted_answers(session, event)[-1].rows)

    assert shown == {"Yes": "too few to show", "No": 9, "Prefer not to say": "too few to show"}


def test_organisers_see_counts_from_the_day_on_and_not_before(
    session: Session, event: Event, staff_client: Callable[..., Visitor]
) -> None:
    desk, page = staff_client(event=event), f"/desk/{event.code}/people/equality"
    assert "How old are you?" in desk.words(page)

    event.held_on = now().date() + timedelta(days=2)
    session.commit()

    assert "How old are you?" not in desk.words(page)
    assert "From the day of the event on" in desk.words(page)


def test_an_event_whose_pack_does_not_ask_has_no_such_page(client: Visitor, session: Session) -> None:
    event = make_event(session)
    make_pack(session, event)
    session.commit()

    assert client.get(f"/e/{event.code}/equality").status_code == 404
