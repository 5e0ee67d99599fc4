"""Walk 2: Dan, hospital porter, scans the card on table 7 with his own phone, on a hospital's guest Wi-Fi."""

import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from hackathon.porch.copies import Copy, running_copy
from hackathon.porch.goals import Measured, at_most, holds
from tests.chromium import open_browser
from tests.journeys.people import LAPTOP, PDF, PHONE, PROJECTOR, WEAK_WIFI, Person
from tests.journeys.planning import move_to, sign_in

TABLE = 7
THOUGHT = "Nobody told the porters that the beds on ward four had moved"
SECOND = "A board by the lifts would tell everybody who has no computer"
TYPING_ON_A_PHONE = 36
"""Words a minute, as thousands of people were measured to type with two thumbs."""
READING = 240
A_TURN_ON_THE_WALL = 7.5
PAINTED = "performance.getEntriesByName('first-contentful-paint').length"
RELOAD_WHILE_SENDING = """(wait) => {
  document.querySelector(".act button[type=submit]").click();
  setTimeout(() => location.reload(), wait);
}"""
BOX, SEND = "Your thought", "Send this thought"


@dataclass(frozen=True, slots=True)
class Room:
    """What the walk moves in: a copy, the event's address, the table's, and the wall in front of the room."""

    copy: Copy
    browser: Browser
    folder: Path
    event: str
    table: str

    def phone(self, **more: object) -> Person:
        return Person(self.browser, self.folder, **PHONE, **more)

    def times_kept(self, page: Page, words: str) -> int:
        """How often these words stand in the spreadsheet of everything."""
        return page.request.get(f"{self.event}/insights.csv").text().count(words)


def walk(folder: Path) -> Iterator[Measured]:
    with open_browser() as browser:
        yield from play(browser, folder)


def play(browser: Browser, folder: Path) -> Iterator[Measured]:
    with running_copy(demo=True) as copy:
        event = copy.links["Event"]
        _begin_the_talk(Person(browser, folder, **LAPTOP), copy)
        yield from _read_the_card(browser, folder, event)
        table = scanned(folder / "table-cards.pdf", TABLE)
        room = Room(copy, browser, folder, event, table)
        yield from _scan_and_send(room)
        yield from _type_the_code(room)
        yield from _without_javascript(room)
        yield from _send_twice(room)
        yield from _odd_words(room)
        yield from _another_table(room)
        yield from _asleep(room)


def scanned(cards: Path, number: int) -> str:
    """What a phone reads on the card of this table: the PDF at 300 dpi, decoded."""
    picture = cards.with_suffix("")
    subprocess.run(
        ["pdftoppm", "-r", "300", "-gray", "-png", "-singlefile", "-f", str(number), "-l", str(number), cards, picture],
        check=True,
    )
    with Image.open(picture.with_suffix(".png")) as card:
        found = {code.text for code in zxingcpp.read_barcodes(card)}
    assert len(found) == 1, f"the card of table {number} holds {found or 'no code that can be read'}"
    return found.pop()


def _begin_the_talk(organiser: Person, copy: Copy) -> None:
    """The sample event is over; here it is the middle of its day again."""
    sign_in(organiser, copy.links["Organiser"])
    organiser.open(f"{copy.address}/desk/{copy.links['Event'].rpartition('/')[2]}/plan")
    move_to(organiser, "Opening up")
    organiser.leave()


def _read_the_card(browser: Browser, folder: Path, event: str) -> Iterator[Measured]:
    printer = browser.new_context()
    (folder / "table-cards.pdf").write_bytes(
        printer.request.get(f"{event}/tables.pdf", headers={"Accept": PDF}, timeout=60_000).body()
    )
    printer.close()
    address = scanned(folder / "table-cards.pdf", TABLE)
    where = urlsplit(address)
    opens = where.netloc == urlsplit(event).netloc and re.fullmatch("/t/[a-z0-9]{4}", where.path.lower())
    yield holds("the printed card at 300 dpi decodes to the address of a table", bool(opens), address)


def _scan_and_send(room: Room) -> Iterator[Measured]:
    """Scan, read, tap the box, type twelve words, send; see the receipt, and see it on the wall."""
    wall = Person(room.browser, room.folder, **PROJECTOR)
    wall.open(f"{room.event}/wall")
    wall_since = time.monotonic()
    dan = room.phone()
    line = dan.go_slow()
    received: list[float] = []
    line.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    began = time.monotonic()
    dan.page.goto(room.table, wait_until="commit")
    dan.page.get_by_label(BOX).wait_for()
    while not dan.page.evaluate(PAINTED):
        dan.page.wait_for_timeout(10)
    visible = time.monotonic() - began
    dan.page.wait_for_load_state("networkidle")
    yield at_most("seconds from the scan to the box, 400 kbit/s and 400 ms", visible, 3, "s")
    yield at_most("kB of the page behind the code, everything in it", sum(received) / 1000, 60, "kB")
    yield holds(f"it is the page of table {TABLE}", f"Table {TABLE}" in dan.page.title(), dan.page.title())
    words = dan.words(until=".act button[type=submit]")
    yield at_most("words to read before the button", words, 40)
    box, seen = dan.page.get_by_label(BOX), PHONE["viewport"]
    send = dan.page.get_by_role("button", name=SEND).bounding_box()
    ends = send["y"] + send["height"] if send else 0
    yield holds(
        "box and button are on the first screen", 0 < ends <= seen["height"], f"{ends:.0f} of {seen['height']} px"
    )
    dan.photograph("1-scanned", whole=False)
    dan.tap(box)
    box.fill(THOUGHT)
    time.sleep(max(0.0, A_TURN_ON_THE_WALL - (time.monotonic() - wall_since)))
    sent = time.monotonic()
    dan.tap(dan.page.get_by_role("button", name=SEND))
    _receipt(dan.page)
    receipt = time.monotonic() - sent
    yield at_most("seconds from send to the receipt, same network", receipt, 2, "s")
    wall.page.get_by_text(THOUGHT).first.wait_for()
    yield at_most("seconds from send to the wall, when no words wait before it", time.monotonic() - sent, 5, "s")
    yield at_most("taps besides typing", dan.clicks, 3)
    person = 60 * (words / READING + len(THOUGHT.split()) / TYPING_ON_A_PHONE)
    yield at_most("seconds to the first thought sent, reading and typing included", visible + person + receipt, 40, "s")
    dan.photograph("2-receipt", whole=False)
    wall.photograph("3-wall", whole=False)
    yield from _see_the_wall_from_afar(wall)
    yield from _hide_the_name(room, dan, wall)
    yield from _small_targets(dan)
    wall.leave()
    dan.leave()


def _see_the_wall_from_afar(wall: Person) -> Iterator[Measured]:
    """At ten metres: no letter under 28 px on a 1080p projector, and not too much to read."""
    sizes = wall.page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility()
             && e.getBoundingClientRect().width > 2 && e.getBoundingClientRect().top < innerHeight
             && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
           .map((e) => [parseFloat(getComputedStyle(e).fontSize), e.className || e.tagName])"""
    )
    size, where = min(sizes)
    yield Measured(f"px of the smallest letters on the wall, {where}", size, "≥ 28 px", size >= 28)
    yield at_most("words of the newest thought and its marks on the wall", wall.words(".newest"), 40)


def _hide_the_name(room: Room, dan: Person, wall: Person) -> Iterator[Measured]:
    """A second thought, and another choice of who sees the name."""
    before = dan.clicks
    dan.tap(dan.page.locator("summary").first)
    dan.choose("Anonymous: nobody can see who wrote it.")
    dan.photograph("4-names", whole=False)
    dan.page.get_by_label(BOX).fill(SECOND)
    sent = time.monotonic()
    dan.tap(dan.page.get_by_role("button", name=SEND))
    taps = dan.clicks - before
    _receipt(dan.page, 2)
    wall.page.get_by_text(SECOND).first.wait_for()
    yield at_most("seconds from send to the wall, right after other words", time.monotonic() - sent, 5, "s")
    yield at_most("taps for a second thought with no name", taps, 3)
    dan.page.reload()
    dan.page.locator(".receipt a").first.tap()
    dan.page.wait_for_load_state()
    dan.photograph("5-second")
    anonymous = SECOND in dan.says() and "Anonymous" in dan.says()
    yield holds("the second thought stands there without a name", anonymous, "Anonymous")
    dan.page.goto(room.table)


def _small_targets(dan: Person) -> Iterator[Measured]:
    small = dan.page.evaluate(
        """() => [...document.querySelectorAll("main :is(button, summary, textarea, input:not([type=hidden]))")]
           .filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 2)
           .map((e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height))"""
    )
    yield Measured("px of the smallest thing to press", min(small), "≥ 24 px", min(small) >= 24)


def _type_the_code(room: Room) -> Iterator[Measured]:
    """The camera does not work: the code on the card, typed at the front page in small letters."""
    dan = room.phone()
    dan.open(room.copy.address)
    dan.photograph("6-front", whole=False)
    dan.fill("The code from your table", room.table.rpartition("/")[2].lower())
    dan.click("Join in")
    same = dan.page.url.lower() == room.table.lower()
    yield holds("typing the code gives the same page", same, urlsplit(dan.page.url).path)
    dan.open(room.copy.address)
    dan.fill("The code from your table", "ZZZZZZ")
    dan.click("Join in")
    dan.photograph("7-wrong-code", whole=False)
    again = dan.page.get_by_label("The code").is_visible()
    yield holds("a wrong code is answered on the same page", again, "try again")
    dan.leave()


def _without_javascript(room: Room) -> Iterator[Measured]:
    dan = room.phone(java_script_enabled=False)
    words = "This came from a phone that runs no scripts at all"
    dan.page.goto(room.table)
    dan.page.get_by_label(BOX).fill(words)
    dan.page.get_by_role("button", name=SEND).click()
    _receipt(dan.page)
    yield holds("with JavaScript off it is sent and kept", room.times_kept(dan.page, words) == 1, "one")
    dan.leave()


def _send_twice(room: Room) -> Iterator[Measured]:
    """The button pressed twice; the page loaded anew while sending; the answer lost on the way; and back again."""
    impatient = room.phone()
    impatient.go_slow()
    words = "Pressed twice because nothing seemed to happen"
    impatient.page.goto(room.table)
    impatient.page.get_by_label(BOX).fill(words)
    impatient.page.get_by_role("button", name=SEND).dblclick(no_wait_after=True)
    _receipt(impatient.page)
    yield holds("pressed twice, it is one thought", room.times_kept(impatient.page, words) == 1, "one")

    words = "Loaded anew while it was being sent"
    impatient.page.goto(room.table)
    impatient.page.get_by_label(BOX).fill(words)
    impatient.page.evaluate(RELOAD_WHILE_SENDING, WEAK_WIFI["latency"] / 2)
    time.sleep(4 * WEAK_WIFI["latency"] / 1000)
    impatient.page.wait_for_load_state()
    kept = room.times_kept(impatient.page, words)
    yield holds("loaded anew while sending, it is one thought at most", kept <= 1, f"{kept} kept")
    impatient.leave()

    for what in ("reload", "go_back"):
        dan = room.phone()
        words = f"The answer to this one was lost, then {what}"
        dan.page.goto(room.table)
        dan.page.get_by_label(BOX).fill(words)
        dan.page.route("**/insights", _lose_the_answer)
        dan.page.get_by_role("button", name=SEND).click()
        dan.page.get_by_text("It goes out when there is a signal").wait_for()
        if what == "go_back":
            dan.page.goto(room.event)
        dan.page.unroute("**/insights")
        getattr(dan.page, what)()
        # It may have gone out just before the page went: then its number stands on the next one.
        dan.page.locator("#outbox [data-as=sent], .receipt").first.wait_for()
        kept = room.times_kept(dan.page, words)
        name = {"reload": "the page is loaded again", "go_back": "somebody goes on and comes back"}[what]
        yield at_most(f"thoughts kept when the answer is lost and {name}", kept, 1)
        dan.leave()


def _odd_words(room: Room) -> Iterator[Measured]:
    dan = room.phone()
    dan.page.goto(room.table)
    dan.page.get_by_label(BOX).fill("Far too long. " * 150)
    dan.page.get_by_role("button", name=SEND).click()
    dan.page.get_by_text("Your words are back in the box").wait_for()
    kept = dan.page.get_by_label(BOX).input_value().startswith("Far too long. Far")
    yield holds(
        "2,100 characters are refused in words and none is lost", kept and "Sent, number" not in dan.says(), "kept"
    )
    dan.photograph("8-too-long", whole=False)
    dan.page.get_by_label(BOX).fill("She was 943 476 5919 on the list and nobody rang 🚑")
    dan.page.get_by_role("button", name=SEND).click()
    dan.page.get_by_text("This looks as if it holds").wait_for()
    dan.photograph("9-a-number-like-a-patients", whole=False)
    dan.page.get_by_role("button", name="Send it as it is").click()
    _receipt(dan.page)
    sent = "Sent, number" in dan.says()
    yield holds("words with a number like a patient’s and an emoji are asked about and not refused", sent, "sent")
    dan.leave()


def _another_table(room: Room) -> Iterator[Measured]:
    """He is at the wrong table: the way to the right one, and words at both from one phone."""
    other = scanned_path(room, TABLE + 1)
    dan = room.phone()
    dan.page.goto(room.table)
    for words, number in (("Said at the first table", TABLE), ("Said at the second table", TABLE + 1)):
        if number != TABLE:
            before = dan.clicks
            dan.tap(dan.page.locator(".masthead__home"))
            dan.page.get_by_label("The code from your table").fill(other.rpartition("/")[2].lower())
            dan.tap(dan.page.get_by_role("button", name="Join in"))
            dan.page.wait_for_url(re.compile(other, re.IGNORECASE))
            yield at_most("taps from a wrong table to the right one, besides typing", dan.clicks - before, 2)
        dan.page.get_by_label(BOX).fill(words)
        dan.page.get_by_role("button", name=SEND).click()
        _receipt(dan.page)
    kept = [room.times_kept(dan.page, f"Said at the {which} table") for which in ("first", "second")]
    yield holds("one phone writes at two tables, once at each", kept == [1, 1], f"{kept} kept")
    dan.photograph("10-other-table", whole=False)
    dan.leave()


def scanned_path(room: Room, number: int) -> str:
    return urlsplit(scanned(room.folder / "table-cards.pdf", number)).path


def _asleep(room: Room) -> Iterator[Measured]:
    """Half an hour in a pocket: the phone's clock jumps, its wait is not played."""
    dan = room.phone()
    words = "Half an hour in a pocket"
    dan.page.clock.install()
    dan.page.goto(room.table)
    dan.page.clock.fast_forward("30:00")
    same = f"Table {TABLE}" in dan.page.title()
    dan.page.get_by_label(BOX).fill(words)
    dan.page.get_by_role("button", name=SEND).click()
    _receipt(dan.page)
    kept = room.times_kept(dan.page, words)
    yield holds("asleep for 30 minutes, it is the same table and sends once", same and kept == 1, f"{kept} kept")
    dan.leave()


def _receipt(page: Page, number: int = 1) -> None:
    """Wait for the receipt of as many thoughts on this page, from its script or from the server."""
    page.locator("#outbox [data-as=sent], .sent__words").nth(number - 1).wait_for()


def _lose_the_answer(route: Route) -> None:
    """The words arrive, the receipt does not."""
    route.fetch(max_redirects=0)
    route.abort()
