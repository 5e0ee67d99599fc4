"""The bank holidays of England and Wales."""

from collections.abc import Mapping
from datetime import date, timedelta

MONDAY, SATURDAY, SUNDAY = 0, 5, 6


def bank_holidays(year: int) -> Mapping[date, str]:
    """The eight of every year, each on the weekday that stands in for it where it falls on a weekend.

    The rules are those of the Banking and Financial Dealings Act 1971 with the proclamations since. A holiday that is
    proclaimed for one year alone, such as for a coronation, is not known here.
    """
    easter = easter_sunday(year)
    christmas = date(year, 12, 25)
    found = {
        _stood_in_for(date(year, 1, 1)): "New Year’s Day",
        easter - timedelta(days=2): "Good Friday",
        easter + timedelta(days=1): "Easter Monday",
        _monday_from(date(year, 5, 1)): "the early May bank holiday",
        _monday_from(date(year, 5, 25)): "the spring bank holiday",
        _monday_from(date(year, 8, 25)): "the summer bank holiday",
        _stood_in_for(christmas): "Christmas Day",
    }
    boxing_day = _stood_in_for(christmas + timedelta(days=1))
    while boxing_day in found:
        boxing_day += timedelta(days=1)
    return {**found, boxing_day: "Boxing Day"}


def easter_sunday(year: int) -> date:
    """The anonymous Gregorian algorithm, as printed in Nature of 20 April 1876."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap_centuries, left = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap_centuries - correction + 15) % 30
    leaps, odd = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * leaps - moon - odd) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _stood_in_for(day: date) -> date:
    """The day itself, or the Monday after it where it falls on a weekend."""
    return day + timedelta(days=(7 - day.weekday()) % 7) if day.weekday() in (SATURDAY, SUNDAY) else day


def _monday_from(day: date) -> date:
    """The first Monday on this day or after it."""
    return day + timedelta(days=-day.weekday() % 7)
