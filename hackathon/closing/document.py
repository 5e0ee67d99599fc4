"""What goes when an event is closed, what stays and why, and what its certificate says: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

USUALLY_AFTER = 84
"""Days: twelve weeks, when the last letter says what became of everything."""
LATEST = 366

GOES: Mapping[str, str] = {
    "people": "Names, addresses and personal links",
    "places": "Places, tickets, and when people came",
    "answers": "Answers of the registration form",
    "needs": "What was arranged for people",
    "seats": "Seats, chosen themes and wishes",
    "invitations": "People on the lists of invitations",
    "letters": "Letters, sent or waiting",
    "addresses": "Addresses left to hear back",
    "names": "Names behind thoughts and comments",
    "phones": "Numbers of phones behind thoughts, ballots and receipts",
    "unpublished": "Words that nobody could read in the end: taken down, or never let through",
    "commitments": "Words of commitments that were not to be printed",
    "survey": "Who sent which survey",
    "notes": "Reports about words, and notes of the community desk",
    "papers": "Files of papers that were made",
}
"""Every kind of row that goes, by the name under which the certificate counts it."""

ABOUT_PEOPLE = (
    "people",
    "places",
    "answers",
    "needs",
    "seats",
    "invitations",
    "addresses",
    "names",
    "phones",
    "survey",
)
"""Of these none may ever be there again. Later reports, words taken down later and letters to staff are others."""

STAYS: Mapping[str, tuple[str, str]] = {
    "words": ("Words as everybody could read them, without names", "They are what the event was for"),
    "figures": ("The figures, as they stood", "They were published, and can no longer be counted"),
    "votes": ("Ballots, without phones", "So that every result can be counted again"),
    "decisions": ("Recommendations, decisions and their reasons", "People are owed what became of their words"),
    "pledges": ("Commitments that may be printed", "Their writers gave them to be read, and how they went goes on"),
    "equality": ("Counts of the equality form", "They belong to nobody"),
    "log": ("The log, under staff names, with its seals", "So that what was done can be checked"),
    "reminders": (
        "Last letters on their way, and reminders of commitments",
        "Each address goes when its letter has gone",
    ),
}
"""What is left, with the reason, by the name under which the certificate counts it."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one kind; no number says: all of it. `why` is the reason for what stays."""

    key: str
    words: str
    number: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What goes and what stays, before an event is closed or after it. `reminders_until` is the last of them."""

    goes: tuple[Line, ...]
    stays: tuple[Line, ...]
    reminders_until: date | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a certificate is what it was when it was made.

    `as_made` compares it with its own seal, `in_log` that seal with the log, `is_sealed` says whether a seal of the log
    lies over that line, and `log_is_whole` whether all those seals hold. `left` are rows about people that are there.
    """

    as_made: bool
    in_log: bool
    is_sealed: bool
    log_is_whole: bool
    left: int

    @property
    def holds(self) -> bool:
        return self.as_made and self.in_log and self.log_is_whole and not self.left

    @property
    def words(self) -> str:
        if not self.as_made:
            return "This certificate is not as it was made. Somebody has changed the database behind this program."
        if not self.in_log or not self.log_is_whole:
            return "The log does not bear this certificate out. Somebody has changed the database behind this program."
        if self.left:
            return f"The certificate is as it was made, but {self.left:,} rows about people are there."
        sealed = "and the log is sealed over it" if self.is_sealed else "and the log’s next seal will cover it"
        return f"This certificate is as it was made, {sealed}. No row about people is left."


def lines_of(erased: Mapping[str, int], stays: Mapping[str, int]) -> Reckoning:
    """Counts by their names, as lines to read."""
    return Reckoning(
        goes=tuple(Line(key, words, erased.get(key, 0)) for key, words in GOES.items()),
        stays=tuple(Line(key, words, stays.get(key), why) for key, (words, why) in STAYS.items()),
        reminders_until=date.fromordinal(stays["reminders_until"]) if stays.get("reminders_until") else None,
    )
