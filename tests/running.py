"""One copy of the product and one browser for every test that looks at pages: started once, shared by all."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from playwright.sync_api import Browser, StorageState

from hackathon.core.config import Settings
from hackathon.porch.copies import Copy, running_copy
from tests.applications import open_application
from tests.chromium import executable, open_browser
from tests.lacking import do_without


@pytest.fixture(scope="session")
def running() -> Iterator[Copy]:
    """The product as a newcomer starts it, with the sample event. Its rows are shared: add, and count on nothing."""
    with running_copy(demo=True) as copy:
        yield copy


@pytest.fixture(scope="session")
def backstage(running: Copy) -> Iterator[Flask]:
    """The way behind the running copy, to set a scene without clicking."""
    with behind(running) as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. On CI it must be there; elsewhere tests do without it when it is missing."""
    if executable() is None:
        do_without("Chromium", "chromium")
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def organiser(running: Copy, browser: Browser) -> StorageState:
    """The cookies of a browser in which the sample event's organiser has signed in: `new_context(storage_state=…)`."""
    return signed_in(browser, running)


def signed_in(browser: Browser, copy: Copy) -> StorageState:
    """Sign in through the link that the copy printed. It works once, so keep what comes back."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(copy.links["Organiser"])
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url("**/desk")
    cookies = context.storage_state()
    context.close()
    return cookies


def behind(copy: Copy) -> AbstractContextManager[Flask]:
    """An application over the rows of a running copy."""
    return open_application(Settings(data_dir=copy.folder, base_url=copy.address, demo=False))
