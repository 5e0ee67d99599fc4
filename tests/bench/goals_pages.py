"""S6: what the pages of a phone weigh, in bytes over the wire as Chromium counts them, and a whole visit's weight."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page

from hackathon.porch.copies import Copy, running_copy
from hackathon.porch.goals import Goals, Measured, at_most
from tests.chromium import open_browser

MOST_AT_FIRST = 60.0
MOST_WITH_CACHED_FILES = 25.0
KILOBYTE = 1000
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
THOUGHT = "The rota is on paper, so nobody outside the ward can see who to ring."


def measure_pages() -> Iterator[Measured]:
    """Each page in a browser that has never been here, then once more; then visits from the first page to a receipt."""
    with running_copy(demo=True) as copy, open_browser() as browser:
        for name, address in _pages(copy).items():
            first, again = _twice(browser, address)
            yield at_most(f"S6 {name}, first load", first, MOST_AT_FIRST, "KB")
            yield at_most(f"S6 {name}, files cached", again, MOST_WITH_CACHED_FILES, "KB")
        for name, visit in VISITS.items():
            yield at_most(f"S6 {name}, no JavaScript, whole visit", _visit(browser, copy, visit), MOST_AT_FIRST, "KB")


def _pages(copy: Copy) -> dict[str, str]:
    table = next(link for label, link in copy.links.items() if label.startswith("Table"))
    event = copy.links["Event"]
    return {"table page": table, "outside box": f"{event}/outside", "event home": event, "front page": copy.address}


def _twice(browser: Browser, address: str) -> tuple[float, float]:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    with counted(page) as first:
        page.goto(address, wait_until="load")
    with counted(page) as again:
        page.goto(address, wait_until="load")
    context.close()
    return first(), again()


def _visit(browser: Browser, copy: Copy, visit: Callable[[Page, Copy], None]) -> float:
    context = browser.new_context(**PHONE, java_script_enabled=False)
    page = context.new_page()
    with counted(page) as weight:
        visit(page, copy)
    context.close()
    return weight()


def _from_the_table(page: Page, copy: Copy) -> None:
    """Scan, write, send, see the receipt."""
    page.goto(_pages(copy)["table page"])
    _share(page)


def _from_the_front_page(page: Page, copy: Copy) -> None:
    """Type the code of the table, write, send, see the receipt."""
    page.goto(copy.address)
    page.get_by_label("The code from your table").fill(_pages(copy)["table page"].rpartition("/")[2])
    page.get_by_role("button", name="Join in").click()
    _share(page)


def _from_outside(page: Page, copy: Copy) -> None:
    """Read the event's page, write from outside, see the receipt."""
    page.goto(copy.links["Event"])
    page.get_by_role("link", name="From outside: write here").click()
    _share(page)


def _share(page: Page) -> None:
    page.get_by_label("Your thought").fill(THOUGHT)
    page.get_by_role("button", name="Send this thought").click()
    page.locator("#outbox [data-as=sent]").wait_for()


VISITS = {
    "scan, write, receipt": _from_the_table,
    "type the code, write, receipt": _from_the_front_page,
    "event home, write from outside, receipt": _from_outside,
}


@contextmanager
def counted(page: Page) -> Iterator[Callable[[], float]]:
    """Kilobytes that came over the wire meanwhile: heads and bodies as sent, redirects too, nothing from the cache."""
    received: list[float] = []
    browser = page.context.new_cdp_session(page)
    browser.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    browser.on(
        "Network.requestWillBeSent",
        lambda told: received.append(told.get("redirectResponse", {}).get("encodedDataLength", 0)),
    )
    browser.send("Network.enable")
    yield lambda: sum(received) / KILOBYTE
    browser.detach()


GOALS: Goals = {"pages": measure_pages}
