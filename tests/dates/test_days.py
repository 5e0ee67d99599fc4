"""Every day of an event, counted from the one on which it is held."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from hackathon.adapters.mail import post_letter
from hackathon.core.clock import moment_at, now, today
from hackathon.dates.document import Day
from hackathon.dates.queries import clash_of, days_of, parted
from hackathon.desk.operations import plan_event
from hackathon.events.models import Event
from hackathon.events.operations import describe_event
from hackathon.packs.transfer import pack_on_disk
from hackathon.participants.operations import set_places
from hackathon.participants.queries import places_of
from tests.makers import make_account, make_event

HELD_ON = date(2027, 6, 17)
TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def event(session: Session) -> Event:
    return plan_event(
        session,
        pack=pack_on_disk("change-model"),
        title="Hack the way we lead change",
        held_on=HELD_ON,
        starts=time(9, 30),
        venue="The Corn Store",
        expected_people=80,
        account=make_account(session),
    )


def move(session: Session, event: Event, held_on: date) -> None:
    describe_event(
        session,
        event,
        title=event.title,
        held_on=held_on,
        starts=event.starts,
        ends=event.ends,
        doors=None,
        venue=event.venue,
        expected_people=80,
        contact_name="Priya",
        contact_email="",
        contact_phone="",
        actor="Priya",
    )


def test_letters_the_pack_and_the_report_are_counted_from_the_day(session: Session, event: Event) -> None:
    days = days_of(session, event)

    assert days == sorted(days, key=lambda day: day.on)
    assert Day(HELD_ON - timedelta(days=84), "Letter: Save the date") in days
    assert Day(HELD_ON, "The day itself") in days
    assert Day(HELD_ON + timedelta(days=5), "The report is due") in days
    assert [day.what.partition(":")[0] for day in days if day.on == HELD_ON - timedelta(days=28)] == ["Letter", "Pack"]


def test_the_last_day_to_give_a_place_up_moves_with_the_event_at_the_same_time_of_day(
    session: Session, event: Event
) -> None:
    before_the_clocks_change = moment_at(date(2027, 3, 22), time(17), "Europe/London")
    set_places(session, event, chairs=80, cut_off=before_the_clocks_change, actor="Priya")

    move(session, event, HELD_ON + TWO_WEEKS)

    places = places_of(session, event)
    assert places is not None
    assert places.closes_at == moment_at(date(2027, 4, 5), time(17), "Europe/London")
    assert Day(date(2027, 4, 5), "Last day to give a place up") in days_of(session, event)


def test_another_date_moves_every_day_to_come_and_none_on_which_something_was_sent(
    session: Session, event: Event
) -> None:
    post_letter(
        session,
        kind="letters.invitation",
        to_address="mair@example.org",
        subject="Come",
        text="Come.",
        event_id=event.id,
    )
    before = days_of(session, event)

    move(session, event, HELD_ON + TWO_WEEKS)

    after = days_of(session, event)
    sent = [Day(today(event.timezone), "Letter: Invitation", fixed=True)]
    assert [day for day in before if day.fixed] == [day for day in after if day.fixed] == sent
    assert [(day.on + TWO_WEEKS, day.what) for day in before if not day.fixed] == [
        (day.on, day.what) for day in after if not day.fixed
    ]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2027, 3, 29), "Easter Monday, a bank holiday in England and Wales"),
        (date(2027, 5, 31), "The spring bank holiday in England and Wales"),
        (date(2027, 6, 19), "A Saturday"),
        (HELD_ON, ""),
    ],
)
def test_a_day_on_which_people_may_be_off_says_so(session: Session, day: date, said: str) -> None:
    assert clash_of(make_event(session), day) == said


def test_holidays_of_britain_are_not_those_of_everywhere(session: Session) -> None:
    assert clash_of(make_event(session, timezone="Europe/Berlin"), date(2027, 5, 31)) == ""


def test_an_event_without_a_pack_has_its_letters_all_the_same(session: Session) -> None:
    assert any(day.what == "Letter: Invitation" for day in days_of(session, make_event(session)))


def test_each_day_stands_once_in_what_is_over_comes_next_or_comes_later(session: Session, event: Event) -> None:
    event.held_on = now().date() + timedelta(days=30)
    post_letter(
        session,
        kind="letters.pack-1",
        to_address="mair@example.org",
        subject="The pack",
        text="Read it.",
        event_id=event.id,
    )
    days = days_of(session, event)

    parts = parted(days, event, shown=4)

    assert sorted([*parts.over, *parts.coming, *parts.later], key=days.index) == days
    assert len(parts.coming) == 4
    assert {day.what for day in parts.over} >= {"Letter: Save the date", "Letter: Pack 1"}
    assert parts.coming[-1].on <= parts.later[0].on
