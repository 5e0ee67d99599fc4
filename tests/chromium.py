"""Debian's Chromium, driven by Playwright: the browser of every walk, picture and browser test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright

# With RenderDocument a page that is closed while it goes on to another never says that it closed, and the test waits
# for ever: 17 of 500 here, none of 200 without it (https://github.com/microsoft/playwright/issues/42068). Chromium
# listens to the last list alone, so of Playwright's own what calls out or holds back the paint is named again.
SWITCHED_OFF = "RenderDocument,HttpsUpgrades,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding"


def executable() -> str | None:
    return shutil.which("chromium")


def launching(*switches: str) -> dict[str, Any]:
    """How a browser is started, without a window. Root has to do without the sandbox: Chromium refuses to give it."""
    return {
        "executable_path": executable(),
        "chromium_sandbox": os.geteuid() != 0,
        "args": [f"--disable-features={SWITCHED_OFF}", *switches],
    }


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launching())
        try:
            yield browser
        finally:
            browser.close()
