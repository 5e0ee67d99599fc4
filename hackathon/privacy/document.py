"""What is kept, why, who sees it, and until when: for people to read, and for a test to hold against the tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hackathon.core.clock import local, spoken_date, spoken_time


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of the data map."""

    what: str
    why: str
    who: str
    until: str
    tables: tuple[str, ...] = ()


FOR_TAKING_PART = (
    Kept(
        "Name, email address, organisation, sector, team, region and job",
        "To give you a place, greet you and write to you about this event",
        "The staff of the event",
        "Until you erase yourself, or the event is closed",
        ("participant",),
    ),
    Kept(
        "Your place: how it stands, your ticket, when you came, who came with you or booked for you, and from or to"
        " which other place of a series you moved",
        "To give places fairly and let you in",
        "The staff of the event",
        "Until you erase yourself, or the event is closed",
        ("registration",),
    ),
    Kept(
        "The themes that you chose, your seat, and with whom you do or do not sit",
        "To mix people over the tables",
        "Organisers and facilitators",
        "Until you erase yourself, or the event is closed",
        ("theme_choice", "seat", "seat_before", "seat_wish", "placement", "seating_run"),
    ),
    Kept(
        "What your table must be, such as step-free or quiet",
        "To seat you where you can take part",
        "The access lead",
        "As long as your answers for the access lead",
        ("seat_need",),
    ),
    Kept(
        "What we arrange so that you can take part, with the access lead’s notes",
        "To have it there on the day",
        "The access lead",
        "As long as your answers for the access lead; what was booked, without you, until it is called off",
        ("access_need", "freed_booking"),
    ),
    Kept(
        "What you wrote: thoughts, comments, commitments, objections",
        "It is what the event is for",
        "Everybody; your name beside it only if you chose so",
        "Without your name for good; with it until you erase yourself, or the event is closed",
        ("insight", "comment", "commitment", "objection", "insight_words"),
    ),
    Kept(
        "What somebody reported of words, without who did; and the notes of those who answer",
        "So that somebody looks, and the next one knows",
        "Those who look after the words; what was done about harm, the care lead alone",
        "Until the event is closed",
        ("concern", "care", "care_given"),
    ),
    Kept(
        "A number that your phone's cookie carries",
        "So that nobody votes twice, and your own words are shown to you",
        "Nobody: it stands on no page and in no file",
        "Until the event is closed; a ballot stays, and then belongs to no phone",
        ("ballot", "rating", "exposure", "act"),
    ),
    Kept(
        "Your invitation: name, email address, team, sector and region as the list had them, and whether you answered",
        "To invite you, and to say how many of those invited came",
        "Organisers",
        "Name and address six weeks after the event, or until you erase yourself; a list nobody took, a day",
        ("invitee", "invitation_list", "list_draft"),
    ),
    Kept(
        "An email address left to hear back about one thought",
        "To send you the answer",
        "Nobody: letters are sent by the machine",
        "Six weeks after the event",
        ("hear_back",),
    ),
    Kept(
        "Your answers in the survey before the day",
        "To begin with what people know already",
        "Organisers, and everybody a few of them; nobody is told that they are yours",
        "Without your address for good; with it until you erase yourself, or the event is closed",
        ("survey_response", "survey_answer"),
    ),
    Kept(
        "Letters to you: which, and when. Their words and your address, only as long as they are on their way",
        "To send each once, and to see what came back",
        "Organisers see how many",
        "Until the event is closed; what is on its way then, and a reminder that you asked for, until it is sent",
        ("letter",),
    ),
    Kept(
        "Counts of the equality form",
        "To see who is reached",
        "Organisers, without small numbers",
        "For good; nothing in them belongs to anybody",
        ("equality_count",),
    ),
    Kept(
        "The log: what happened when, under staff names and without yours",
        "So that what was done can be checked",
        "The staff of the event",
        "As long as the event has a page; nobody can change it",
        ("activity", "seal", "certificate"),
    ),
)

IN_THE_COPY = {
    "participant": "you",
    "registration": "place",
    "registration_answer": "place",
    "access_need": "arranged",
    "invitee": "invitations",
    "letter": "letters",
    "theme_choice": "themes_chosen",
    "seat": "table",
    "seat_need": "table_must_be",
    "placement": "seat_plans",
    "insight": "thoughts",
    "comment": "comments",
    "commitment": "commitments",
    "hear_back": "hears_back_about",
    **dict.fromkeys(("survey_response", "survey_answer"), "survey"),
}
"""Where somebody's own copy holds what a table keeps of them."""

NOT_IN_THE_COPY = {
    "seat_wish": "it is about two people, and what the other said is theirs",
    "seat_before": "while a rehearsal is on, it is where the seat is again afterwards",
    "freed_booking": "nothing says whose it was",
    "seating_run": "it is about the whole room",
    **dict.fromkeys(("objection", "concern"), "nothing says whose it is"),
    "care": "it is from one of those who answer to the next",
    "care_given": "it is what a care lead did, and for them alone",
    "insight_words": "the words of thoughts once more, to look for them",
    **dict.fromkeys(("ballot", "rating", "exposure", "act"), "it belongs to a phone, and nothing says whose that is"),
    **dict.fromkeys(("invitation_list", "list_draft"), "it is about a whole list"),
    **dict.fromkeys(("activity", "seal", "certificate", "equality_count"), "it names nobody who takes part"),
}
"""Why somebody's own copy holds nothing of the other tables."""


STANDS = {
    "applied": "You asked for one",
    "offered": "One is kept for you",
    "confirmed": "You have one",
    "waiting": "You are on the waiting list",
    "lapsed": "It went to somebody else",
    "declined": "There was none for you",
    "cancelled": "You gave it up",
}


def place_in_words(copy: Mapping[str, Any], timezone: str) -> list[tuple[str, str]]:
    """What somebody's copy says of their place, in words and on the venue's clock."""
    place, table = copy["place"], copy["table"]
    came = _spoken(place["came_at"], timezone) if place["came_at"] else "Not yet"
    rows = [
        ("Taking part", "In the room" if place["taking_part"] == "room" else "From outside"),
        ("Your place", STANDS[place["state"]]),
        ("Registered", _spoken(place["registered_at"], timezone)),
        ("Ticket", place["ticket"]),
        ("Came through the door", came),
        ("Table", f"Table {table['number']}" if table else "None yet"),
        ("Comes with you", ", ".join(place["companions"]) or "Nobody"),
        ("Photographs", place["photographs"].removeprefix("Photos: ").capitalize()),
    ]
    return [*rows, *_where_it_holds(place, timezone)]


def _where_it_holds(place: Mapping[str, Any], timezone: str) -> list[tuple[str, str]]:
    """What is kept of some people's place and not of others'."""
    still_coming, lot = place["said_still_coming_at"], place["lot"]
    rows = [
        ("Kept for you until", place["kept_until"] and _spoken(place["kept_until"], timezone)),
        ("You said that you are coming", still_coming and _spoken(still_coming, timezone)),
        ("Number in the ballot", place["number_in_the_ballot"]),
        ("Where the ballot put you", lot and f"Number {lot} in line"),
        ("Registered by", place["booked_by"]),
        ("Moved from or to", ", ".join(place["moved_between"])),
    ]
    return [(what, str(said)) for what, said in rows if said]


def _spoken(moment: str, timezone: str) -> str:
    at = local(datetime.fromisoformat(moment), timezone)
    return f"{spoken_date(at.date())}, {spoken_time(at)}"


@dataclass(frozen=True, slots=True)
class Retention:
    """One registration question: when its answers go, and how many went."""

    label: str
    why: str
    who: str
    due_on: date | None
    answers_now: int
    deleted: int
    deleted_on: date | None


@dataclass(frozen=True, slots=True)
class LogCheck:
    """Whether the log is as it was sealed: how many lines stand under seals, and the first seal that is broken."""

    lines: int
    seals: int
    broken_after: int | None

    @property
    def is_whole(self) -> bool:
        return self.broken_after is None
