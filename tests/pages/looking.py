"""Looking at a page as a strict visitor does: axe, the console, the network, and what sticks out at the side."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, ViewportSize

from tests.tour import Stop, Tour

PHONE = (390, 844)
DESKTOP = (1280, 900)
PROJECTOR = (1920, 1080)
NARROWEST = (320, 640)
AXE = Axe()

STICKING_OUT = """
() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  const out = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > width + 1)
  const hides = e => ['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowX)
  const scrolls = e => e && (hides(e) || scrolls(e.parentElement))
  const first = out.filter(e => !scrolls(e.parentElement)).slice(-3)
  const reach = e => Math.round(e.getBoundingClientRect().right)
  return first.map(e => `${e.localName}.${[...e.classList].join('.')} reaches ${reach(e)} of ${width}`)
}
"""


def sizes_for(stop: Stop) -> tuple[tuple[int, int], ...]:
    """On which screens a page is looked at."""
    return (PROJECTOR,) if stop.is_wall else (PHONE, DESKTOP)


@contextmanager
def opened(tour: Tour, stop: Stop) -> Iterator[tuple[Page, list[str]]]:
    """The page of a stop, and the list of what was wrong on the way to it."""
    with watched(tour.browsers[stop.who], tour.copy.address) as (page, wrong):
        address = tour.address(stop)
        page.set_viewport_size(as_size(sizes_for(stop)[0]))
        answer = page.goto(address)
        if answer is None or answer.status != stop.status:
            wrong.append(f"answered {answer and answer.status}, expected {stop.status}")
        if urlsplit(page.url).path != urlsplit(address).path:
            wrong.append(f"led to {urlsplit(page.url).path}")
        yield page, wrong


@contextmanager
def watched(context: BrowserContext, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A new page whose console and network are listened to."""
    page, wrong = context.new_page(), list[str]()
    host = urlsplit(address).netloc

    def hear(message: ConsoleMessage) -> None:
        # Chromium says so when a page itself answers 404; the status is looked at elsewhere.
        is_its_own_status = message.text.startswith("Failed to load") and message.location["url"] == page.url
        if message.type in ("error", "warning") and not is_its_own_status:
            wrong.append(f"console: {message.text}")

    def see(request: Request) -> None:
        if urlsplit(request.url).scheme != "data" and urlsplit(request.url).netloc != host:
            wrong.append(f"asked another host: {request.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("request", see)
    try:
        yield page, wrong
    finally:
        page.close()


def violations(page: Page) -> list[str]:
    """What axe says, one line for each thing that it found. It looks as somebody does who asked for no motion: words
    that are half faded in are hard to read for a moment on purpose."""
    page.emulate_media(reduced_motion="reduce")
    found = AXE.run(page).response["violations"]
    return [
        f"axe {one['id']} ({one['impact']}): {node['target'][0]} {node['html'][:160]}"
        for one in found
        for node in one["nodes"][:3]
    ]


def sticking_out(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(STICKING_OUT)
    return found


def set_text(page: Page, pixels: int) -> None:
    """The reader's own setting for the size of text; 16 is usual."""
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels}})
    browser.detach()


def as_size(size: tuple[int, int]) -> ViewportSize:
    return {"width": size[0], "height": size[1]}
