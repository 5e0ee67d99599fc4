"""What time it is, and how people say it."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def today(timezone: str) -> date:
    """The date on the wall calendar of the venue."""
    return local(now(), timezone).date()


def local(moment: datetime, timezone: str) -> datetime:
    """A moment on the wall clock of the venue (an IANA name such as "Europe/London")."""
    return moment.astimezone(ZoneInfo(timezone))


def moment_at(day: date, at: time, timezone: str) -> datetime:
    """The moment at which the venue's clock shows this time on this day, in UTC."""
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)


def spoken_date(day: date) -> str:
    """Tuesday 17 March 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(day: date) -> str:
    """17 March 2026."""
    return f"{day.day} {day:%B %Y}"


def spoken_time(at: time | datetime) -> str:
    """9:30am, noon, 4:15pm."""
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    if (at.hour, at.minute) == (0, 0):
        return "midnight"
    hour = at.hour % 12 or 12
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{hour}{minutes}{'am' if at.hour < 12 else 'pm'}"
