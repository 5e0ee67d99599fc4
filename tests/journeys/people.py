"""Somebody with a browser: what they do is counted, what they see is kept as a picture."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Error, Locator

from hackathon.core.config import PREFIX, ROOT
from hackathon.porch.copies import Copy

LAPTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
PROJECTOR: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
WEAK_WIFI = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""400 kbit/s with 400 ms, as a hospital's guest network gives them."""
LONGEST_WAIT = 30_000
PDF = "application/pdf"

# What is folded away or cut off, and what only a screen reader says, does not count as words on the screen, nor does
# a paper that the browser shows by itself. A page that has only begun to arrive is waited for.
WORDS_ON_SCREEN = """async ([area, last, unscrolled]) => {
  if (document.readyState !== "complete") await new Promise((arrived) => addEventListener("load", arrived));
  if (document.contentType === "application/pdf") return 0;
  const end = last && document.querySelector(last);
  const walker = document.createTreeWalker(document.querySelector(area), NodeFilter.SHOW_TEXT);
  let words = 0;
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const around = text.parentElement, box = around.getBoundingClientRect();
    if (end && end.compareDocumentPosition(text) === Node.DOCUMENT_POSITION_FOLLOWING) break;
    const seen = around.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    const top = unscrolled && document.elementFromPoint(box.x + Math.min(box.width, 40) / 2, box.y + 8);
    if (unscrolled && !(top && (around.contains(top) || top.contains(around) && top !== document.body))) continue;
    if (seen && box.width > 2 && box.height > 2 && !around.closest("option"))
      words += (text.data.match(/[\\p{L}\\p{N}][\\p{L}\\p{N}’'.:-]*/gu) || []).length;
  }
  return words;
}"""


class Person:
    """One person on one device. Every tap counts, and so does every page that they have to read."""

    def __init__(self, browser: Browser, folder: Path, **device: Any) -> None:
        self.context = browser.new_context(**device)
        self.context.set_default_timeout(LONGEST_WAIT)
        self.page = self.context.new_page()
        self.folder = folder
        self.clicks = 0
        self.typed = 0
        self.answers: list[str] = []
        self.screens: dict[str, int] = {}

    def open(self, address: str) -> None:
        """Follow a link from a mail, a terminal or a printed code."""
        self.page.goto(address)
        self._look()

    def click(self, name: str, *, within: Locator | None = None) -> None:
        """Press a button or follow a link by the words on it."""
        place = within or self.page
        button = place.get_by_role("button", name=name)
        button.or_(place.get_by_role("link", name=name)).first.click()
        self.clicks += 1
        self._look()

    def unfold(self, name: str) -> None:
        """Open what is folded away under these words, if it does not stand open."""
        summary = self.page.locator("summary", has_text=name).first
        if not summary.evaluate("summary => summary.parentElement.open"):
            summary.click()
            self.clicks += 1

    def tap(self, thing: Locator) -> None:
        thing.tap()
        self.clicks += 1

    def choose(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).check()
        self.clicks += 1
        self.answers.append(label)

    def fill(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)
        self.typed += len(words.split())
        self.answers.append(label)

    def fill_day(self, label: str, day: date) -> None:
        group = self.page.get_by_role("group", name=label)
        for part, value in {"Day": day.day, "Month": day.month, "Year": day.year}.items():
            group.get_by_label(part).fill(str(value))
        self.typed += 3
        self.answers.append(label)

    def print_out(self, name: str) -> bytes:
        """The PDF behind a button. It counts as a click; the browser's own viewer has no part in it."""
        address = self.page.get_by_role("link", name=name).evaluate("link => link.href")
        self.clicks += 1
        answer = self.context.request.get(address, headers={"Accept": PDF}, timeout=2 * LONGEST_WAIT)
        assert answer.headers["content-type"] == PDF, f"{address} answered {answer.status}"
        return answer.body()

    def photograph(self, name: str, *, whole: bool = True) -> None:
        self.page.screenshot(path=self.folder / f"{name}.png", full_page=whole, animations="disabled")

    def words(self, area: str = "main", until: str = "", *, unscrolled: bool = False) -> int:
        """How many words stand on the screen before anything is unfolded."""
        return int(self.page.evaluate(WORDS_ON_SCREEN, [area, until, unscrolled]))

    def says(self) -> str:
        """What the page says, with single spaces."""
        return " ".join(self.page.locator("main").inner_text().split())

    def go_slow(self) -> CDPSession:
        """From now on this device is on a weak network."""
        line = self.context.new_cdp_session(self.page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", WEAK_WIFI)
        return line

    def leave(self) -> None:
        self.context.close()

    def _look(self) -> None:
        self.page.wait_for_load_state()
        try:
            self._read()
        except Error:  # the page went on by itself meanwhile, as one does that waits for a paper
            self.page.wait_for_load_state()
            self._read()

    def _read(self) -> None:
        words = self.words()
        screen = re.sub(r"^https?://[^/]+|[?#].*$", "", self.page.url)
        self.screens[screen] = max(self.screens.get(screen, 0), words)


def at_terminal(copy: Copy, *words: str) -> str:
    """Type a command of the house beside a running copy, and read its answer."""
    settings = {"data_dir": copy.folder, "port": copy.address.rpartition(":")[2]}
    environment = os.environ | {PREFIX + name.upper(): str(value) for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def sign_in_link(copy: Copy) -> str:
    """The link that the terminal printed for the first organiser."""
    found = re.search(r"https?://\S+/sign-in/link/\w+", copy.said)
    assert found, f"The terminal shows no link to sign in with:\n{copy.said}"
    return found[0]
