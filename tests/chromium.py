"""Debian's Chromium, driven by Playwright: the browser of every walk, picture and browser test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright


def executable() -> str | None:
    return shutil.which("chromium")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser without a window. Root has to do without the sandbox, which Chromium refuses to give it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), chromium_sandbox=os.geteuid() != 0)
        try:
            yield browser
        finally:
            browser.close()
