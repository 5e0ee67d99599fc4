"""The promise to answer, its clock, and the hours on duty."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from hackathon.core.clock import moment_at
from hackathon.core.errors import Refusal
from hackathon.duty.document import ReplyClock, span_words
from hackathon.duty.operations import promise_replies
from hackathon.events.models import Event
from hackathon.insights.models import Kind
from hackathon.staff.models import Role
from tests.makers import make_event
from tests.visitor import Visitor, words_of

HOUR = 3600.0
DESK = "/desk/k7pm/community"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    session.commit()
    return event


@pytest.mark.parametrize(
    ("minutes_later", "words", "is_late"),
    [(20, "due in 1 hour", False), (61, "due in 59 minutes", False), (125, "5 minutes late", True)],
)
def test_the_clock_counts_down(minutes_later: int, words: str, is_late: bool) -> None:
    since = datetime(2026, 3, 17, 9, 0, tzinfo=UTC)
    at = since + timedelta(minutes=minutes_later)

    clock = ReplyClock(within_hours=2)

    assert (clock.words(since, at), clock.is_late(since, at)) == (words, is_late)


def test_the_clock_stands_still_while_nobody_is_on_duty() -> None:
    """Asked on Friday an hour before the end; answered after a bank holiday, on Tuesday morning."""
    friday, tuesday = datetime(2026, 4, 3, 9, 0, tzinfo=UTC), datetime(2026, 4, 7, 9, 0, tzinfo=UTC)
    staffed = tuple((day.timestamp(), day.timestamp() + 8 * HOUR) for day in (friday, tuesday))
    asked = friday + timedelta(hours=7)

    clock = ReplyClock(2, staffed)

    assert clock.words(asked, friday + timedelta(hours=20)) == "due in 1 hour"
    assert (clock.is_staffed(friday + timedelta(hours=20)), clock.next_staffed(asked)) == (False, tuesday)
    assert clock.words(asked, tuesday + timedelta(minutes=90)) == "30 minutes late"


def test_spans_are_said_as_people_say_them() -> None:
    said = [span_words(minutes) for minutes in (0, 1, 59.9, 60, 150, 60 * 47, 60 * 48, 60 * 80)]

    assert said == ["0 minutes", "1 minute", "59 minutes", "1 hour", "2 hours", "47 hours", "2 days", "3 days"]


def test_the_promise_is_set_by_organisers(staff_client: Any, session: Session, event: Event) -> None:
    organiser, page = staff_client(Role.ORGANISER, event), "/desk/k7pm/plan/replies"

    wrong = organiser.post_form(page, {"kind": "question", "within_hours": "4", "staffed": "some time"})
    assert (wrong.status_code, "Write it like" in wrong.text) == (422, True)
    lines = "17 March 2026, 9:30am to 4:15pm\n18/3/2026 9 to noon"
    organiser.post_form(page, {"kind": "question", "within_hours": "4", "staffed": lines})

    assert "Questions are answered within 4 staffed hours." in organiser.words(DESK)
    assert "18 March 2026, 9am to noon" in organiser.get(page).text


def test_periods_that_overlap_are_refused(session: Session, event: Event) -> None:
    day, at = event.held_on, event.starts
    overlapping = [(day, at, event.ends), (day, at.replace(hour=11), event.ends)]

    with pytest.raises(Refusal, match="overlap"):
        promise_replies(session, event, kind=Kind.QUESTION, within_hours=2, staffed=overlapping, actor="Jo")


def test_hours_on_duty_move_with_the_day_and_the_plan_says_so(
    staff_client: Any, client: Visitor, session: Session, event: Event
) -> None:
    staffed = [(event.held_on, event.starts, event.ends)]
    promise = promise_replies(session, event, kind=Kind.QUESTION, within_hours=1, staffed=staffed, actor="Priya")
    assert promise is not None
    session.commit()
    organiser, details = staff_client(Role.ORGANISER, event), "/desk/k7pm/plan/details"
    # The clocks go forward between the two days, and duty begins at the same time of the venue's clock.
    day = date(2027, 6, 8)
    typed = {"starts": "9:30", "ends": "16:15", "title": "A day", "expected_people": "80"}

    answer = organiser.post_form(details, {**typed, "held_on": ["8", "June", "2027"]})

    assert answer.status_code == 302, words_of(answer)
    assert "the hours on duty moved to the new date" in organiser.words("/desk/k7pm/plan")
    session.expire_all()
    at = moment_at(day, staffed[0][1], event.timezone), moment_at(day, staffed[0][2], event.timezone)
    assert promise.periods == [at]
    assert "8 June 2027" in organiser.get("/desk/k7pm/plan/replies").text
