"""The words of every letter of the calendar, as plain values: the same ones become text and HTML.

A letter has one purpose and few words. What people typed comes into it as words, never as a template.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from hackathon.core.errors import Refusal

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
QUOTED, PROMISED, TOLD = 30, 25, 22
"""Words at most of what somebody wrote, of a promise, and of a recommendation and its reason where several stand."""


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph."""

    kind: ClassVar[str] = "said"
    words: str


@dataclass(frozen=True, slots=True)
class Way:
    """A link, alone on its line. The first one of a letter is a button."""

    kind: ClassVar[str] = "way"
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """What somebody wrote, in their own words."""

    kind: ClassVar[str] = "quoted"
    words: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Short facts, each with its name."""

    kind: ClassVar[str] = "listed"
    rows: tuple[tuple[str, str], ...]


Block = Said | Way | Quoted | Listed


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter may tell of the event. Words are ready to be read; addresses are whole."""

    title: str
    question: str
    day: str
    starts: str
    ends: str
    doors: str
    place: str
    code: str
    home: str
    contact: str = ""
    phone: str = ""
    sponsor: str = ""
    promise: str = ""
    report_day: str = ""
    in_series: bool = False
    waiting: int = 0
    documents: tuple[tuple[str, str, int], ...] = ()
    """Title, address and minutes of reading."""
    figures: tuple[str, ...] = ()
    going: int = 0
    already: int = 0
    not_going: tuple[tuple[str, str], ...] = ()
    undecided: int = 0
    closes_on: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """What a letter may tell of the person who reads it."""

    called: str = ""
    link: str = ""
    """Their own page, or the one that leads them on."""
    in_room: bool = True
    table: str = ""
    in_line: int = 0
    """Whose turn it is to get a place: 1 is the next."""
    number: int = 0
    own_words: str = ""
    theme: str = ""
    decision: str = ""
    reason: str = ""
    owner: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """A letter that is ready to be laid out."""

    subject: str
    greeting: str
    blocks: tuple[Block, ...]


Writer = Callable[[Occasion, Reader], Iterator[Block]]


def write_letter(name: str, event: Occasion, reader: Reader, *, opening: str = "") -> Words:
    """The whole letter. `opening` are an organiser's own words; without any the letter's own opening stands there."""
    subject, own_opening, body = LETTERS[name]
    first = Said(filled_in(opening or own_opening, event))
    end = Said(f"Questions? Answer this letter, {event.contact} reads it.") if event.contact else None
    blocks = [first, *body(event, reader), *filter(None, [end])]
    return Words(filled_in(subject, event), f"Hello {reader.called}," if reader.called else "Hello,", tuple(blocks))


def usual_opening(name: str) -> str:
    return LETTERS[name][1]


def check_opening(opening: str) -> None:
    """Refuse a word in braces that no letter knows: it would stand there as it is, and look like a mistake."""
    known = _known_words(NO_OCCASION)
    for found in PLACEHOLDER.finditer(opening):
        if found[1] not in known:
            listed = ", ".join(f"{{{name}}}" for name in known)
            raise Refusal(f"No letter knows {found[0]}. You can write {listed}.", "opening")


def filled_in(words: str, event: Occasion) -> str:
    """Words with their placeholders filled in, once: what is put in is not looked at again."""
    known = _known_words(event)
    return PLACEHOLDER.sub(lambda found: known.get(found[1], found[0]), words)


def _known_words(event: Occasion) -> Mapping[str, str]:
    return {
        "title": event.title,
        "question": event.question,
        "day": event.day,
        "starts": event.starts,
        "ends": event.ends,
        "place": event.place,
    }


def cut_to(words: str, most: int) -> str:
    """The first so many words, with a mark where there were more."""
    split = words.split()
    return " ".join(split[:most]) + (" …" if len(split) > most else "")


NO_OCCASION = Occasion(title="", question="", day="", starts="", ends="", doors="", place="", code="", home="")


def _when_and_where(event: Occasion) -> Listed:
    place = (("Where", event.place),) if event.place else ()
    return Listed((("What", event.title), ("When", f"{event.day}, {event.starts} to {event.ends}"), *place))


def _save_the_date(event: Occasion, reader: Reader) -> Iterator[Block]:
    yield _when_and_where(event)
    yield Said("An invitation with the way to register follows. The day is enclosed for your calendar.")
    yield Way("What it is about", event.home)


def _invitation(event: Occasion, reader: Reader) -> Iterator[Block]:
    yield Quoted(event.question)
    if event.sponsor:
        promise = f" The promise: {cut_to(event.promise, PROMISED)}" if event.promise else ""
        yield Said(f"{event.sponsor} asks this question.{promise}")
    yield Said("It is for everybody whom the question concerns. You need to prepare nothing.")
    yield _when_and_where(event)
    yield Said("In the room it takes the day; from outside, ten minutes whenever they suit you.")
    yield Way("Register", reader.link)
    yield Said("If you need something to take part fully, say so as you register, or answer this letter.")
    yield Way("No, thank you", f"{reader.link}/no")


def _invitation_again(event: Occasion, reader: Reader) -> Iterator[Block]:
    yield Quoted(event.question)
    yield _when_and_where(event)
    yield Way("Register", reader.link)
    yield Way("No, thank you: do not remind me", f"{reader.link}/no")


def _documents(event: Occasion, reader: Reader) -> Iterator[Block]:
    for title, address, minutes in event.documents:
        yield Way(f"{title} ({minutes} {'minute' if minutes == 1 else 'minutes'} to read)", address)
    yield Said("Nothing is enclosed: each opens in your browser.")
    yield Way("The whole pack", f"{event.home}/pack")


def _reminder(event: Occasion, reader: Reader) -> Iterator[Block]:
    yield _when_and_where(event)
    yield Way("Yes, I am still coming", f"{reader.link}/coming")
    yield Way("No, I cannot come", f"{reader.link}/give-up")
    yield from _another_place(event, reader)
    if event.waiting and reader.in_room:
        people = "1 person waits" if event.waiting == 1 else f"{event.waiting} people wait"
        yield Said(f"{people} for a place, and would be glad of yours.")


def _waiting(event: Occasion, reader: Reader) -> Iterator[Block]:
    yield Listed((("What", event.title), ("When", f"{event.day}, {event.starts}")))
    yield Said(f"You are number {reader.in_line} of {event.waiting} in line. We write at once when a place is yours.")
    yield Said("Until then, please do not set out.")
    yield Way("Take part from outside", f"{event.home}/outside")
    yield from _another_place(event, reader)
    yield Way("Stop waiting: no more of these letters", f"{reader.link}/give-up")


def _another_place(event: Occasion, reader: Reader) -> Iterator[Block]:
    if event.in_series:
        yield Way("Move to another place", f"{reader.link}/move")


def _morning(event: Occasion, reader: Reader) -> Iterator[Block]:
    if reader.in_room:
        rows = [("Where", event.place), ("Doors", event.doors), ("Start", event.starts), ("Your table", reader.table)]
    else:
        rows = [("Start", event.starts)]
    rows += [("Code", event.code), ("Phone", event.phone)]
    yield Listed(tuple((name, words) for name, words in rows if words))
    yield Way("Your own page", reader.link)


def _missed_you(event: Occasion, reader: Reader) -> Iterator[Block]:
    yield Said("Your thoughts still count. What you add now stands with those from outside the room.")
    yield Way("Add a thought", f"{event.home}/outside")
    yield Way("What was said", f"{event.home}/insights")


def _digest(event: Occasion, reader: Reader) -> Iterator[Block]:
    yield Quoted(event.question)
    yield Listed(tuple(("", words) for words in event.figures))
    yield Way("Add what came to you later", f"{event.home}/outside")
    yield Way("What was said", f"{event.home}/insights")
    if event.report_day:
        yield Said(f"The report comes on {event.report_day}. It says what was said, not what will be done.")


def _report(event: Occasion, reader: Reader) -> Iterator[Block]:
    yield Way("Read it as a page", f"{event.home}/write-up")
    yield Way("Read it as a PDF", f"{event.home}/write-up.pdf")
    yield Said("What happens next: every recommendation gets an answer, with a reason.")
    yield Way("What was decided", f"{event.home}/outcomes")


def _heard(event: Occasion, reader: Reader) -> Iterator[Block]:
    yield Quoted(cut_to(reader.own_words, QUOTED))
    yield Said(f"We put it under: {reader.theme}." if reader.theme else "We found no theme for it.")
    yield Said("If that is not what you meant, say so with one tap.")
    yield Way("See it, or object", reader.link)


def _decision(event: Occasion, reader: Reader) -> Iterator[Block]:
    owner = f" Owner: {reader.owner}." if reader.owner else ""
    yield Said(f"Number {reader.number}: {reader.decision}.{owner}")
    yield Quoted(reader.reason)
    more = f", {reader.more + 1} of yours" if reader.more else ""
    yield Way(f"All decisions{more}", f"{event.home}/outcomes?number={reader.number}")


def _you_said(event: Occasion, reader: Reader) -> Iterator[Block]:
    rows = [("Going ahead", event.going), ("Done already", event.already), ("Not going ahead", len(event.not_going))]
    yield Listed(tuple((name, str(number)) for name, number in [*rows, ("Not decided yet", event.undecided)] if number))
    for recommendation, reason in event.not_going[:2]:
        yield Said(f"Not done: {cut_to(recommendation, TOLD)}")
        yield Said(f"Because: {cut_to(reason, TOLD)}")
    yield Way("All of it, with every reason", f"{event.home}/outcomes")
    if event.closes_on:
        yield Said(f"When {event.closes_on} is over, we delete your name, your address and everything else about you.")


def _moved(event: Occasion, reader: Reader) -> Iterator[Block]:
    yield _when_and_where(event)
    yield Said("The entry in your calendar is changed with this letter. Your place stays yours.")
    yield Way("No, I cannot come", f"{reader.link}/give-up")


LETTERS: Mapping[str, tuple[str, str, Writer]] = {
    "save-the-date": ("Save the date: {title}", "Please keep this day free.", _save_the_date),
    "invitation": ("You are invited: {title}", "We would like to have you with us when this is answered:", _invitation),
    "invitation-again": (
        "Will you come? {title}",
        "We invited you and have not heard from you. The question is still open:",
        _invitation_again,
    ),
    "pack-1": ("Before {title}: what it is about", "Here is what the day is for, in short.", _documents),
    "pack-2": ("Before {title}: what we know so far", "A little to read before the day.", _documents),
    "reminder": ("Still coming? {title}", "The day is near, and we are looking forward to you.", _reminder),
    "waiting": ("You are still waiting: {title}", "The day is near, and you still wait for a place.", _waiting),
    "morning": ("Today: {title}", "Good morning. It is today.", _morning),
    "missed-you": ("We missed you at {title}", "We missed you.", _missed_you),
    "digest": (
        "Thank you: {title}",
        "Thank you for taking part. This was the question, and this is what came.",
        _digest,
    ),
    "report": ("The report is ready: {title}", "The report on what everybody said is ready.", _report),
    "heard": ("Did we hear you right? {title}", "You wrote:", _heard),
    "decision": ("A decision on your idea: {title}", "Something you wrote is decided.", _decision),
    "you-said": ("You said, we did: {title}", "This is what became of what everybody said.", _you_said),
    "moved": ("New date or place: {title}", "Something has changed. This holds now:", _moved),
}
"""By name: the subject, the usual opening, and what follows it."""
