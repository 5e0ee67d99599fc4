"""The phone that loses its signal: what is written on it arrives, once, in order, whatever happens on the way."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, StorageState, ViewportSize, expect
from sqlalchemy import select

from hackathon.core.clock import now
from hackathon.core.db import reading, transaction
from hackathon.events.models import Place, Stage
from hackathon.events.operations import move_to
from hackathon.events.queries import event_by_code
from hackathon.insights.models import Insight
from hackathon.porch.copies import Copy
from hackathon.statements.operations import add_statement, open_round
from hackathon.tables.queries import table_by_code
from tests.chromium import launching
from tests.journeys.mast import Mast, mast
from tests.journeys.people import WEAK_WIFI
from tests.makers import make_event, make_registration, make_table, make_theme

PHONE = ViewportSize(width=360, height=640)
SENDING = "Saved on this phone, sending."
DARK = "Saved on this phone. It goes out when there is a signal."
FORGETFUL = "This phone keeps nothing for this site: stay on this page until it says sent."
SOON = 10_000
"""Milliseconds between finding the signal again and the last row: the goal."""
AT_ONCE = 2_000
PAINTED = "performance.getEntriesByName('first-contentful-paint').length"
IS_COPIED = """async (page) => {
  const kept = (await (await caches.open("copies")).keys()).map(({ url }) => new URL(url).pathname);
  const sheets = Array.from(document.querySelectorAll("link[rel=stylesheet]"), ({ href }) => new URL(href).pathname);
  return [page, ...sheets].every((path) => kept.includes(path));
}"""
BOX = "event.box"
"""A name in the room's own network; for a browser it is no safe place, as 127.0.0.1 is."""


@dataclass(frozen=True, slots=True)
class Hack:
    """An event of its own in the running copy, and a mast through which phones reach it."""

    app: Flask
    mast: Mast
    code: str
    table: str

    @property
    def box(self) -> str:
        return f"{self.mast.address}/t/{self.table}"

    @property
    def outside(self) -> str:
        return f"{self.mast.address}/e/{self.code}/outside"

    @property
    def insights(self) -> list[Insight]:
        with self.app.app_context():
            session = reading()
            event = event_by_code(session, self.code)
            return list(session.scalars(select(Insight).where(Insight.event_id == event.id).order_by(Insight.number)))

    @property
    def texts(self) -> list[str]:
        return [insight.text for insight in self.insights]

    def at(self, page: str) -> str:
        return f"{self.mast.address}/e/{self.code}/{page}".rstrip("/")

    def clear_the_table(self) -> None:
        with self.app.app_context(), transaction() as session:
            session.delete(table_by_code(session, self.table))

    def seated(self, name: str = "Maureen Tibbs") -> str:
        """Somebody has a place in the room; the token of their own link."""
        with self.app.app_context(), transaction() as session:
            person = make_registration(session, event_by_code(session, self.code)).participant
            person.name = name
            return person.token

    def open_the_vote(self) -> None:
        with self.app.app_context(), transaction() as session:
            event = event_by_code(session, self.code)
            for text in ("Everybody has a minute", "Night staff are asked first"):
                add_statement(session, event, text=text, actor="the test")
            open_round(session, event, actor="the test")

    def move(self, stage: Stage) -> None:
        with self.app.app_context(), transaction() as session:
            move_to(session, event_by_code(session, self.code), stage=stage, actor="the test")


@pytest.fixture
def hack(running: Copy, backstage: Flask) -> Iterator[Hack]:
    with backstage.app_context(), transaction() as session:
        event = make_event(session, title="Hack the way we lead change")
        table = make_table(session, event, number=7, theme=make_theme(session, event, title="Words and names"))
        code, table_code = event.code.lower(), table.code.lower()
    with mast(urlsplit(running.address).port or 0) as tall:
        yield Hack(backstage, tall, code, table_code)


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)
    yield context
    context.close()


def is_sent_by(request: Request, page: Page) -> bool:
    return request.method == "POST" and request.frame.page == page


@contextmanager
def on_a_phone_of_its_own(browser: Browser, folder: Path, *arguments: str) -> Iterator[BrowserContext]:
    """A browser that keeps what it holds in this folder when it is closed, and finds it there again."""
    context = browser.browser_type.launch_persistent_context(folder, viewport=PHONE, **launching(*arguments))
    yield context
    context.close()


def write(page: Page, words: str) -> None:
    page.get_by_label("Your thought").fill(words)
    page.get_by_role("button", name="Send this thought").click()


def press_at_the_fold(page: Page, name: str) -> None:
    """Press a button that stands at the lower edge of what is seen."""
    button = page.get_by_role("button", name=name)
    button.evaluate("button => button.scrollIntoView({block: 'end'})")
    button.click()


def says(page: Page, words: str, timeout: float = SOON) -> None:
    expect(page.locator("#outbox")).to_contain_text(words, timeout=timeout)


def test_what_was_sent_joins_the_numbers_and_the_words_on_its_page(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    for address, words in ((hack.box, "Sent from the room"), (hack.outside, "Sent from outside")):
        page.goto(address)
        write(page, words)

        expect(page.locator("#since")).to_contain_text(words, timeout=SOON)

    expect(page.locator("#since .receipt")).to_have_count(2)


def test_with_a_signal_it_feels_immediate(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)

    write(page, "Forms travel faster than people")
    assert page.get_by_label("Your thought").input_value() == ""
    says(page, "Sent, number 1.", AT_ONCE)
    write(page, "So do rumours")
    says(page, "Sent, number 2.", AT_ONCE)

    assert page.url == hack.box, "nothing was reloaded"
    assert page.locator("#outbox").get_attribute("role") == "status"
    assert page.locator("#outbox a").first.get_attribute("href") == f"/e/{hack.code.upper()}/wall"
    assert page.evaluate("document.activeElement.textContent.trim()") == "Send this thought"
    assert hack.texts == ["Forms travel faster than people", "So do rumours"]


@pytest.mark.parametrize("where", ["box", "outside"])
def test_what_became_of_a_press_is_seen_at_once_and_nothing_moves_for_who_goes_on(
    hack: Hack, phone: BrowserContext, where: str
) -> None:
    page = phone.new_page()
    page.goto(getattr(hack, where))
    newest = page.locator("#outbox .outbox__act").first
    for number in (1, 2):
        page.get_by_label("Your thought").fill(f"Thought {number}")
        press_at_the_fold(page, "Send this thought")
        expect(newest).to_contain_text(f"Sent, number {number}.", timeout=SOON)
        expect(newest).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.activeElement.textContent.trim()") == "Send this thought"
    page.emulate_media(reduced_motion="reduce")  # or what scrolls smoothly would run against the wheel
    hack.mast.lose_signal()
    page.get_by_label("Your thought").fill("From the lift")
    press_at_the_fold(page, "Send this thought")
    expect(newest).to_contain_text(DARK, timeout=SOON)
    expect(newest).to_be_in_viewport(ratio=1)

    page.mouse.wheel(0, -5000)
    page.wait_for_function("() => scrollY === 0")
    hack.mast.find_signal()
    says(page, "Sent, number 3.")

    page.wait_for_timeout(500)
    assert page.evaluate("scrollY") == 0


def test_a_press_too_many_sends_nothing_twice(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    page.get_by_label("Your thought").fill("Pressed twice")

    page.get_by_role("button", name="Send this thought").dblclick()
    says(page, "Sent, number 1.")

    assert (hack.texts, page.url) == (["Pressed twice"], hack.box)


def test_ten_without_a_signal_survive_a_closed_tab_and_a_closed_browser(
    hack: Hack, browser: Browser, tmp_path: Path
) -> None:
    thoughts = [f"Thought {number} from a car park" for number in range(1, 11)]
    with on_a_phone_of_its_own(browser, tmp_path) as context:
        page = context.new_page()
        page.goto(hack.box)
        hack.mast.lose_signal()
        for thought in thoughts:
            write(page, thought)
        says(page, DARK)
        page.close(run_before_unload=False)
    with on_a_phone_of_its_own(browser, tmp_path) as context:
        page = context.new_page()
        hack.mast.find_signal()
        page.goto(hack.outside)
        found = time.monotonic()
        says(page, "Sent, number 10.")
        took = time.monotonic() - found

    assert hack.texts == thoughts
    assert took * 1000 <= SOON


def test_a_tab_that_closes_in_the_next_instant_has_kept_the_words(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    hack.mast.lose_signal()
    page.get_by_label("Your thought").fill("Pressed and gone")

    page.evaluate("setTimeout(() => { document.querySelector('form.act button').click(); location = 'about:blank' })")
    page.wait_for_url("about:blank")
    page.close()
    hack.mast.find_signal()
    again = phone.new_page()
    again.goto(hack.box)

    says(again, "Sent, number 1.")
    assert hack.texts == ["Pressed and gone"]


def test_it_says_in_words_how_it_stands_and_goes_out_by_itself(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    phone.set_offline(True)

    write(page, "The lift is out again")
    says(page, f"Your thought: “The lift is out again”{DARK}")
    phone.set_offline(False)

    says(page, "Sent, number 1.", AT_ONCE)
    assert "The lift is out again" not in page.locator("#outbox").inner_text(), "what was sent leaves the phone"
    assert "The lift is out again" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_signal_that_nobody_announces_is_noticed(hack: Hack, phone: BrowserContext) -> None:
    """Wi-Fi without internet behind it: the browser believes that it is online all the while."""
    page = phone.new_page()
    page.goto(hack.box)
    hack.mast.lose_signal()
    write(page, "The guest network is full")
    says(page, DARK)
    page.wait_for_timeout(8_000)

    hack.mast.find_signal()

    says(page, "Sent, number 1.")
    assert hack.texts == ["The guest network is full"]


def test_a_network_that_answers_in_our_place_takes_nothing(hack: Hack, phone: BrowserContext) -> None:
    """The sign-in page of a guest network answers 200 to everything."""
    page = phone.new_page()
    page.goto(hack.box)
    page.route("**/insights", lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Welcome"))
    write(page, "Who is behind this door")
    says(page, DARK)

    page.unroute("**/insights")

    says(page, "Sent, number 1.")


def test_a_phone_that_slept_sends_when_it_wakes(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    hack.mast.lose_signal()
    write(page, "Half an hour in a pocket")
    says(page, DARK)
    line = phone.new_cdp_session(page)
    line.send("Page.setWebLifecycleState", {"state": "frozen"})
    hack.mast.find_signal()
    time.sleep(3)

    line.send("Page.setWebLifecycleState", {"state": "active"})

    says(page, "Sent, number 1.")


def test_an_answer_that_was_lost_makes_no_second_row(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    hack.mast.lose_answers()
    write(page, "Kept once, told twice")
    says(page, DARK)
    assert hack.texts == ["Kept once, told twice"], "the server has it; the phone cannot know"

    hack.mast.find_signal()

    says(page, "Sent, number 1.")
    assert hack.texts == ["Kept once, told twice"]


def test_two_tabs_send_each_thing_once_and_in_order(hack: Hack, phone: BrowserContext) -> None:
    first, second = phone.new_page(), phone.new_page()
    for page in (first, second):
        page.goto(hack.box)
    hack.mast.lose_signal()
    for number, page in enumerate((first, second, first, second), 1):
        write(page, f"Thought {number}")
        says(page, DARK)

    hack.mast.find_signal()

    for page in (first, second):
        says(page, "Sent, number 4.")
    assert hack.texts == ["Thought 1", "Thought 2", "Thought 3", "Thought 4"]


def test_a_stage_that_closed_meanwhile_takes_it_late(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    hack.mast.lose_signal()
    write(page, "Written while you were still listening")
    says(page, DARK)
    page.wait_for_timeout(2_500)
    hack.move(Stage.AFTER)

    hack.mast.find_signal()

    says(page, "Sent, number 1. Arrived late: “Opening up” closed meanwhile. It is kept and counted.")
    assert [(kept.late, kept.phase, kept.place) for kept in hack.insights] == [(True, Stage.DIVERGE, Place.ROOM)]


@pytest.mark.parametrize(
    "wrong", ["Date.now = () => real() + 1e11", "let n = 0; Date.now = () => real() - 1e9 * n++"], ids=["ahead", "back"]
)
def test_a_wrong_clock_does_no_harm(hack: Hack, phone: BrowserContext, wrong: str) -> None:
    phone.add_init_script(f"{{ const real = Date.now; {wrong}; }}")
    page = phone.new_page()
    page.goto(hack.box)
    hack.mast.lose_signal()
    write(page, "What year is it")
    page.wait_for_timeout(1_500)
    hack.mast.find_signal()

    says(page, "Sent, number 1.")
    [kept] = hack.insights
    assert (kept.late, abs(now() - kept.captured_at) < timedelta(minutes=1)) == (False, True)


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"


@pytest.mark.parametrize("storage", [BLOCKED, FULL], ids=["blocked", "full"])
def test_a_phone_that_keeps_nothing_says_so_before_anybody_types(
    hack: Hack, phone: BrowserContext, storage: str
) -> None:
    phone.add_init_script(storage)
    page = phone.new_page()
    page.goto(hack.box)
    says(page, FORGETFUL, AT_ONCE)

    write(page, "Straight out")
    says(page, "Sent, number 1.", AT_ONCE)
    hack.mast.lose_signal()
    write(page, "With some patience")
    says(page, "It goes out when there is a signal. Stay on this page until it says sent.")
    hack.mast.find_signal()

    says(page, "Sent, number 2.")
    assert hack.texts == ["Straight out", "With some patience"]


def test_where_nothing_is_kept_no_answer_takes_away_what_is_being_written(hack: Hack, phone: BrowserContext) -> None:
    phone.add_init_script(BLOCKED)
    page = phone.new_page()
    page.goto(hack.box)
    write(page, "Something to answer")
    says(page, "Sent, number 1.")
    page.goto(hack.at("insights/1"))
    box, send = page.get_by_label("Your comment"), page.get_by_role("button", name="Send this comment")
    hack.mast.lose_signal()
    box.fill("A first answer")
    send.click()
    box.fill("Half of a second")
    hack.mast.find_signal()

    says(page, "Sent, your comment on number 1.")

    expect(box).to_have_value("Half of a second")
    send.click()
    expect(page.locator("#said li")).to_contain_text(["A first answer", "Half of a second"], timeout=SOON)


def test_where_cookies_are_blocked_nobody_is_promised_that_words_go_out(
    hack: Hack, browser: Browser, tmp_path: Path
) -> None:
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    settings.write_text('{"profile": {"default_content_setting_values": {"cookies": 2}}}', encoding="utf-8")
    with on_a_phone_of_its_own(browser, tmp_path) as context:
        page = context.new_page()
        page.goto(hack.box)
        says(page, "Nothing can be sent from here while cookies are blocked.", AT_ONCE)

        write(page, "Where do I go?")

        says(page, "“Where do I go?”")
        says(page, "Not sent yet.")
        expect(page.locator("#outbox")).not_to_contain_text("goes out")


def test_words_that_are_far_too_long_come_back_at_once_and_hold_nothing_up(hack: Hack, phone: BrowserContext) -> None:
    """A browser sends no more than 64 KB that may outlive its page."""
    page = phone.new_page()
    page.goto(hack.box)

    write(page, "e" * 70_000)

    says(page, "Your words are back in the box.")
    expect(page.locator("form.act")).to_contain_text("Your thought has 70,000 characters.")
    write(page, "In short")
    says(page, "Sent, number 1.")
    assert hack.texts == ["In short"]


def test_an_event_that_was_closed_meanwhile_holds_nothing_up(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.at("commit"))
    hack.mast.lose_signal()
    page.get_by_label("What will you do?").fill("Ring every ward once a week")
    page.get_by_role("button", name="Keep this commitment").click()
    says(page, DARK)
    with hack.app.app_context(), transaction() as session:
        event_by_code(session, hack.code).closed_at = now()
        next_table = make_table(session, make_event(session, title="The hack after that")).code
    hack.mast.find_signal()

    says(page, "This event is closed, and takes nothing more.")

    page.goto(f"{hack.mast.address}/t/{next_table}")
    write(page, "At the next one")
    says(page, "Sent, number 1.")


def test_what_is_being_written_survives_a_reload_and_goes_when_it_is_sent(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.outside)
    page.get_by_label("Your thought").fill("Half a sentence that")
    page.locator("details.names summary").click()
    page.get_by_label("Anonymous").check()

    page.close()
    page = phone.new_page()
    page.goto(hack.outside)
    assert page.get_by_label("Your thought").input_value() == "Half a sentence that"
    assert page.get_by_label("Anonymous").is_checked()
    page.goto(hack.box)
    assert page.get_by_label("Your thought").input_value() == "", "another box has a draft of its own"
    page.goto(hack.outside)
    write(page, "Half a sentence that ends")
    says(page, "Sent, number 1.")
    page.reload()

    assert page.get_by_label("Your thought").input_value() == ""


def test_a_refusal_is_read_out_and_gives_the_words_back(hack: Hack, phone: BrowserContext) -> None:
    page, long = phone.new_page(), ("Far too long. " * 40).strip()
    page.goto(hack.box)

    write(page, long)
    says(page, "Not sent yet. Your words are back in the box.")
    assert page.get_by_label("Your thought").input_value() == long
    expect(page.get_by_label("Your thought")).to_have_accessible_description(re.compile("has 559 .* Shorten it to 500"))
    page.reload()
    assert page.get_by_label("Your thought").input_value() == long, "they are a draft again"
    write(page, "Short enough")

    says(page, "Sent, number 1.")
    assert "559" not in page.locator("main").inner_text()


def test_a_refusal_waits_until_somebody_who_writes_has_time_for_it(hack: Hack, phone: BrowserContext) -> None:
    page, long = phone.new_page(), ("Far too long. " * 40).strip()
    page.goto(hack.box)
    hack.mast.lose_signal()
    write(page, long)
    page.get_by_label("Your thought").fill("The next one, half")
    hack.mast.find_signal()
    says(page, "Shorten it to 500")
    assert page.get_by_label("Your thought").input_value() == "The next one, half"

    page.get_by_role("button", name="Change it").click()

    assert page.get_by_label("Your thought").input_value() == f"The next one, half\n\n{long}"
    assert page.evaluate("document.activeElement.name") == "text"


def test_attack_15_a_table_that_is_gone_refuses_in_words_and_the_words_go_elsewhere(
    hack: Hack, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    hack.mast.lose_signal()
    write(page, "We have moved to the other room")
    hack.clear_the_table()
    hack.mast.find_signal()
    says(page, "There is nothing at this address any more: its code may have been withdrawn.")
    page.goto(f"{hack.mast.address}/")
    says(page, "We have moved to the other room")

    page.get_by_role("button", name="Change it").click()
    page.wait_for_url("**/outside")
    assert page.get_by_label("Your thought").input_value() == "We have moved to the other room"
    page.get_by_role("button", name="Send this thought").click()

    says(page, "Sent, number 1.")
    assert hack.texts == ["We have moved to the other room"]


def test_an_old_page_with_an_old_cookie_is_not_refused(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    phone.clear_cookies()

    write(page, "The cookie is gone")

    says(page, "Sent, number 1.")
    page.reload()
    assert "Your numbers on this phone" in page.locator("main").inner_text()


def test_a_seat_and_a_commitment_wait_for_a_signal_like_words(hack: Hack, phone: BrowserContext) -> None:
    page, other = phone.new_page(), phone.new_page()
    page.goto(f"{hack.mast.address}/p/{hack.seated()}")
    page.goto(hack.at("me/seat"))
    other.goto(hack.at("commit"))
    hack.mast.lose_signal()

    page.get_by_role("button", name="Sit at table 7").click()
    says(page, f"A seat at table 7{DARK}")
    other.get_by_label("What will you do?").fill("Ring ward nine.")
    other.get_by_label("No, I keep it in mind myself").check()
    other.get_by_role("button", name="Keep this commitment").click()
    hack.mast.find_signal()

    expect(page.get_by_role("heading", level=1)).to_have_text("You sit at table 7", timeout=SOON)
    says(other, "Kept, number 1.")
    other.get_by_role("link", name="Open it and keep its address").click()
    expect(other.locator("main")).to_contain_text("Ring ward nine.")


def test_a_refused_commitment_is_told_beside_its_question(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.at("commit"))
    day = page.get_by_role("group", name="Shall we ask you how it went?")
    assert page.get_by_label("No, I keep it in mind myself").is_checked()

    page.get_by_label("What will you do?").fill("Ring ward nine.")
    page.get_by_label("Your email address").fill("dan@example.org")
    press_at_the_fold(page, "Keep this commitment")

    mistake = day.get_by_text("Choose the day on which we shall write to you")
    expect(mistake).to_be_in_viewport(ratio=1, timeout=SOON)
    expect(day).to_have_accessible_description(re.compile("Choose the day"))
    assert page.get_by_label("What will you do?").input_value() == "Ring ward nine."
    day.get_by_role("radio").first.check()
    press_at_the_fold(page, "Keep this commitment")
    says(page, "Kept, number 1.")
    expect(mistake).to_have_count(0)


def test_a_refused_ballot_keeps_its_marks_and_is_not_thrown_away_by_one_press(
    hack: Hack, phone: BrowserContext
) -> None:
    hack.open_the_vote()
    page = phone.new_page()
    page.goto(hack.at("rate"))
    agree = page.get_by_role("group", name="Everybody has a minute").get_by_label("Agree", exact=True)
    agree.check()
    hack.mast.lose_signal()
    page.get_by_role("button", name="Send my ratings").click()
    says(page, DARK)
    page.goto("about:blank")
    hack.mast.find_signal()
    page.goto(hack.box)
    says(page, "Choose an answer: Where are you taking part?")

    page.get_by_role("button", name="Take it off this phone").click()
    says(page, "This was never sent. Taken off the phone, it is gone.")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Change it").click()

    page.wait_for_url("**/rate")
    expect(agree).to_be_checked()
    expect(page.get_by_role("group", name="Where are you taking part?")).to_be_in_viewport(ratio=1)
    page.get_by_role("radio", name="From outside").check()
    page.get_by_role("button", name="Send my ratings").click()
    says(page, "are in")


def test_a_page_shows_what_became_of_an_act_that_another_tab_has_sent(hack: Hack, phone: BrowserContext) -> None:
    page, other = phone.new_page(), phone.new_page()
    page.goto(f"{hack.mast.address}/p/{hack.seated()}")
    page.goto(hack.at("me/seat"))
    other.goto(hack.at("commit"))
    phone.route("**/me/seat", lambda route: route.abort() if is_sent_by(route.request, page) else route.continue_())
    other.get_by_label("What will you do?").fill("Not yet.")

    page.get_by_role("button", name="Sit at table 7").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You sit at table 7", timeout=SOON)
    says(other, "You sit at table 7.")
    assert other.get_by_label("What will you do?").input_value() == "Not yet."


def test_a_shared_phone_can_be_cleared(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    write(page, "Mine, and nobody else's business")
    says(page, "Sent, number 1.")
    phone.route("**/insights", lambda route: route.abort())
    hack.mast.lose_signal()
    write(page, "Not sent yet")
    page.get_by_label("Your thought").fill("Not even finished")
    hack.mast.find_signal()
    page.goto(f"{hack.mast.address}/on-this-phone")
    says(page, "Not sent yet")
    assert "Something here has not been sent yet." in page.locator("main").inner_text()

    page.get_by_role("button", name="Clear what is on this phone").click()
    expect(page.locator("main")).to_contain_text("Nothing is kept on this phone any more.")
    page.goto(hack.box)

    assert page.get_by_label("Your thought").input_value() == ""
    assert "Your numbers on this phone" not in page.locator("main").inner_text()
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
    assert hack.texts == ["Mine, and nobody else's business"]


def wait_for_copy(page: Page, path: str) -> None:
    """Until the service worker keeps this page, and what the page that is open is dressed in."""
    page.wait_for_function(IS_COPIED, arg=path)


def copies(page: Page) -> list[str]:
    """What the service worker keeps, by path."""
    page.evaluate("navigator.serviceWorker.ready.then(() => new Promise((then) => setTimeout(then, 1000)))")
    kept: list[str] = page.evaluate(
        "caches.open('copies').then((c) => c.keys()).then((k) => k.map((r) => new URL(r.url).pathname))"
    )
    return sorted(kept)


def test_words_that_wait_when_the_phone_changes_hands_are_not_the_next_persons(
    hack: Hack, phone: BrowserContext
) -> None:
    page = phone.new_page()
    page.goto(f"{hack.mast.address}/p/{hack.seated('Ann First')}")
    page.goto(hack.box)
    page.locator("details.names summary").click()
    page.get_by_label("Named: everybody").check()
    hack.mast.lose_signal()
    write(page, "Written by Ann")
    says(page, DARK)
    page.get_by_label("Your thought").fill("Begun by Ann, sent by Bob")
    page.close()
    hack.mast.find_signal()

    page = phone.new_page()
    page.goto(f"{hack.mast.address}/p/{hack.seated('Bob Second')}")
    page.goto(hack.box)
    expect(page.get_by_label("Your thought")).to_have_value("Begun by Ann, sent by Bob")
    page.get_by_role("button", name="Send this thought").click()
    says(page, "Sent, number 2.")

    with hack.app.app_context():
        of_event = select(Insight).where(Insight.event_id == event_by_code(reading(), hack.code).id)
        said = [(insight.text, insight.said_by) for insight in reading().scalars(of_event.order_by(Insight.number))]
    assert said == [("Written by Ann", "Ann First"), ("Begun by Ann, sent by Bob", "Bob Second")]


def test_pages_open_without_a_signal_where_the_connection_is_safe(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    wait_for_copy(page, f"/t/{hack.table}")
    for address in (hack.outside, hack.at(""), hack.at("insights"), hack.at("rate"), hack.at("commit")):
        page.goto(address, wait_until="load")
    pages = [path for path in copies(page) if not path.startswith("/static/") and path != "/brand.css"]
    event = f"/e/{hack.code}"
    assert pages == [event, f"{event}/outside", f"/t/{hack.table}"], "these, and nothing else"
    page.close()

    hack.mast.lose_signal()
    for address, words in ((hack.box, "Table 7"), (hack.outside, "Your thought"), (hack.at(""), "Where we are")):
        page = phone.new_page()
        page.goto(address)
        assert words in page.locator("main").inner_text()
        assert page.evaluate("[...document.querySelectorAll('link[rel=stylesheet]')].every((link) => link.sheet)")
    page.goto(hack.box)
    write(page, "Written on a page that came from nowhere")
    says(page, DARK)
    hack.mast.find_signal()

    says(page, "Sent, number 1.")
    hack.mast.lose_signal()
    with pytest.raises(Error, match="ERR_"):
        page.goto(hack.at("insights"))


def test_a_phone_that_was_cleared_has_no_copies(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    wait_for_copy(page, f"/t/{hack.table}")
    page.goto(f"{hack.mast.address}/on-this-phone")

    page.get_by_role("button", name="Clear what is on this phone").click()
    expect(page.locator("main")).to_contain_text("Nothing is kept on this phone any more.")

    assert f"/t/{hack.table}" not in copies(page)


def test_staff_who_sign_out_leave_no_copies(hack: Hack, browser: Browser, organiser: StorageState) -> None:
    phone = browser.new_context(storage_state=organiser)
    page = phone.new_page()
    page.goto(hack.box)
    wait_for_copy(page, f"/t/{hack.table}")
    page.goto(f"{hack.mast.address}/desk")

    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("main")).to_contain_text("You are signed out.")

    assert f"/t/{hack.table}" not in copies(page)
    phone.close()


def test_a_phone_without_room_for_copies_is_shown_every_page(hack: Hack, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(hack.box)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    room = {"origin": hack.mast.address, "quotaSize": 1}
    phone.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", room)

    page.goto(hack.outside)

    expect(page.get_by_label("Your thought")).to_be_visible()


def test_an_event_box_on_plain_http_needs_no_service_worker(hack: Hack, browser: Browser, tmp_path: Path) -> None:
    found_at = f"--host-resolver-rules=MAP {BOX} 127.0.0.1"
    box = f"http://{BOX}:{hack.mast.port}/t/{hack.table}"
    with on_a_phone_of_its_own(browser, tmp_path, found_at) as context:
        page = context.new_page()
        page.goto(box)
        assert page.evaluate("[isSecureContext, 'serviceWorker' in navigator]") == [False, False]
        hack.mast.lose_signal()
        write(page, "No internet in this hall")
        says(page, DARK)
    hack.mast.find_signal()
    with on_a_phone_of_its_own(browser, tmp_path, found_at) as context:
        page = context.new_page()
        page.goto(box)
        says(page, "Sent, number 1.")

    assert hack.texts == ["No internet in this hall"]


def test_a_weak_network_carries_a_visit(hack: Hack, phone: BrowserContext) -> None:
    """400 kbit/s with 400 ms: the page, and then reading, two thoughts and a vote."""
    hack.open_the_vote()
    page = phone.new_page()
    line = phone.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", WEAK_WIFI)
    began = time.monotonic()
    page.goto(hack.outside, wait_until="commit")
    page.get_by_label("Your thought").fill("From a lay-by")
    while not page.evaluate(PAINTED):
        page.wait_for_timeout(10)
    usable = time.monotonic() - began
    page.wait_for_load_state("networkidle")
    first = hack.mast.carried
    page.get_by_role("button", name="Send this thought").click()
    says(page, "Sent, number 1.", AT_ONCE)
    write(page, "And one more")
    says(page, "Sent, number 2.", AT_ONCE)
    page.goto(hack.at(""))
    page.goto(hack.at("rate"))
    page.get_by_role("radio", name="From outside").check()
    page.get_by_role("radio", name="Agree", exact=True).first.check()
    page.get_by_role("button", name="Send my ratings").click()
    says(page, "are in")
    page.wait_for_load_state("networkidle")

    assert usable <= 4
    assert first <= 60_000
    assert hack.mast.carried <= 300_000
