"""How an organiser brings an event about, page by page, as every journey needs it."""

from datetime import date

from tests.journeys.people import Person

TITLE = "Hack the way we lead change"
PROMISE = "The board decides on every recommendation within six weeks, and says why where it says no."


def sign_in(person: Person, link: str) -> None:
    person.open(link)
    person.click("Sign in")


def make_draft(person: Person, *, held_on: date, people: int, pack: str = TITLE, title: str = TITLE) -> str:
    """Answer the six questions that begin an event. Returns its code."""
    page = person.page
    person.click("Plan your first event" if page.get_by_text("No event yet").is_visible() else "Plan a new event")
    person.choose(pack)
    person.fill("Title", title)
    person.fill_day("Date", held_on)
    person.fill("Start", "9:30am")
    person.fill("Place", "Postgraduate Centre, Royal Infirmary")
    person.fill("People expected in the room", str(people))
    person.click("Make the draft")
    return page.url.split("/")[-2]


def promise(person: Person, *, owner: str) -> None:
    """From the plan: what the sponsor promises, and who sees it through."""
    person.click("The sponsor’s promise")
    if not person.page.get_by_label("Sponsor", exact=True).input_value():
        person.fill("Sponsor", "Dr Amina Rahman")
        person.fill("What they promise, in their own words", PROMISE)
    if owner:
        person.fill("Follow-through owner", owner)
    person.click("Save")


def declare_base(person: Person, *, room: int, outside: int) -> None:
    """From the plan: how many people could take part."""
    person.click("The declared base")
    person.fill("In the room", str(room))
    person.fill("Outside", str(outside))
    person.fill("How you know", "The seating plan and the staff list of 1 October")
    person.click("Save")


def move_to(person: Person, stage: str) -> None:
    """From the plan: where the event is now."""
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
