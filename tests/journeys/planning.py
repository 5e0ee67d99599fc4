"""How an organiser brings an event about, page by page, as every journey needs it."""

import re
from datetime import date

from tests.journeys.people import Person
from tests.journeys.postbox import Postbox, words_of

TITLE = "Hack the way we lead change"
PROMISE = "The board decides on every recommendation within six weeks, and says why where it says no."
SPONSOR = "Dr Amina Rahman"
PLACE = "Postgraduate Centre, Royal Infirmary"


def sign_in(person: Person, link: str) -> None:
    person.open(link)
    person.click("Sign in")


def sign_in_by_mail(person: Person, address: str, postbox: Postbox, mailbox: str) -> None:
    """Ask for a letter, and paste the digits that came with it."""
    before = len(postbox.letters)
    person.open(f"{address}/sign-in")
    person.fill("Your email address", mailbox)
    person.click("Send me a code")
    letter = postbox.letter_about("Your code to sign in", after=before)
    (digits,) = re.findall(r"\b\d{6}\b", words_of(letter, "plain"))
    person.fill("The six digits in the letter", digits)
    person.click("Sign in")


def make_draft(
    person: Person,
    *,
    held_on: date,
    people: int,
    pack: str = TITLE,
    title: str = TITLE,
    place: str = PLACE,
    sponsor: str = SPONSOR,
) -> str:
    """Answer what begins an event. Whoever has none yet is asked at once. Returns its code."""
    new = person.page.get_by_role("link", name="Plan a new event")
    if new.is_visible():
        person.click("Plan a new event")
    person.choose(pack)
    person.fill("Title", title)
    person.fill_day("Date", held_on)
    if place:
        person.fill("Place (optional)", place)
    if sponsor:
        person.fill("Sponsor (optional)", sponsor)
    person.fill("People expected in the room", str(people))
    person.click("Make the draft")
    return person.page.url.split("/")[-2]


def promise(person: Person, *, owner: str) -> None:
    """From the plan: what the sponsor promises, and who sees it through."""
    person.unfold("The promise, and who could come")
    person.click("The sponsor’s promise")
    person.fill("What they promise, in their own words", PROMISE)
    person.fill("Follow-through owner", owner)
    person.click("Save")


def declare_base(person: Person, *, room: int, outside: int) -> None:
    """From the plan: how many people could take part."""
    person.unfold("The promise, and who could come")
    person.click("How many people could take part")
    person.fill("In the room", str(room))
    person.fill("Outside", str(outside))
    person.fill("How you know", "The seating plan and the staff list of 1 October")
    person.click("Save")


def move_to(person: Person, stage: str) -> None:
    """From the plan: where the event is now."""
    person.unfold("The day and after")
    person.click("Where the event is now")
    person.choose(stage)
    person.click("Move the event")


def hold_event(person: Person, link: str, *, held_on: date, people: int, stage: str) -> str:
    """Everything up to an event that is on. Returns its code."""
    sign_in(person, link)
    code = make_draft(person, held_on=held_on, people=people)
    promise(person, owner="Lucy Obi")
    declare_base(person, room=people, outside=1000)
    person.click("Publish the event")
    move_to(person, stage)
    return code
