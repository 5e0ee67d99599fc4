"""What pages say back: receipts, first links and mistakes are looked at as strictly as the pages that one can open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.pages.looking import NARROWEST, PHONE, as_size, sticking_out, violations, watched
from tests.tour import Tour, Where, Who


def ask_to_sign_in(page: Page) -> None:
    page.get_by_label("Your email address").fill("nobody@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/sign-in/code")


def register(page: Page) -> None:
    page.get_by_label("Your name").fill("Wilhelmina Featherstonehaugh-Cholmondeley")
    page.get_by_label("Your email address").fill("wilhelmina@example.org")
    page.get_by_label("In the room").check()
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/registered")


def sent(page: Page) -> None:
    page.locator("#outbox [data-as=sent]").wait_for()


def share(page: Page) -> None:
    page.get_by_label("Your thought").fill("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 3)
    page.get_by_role("button", name="Send this thought").click()
    sent(page)


def rate(page: Page) -> None:
    for group in page.get_by_role("group").all():
        group.get_by_role("radio").first.check()
    page.get_by_role("button", name="Send my ratings").click()
    sent(page)


def commit(page: Page) -> None:
    page.get_by_label("What will you do?").fill("Ring ward nine.")
    page.get_by_label("No, I keep it in mind myself").check()
    page.get_by_role("button", name="Keep this commitment").click()
    sent(page)


def send_nothing(page: Page) -> None:
    """A form sent as it stands, with every answer missing."""
    page.get_by_role("main").locator("form").last.evaluate("form => { form.noValidate = true }")
    page.get_by_role("main").locator("form").last.get_by_role("button").last.click()
    page.get_by_role("alert").first.wait_for()


ACTS: dict[str, tuple[str, Where, Who, Callable[[Page], None]]] = {
    "asked to sign in": ("/sign-in", Where.NONE, Who.VISITOR, ask_to_sign_in),
    "registered": ("/e/<code:code>/register", Where.ON_THE_DAY, Who.VISITOR, register),
    "shared at a table": ("/t/<code:table_code>", Where.ON_THE_DAY, Who.VISITOR, share),
    "shared from outside": ("/e/<code:code>/outside", Where.ON_THE_DAY, Who.VISITOR, share),
    "rated": ("/e/<code:code>/rate", Where.ON_THE_DAY, Who.VISITOR, rate),
    "committed": ("/e/<code:code>/commit", Where.ON_THE_DAY, Who.VISITOR, commit),
    "signed in as nobody": ("/sign-in", Where.NONE, Who.VISITOR, send_nothing),
    "registered nobody": ("/e/<code:code>/register", Where.ON_THE_DAY, Who.VISITOR, send_nothing),
    "shared nothing at a table": ("/t/<code:table_code>", Where.ON_THE_DAY, Who.VISITOR, send_nothing),
    "shared nothing from outside": ("/e/<code:code>/outside", Where.ON_THE_DAY, Who.VISITOR, send_nothing),
    "committed to nothing": ("/e/<code:code>/commit", Where.ON_THE_DAY, Who.VISITOR, send_nothing),
    "planned nothing": ("/desk/new", Where.NONE, Who.STAFF, send_nothing),
    "promised nothing": ("/desk/<code:code>/plan/promise", Where.DRAFT, Who.STAFF, send_nothing),
    "declared nothing": ("/desk/<code:code>/plan/base", Where.DRAFT, Who.STAFF, send_nothing),
    "recommended nothing": ("/desk/<code:code>/recommendations/new", Where.SAMPLE, Who.STAFF, send_nothing),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_page_after(tour: Tour, browser: Browser, act: str) -> None:
    rule, where, who, do = ACTS[act]
    # A visitor of their own, so that one act leaves no trace in another; staff stay signed in.
    context = browser.new_context() if who is Who.VISITOR else tour.browsers[who]
    with watched(context, tour.copy.address) as (page, wrong):
        page.set_viewport_size(as_size(PHONE))
        page.goto(tour.copy.address + tour.path(rule, where))
        do(page)
        wrong += violations(page)
        page.set_viewport_size(as_size(NARROWEST))
        wrong += sticking_out(page)

        assert wrong == []
    if who is Who.VISITOR:
        context.close()
