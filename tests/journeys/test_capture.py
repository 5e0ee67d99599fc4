"""A thought on its way: from a phone without a script, over the wire, to the wall in the room."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response, ViewportSize, expect

from hackathon.core.db import transaction
from hackathon.events.models import Event
from hackathon.events.queries import event_by_code
from hackathon.insights.models import HideReason
from hackathon.insights.queries import any_insight_by_number
from hackathon.moderation.operations import hide_words
from hackathon.packs.operations import freeze_pack
from hackathon.packs.transfer import pack_on_disk
from hackathon.porch.copies import Copy
from hackathon.themes.operations import add_theme
from tests.makers import make_event, make_table

PHONE = ViewportSize(width=390, height=844)
PROJECTOR = ViewportSize(width=1920, height=1080)
MOST_BYTES = 60_000
SMALLEST_TARGET = 44
SMALLEST_WORDS = 28

PRESSED = "button, summary, .govuk-input, .govuk-textarea, .govuk-select, .govuk-radios__label"
TOO_SMALL = """([pressed, least]) => [...document.querySelectorAll(pressed)]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < least).map(e => e.outerHTML)"""
SMALL_WORDS = """least => [...document.querySelectorAll('.wall *')]
  .filter(e => e.checkVisibility() && !e.matches('.hidden-words, .hidden-words *, svg, svg *'))
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < least).map(e => e.outerHTML)"""
IS_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass(frozen=True, slots=True)
class Hack:
    """A published event in a running copy, on the day."""

    copy: Copy
    app: Flask
    code: str
    table: str

    def at(self, address: str) -> str:
        return f"{self.copy.address}/{address.format(code=self.code, table=self.table)}"

    def hide(self, number: int) -> None:
        with self.app.app_context(), transaction() as session:
            insight = any_insight_by_number(session, event_by_code(session, self.code), number)
            hide_words(session, insight, reason=HideReason.UNKIND, actor="the test")


@pytest.fixture(scope="module")
def hack(running: Copy, backstage: Flask) -> Hack:
    with backstage.app_context(), transaction() as session:
        event: Event = make_event(session, title="Hack the way we lead change")
        pack = pack_on_disk("change-model")
        freeze_pack(session, event, pack, actor="the test")
        first, *_others = [
            add_theme(session, event, key=t.id, title=t.title, prompt=t.prompt, actor="the test")
            for t in pack.manifest.themes
        ]
        table = make_table(session, event, number=7, theme=first)
        code, table_code = event.code, table.code
    return Hack(running, backstage, code, table_code)


def send(page: Page, words: str) -> str:
    """Write a thought anonymously and send it; the number that comes back."""
    page.get_by_label("Your thought").fill(words)
    if not page.get_by_label("Anonymous").is_visible():
        page.locator("details.names summary").click()
    page.get_by_label("Anonymous").check()
    page.get_by_role("button", name="Send this thought").click()
    receipt = page.locator(".sent__words, #outbox [data-as=sent]").first
    receipt.wait_for()
    return receipt.inner_text().removeprefix("Sent, number ").partition(".")[0]


def test_the_page_behind_the_qr_code_is_light_and_asks_nobody_else(hack: Hack, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks what it calls
    page.goto(hack.at("t/{table}"), wait_until="load")
    page.wait_for_timeout(2_000)  # for what the scripts ask for; the stream itself never ends

    sizes = {answer.url: answer.request.sizes() for answer in answers if "/stream" not in answer.url}
    bytes_over_the_wire = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())

    assert bytes_over_the_wire <= MOST_BYTES, sizes
    assert {url.startswith(hack.copy.address) for url in sizes} == {True}
    context.close()


def test_a_phone_without_a_script_sends_and_gets_a_number(hack: Hack, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    phone = context.new_page()
    phone.goto(hack.at("t/{table}"))

    number = send(phone, "Forms travel faster than people")
    phone.reload()

    assert phone.locator(".sent__words").inner_text() == f"Sent, number {number}."
    assert number in phone.locator(".receipts").inner_text()
    assert "Forms travel faster than people" in phone.locator(".so-far").inner_text()
    context.close()


def test_what_is_pressed_is_large_enough_and_nothing_is_wider_than_the_phone(hack: Hack, browser: Browser) -> None:
    context = browser.new_context(viewport=ViewportSize(width=320, height=640))
    page = context.new_page()
    for address in ("t/{table}", "e/{code}/outside", "e/{code}", "e/{code}/insights", "", "accessibility", "privacy"):
        page.goto(hack.at(address))
        for folded in page.locator("details").all():
            folded.evaluate("e => e.open = true")
        assert not page.evaluate(IS_WIDER), address
        if address.startswith("t/") or address.endswith("outside"):
            assert page.evaluate(TOO_SMALL, [PRESSED, SMALLEST_TARGET]) == []
    context.close()


def test_the_sentence_about_names_follows_the_choice(hack: Hack, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(hack.at("t/{table}"))
    summary = page.locator("details.names summary")
    assert summary.inner_text() == "Name hidden: only the organisers can see it. Change"

    summary.click()
    page.get_by_label("Anonymous").check()

    assert summary.inner_text() == "Anonymous: nobody can see who wrote it. Change"
    expect(page.get_by_label("Your name", exact=True)).not_to_be_visible()
    context.close()


def test_the_wall_shows_a_thought_live_and_lets_go_of_a_hidden_one_at_once(hack: Hack, browser: Browser) -> None:
    wall = browser.new_context(viewport=PROJECTOR).new_page()
    wall.goto(hack.at("e/{code}/wall"))
    phone = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    phone.goto(hack.at("e/{code}/outside"))
    large = wall.locator(".newest__text")

    first = send(phone, "The night shift has no login")
    expect(large).to_have_text("The night shift has no login", timeout=9_000)
    assert wall.evaluate(SMALL_WORDS, SMALLEST_WORDS) == []
    second = send(phone, "Something rude")
    expect(large).to_have_text("Something rude", timeout=9_000)

    hack.hide(int(second))

    expect(large).not_to_have_text("Something rude", timeout=9_000)
    assert "Something rude" not in wall.content()
    assert int(second) == int(first) + 1
    for page in (wall, phone):
        page.context.close()


def test_a_paused_wall_stands_still(hack: Hack, browser: Browser) -> None:
    wall = browser.new_context(viewport=PROJECTOR).new_page()
    wall.goto(hack.at("e/{code}/wall"))
    phone = browser.new_context(viewport=PHONE).new_page()
    phone.goto(hack.at("t/{table}"))

    wall.keyboard.press("Tab")
    wall.keyboard.press("Enter")
    assert wall.get_by_role("button", name="Carry on").get_attribute("aria-pressed") == "true"
    before = wall.locator("#live").inner_text()
    send(phone, "Said while the wall was paused")
    wall.wait_for_timeout(1_500)
    assert wall.locator("#live").inner_text() == before

    wall.keyboard.press("Enter")
    expect(wall.locator(".newest__text")).to_have_text("Said while the wall was paused", timeout=9_000)
    for page in (wall, phone):
        page.context.close()


def test_without_a_script_the_wall_shows_the_newest(hack: Hack, browser: Browser) -> None:
    phone = browser.new_context(viewport=PHONE).new_page()
    phone.goto(hack.at("t/{table}"))
    send(phone, "Shown without a script")
    wall = browser.new_context(viewport=PROJECTOR, java_script_enabled=False).new_page()
    wall.goto(hack.at("e/{code}/wall"))

    assert wall.locator(".newest__text").inner_text() == "Shown without a script"
    expect(wall.get_by_role("button", name="Pause")).not_to_be_visible()
    for page in (wall, phone):
        page.context.close()
