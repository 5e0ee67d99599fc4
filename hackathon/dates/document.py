"""The mail calendar, every letter with its day, its readers and its length; and a day of the plan."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hackathon.addressees.document import Audience
from hackathon.core.clock import moment_at

MORNING, SEVEN, EVENING = time(9), time(7), time(18)
PREFIX = "letters."
COPY = "letters.copy"


@dataclass(frozen=True, slots=True)
class Kind:
    """One letter of the calendar. `days` from the day of the event; without any it goes when what it tells happens.

    `words` names what it says, which two reminders share. It may go by itself for `lasts` after its moment: a letter
    that says "tomorrow" is of no use the day after. What a person must have read first never goes by itself.
    """

    key: str
    title: str
    audience: Audience
    most_words: int
    days: int | None = None
    at: time = MORNING
    lasts: timedelta = timedelta(days=3)
    words: str = ""
    after: bool = False
    read_first: bool = False
    sent_as: str = ""
    """How the outbox calls it where another room posts it."""

    @property
    def name(self) -> str:
        return self.words or self.key

    @property
    def letter_kind(self) -> str:
        return self.sent_as or PREFIX + self.key

    @property
    def is_ours(self) -> bool:
        """Whether it is sent from here; the others go from the room in which it happens what they tell."""
        return not self.sent_as


def _days(number: float) -> timedelta:
    return timedelta(days=number)


CALENDAR = (
    Kind("save-the-date", "Save the date", Audience.INVITED, 80, -84, lasts=_days(21)),
    Kind("invitation", "Invitation", Audience.INVITED, 180, -56, lasts=_days(42)),
    Kind("invitation-again", "Reminder to those invited", Audience.NOT_HEARD_FROM, 120, read_first=True),
    Kind("place", "Place offered, waiting or not offered", Audience.NO_PLACE, 120, sent_as="place.other"),
    Kind("confirmation", "Confirmation", Audience.GIVEN_PLACE, 150, sent_as="place.confirmed"),
    Kind("pack-1", "Pack 1: purpose, question, access", Audience.COMING, 120, -28, lasts=_days(14)),
    Kind("pack-2", "Pack 2: evidence, the day, glossary", Audience.COMING, 120, -14, lasts=_days(7)),
    Kind("reminder-7", "Reminder, a week before", Audience.COMING, 90, -7, lasts=_days(3), words="reminder"),
    Kind("reminder-2", "Reminder, two days before", Audience.COMING, 90, -2, lasts=_days(1.5), words="reminder"),
    Kind("waiting-7", "Still waiting, a week before", Audience.WAITING, 90, -7, lasts=_days(3), words="waiting"),
    Kind("waiting-2", "Still waiting, two days before", Audience.WAITING, 90, -2, lasts=_days(1.5), words="waiting"),
    Kind("moved", "New date or place", Audience.TOLD_OTHERWISE, 90, read_first=True),
    Kind("morning", "On the morning", Audience.COMING, 60, 0, SEVEN, lasts=timedelta(hours=4)),
    Kind("digest", "Thank you and digest", Audience.TOOK_PART, 150, 0, EVENING, after=True, read_first=True),
    Kind("missed-you", "Missed you", Audience.ABSENT, 80, 1, after=True),
    Kind("report", "Report is ready", Audience.EVERYBODY, 120, 5, lasts=_days(30), after=True),
    Kind("heard", "Did we hear you right?", Audience.HEARD, 90, 14, lasts=_days(30), after=True),
    Kind("decision", "Decision on your idea", Audience.DECIDED, 100, 28, lasts=_days(60), after=True),
    Kind("pledge", "Pledge reminder", Audience.PLEDGED, 50, sent_as="follow_up.reminder", after=True),
    Kind("you-said", "You said, we did", Audience.CONTRIBUTORS, 150, 84, lasts=_days(60), after=True),
)
KINDS = {kind.key: kind for kind in CALENDAR}


def due_at(kind: Kind, held_on: date, timezone: str, ends: time) -> datetime | None:
    """The moment of a letter on the venue's clock. A digest waits for the end of a long day."""
    if kind.days is None:
        return None
    at = max(kind.at, ends) if kind.key == "digest" else kind.at
    return moment_at(held_on + timedelta(days=kind.days), at, timezone)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the plan: what happens on it, and what is to be minded about it.

    What has happened already is `fixed`: it stays on its day when the event moves.
    """

    on: date
    what: str
    fixed: bool = False
    mind: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of an event in three parts, each in its order: a day stands in one of them."""

    over: tuple[Day, ...]
    coming: tuple[Day, ...]
    later: tuple[Day, ...]
