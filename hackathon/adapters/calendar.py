"""Appointments that calendars take in, change and take out again: iCalendar files, to RFC 5545 and RFC 5546."""

import enum
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

PRODUCT = "-//Hackathon//Hackathon//EN"
SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)
YEARS = 8
"""So many years of clock changes tell "the last Sunday" from "the fourth"."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Method(enum.Enum):
    """What a calendar is asked to do: show it to whoever wants it, take it in or change it, take it out."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One person's entry for one event.

    Calendars know it again by its `uid`, and take a later `edition` over an earlier one.
    """

    uid: str
    edition: int
    title: str
    starts: datetime
    ends: datetime
    timezone: str
    place: str
    words: str
    url: str
    organiser: tuple[str, str]
    """Name and address."""
    guest: tuple[str, str]
    stamped: datetime


def calendar_file(appointment: Appointment, method: Method) -> str:
    """The appointment as a file, with the clock of its place and that clock's changes."""
    zone = ZoneInfo(appointment.timezone)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    if zone.key != "UTC":
        calendar.add_component(_clock(zone, appointment.starts.year))
    calendar.add_component(_entry(appointment, zone, method))
    return bytes(calendar.to_ical()).decode()


def _entry(appointment: Appointment, zone: ZoneInfo, method: Method) -> Event:
    entry = Event()
    entry.add("uid", appointment.uid)
    entry.add("sequence", appointment.edition)
    entry.add("dtstamp", appointment.stamped)
    entry.add("dtstart", appointment.starts.astimezone(zone))
    entry.add("dtend", appointment.ends.astimezone(zone))
    entry.add("summary", appointment.title)
    entry.add("location", appointment.place)
    entry.add("description", appointment.words)
    entry.add("url", appointment.url)
    entry.add("organizer", _person(*appointment.organiser))
    if method is not Method.PUBLISH:
        # They have answered on our page: no calendar needs to ask them again, nor to write back.
        entry.add("attendee", _person(*appointment.guest, RSVP="FALSE", PARTSTAT="ACCEPTED", ROLE="REQ-PARTICIPANT"))
    entry.add("status", STATUS[method])
    entry.add("class", "PRIVATE")
    return entry


STATUS = {Method.PUBLISH: "TENTATIVE", Method.REQUEST: "CONFIRMED", Method.CANCEL: "CANCELLED"}


def _person(name: str, address: str, **more: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    for key, value in {**({"CN": name} if name else {}), **more}.items():
        person.params[key] = vText(value)
    return person


@lru_cache(maxsize=64)
def _clock(zone: ZoneInfo, year: int) -> Timezone:
    """The clock of a place from the year before an appointment on, with the rule by which it is changed.

    Written here because the library's own table of changes begins summer an hour late, and because a program that keeps
    the first clock it saw of a place would be wrong about the next event.
    """
    clock = Timezone()
    clock.add("tzid", zone.key)
    alike: dict[tuple[object, ...], list[datetime]] = {}
    for at in _changes(zone, datetime(year - 1, 1, 1, tzinfo=UTC)) or [SINCE_EVER]:
        old, new = (at - A_SECOND).astimezone(zone), at.astimezone(zone)
        alike.setdefault((old.utcoffset(), new.utcoffset()), []).append(at)
    for changes in alike.values():
        rule = _rule(zone, changes)
        for at in changes[:1] if rule else changes:
            clock.add_component(_change(zone, at, rule))
    return clock


def _changes(zone: tzinfo, since: datetime) -> list[datetime]:
    """When the clock of a place is put forward or back in the years from a moment on."""
    days = [since + number * A_DAY for number in range(YEARS * 366)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    return [
        _exactly(zone, days[number], days[number + 1])
        for number in range(len(days) - 1)
        if offsets[number] != offsets[number + 1]
    ]


def _exactly(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The first moment of the new time, between two moments that the change lies between."""
    was = before.astimezone(zone).utcoffset()
    while after - before > A_SECOND:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == was:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _rule(zone: tzinfo, changes: list[datetime]) -> dict[str, object] | None:
    """The same Sunday of the same month every year, counted from its beginning or from its end; or no rule."""
    walls = [_wall_clock_before(zone, at) for at in changes]
    if len({wall.year for wall in walls}) < len(walls) or len(walls) < YEARS - 1:
        return None
    if len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) > 1:
        return None
    from_start = {(wall.day - 1) // 7 + 1 for wall in walls}
    from_end = {-((monthrange(wall.year, wall.month)[1] - wall.day) // 7 + 1) for wall in walls}
    nth = next((which for which in (from_end, from_start) if len(which) == 1), None)
    if nth is None:
        return None
    return {"freq": "yearly", "bymonth": walls[0].month, "byday": f"{nth.pop()}{WEEKDAYS[walls[0].weekday()]}"}


def _wall_clock_before(zone: tzinfo, at: datetime) -> datetime:
    """The wall clock as it was still going when the change came: that is how RFC 5545 wants a change dated."""
    offset = (at - A_SECOND).astimezone(zone).utcoffset() or timedelta()
    return (at + offset).replace(tzinfo=None)


def _change(zone: tzinfo, at: datetime, rule: dict[str, object] | None) -> TimezoneStandard | TimezoneDaylight:
    old, new = (at - A_SECOND).astimezone(zone), at.astimezone(zone)
    change = TimezoneDaylight() if new.dst() else TimezoneStandard()
    change.add("dtstart", _wall_clock_before(zone, at))
    if rule:
        change.add("rrule", rule)
    change.add("tzoffsetfrom", old.utcoffset())
    change.add("tzoffsetto", new.utcoffset())
    change.add("tzname", new.tzname())
    return change
