"""The tour of all pages that these tests share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState

from hackathon.porch.copies import Copy
from tests.tour import Tour, begin


@pytest.fixture(scope="session")
def tour(running: Copy, browser: Browser, organiser: StorageState) -> Iterator[Tour]:
    """The running copy with events in three states, and a browser for each kind of person."""
    tour = begin(running, browser, organiser)
    yield tour
    for context in tour.browsers.values():
        context.close()
