"""Walk 3: Mair, district nurse, takes part from a car with a bad signal, on a phone that her family uses, too."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request
from sqlalchemy import select

from hackathon.carry_in.operations import carry_in
from hackathon.core.config import Settings
from hackathon.core.db import db, reading, transaction
from hackathon.events.models import Place, Stage
from hackathon.events.operations import move_to
from hackathon.events.queries import event_by_code
from hackathon.factory import create_app
from hackathon.insights.models import Insight
from hackathon.participants.operations import register
from hackathon.porch.copies import free_port, running_copy
from hackathon.porch.goals import Measured, at_least, at_most, holds
from hackathon.statements.operations import add_statement, open_round
from hackathon.synthesis.operations import add_coder, code_insight
from hackathon.synthesis.queries import open_objections
from hackathon.themes.queries import themes_of
from tests.chromium import launching, open_browser
from tests.journeys.mast import Edge, Mast, mast
from tests.journeys.people import LONGEST_WAIT, PHONE, WEAK_WIFI, WORDS_ON_SCREEN
from tests.journeys.postbox import Postbox, mail_server
from tests.makers import make_event, make_table, make_theme

TABLE, MAIR = 4, "mair@example.org"
FIRST = "I sit in the car between visits and the form asks me for a desk"
SECOND = "Let us speak the note, and have it typed for us"
DRAFT = "And one thing about the phones"
ANSWER = "At our table two wards speak their notes already. Come and see it."
REPLY = "Thank you. Thursday after three would suit me."
TRIES, AT_THE_EDGE = 10, 20
BOX, SEND = "Your thought", "Send this thought"
NOT_MEANT = "That is not what I meant"
DARK = "Saved on this phone. It goes out when there is a signal."
FORGETFUL = "This phone keeps nothing for this site"
BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
WRONG_CLOCK = "{ const real = Date.now; Date.now = () => real() + 1e11; }"
PAINTED = "performance.getEntriesByName('first-contentful-paint').length"


@dataclass(frozen=True, slots=True)
class Road:
    """What the walk moves on: the product behind a mast, the event, the letters, and a folder that is Mair's phone."""

    app: Flask
    mast: Mast
    post: Postbox
    browser: Browser
    folder: Path
    phone: Path
    code: str
    table: str
    token: str

    def at(self, page: str) -> str:
        return f"{self.mast.address}/e/{self.code}/{page}".rstrip("/")

    def kept(self, words: str) -> list[Insight]:
        with self.app.app_context():
            return list(reading().scalars(select(Insight).where(Insight.text == words)))

    def move(self, stage: Stage) -> None:
        with self.app.app_context(), transaction() as session:
            move_to(session, event_by_code(session, self.code), stage=stage, actor="the walk")

    def photograph(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"{name}.png", full_page=True, animations="disabled")

    @contextmanager
    def another_phone(self, script: str = "") -> Iterator[Page]:
        context = self.browser.new_context(**PHONE)
        context.set_default_timeout(LONGEST_WAIT)
        if script:
            context.add_init_script(script)
        yield context.new_page()
        context.close()


def walk(folder: Path) -> Iterator[Measured]:
    with open_browser() as browser:
        yield from play(browser, folder)


def play(browser: Browser, folder: Path) -> Iterator[Measured]:
    port = free_port()
    with (
        TemporaryDirectory() as phone,
        mail_server() as (post, smtp_url),
        mast(port) as tall,
        running_copy(demo=False, port=port, base_url=tall.address, smtp_url=smtp_url) as copy,
    ):
        app = create_app(Settings(data_dir=copy.folder, base_url=tall.address, smtp_url=smtp_url, demo=False))
        road = Road(app, tall, post, browser, folder, Path(phone), *_invite(app))
        yield from _read_and_send(road)
        yield from _next_stop(road)
        yield from _answered(road)
        yield from _vote(road)
        yield from _heard(road)
        yield from _at_the_edge(road)
        yield from _what_goes_wrong(road)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _invite(app: Flask) -> tuple[str, str, str]:
    """An event that is on, with table 4; Mair has registered to take part from outside."""
    with app.app_context(), transaction() as session:
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        event = make_event(session, title="Hack the way we lead change", held_on=tomorrow)
        table = make_table(session, event, number=TABLE, theme=make_theme(session, event, title="Words and names"))
        mair = register(
            session,
            event,
            name="Mair Owen",
            email=MAIR,
            organisation="Community nursing",
            job_role="Nurse",
            attending=Place.OUTSIDE,
            answers={},
        ).registration.participant
        return event.code.lower(), table.code.lower(), mair.token


@contextmanager
def _mairs_phone(road: Road) -> Iterator[BrowserContext]:
    """A browser that finds again what it kept when it was closed."""
    context = road.browser.browser_type.launch_persistent_context(road.phone, **launching(), **PHONE)
    context.set_default_timeout(LONGEST_WAIT)
    yield context
    context.close()


def _slow(context: BrowserContext, page: Page) -> None:
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", WEAK_WIFI)


def _read_and_send(road: Road) -> Iterator[Measured]:
    """Her own link, the question, a thought; the signal goes, she sends, tries and tries, and closes the browser."""
    with _mairs_phone(road) as context:
        page = context.new_page()
        _slow(context, page)
        usable, weight = _open(road, page, f"{road.mast.address}/p/{road.token}", "h1")
        yield at_most("seconds from the link in her mail to usable text, 400 kbit/s and 400 ms", usable, 4, "s")
        yield at_most("kB behind the link in her mail, everything in it", weight, 60, "kB")
        yield at_most("words on the screen of her own page", page.evaluate(WORDS_ON_SCREEN, ["main", "", True]), 60)
        usable, weight = _open(road, page, road.at("outside"), "textarea")
        yield at_most("seconds to the box, files of the page before it cached", usable, 4, "s")
        yield at_most("kB of the box, files of the page before it cached", weight, 60, "kB")
        yield at_most("words on the screen with the box", page.evaluate(WORDS_ON_SCREEN, ["main", "", True]), 60)
        page.locator("details.names summary").click()
        page.get_by_label("Name hidden: only the organisers can see it.").check()
        road.photograph(page, "1-box")
        road.mast.lose_signal()
        _write(page, FIRST)
        _says(page, DARK)
        yield holds("without a signal it says in words that it is saved and will go out", True, DARK)
        road.photograph(page, "2-saved")
        yield from _try_again_and_again(road, page)
        page.get_by_label(BOX).fill(DRAFT)
        road.mast.lose_signal()


def _open(road: Road, page: Page, address: str, wanted: str) -> tuple[float, float]:
    """Seconds until something can be read there, and kB until nothing more comes. No packet is lost: CDP cannot."""
    before, began = road.mast.carried, time.monotonic()
    page.goto(address, wait_until="commit")
    page.locator(wanted).first.wait_for()
    while not page.evaluate(PAINTED):
        page.wait_for_timeout(10)
    usable = time.monotonic() - began
    page.wait_for_load_state("networkidle")
    return usable, (road.mast.carried - before) / 1000


def _try_again_and_again(road: Road, page: Page) -> Iterator[Measured]:
    """What she sends arrives, the answer never does: five minutes of that, with the waiting left out."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    road.mast.has_signal = True
    road.mast.lose_answers()
    until = time.monotonic() + 60
    while len(sent) < TRIES and time.monotonic() < until:
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_timeout(200)
    yield at_least("tries whose answer was lost", len(sent), TRIES)
    yield holds("however often it is tried, it is one row", len(road.kept(FIRST)) == 1, f"{len(sent)} tries")


def _next_stop(road: Road) -> Iterator[Measured]:
    """The browser is opened again; there is a signal again."""
    with _mairs_phone(road) as context:
        page = context.new_page()
        _slow(context, page)
        road.mast.find_signal()
        page.goto(road.at("outside"))
        _says(page, "Sent, number 1.")
        yield holds("after closing the browser nothing is lost or doubled", len(road.kept(FIRST)) == 1, "one row")
        draft = page.get_by_label(BOX).input_value()
        yield holds("after closing the browser the draft is there", draft == DRAFT, draft)
        road.photograph(page, "3-next-stop")
        road.mast.lose_signal()
        _write(page, SECOND)
        _says(page, DARK)
        road.mast.find_signal()
        back = time.monotonic()
        _says(page, "Sent, number 2.")
        yield at_most("seconds from reconnecting, with the page open, to the server", time.monotonic() - back, 10, "s")
        yield holds("the second is sent once", len(road.kept(SECOND)) == 1, "one row")


def _answered(road: Road) -> Iterator[Measured]:
    """Her words are carried to table 4, the table answers, she is told by mail, and she replies."""
    with road.app.app_context(), transaction() as session:
        carry_in(session, event_by_code(session, road.code), actor="the walk")
    with road.another_phone() as page:
        page.goto(f"{road.mast.address}/t/{road.table}")
        asked = page.locator("#from-outside .said").filter(has_text=FIRST)
        yield holds("her words lie before a table at the next carrying-in", asked.count() == 1, f"table {TABLE}")
        road.photograph(page, "4-table")
        asked.get_by_role("textbox").fill(ANSWER)
        answered = time.monotonic()
        asked.get_by_role("button", name="Send this answer").click()
        page.get_by_text("Your table answered").wait_for()
        road.photograph(page, "4-table-answered")
        letter = road.post.letter_to(MAIR)
    took = time.monotonic() - answered
    yield at_most("seconds from the table's answer to the letter", took, 300, "s")
    body = letter.get_body(("plain",))
    text = body.get_content() if body else ""
    yield holds("the letter has the answer in plain text", ANSWER in text, str(letter["Subject"]))
    link = re.search(r"https?://\S+/insights/\d+", text)
    if link is None:
        return
    with _mairs_phone(road) as context:
        page = context.new_page()
        page.goto(link[0])
        said = page.locator("main").inner_text()
        yield holds("its link leads to the answer", ANSWER in said, link[0].rpartition("/e/")[2])
        yield at_most("words on the page of her words", page.evaluate(WORDS_ON_SCREEN, ["main", "", True]), 60)
        road.photograph(page, "5-answered")
        page.get_by_label("Your comment").fill(REPLY)
        page.get_by_role("button", name="Send this comment").click()
        page.locator("#said").get_by_text(REPLY).wait_for()
        yield holds("she replies on the same page", page.locator("#said").get_by_text(REPLY).count() == 1, "once")


def _vote(road: Road) -> Iterator[Measured]:
    """She rates. What everything weighed, for reading, two thoughts and the vote, is counted at the mast."""
    road.move(Stage.CONVERGE)
    with road.app.app_context(), transaction() as session:
        event = event_by_code(session, road.code)
        for text in ("Everybody has a minute", "Night staff are asked first"):
            add_statement(session, event, text=text, actor="the walk")
        open_round(session, event, actor="the walk")
    with _mairs_phone(road) as context:
        page = context.new_page()
        page.goto(road.at("rate"))
        outside = page.get_by_role("radio", name="From outside")
        if outside.count():
            outside.check()
        page.get_by_role("radio", name="Agree", exact=True).first.check()
        yield at_most("words on the screen of the vote", page.evaluate(WORDS_ON_SCREEN, ["main", "", True]), 60)
        road.photograph(page, "6-vote")
        page.get_by_role("button", name="Send my ratings").click()
        _says(page, "are in")
        road.photograph(page, "7-voted")
    yield at_most(
        "kB to phones for reading, two thoughts, a table's answer, her reply and the vote",
        road.mast.carried / 1000,
        300,
        "kB",
    )


def _heard(road: Road) -> Iterator[Measured]:
    """Two weeks on: her own page tells her where her words went, and she objects in one tap."""
    with road.app.app_context(), transaction() as session:
        event = event_by_code(session, road.code)
        theme, coder = themes_of(session, event)[0], add_coder(session, event, name="Jo Castellan")
        insight = session.scalars(select(Insight).where(Insight.text == FIRST)).one()
        code_insight(session, insight, coder=coder, theme=theme, actor=coder.name)
        title = theme.title
    with _mairs_phone(road) as context:
        page = context.new_page()
        page.goto(f"{road.mast.address}/p/{road.token}")
        told = page.locator("#heard-1")
        yield holds("her own page tells her the theme of her words", title in told.inner_text(), title)
        told.scroll_into_view_if_needed()
        yield at_most("words on the screen that tells her", page.evaluate(WORDS_ON_SCREEN, ["main", "", True]), 60)
        told.get_by_role("button", name=NOT_MEANT).click()
        told.get_by_text("You said that this is not what you meant.").wait_for()
        yield holds("she objects in one tap", told.get_by_role("button", name="Take that back").is_visible(), NOT_MEANT)
        road.photograph(page, "8-objected")
    with road.app.app_context():
        seen = [each.insight.text for each in open_objections(reading(), event_by_code(reading(), road.code))]
    yield holds("those who put it there see it", seen == [FIRST], "people who do not recognise themselves")


def _at_the_edge(road: Road) -> Iterator[Measured]:
    """Every twentieth segment is lost, and some connections with it; she writes on, one thought after the other."""
    thoughts = [f"Thought {number} from the edge of the signal" for number in range(1, AT_THE_EDGE + 1)]
    edge = road.mast.edge = Edge()
    road.move(Stage.DIVERGE)
    with road.another_phone() as page:
        _come_through(page, road.at("outside"))
        began = time.monotonic()
        for words in thoughts:
            _write(page, words)
        page.locator("#outbox [data-as='waiting']").first.wait_for(state="detached")
        took = time.monotonic() - began
    road.mast.edge = None
    arrived = sorted((insight.number, words) for words in thoughts for insight in road.kept(words))
    lost = f"{edge.lost} of {edge.crossed} segments lost, {edge.cut} connections with them"
    in_order = [words for _, words in arrived] == thoughts
    yield holds("with 5% of segments lost each thought arrives once, in order", in_order, lost)
    yield holds("and segments were lost meanwhile", edge.lost > 0, lost)
    yield at_most(f"seconds for {AT_THE_EDGE} thoughts with 5% of segments lost", took, 30, "s")


def _come_through(page: Page, address: str) -> None:
    """Open a page as people do at the edge of a signal: again, until all of it is there.

    The stream of the page before ends when the page is opened once more, and belongs to neither.
    """
    failed: list[Request] = []

    def note(request: Request) -> None:
        if request.resource_type != "eventsource":
            failed.append(request)

    page.on("requestfailed", note)
    for _ in range(TRIES):
        failed.clear()
        with suppress(Error):
            page.goto(address)
        if not failed:
            return
    raise AssertionError(f"{address} did not come through in {TRIES} tries.")


def _what_goes_wrong(road: Road) -> Iterator[Measured]:
    with road.another_phone(WRONG_CLOCK) as page:
        page.goto(road.at("outside"))
        _write(page, "What year is it")
        _says(page, "Sent, number")
        late = [insight.late for insight in road.kept("What year is it")]
        yield holds("a phone whose clock is years ahead does no harm", late == [False], "one row, not late")
    with road.another_phone(BLOCKED) as page:
        page.goto(road.at("outside"))
        _says(page, FORGETFUL)
        road.photograph(page, "9-keeps-nothing")
        yield holds("a phone that keeps nothing says so before anybody types", True, FORGETFUL)
    with road.another_phone() as page:
        page.goto(road.at("outside"))
        road.mast.lose_signal()
        _write(page, "Written before you closed")
        _says(page, DARK)
        page.wait_for_timeout(2_500)
        road.move(Stage.AFTER)
        road.mast.find_signal()
        _says(page, "Arrived late")
        road.photograph(page, "10-late")
        late = [insight.late for insight in road.kept("Written before you closed")]
        yield holds("closed meanwhile: taken, marked late, not thrown away", late == [True], "one row, late")
        page.get_by_label(BOX).fill("Not for the children")
        page.goto(f"{road.mast.address}/on-this-phone")
        page.get_by_role("button", name="Clear what is on this phone").click()
        page.get_by_text("Nothing is kept on this phone any more.").wait_for()
        kept = page.evaluate("JSON.stringify(localStorage)")
        yield holds("a phone that others use, too, can be cleared", kept == "{}", "nothing is kept")
        road.photograph(page, "11-cleared")


def _write(page: Page, words: str) -> None:
    page.get_by_label(BOX).fill(words)
    page.get_by_role("button", name=SEND).click()


def _says(page: Page, words: str) -> None:
    page.locator("#outbox").get_by_text(words).first.wait_for()
