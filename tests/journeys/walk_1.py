"""Walk 1: Priya, organiser, makes an event on a laptop, ten minutes before a meeting."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import page as page_validation
from pikepdf import Pdf
from playwright.sync_api import Browser, Response

from hackathon.maths.holidays import bank_holidays
from hackathon.porch.copies import Copy, running_copy
from hackathon.porch.goals import Measured, at_most, holds
from tests.chromium import open_browser
from tests.journeys.people import LAPTOP, PDF, Person, at_terminal
from tests.journeys.planning import SPONSOR, make_draft, sign_in_by_mail
from tests.journeys.postbox import Postbox, mail_server

PRIYA, MAIR = "priya@example.org", "mair@example.org"
OWNER = "Lucy Obi, improvement lead"
PEOPLE, TABLES, SIGNS = 80, 10, 10
TYPING, READING, CLICK = 40, 240, 1.5
"""Words a minute that an office worker types and reads, and seconds that one click takes: modelled, not measured."""
MOVED = timedelta(days=14)
A3 = 1191
"""Points across a sheet of A3 that lies on its side; one that stands is as high."""
LONGEST_PRINT = 60_000

# What stands empty, is not marked as optional, and is not folded away.
TO_FILL_IN = """() => [...document.querySelectorAll("main .govuk-form-group")]
  .filter((group) => !group.parentElement.closest(".govuk-form-group") && group.checkVisibility())
  .filter((group) => {
    const boxes = [...group.querySelectorAll("input:not([readonly]), textarea, select")];
    return boxes.length && !boxes.some((box) => (/radio|checkbox/.test(box.type) ? box.checked : box.value));
  })
  .map((group) => group.querySelector("legend, label").innerText.trim())
  .filter((label) => !label.includes("(optional)"))"""


class Organiser(Person):
    """Priya: beside clicks and words, what she is made to fill in, and what she reads behind a fold."""

    to_fill_in: set[str]
    unfolded: int = 0

    def unfold(self, name: str) -> None:
        before = self.words()
        super().unfold(name)
        self.unfolded += self.words() - before

    def _read(self) -> None:
        super()._read()
        if "/sign-in" not in self.page.url:
            self.to_fill_in = getattr(self, "to_fill_in", set()) | set(self.page.evaluate(TO_FILL_IN))


def walk(folder: Path) -> Iterator[Measured]:
    with open_browser() as browser:
        yield from play(browser, folder)


def play(browser: Browser, folder: Path) -> Iterator[Measured]:
    with mail_server() as (postbox, smtp_url), running_copy(demo=False, smtp_url=smtp_url) as copy:
        at_terminal(copy, "staff", "link", PRIYA)
        priya = Organiser(browser, folder, **LAPTOP)
        held_on = _a_working_day(datetime.now(UTC).date() + timedelta(days=60))
        began = time.monotonic()
        code = _up_to_the_plan(priya, copy, postbox, held_on)
        yield from _look_at_what_matters(priya)
        yield from _publish(priya)
        yield from _print(priya)
        yield from _what_it_took(priya, time.monotonic() - began)
        yield from _move_the_date(priya, browser, copy, code, held_on, postbox)
        yield from _slip(priya, copy, held_on)
        yield from _two_tabs(priya)
        yield from _leave_and_come_back(priya, browser, copy, postbox)


def _up_to_the_plan(priya: Person, copy: Copy, postbox: Postbox, held_on: date) -> str:
    """Steps 1 to 3: the code from her mail, the pack, and what she knows about the event."""
    sign_in_by_mail(priya, copy.address, postbox, PRIYA)
    priya.photograph("1-new-event")
    code = make_draft(priya, held_on=held_on, people=PEOPLE)
    priya.photograph("2-plan")
    return code


def _look_at_what_matters(priya: Person) -> Iterator[Measured]:
    """Steps 4 to 8: the question bench, the dates, the room, registration, the privacy notice."""
    priya.click("The question")
    priya.photograph("3-question")
    link = priya.page.get_by_label("The testers’ link").input_value()
    priya.click("Copy")
    priya.click("Keep the question")
    yield holds("the testers’ link opens a draft that nobody else sees", _opens(priya, link), "it asks for three taps")
    priya.unfold("Other dates")
    priya.photograph("4-dates")
    priya.click("The room")
    priya.fill("Other rooms (optional)", "Quiet room, first floor on the left")
    priya.photograph("5-room")
    priya.click("Set out the room")
    said = priya.says()
    yield holds("the room has its tables and its quiet room", "10 tables, 80 seats, Quiet room" in said, "as typed")
    priya.click("Registration")
    priya.fill("Places beyond the chairs, in a hundred (optional)", "20")
    priya.photograph("6-registration")
    priya.click("Keep this")
    yield holds(
        "a fifth more places, then a waiting list", "96 places, then a waiting list" in priya.says(), "96 for 80"
    )
    priya.click("The privacy notice")
    priya.photograph("7-privacy-notice")
    priya.unfold("Read the whole notice")
    yield holds("the notice names every question of the form", _names_what_is_asked(priya), "its table is the form’s")
    priya.photograph("8-privacy-notice-whole")
    priya.click("Back to the plan")


def _publish(priya: Person) -> Iterator[Measured]:
    """Step 9: first too early, without an owner; then rightly."""
    priya.click("Publish the event")
    refusal = _notice(priya)
    yield holds(
        "publishing is refused in one sentence without a follow-through owner",
        "follow-through owner" in refusal and _sentences(refusal) == 1 and _is_draft(priya),
        refusal,
    )
    priya.photograph("9-refused")
    priya.fill("Follow-through owner", OWNER)
    priya.click("Publish the event")
    yield holds("the event is published", not _is_draft(priya), _notice(priya))
    priya.photograph("10-published")


def _print(priya: Person) -> Iterator[Measured]:
    """Step 10: one button, a page that waits, one PDF."""
    began = time.monotonic()
    with priya.page.expect_response(_is_paper, timeout=LONGEST_PRINT) as coming:
        priya.click("Print everything")
        priya.photograph("11-progress")
    seconds = time.monotonic() - began
    paper = priya.context.request.get(coming.value.url, headers={"Accept": PDF}).body()
    (priya.folder / "everything.pdf").write_bytes(paper)
    yield at_most("seconds to print everything, from the click to the file", seconds, 10, "s")
    with Pdf.open(BytesIO(paper)) as pdf:
        large = sum(A3 in (round(float(each)) for each in page.mediabox[2:]) for page in pdf.pages)
        small = len(pdf.pages) - large
    yield holds(
        "10 tents, 10 signs and the run sheet are in one PDF, with the list of its pages and more",
        large >= SIGNS and small >= TABLES + 2,
        f"{large} sheets of A3, {small} of A4",
    )
    failures = [failure.message for failure in page_validation.validate_pdf_bytes(paper, profile="ua1").failures]
    yield holds("it validates as tagged (PDF/UA-1)", not failures, "; ".join(failures) or "no failure")


def _is_paper(answer: Response) -> bool:
    return answer.headers.get("content-type") == PDF


def _what_it_took(priya: Organiser, machine: float) -> Iterator[Measured]:
    """She tried to publish too early once: that click is counted as well."""
    read, typed = sum(priya.screens.values()) + priya.unfolded, priya.typed
    person = 60 * (read / READING + typed / TYPING) + CLICK * priya.clicks
    yield at_most(
        f"minutes: {machine:.0f} s of the machine, and modelled {read} words read at 240 a minute (the whole notice and"
        f" all dates too), {typed} typed at 40, {priya.clicks} clicks of 1.5 s",
        (machine + person) / 60,
        10,
        "min",
    )
    yield at_most("clicks", priya.clicks, 30)
    yield at_most(
        f"fields she must fill in, besides address and code: {', '.join(sorted(priya.to_fill_in))}",
        len(priya.to_fill_in),
        6,
    )
    yield at_most("screens", len(priya.screens), 9)
    for screen, words in priya.screens.items():
        yield at_most(f"words before more: {re.sub('/[A-Z0-9]{4}/', '/CODE/', screen)}", words, 150)


def _move_the_date(
    priya: Person, browser: Browser, copy: Copy, code: str, held_on: date, postbox: Postbox
) -> Iterator[Measured]:
    """One letter goes out first. It stays on its day, and nobody gets it again."""
    _register(browser, priya.folder, f"{copy.address}/e/{code}")
    priya.open(f"{copy.address}/desk/{code}/letters/pack-1")
    priya.click("Send it now")
    priya.click("Send it to 1 person")
    postbox.letter_about("what it is about")
    plan = f"{copy.address}/desk/{code}/plan"
    before = _days(priya, plan)
    priya.unfold("The promise, and who could come")
    priya.click("Title, date and place")
    priya.fill_day("Date", held_on + MOVED)
    priya.click("Save")
    after = _days(priya, plan)
    sent = [line for line in before if line[1].endswith("(sent)")]
    to_come = [(on + MOVED, what) for on, what in before if not what.endswith("(sent)")]
    moved = len(to_come) >= 10 and to_come == [line for line in after if line not in sent]
    yield holds("changing the date moves every later date", moved, f"{len(to_come)} dates, by 14 days")
    stayed = len(sent) == 1 and sent == [line for line in after if line[1].endswith("(sent)")]
    yield holds("and nothing already sent", stayed, " ".join(f"{what}, {on}" for on, what in sent))
    priya.photograph("12-date-moved")


def _slip(priya: Person, copy: Copy, held_on: date) -> Iterator[Measured]:
    """A second draft: closed while it was typed, a date in the past, a bank holiday, a sponsor who stays open."""
    priya.open(f"{copy.address}/desk/new")
    priya.page.get_by_label("Title").press_sequentially("Half a title")
    priya.page.close()
    priya.page = priya.context.new_page()
    priya.open(f"{copy.address}/desk/new")
    still_there = priya.page.get_by_label("Title").input_value() == "Half a title"
    yield holds("what was typed is there when the window is opened again", still_there, "with “Begin anew” beside it")
    priya.photograph("13-typed-before")
    priya.click("Begin anew")
    make_draft(priya, held_on=date(2020, 3, 17), people=24, title="Left half-way", sponsor="")
    refused = "That day is over" in priya.says() and priya.page.get_by_label("Title").input_value() == "Left half-way"
    yield holds("a date in the past is refused, and what she typed is still there", refused, "That day is over")
    priya.photograph("14-date-in-the-past")
    holiday = next(day for year in (held_on.year, held_on.year + 1) for day in bank_holidays(year) if day > held_on)
    priya.fill_day("Date", holiday)
    priya.click("Make the draft")
    told = re.search(r"The day is .*? in England and Wales", priya.says())
    yield holds("a bank holiday is pointed out", told is not None, told[0] if told else "nothing")
    priya.photograph("15-bank-holiday")
    priya.fill("Follow-through owner", OWNER)
    priya.click("Publish the event")
    refusal = _notice(priya)
    yield holds("publishing is refused in one sentence without a sponsor", "sponsor" in refusal, refusal)


def _two_tabs(priya: Person) -> Iterator[Measured]:
    """The same question on two tabs: whoever saves later sees both texts."""
    priya.click("The question")
    other = priya.context.new_page()
    other.goto(priya.page.url)
    other.get_by_label("The question", exact=True).fill("What would you stop tomorrow?")
    other.get_by_role("button", name="Keep the question").click()
    other.close()
    priya.fill("The question", "What would you keep on Monday?")
    priya.click("Keep the question")
    said = priya.says()
    both = "What would you stop tomorrow?" in said and "What would you keep on Monday?" in priya.page.content()
    yield holds("two tabs: the later one sees both texts, and nothing is overwritten", both, "What it says now")
    priya.photograph("16-two-tabs")
    priya.click("Keep the question")


def _leave_and_come_back(priya: Person, browser: Browser, copy: Copy, postbox: Postbox) -> Iterator[Measured]:
    """The browser is closed. On another computer she signs in again and goes on where she was."""
    priya.click("The room")
    priya.fill("Other rooms (optional)", "Quiet room")
    priya.click("Set out the room")
    priya.leave()
    elsewhere = Person(browser, priya.folder, **LAPTOP)
    sign_in_by_mail(elsewhere, copy.address, postbox, PRIYA)
    elsewhere.photograph("17-my-events")
    elsewhere.click("Left half-way")
    found = elsewhere.says()
    elsewhere.click("The question")
    question = elsewhere.page.get_by_label("The question", exact=True).input_value()
    elsewhere.click("Back to the plan")
    elsewhere.fill("Sponsor", SPONSOR)
    elsewhere.click("Publish the event")
    kept = "3 tables, 24 seats, Quiet room" in found and question == "What would you keep on Monday?"
    yield holds(
        "leaving half-way loses nothing: room, question and owner are there, and she goes on to publish",
        kept and not _is_draft(elsewhere),
        _notice(elsewhere),
    )
    elsewhere.leave()


def _a_working_day(day: date) -> date:
    while day.weekday() >= 5 or day in bank_holidays(day.year):
        day += timedelta(days=1)
    return day


def _opens(priya: Person, link: str) -> bool:
    stranger = priya.context.browser.new_context(**LAPTOP)  # type: ignore[union-attr]  # a context of a browser has one
    page = stranger.new_page()
    page.goto(link)
    page.screenshot(path=priya.folder / "3-testers.png", full_page=True)
    asked = page.get_by_role("radio").count() == 6
    stranger.close()
    return asked


def _names_what_is_asked(priya: Person) -> bool:
    asked = re.search(r"(\d+) questions are asked", priya.says())
    return asked is not None and priya.page.locator(".asked tbody tr").count() == int(asked[1]) > 0


def _register(browser: Browser, folder: Path, home: str) -> None:
    mair = Person(browser, folder, **LAPTOP)
    mair.open(home)
    mair.click("Register")
    mair.fill("Your name", "Mair Evans")
    mair.fill("Your email address", MAIR)
    mair.choose("In the room")
    mair.click("Register")
    mair.leave()


def _notice(person: Person) -> str:
    return " ".join(person.page.locator(".notice, .govuk-error-summary__list").all_inner_texts())


def _sentences(words: str) -> int:
    return len(re.findall(r"[.!?](?:\s|$)", words))


def _is_draft(person: Person) -> bool:
    return person.page.get_by_role("button", name="Publish the event").is_visible()


def _days(person: Person, plan: str) -> list[tuple[date, str]]:
    """All dates that the plan has, folded or not, in their order."""
    person.open(plan)
    rows = person.page.locator(".days tr").all()
    said = [[" ".join(cell.split()) for cell in row.locator("th, td").all_text_contents()] for row in rows]
    return sorted((datetime.strptime(on, "%d %B %Y").replace(tzinfo=UTC).date(), _plain(what)) for on, what in said)


def _plain(what: str) -> str:
    """What happens, without what is to be minded about the day: that is another one after it has moved."""
    return re.split(r"(?<=[a-z):?])(?=(?:A (?:Saturday|Sunday)|[A-Z][^:]* in England))", what)[0]
