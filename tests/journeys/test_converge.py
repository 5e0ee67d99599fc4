"""Coming together: a facilitator writes statements, phones rate them in secret, and results show after closing."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect

from hackathon.core.db import transaction
from hackathon.events.models import Event, Stage
from hackathon.events.operations import add_member
from hackathon.events.queries import event_by_code
from hackathon.porch.copies import Copy
from hackathon.staff.models import Role
from hackathon.staff.queries import first_account
from hackathon.tables.models import Table
from tests.makers import make_event, make_insight, make_table, make_theme

PHONE = ViewportSize(width=360, height=640)
STATEMENTS = ("Every idea gets an answer within ten days.", "Drop the word “model” from the name.")
RESULT_WORDS = ("in support", "Strongly agree (", "statements are agreed", "statement is agreed")


@dataclass(frozen=True, slots=True)
class Hack:
    """A published event in a running copy, on the day."""

    copy: Copy
    event_code: str
    table_code: str

    def at(self, address: str) -> str:
        return f"{self.copy.address}/{address.format(code=self.event_code, table=self.table_code)}"


@pytest.fixture(scope="module")
def hack(running: Copy, backstage: Flask) -> Hack:
    """The copy's first organiser facilitates an event with one table."""
    event_code, table_code = _plan_event(backstage)
    return Hack(running, event_code, table_code)


def _plan_event(app: Flask) -> tuple[str, str]:
    with app.app_context(), transaction() as session:
        event: Event = make_event(session, stage=Stage.CONVERGE, title="Hack the way we lead change")
        table: Table = make_table(session, event, number=7)
        account = first_account(session)
        assert account is not None, "the copy makes its first organiser when it starts"
        add_member(session, event, account, Role.FACILITATOR, actor="the test")
        return event.code, table.code


@pytest.fixture(scope="module")
def desk(hack: Hack, browser: Browser, organiser: StorageState) -> Page:
    """The facilitator's laptop, signed in with the link that the terminal printed."""
    return browser.new_context(storage_state=organiser).new_page()


def rate(page: Page, marks: dict[str, str]) -> None:
    """Mark these statements, by their words, and send."""
    for statement, mark in marks.items():
        page.get_by_role("group", name=statement).get_by_label(mark, exact=True).check()
    page.get_by_role("button", name="Send my ratings").click()


def test_statements_are_rated_in_secret_and_stand_after_closing(hack: Hack, browser: Browser, desk: Page) -> None:
    room = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    outside = browser.new_context(viewport=PHONE).new_page()

    desk.goto(hack.at("desk/{code}/statements"))
    for statement in STATEMENTS:
        desk.get_by_label("Statement").fill(statement)
        desk.get_by_role("button", name="Add this statement").click()
    desk.get_by_role("link", name="Open the rating").click()
    desk.get_by_label("How many people in the room may rate?").fill("8")
    desk.get_by_role("button", name="Open the rating now").click()
    desk.get_by_text("0 of 8 (0%)").wait_for()

    room.goto(hack.at("e/{code}/rate?table={table}"))
    rate(room, {STATEMENTS[0]: "Strongly agree", STATEMENTS[1]: "Disagree"})
    room.get_by_text("You rated 2 of 2 statements").wait_for()
    room.reload()
    for _ in range(3):
        neighbour = browser.new_context(viewport=PHONE).new_page()
        neighbour.goto(hack.at("e/{code}/rate?table={table}"))
        rate(neighbour, {STATEMENTS[0]: "Strongly agree", STATEMENTS[1]: "Disagree"})
        neighbour.get_by_text("You rated 2 of 2 statements").wait_for()
    outside.goto(hack.at("e/{code}/rate"))
    outside.get_by_label("From outside").check()
    rate(outside, {STATEMENTS[0]: "Agree", STATEMENTS[1]: "Not clear to me"})
    outside.get_by_text("You rated 2 of 2 statements").wait_for()

    desk.get_by_role("link", name="See the turnout now").click()
    desk.get_by_text("4 of 8 (50%)").wait_for()
    outside.goto(hack.at("e/{code}/results"))
    for page in (desk, outside):
        source = page.content()
        assert [word for word in RESULT_WORDS if word in source] == []
        assert page.locator("svg.chart__drawing").count() == 0

    desk.get_by_role("link", name="Close the rating").click()
    desk.get_by_role("button", name="Close it and show the results").click()
    desk.get_by_text("It is closed, and everybody can see the results").wait_for()

    outside.reload()
    outside.get_by_text("The numbers in a table").click()
    numbers = outside.locator("details[open] tbody tr").all_inner_texts()
    assert [row.split("\t") for row in numbers] == [
        [f"1. {STATEMENTS[0]}", "0", "0", "0", "1", "4", "0", "5 of 5 (100%)", "Too few ballots to say"],
        [f"2. {STATEMENTS[1]}", "0", "4", "0", "0", "0", "1", "0 of 4 (0%)", "Not clear"],
    ]
    room.goto(hack.at("e/{code}/rate?table={table}"))
    room.get_by_text("Thank you: your ballot was counted").wait_for()


def test_theming_goes_by_keys_and_the_last_one_can_be_taken_back(hack: Hack, backstage: Flask, desk: Page) -> None:
    with backstage.app_context(), transaction() as session:
        event = event_by_code(session, hack.event_code)
        for position in (1, 2):
            make_theme(session, event, position=position)
        for number in (1, 2, 3):
            make_insight(session, event, number=number, text=f"Noticed number {number}")

    desk.goto(hack.at("desk/{code}/theming"))
    for key, then in (("1", "Noticed number 2"), ("0", "Noticed number 3"), ("u", "Noticed number 2")):
        desk.keyboard.press(key)
        desk.get_by_text(then).wait_for()
        desk.wait_for_load_state()  # the script that hears the keys comes last
    desk.get_by_text("You have looked at 1 of 3").wait_for()
    desk.keyboard.press("2")
    desk.get_by_text("Noticed number 3").wait_for()
    under_each = desk.locator("aside .theming-lanes").first.locator(".number")
    expect(under_each).to_have_text(["1", "1", "1"])

    desk.get_by_role("button", name="Number keys are on").click()
    desk.keyboard.press("1")
    desk.reload()
    desk.get_by_role("button", name="Number keys are off").wait_for()
    assert desk.get_by_text("Noticed number 3").is_visible()
