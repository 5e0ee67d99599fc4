"""Appointments as another program reads them that shares no code with the one that writes them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject

from hackathon.adapters.calendar import Appointment, Method, calendar_file

APPOINTMENT = Appointment(
    uid="one-person-at-one-event@hack.example.org",
    edition=3,
    title="Zuhören, sagen; tun",
    starts=datetime(2026, 3, 17, 9, 30, tzinfo=UTC),
    ends=datetime(2026, 3, 17, 16, 30, tzinfo=UTC),
    timezone="Europe/London",
    place="The Guildhall, Market Square",
    words="Your own page:\nhttps://hack.example.org/p/token",
    url="https://hack.example.org/e/K7PM",
    organiser=("The hack team", "team@example.org"),
    guest=("Zoë Ng", "zoe@example.org"),
    stamped=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
)


def read(appointment: Appointment, method: Method = Method.REQUEST) -> Any:
    return vobject.readOne(calendar_file(appointment, method))


def test_another_program_reads_what_we_wrote() -> None:
    calendar = read(APPOINTMENT)
    entry = calendar.vevent

    assert calendar.method.value == "REQUEST"
    assert {name: getattr(entry, name).value for name in ("uid", "sequence", "summary", "location", "description")} == {
        "uid": "one-person-at-one-event@hack.example.org",
        "sequence": "3",
        "summary": "Zuhören, sagen; tun",
        "location": "The Guildhall, Market Square",
        "description": "Your own page:\nhttps://hack.example.org/p/token",
    }
    assert (entry.organizer.value, entry.attendee.value) == ("mailto:team@example.org", "mailto:zoe@example.org")
    assert (entry.attendee.params["CN"], entry.attendee.params["RSVP"]) == (["Zoë Ng"], ["FALSE"])
    assert (entry.dtstart.value, entry.dtend.value) == (APPOINTMENT.starts, APPOINTMENT.ends)
    assert (entry.status.value, entry.dtstamp.value) == ("CONFIRMED", APPOINTMENT.stamped)


@pytest.mark.parametrize(
    "place", ["Europe/London", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "Africa/Casablanca", "UTC"]
)
def test_on_every_day_of_a_year_the_file_alone_tells_the_right_moment(place: str) -> None:
    zone = ZoneInfo(place)
    for day in range(0, 3 * 366, 7):
        starts = datetime(2026, 1, 4, 9, 30, tzinfo=zone) + timedelta(days=day)  # Sundays, when clocks are changed
        entry = read(replace(APPOINTMENT, starts=starts, ends=starts + timedelta(hours=7), timezone=place)).vevent

        assert entry.dtstart.value.astimezone(UTC) == starts.astimezone(UTC)
        assert (entry.dtstart.value.hour, entry.dtend.value.hour) == (9, 16), "the wall clock of the venue"


def test_summer_begins_when_it_begins_and_not_an_hour_later() -> None:
    summer = APPOINTMENT.starts + timedelta(days=90)

    written = calendar_file(replace(APPOINTMENT, starts=summer, ends=summer), Method.REQUEST)

    assert "BEGIN:DAYLIGHT\r\nDTSTART:20250330T010000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" in written


def test_a_change_and_a_cancellation_are_about_the_same_entry() -> None:
    first, changed = read(APPOINTMENT), read(replace(APPOINTMENT, edition=4, place="Town hall"))
    gone = read(replace(APPOINTMENT, edition=5), Method.CANCEL)

    assert {calendar.vevent.uid.value for calendar in (first, changed, gone)} == {APPOINTMENT.uid}
    assert [int(calendar.vevent.sequence.value) for calendar in (first, changed, gone)] == [3, 4, 5]
    assert (gone.method.value, gone.vevent.status.value) == ("CANCEL", "CANCELLED")


def test_a_date_to_save_is_tentative_and_asks_nobody() -> None:
    saved = read(APPOINTMENT, Method.PUBLISH)

    assert (saved.method.value, saved.vevent.status.value) == ("PUBLISH", "TENTATIVE")
    assert "attendee" not in saved.vevent.contents


def test_attack_6_no_word_begins_a_line_of_its_own() -> None:
    evil = "Day\r\nATTENDEE:mailto:everyone@evil.test\nEND:VEVENT"

    entry = read(replace(APPOINTMENT, title=evil, place=evil, words=evil, guest=(evil, "zoe@example.org"))).vevent

    assert [attendee.value for attendee in entry.attendee_list] == ["mailto:zoe@example.org"]
    assert entry.summary.value == evil.replace("\r\n", "\n")
