"""Walk 4: Jo, facilitator, brings what people said under themes, lets them rate statements in secret, and prints."""

import re
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from pikepdf import Pdf
from playwright.sync_api import Browser

from hackathon.porch.copies import running_copy
from hackathon.porch.goals import Measured, at_most, holds
from tests.chromium import open_browser
from tests.journeys.people import LAPTOP, PHONE, PROJECTOR, Person, sign_in_link
from tests.journeys.planning import hold_event, move_to

CARDS = 46
STATEMENTS = (
    "Every change starts with one page in plain words",
    "Porters and cleaners are asked before a ward is changed",
    "The model keeps its name",
    "A tool that nobody opened for a year is taken off the list",
    "Each team may stop one meeting without asking",
    "Patients chair the first meeting of a new project",
    "Good ideas travel by visits and not by slides",
    "Leaders say in public what they got wrong",
    "Training happens where the work is done",
)
READING_A_CARD = 6.0
"""Seconds to read a dozen words and make up one's mind."""
MAY_SHOW_RESULTS = ("", "/results", "/rate", "/outcomes", "/wall", "/figures.json", "/insights.csv", "/write-up")
CHANGES_BY_ITSELF = re.compile(
    r'name="csrf_token"[^>]*>|name="client_id"[^>]*>|\d{1,2}[:.]\d\d(:\d\d)?\s*(am|pm)?'
    r'|after=\d+|data-after="\d+"|"frozen_at":[^,}]*'
)


def walk(folder: Path) -> Iterator[Measured]:
    with open_browser() as browser:
        yield from play(browser, folder)


def play(browser: Browser, folder: Path) -> Iterator[Measured]:
    with running_copy(demo=False) as copy:
        jo = Person(browser, folder, **LAPTOP)
        today = datetime.now(UTC).date() + timedelta(days=1)
        code = hold_event(jo, sign_in_link(copy), held_on=today, people=48, stage="Opening up")
        event = f"{copy.address}/e/{code}"
        send_thoughts(Person(browser, folder, java_script_enabled=False, **PHONE), event, CARDS)
        yield from _theme(jo, browser)
        yield from _go_on(jo)
        yield from _rate(jo, browser, event)
        yield from _print(jo)
        yield from _show(Person(browser, folder, **PROJECTOR), event)


def send_thoughts(phone: Person, event: str, number: int) -> None:
    """Many thoughts from outside, one after the other."""
    phone.page.goto(f"{event}/outside")
    for each in range(1, number + 1):
        phone.page.get_by_label("Your thought").fill(f"Thought {each}: on our ward everyone but us knew the plan")
        phone.page.get_by_role("button", name="Send this thought").click()
    phone.leave()


def _theme(jo: Person, browser: Browser) -> Iterator[Measured]:
    """Every card under a theme by one key; the last one taken back and put elsewhere."""
    jo.click("Theming")
    jo.photograph("1-theming")
    began, pressed = time.monotonic(), 0
    for left in range(CARDS, 0, -1):
        card = jo.page.locator(".theming-card__facts .said__number")
        number = card.inner_text()
        jo.page.keyboard.press(str(1 + left % 5))
        pressed += 1
        _until_another(jo, number)
    machine = (time.monotonic() - began) / CARDS
    yield at_most("actions to put a card under a theme, by keyboard alone", pressed / CARDS, 2)
    yield at_most("seconds a card in which Jo waits for the machine", machine, 1, "s")
    minutes = CARDS * (machine + READING_A_CARD) / 60
    yield at_most(f"minutes to theme {CARDS} cards alone, with 6 s to read each", minutes, 15, "min")
    jo.photograph("2-all-themed")
    time.sleep(10)
    jo.page.keyboard.press("u")
    jo.page.locator(".theming-card").wait_for()
    jo.page.wait_for_load_state()
    taken_back = f"{CARDS - 1} of {CARDS}" in jo.says()
    yield holds("the last one can be taken back after ten seconds, with a key", taken_back, f"{CARDS - 1} of {CARDS}")
    jo.page.keyboard.press("0")
    jo.page.get_by_text("You have looked at every insight").wait_for()


def _until_another(jo: Person, number: str) -> None:
    """The next card is there, or the sentence that there is none left."""
    others = jo.page.locator(".theming-card__facts .said__number").filter(has_not_text=re.compile(f"^{number}$"))
    others.or_(jo.page.get_by_text("You have looked at every insight")).first.wait_for()
    jo.page.wait_for_load_state()  # the script that hears the keys comes last


def _go_on(jo: Person) -> Iterator[Measured]:
    jo.click("Plan")
    before = jo.clicks
    move_to(jo, "Coming together")
    yield at_most("clicks from the plan to the next stage", jo.clicks - before, 3)
    jo.click("Statements")
    for statement in STATEMENTS:
        jo.fill("Statement", statement)
        jo.click("Add this statement")
    jo.photograph("3-statements")


def _rate(jo: Person, browser: Browser, event: str) -> Iterator[Measured]:
    """Five phones rate, two in opposite ways; what anybody can read is the same whichever way, until it closes."""
    before = jo.clicks
    jo.click("Open the rating")
    jo.fill("How many people in the room may rate?", "48")
    jo.click("Open the rating now")
    yield at_most("clicks to open the rating", jo.clicks - before, 2)
    phones = [Person(browser, jo.folder, **PHONE) for _ in range(5)]
    passer_by = Person(browser, jo.folder, **LAPTOP)
    desk = jo.page.url
    for phone, mark in zip(phones, ("Strongly agree", "Strongly disagree", "Agree", "Neutral", "Agree"), strict=True):
        rate_all(phone, event, [mark] * len(STATEMENTS))
    phones[0].photograph("5-rated", whole=False)
    one_way = _what_can_be_read(jo, passer_by, event, desk)
    rate_all(phones[0], event, ["Strongly disagree"] * len(STATEMENTS))
    rate_all(phones[1], event, ["Not clear to me"] * len(STATEMENTS))
    other_way = _what_can_be_read(jo, passer_by, event, desk)
    differing = [page for page in one_way if one_way[page] != other_way[page]]
    yield holds(
        "before closing, no page’s source depends on how people rated",
        not differing,
        f"{len(one_way)} pages compared{''.join(f', {page} differs' for page in differing)}",
    )
    jo.open(desk)
    jo.photograph("6-open")
    turnout = "5 of 48" in jo.says()
    yield holds("Jo sees the turnout", turnout, "5 of 48")
    refused = not jo.page.get_by_role("button", name="Add this statement").is_visible()
    yield holds("statements stay as they are while they are rated", refused, "nothing to change them with")
    before = jo.clicks
    jo.click("Close the rating")
    jo.photograph("7-close")
    jo.click("Close it and show the results")
    yield at_most("clicks to close the rating", jo.clicks - before, 2)
    jo.photograph("8-closed")
    passer_by.open(f"{event}/results")
    yield holds("after closing, everybody sees the results", STATEMENTS[0] in passer_by.says(), "on the results’ page")
    passer_by.photograph("9-results")
    phones[0].open(f"{event}/results")
    phones[0].photograph("10-results-on-a-phone")
    for person in (*phones, passer_by):
        person.leave()


def rate_all(phone: Person, event: str, marks: Sequence[str]) -> None:
    """Rate every statement from a phone, and send."""
    phone.open(f"{event}/rate")
    for fieldset, mark in zip(phone.page.locator("fieldset.rating").all(), marks, strict=True):
        fieldset.get_by_text(mark, exact=True).tap()
    phone.page.get_by_label("In the room").check()
    if not (phone.folder / "4-rate.png").exists():
        phone.photograph("4-rate")
    phone.page.locator("form.act button[type=submit]").tap()
    phone.page.get_by_text("Your ratings are in").first.wait_for()


def _what_can_be_read(jo: Person, passer_by: Person, event: str, desk: str) -> dict[str, str]:
    """The source of each page that could give a result away, to the public and to the desk."""
    pages = {f"{event}{path}": passer_by for path in MAY_SHOW_RESULTS}
    pages |= {desk: jo, desk.removesuffix("/statements"): jo}
    sources = {address: who.page.request.get(address).text() for address, who in pages.items()}
    return {urlsplit(address).path: CHANGES_BY_ITSELF.sub("", source) for address, source in sources.items()}


def _print(jo: Person) -> Iterator[Measured]:
    before, began = jo.clicks, time.monotonic()
    jo.click("Paper")
    paper = jo.print_out("Write-up as a PDF")
    yield at_most("seconds to print the write-up", time.monotonic() - began, 10, "s")
    yield at_most("clicks to print it", jo.clicks - before, 3)
    (jo.folder / "write-up.pdf").write_bytes(paper)
    with Pdf.open(BytesIO(paper)) as pdf:
        yield holds("the write-up is a tagged PDF", "/StructTreeRoot" in pdf.Root, f"{len(pdf.pages)} pages")


def _show(wall: Person, event: str) -> Iterator[Measured]:
    wall.open(f"{event}/wall")
    wall.photograph("11-wall", whole=False)
    shown = wall.words("body", unscrolled=True)
    yield at_most("words on the wall at once", shown, 40)
    wall.leave()
