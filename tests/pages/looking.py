"""Looking at a page as a strict visitor does: axe, the console, the network, and what sticks out at the side."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, ViewportSize

from tests.tour import Stop, Tour

PHONE = (390, 844)
DESKTOP = (1280, 900)
PROJECTOR = (1920, 1080)
NARROWEST = (320, 640)
LARGE_TEXT = 32
AXE = Axe().axe_script
RUN_AXE = "() => axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)"

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


CUT_OFF = """
() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter((e) => {
    const style = getComputedStyle(e)
    const hides = [style.overflowX, style.overflowY].some((way) => ["hidden", "clip"].includes(way))
    const box = e.getBoundingClientRect()
    return hides && box.width > 2 && box.height > 2 && e.innerText?.trim()
      && (e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 2)
  })
  .map((e) => `cut off: ${e.localName}.${[...e.classList].join(".")} ${e.innerText.trim().slice(0, 40)}`)
"""


def sizes_for(stop: Stop) -> tuple[tuple[int, int], ...]:
    """On which screens a page is looked at."""
    return (PROJECTOR,) if stop.is_wall else (PHONE, DESKTOP)


@contextmanager
def opened(tour: Tour, stop: Stop) -> Iterator[tuple[Page, list[str]]]:
    """The page of a stop, and the list of what was wrong on the way to it. Each visitor keeps one window for all."""
    context = tour.browsers[stop.who]
    page = context.pages[0] if context.pages else context.new_page()
    page.goto("about:blank")
    with listened_to(page, tour.copy.address) as wrong:
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
    with context.new_page() as page, listened_to(page, address) as wrong:
        yield page, wrong


@contextmanager
def listened_to(page: Page, address: str) -> Iterator[list[str]]:
    """What the console says, and who else than this address is asked."""
    wrong: list[str] = []
    host = urlsplit(address).netloc

    def hear(message: ConsoleMessage) -> None:
        # Chromium says so when a page itself answers 404; the status is looked at elsewhere.
        is_its_own_status = message.text.startswith("Failed to load") and message.location["url"] == page.url
        if message.type in ("error", "warning") and not is_its_own_status:
            wrong.append(f"console: {message.text}")

    def see(request: Request) -> None:
        if urlsplit(request.url).scheme != "data" and urlsplit(request.url).netloc != host:
            wrong.append(f"asked another host: {request.url}")

    def fail(error: Error) -> None:
        wrong.append(f"script: {error}")

    page.on("console", hear)
    page.on("pageerror", fail)
    page.on("request", see)
    yield wrong
    page.remove_listener("console", hear)
    page.remove_listener("pageerror", fail)
    page.remove_listener("request", see)


def violations(page: Page) -> list[str]:
    """What axe says, one line for each thing that it found. It looks as somebody does who asked for no motion: words
    that are half faded in are hard to read for a moment on purpose."""
    page.emulate_media(reduced_motion="reduce")
    if page.evaluate("() => !('axe' in window)"):
        page.evaluate(AXE)
    found = page.evaluate(RUN_AXE)
    return [
        f"axe {one['id']} ({one['impact']}): {node['target'][0]} {node['html'][:160]}"
        for one in found
        for node in one["nodes"][:3]
    ]


def sticking_out(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(STICKING_OUT)
    return found


def with_large_text(page: Page) -> list[str]:
    """What does not fit once the reader asks for letters of twice the size, on any screen."""
    set_text(page, LARGE_TEXT)
    wrong = []
    for size in (DESKTOP, PHONE, NARROWEST):
        page.set_viewport_size(as_size(size))
        wrong += [f"large text, {size[0]} px: {line}" for line in sticking_out(page) + cut_off(page)]
    set_text(page, LARGE_TEXT // 2)
    return wrong


def cut_off(page: Page) -> list[str]:
    """Words that their own box hides."""
    found: list[str] = page.evaluate(CUT_OFF)
    return found


def set_text(page: Page, pixels: int) -> None:
    """The reader's own setting for the size of text; 16 is usual."""
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels}})
    browser.detach()


def as_size(size: tuple[int, int]) -> ViewportSize:
    return {"width": size[0], "height": size[1]}
