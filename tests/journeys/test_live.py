"""Screens that follow an event: what is said shows, what is hidden goes, and nothing moves under the hand."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, StorageState, expect
from sqlalchemy import select

from hackathon.comments.operations import add_comment
from hackathon.core.codes import long_token
from hackathon.core.db import transaction
from hackathon.events.models import Place, Stage
from hackathon.events.operations import move_to
from hackathon.events.queries import event_by_code
from hackathon.insights.models import HideReason, Identity, Source
from hackathon.insights.operations import share_insight
from hackathon.insights.queries import any_insight_by_number
from hackathon.moderation.operations import hide_words, show_words
from hackathon.porch.copies import Copy, running_copy
from hackathon.staff.models import Account
from hackathon.themes.queries import themes_of
from tests.journeys.people import PHONE, PROJECTOR
from tests.makers import make_event, make_member, make_table, make_theme
from tests.running import behind, signed_in

AT_ONCE = 4_000
"""A screen needs a tenth of it; the rest is for a machine that is busy with other tests."""
SOON = 9_000
NAME = count(1)


@dataclass(frozen=True, slots=True)
class Room:
    """An event in a running copy, and what people do in it: their words arrive as from other phones."""

    copy: Copy
    app: Flask
    code: str

    def at(self, page: str) -> str:
        return f"{self.copy.address}/{page.format(code=self.code)}"

    def share(self, words: str, place: Place = Place.ROOM) -> int:
        with self.app.app_context(), transaction() as session:
            event = event_by_code(session, self.code)
            insight = share_insight(
                session,
                event,
                text=words,
                place=place,
                client_id=long_token(),
                identity=Identity.ANONYMOUS,
                source=Source.PHONE,
                theme=themes_of(session, event)[0],
            )
            return insight.number

    def hide(self, number: int) -> None:
        with self.app.app_context(), transaction() as session:
            insight = any_insight_by_number(session, event_by_code(session, self.code), number)
            hide_words(session, insight, reason=HideReason.UNKIND, actor="the test")

    def show(self, number: int) -> None:
        with self.app.app_context(), transaction() as session:
            show_words(session, any_insight_by_number(session, event_by_code(session, self.code), number), actor="x")

    def move(self, stage: Stage) -> None:
        with self.app.app_context(), transaction() as session:
            move_to(session, event_by_code(session, self.code), stage=stage, actor="the test")


def room_in(copy: Copy, app: Flask, stage: Stage = Stage.CONVERGE) -> Room:
    with app.app_context(), transaction() as session:
        event = make_event(session, title=f"Live event {next(NAME)}", stage=stage)
        for position in (1, 2):
            make_theme(session, event, position=position)
        make_member(session, event, session.scalars(select(Account).order_by(Account.id).limit(1)).one())
        return Room(copy, app, event.code)


@pytest.fixture
def room(running: Copy, backstage: Flask) -> Room:
    return room_in(running, backstage)


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(**PHONE)
    yield context
    context.close()


def follow(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".live-state")).to_have_text("Live", timeout=SOON)
    return page


def test_a_list_announces_what_is_new_and_moves_only_when_asked(room: Room, phone: BrowserContext) -> None:
    first = room.share("Said before")
    page = follow(phone, room.at("e/{code}/insights"))
    page.get_by_role("link", name=f"Open number {first}").focus()

    room.share("Said one")
    room.share("Said two")

    expect(page.locator(".show-new")).to_have_text("2 new: show them", timeout=SOON)
    assert page.locator(".said__text").all_inner_texts() == ["Said before"]
    assert page.evaluate("document.activeElement.textContent") == f"Open number {first}"

    page.get_by_role("link", name="2 new").click()
    expect(page.locator(".said__text")).to_have_text(["Said two", "Said one", "Said before"])
    room.share("Said three")
    expect(page.locator(".show-new")).to_have_text("1 new: show it", timeout=SOON)
    assert page.locator(".said__text").count() == 3


def test_what_is_hidden_leaves_every_screen_at_once(
    room: Room, browser: Browser, phone: BrowserContext, organiser: StorageState
) -> None:
    room.share("Stays")
    rude = room.share("Something rude")
    desk = browser.new_context(storage_state=organiser)
    wall = browser.new_context(**PROJECTOR)
    pages = [
        follow(wall, room.at("e/{code}/wall")),
        follow(phone, room.at("e/{code}/insights")),
        follow(phone, room.at(f"e/{{code}}/insights/{rude}")),
    ]
    on_the_desk = follow(desk, room.at("desk/{code}/insights"))
    for page in pages:
        assert "Something rude" in page.content()

    room.hide(rude)

    for page in pages:
        expect(page.get_by_text("Something rude")).to_have_count(0, timeout=AT_ONCE)
    expect(on_the_desk.locator(f"#insight-{rude}")).to_contain_text("Hidden: ", timeout=AT_ONCE)
    room.show(rude)
    expect(pages[1].get_by_text("Something rude")).to_be_visible(timeout=SOON)
    for context in (desk, wall):
        context.close()


def test_what_is_hidden_leaves_the_pages_with_the_box_and_not_the_words_in_it(
    room: Room, phone: BrowserContext
) -> None:
    with room.app.app_context(), transaction() as session:
        table = make_table(session, event_by_code(session, room.code)).code
    at_table = phone.new_page()
    at_table.goto(room.at(f"t/{table}"))
    at_table.get_by_label("Your thought").fill("Something rude")
    at_table.get_by_role("button", name="Send this thought").click()
    outside = follow(phone, room.at("e/{code}/outside"))
    expect(at_table.locator(".live-state")).to_have_text("Live", timeout=SOON)
    for page in (at_table, outside):
        expect(page.locator("#since")).to_contain_text("Something rude", timeout=SOON)
    outside.get_by_label("Your thought").fill("Half a sentence")

    room.hide(1)

    for page in (at_table, outside):
        expect(page.locator("#since")).not_to_contain_text("Something rude", timeout=SOON)
    expect(outside.get_by_label("Your thought")).to_have_value("Half a sentence")


def test_an_answer_that_was_under_way_brings_nothing_back_that_was_hidden(room: Room, browser: Browser) -> None:
    screen = browser.new_context(**PROJECTOR)
    wall, held = follow(screen, room.at("e/{code}/wall")), list[tuple[Route, APIResponse]]()

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    wall.route("**/wall/newest*", hold_the_first)
    number = room.share("Said of somebody by name")
    while not held:
        wall.wait_for_timeout(50)
    wall.get_by_role("button", name="Pause").click()
    with wall.expect_response("**/wall/newest*"):
        room.hide(number)
    ((first, words),) = held
    assert "Said of somebody" in words.text()

    with wall.expect_event("requestfinished"):
        first.fulfill(response=words)
    wall.evaluate("new Promise((then) => setTimeout(then, 300))")

    expect(wall.locator("#live")).not_to_contain_text("Said of somebody")
    wall.unroute_all(behavior="ignoreErrors")
    screen.close()


def test_what_somebody_is_doing_on_the_desk_stays_as_it_is(
    room: Room, browser: Browser, organiser: StorageState
) -> None:
    number = room.share("Something to think about")
    other = room.share("Something else")
    desk = browser.new_context(storage_state=organiser)
    page = follow(desk, room.at("desk/{code}/insights"))
    folded = page.locator(f"#insight-{number} details")
    folded.locator("summary").click()

    room.hide(other)
    room.share("Something new")

    expect(page.locator(f"#insight-{other}")).to_contain_text("Hidden: ", timeout=SOON)
    expect(page.locator(".show-new")).to_have_text("1 new: show it", timeout=SOON)
    assert folded.evaluate("details => details.open")
    desk.close()


def refused(route: Route) -> None:
    route.abort()


def swallowed(_route: Route) -> None:
    """A proxy that takes the question in and lets no answer out."""


@pytest.mark.parametrize("on_the_way", [refused, swallowed])
def test_where_streams_are_blocked_the_page_asks_every_few_seconds(
    room: Room, phone: BrowserContext, on_the_way: Callable[[Route], None]
) -> None:
    phone.route("**/stream?*", on_the_way)
    page = phone.new_page()
    page.goto(room.at("e/{code}/insights"))
    expect(page.locator(".live-state")).to_have_text("Looking every few seconds", timeout=SOON)

    number = room.share("Said past the proxy")
    expect(page.locator(".show-new")).to_have_text("1 new: show it", timeout=2 * SOON)
    page.get_by_role("link", name="1 new").click()
    expect(page.get_by_text("Said past the proxy")).to_be_visible()
    room.hide(number)
    expect(page.get_by_text("Said past the proxy")).to_have_count(0, timeout=SOON)

    phone.unroute("**/stream?*")
    expect(page.locator(".live-state")).to_have_text("Live", timeout=3 * SOON)


def test_a_question_that_nobody_answers_is_given_up_and_asked_again(room: Room, phone: BrowserContext) -> None:
    page, asked = phone.new_page(), list[Route]()
    page.clock.install()

    def swallow_the_first(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    page.route("**/stream?*", refused)
    page.route("**/changes?*", swallow_the_first)
    page.goto(room.at("e/{code}/insights"))
    expect(page.locator(".live-state")).to_have_text("Not connected, trying again", timeout=SOON)
    while not asked:
        page.clock.run_for(1_000)

    page.clock.run_for(30_000)

    expect(page.locator(".live-state")).to_have_text("Looking every few seconds", timeout=SOON)
    page.unroute_all(behavior="ignoreErrors")


def test_screens_come_back_by_themselves_after_the_server_was_killed(browser: Browser) -> None:
    with running_copy(demo=True) as copy, behind(copy) as app:
        room = room_in(copy, app)
        contexts = [browser.new_context(**PROJECTOR), browser.new_context(**PHONE)]
        staff = browser.new_context(storage_state=signed_in(browser, copy))
        wall = follow(contexts[0], room.at("e/{code}/wall"))
        listing = follow(contexts[1], room.at("e/{code}/insights"))
        dashboard = follow(staff, room.at("desk/{code}"))

        for pid in processes_of(copy.process.pid):
            os.kill(pid, signal.SIGKILL)
        room.share("Said while nobody served")

        expect(wall.locator(".newest__text")).to_have_text("Said while nobody served", timeout=30_000)
        expect(listing.locator(".show-new")).to_have_text("1 new: show it", timeout=30_000)
        for page in (wall, listing, dashboard):
            expect(page.locator(".live-state")).to_have_text("Live", timeout=30_000)
        for context in (*contexts, staff):
            context.close()


def processes_of(supervisor: int) -> list[int]:
    """The web server, the hub and the jobs, and what they have started."""
    below = [int(pid) for pid in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()]
    return [deeper for pid in below for deeper in (*processes_of(pid), pid)]


def test_two_screens_and_a_dashboard_agree_with_the_figures_at_every_pause(
    running: Copy, backstage: Flask, browser: Browser, organiser: StorageState
) -> None:
    room = room_in(running, backstage, Stage.DIVERGE)
    staff = browser.new_context(storage_state=organiser)
    walls = [browser.new_context(**PROJECTOR), browser.new_context(**PROJECTOR)]
    screens = [follow(context, room.at("e/{code}/wall")) for context in walls]
    dashboard = follow(staff, room.at("desk/{code}"))

    def pause(*, counted: bool = True) -> None:
        """Everything has come to rest: what each screen shows is what the file says."""
        figures = staff.request.get(room.at("e/{code}/figures.json")).json()
        contributions, insights = figures["contributions_by_place"], figures["insights_by_place"]
        for words, place in {"Contributions in the room": "room", "Contributions from outside": "outside"}.items():
            number = dashboard.locator(".figure", has_text=words).first.locator("strong")
            expect(number).to_have_text(str(contributions.get(place, 0)), timeout=SOON)
        in_lanes = f"{insights.get('room', 0)} room {insights.get('outside', 0)} outside"
        for screen in screens:
            lane = screen.locator(".wall-lane__counts").first
            expect(lane).to_have_text(in_lanes, timeout=SOON) if counted else expect(lane).to_have_count(0)

    room.share("One from the room")
    room.share("One from outside", Place.OUTSIDE)
    pause(counted=False)
    room.move(Stage.CONVERGE)
    pause()
    rude = room.share("Something rude")
    pause()
    room.hide(rude)
    pause()
    with room.app.app_context(), transaction() as session:
        event = event_by_code(session, room.code)
        insight = any_insight_by_number(session, event, rude - 1)
        add_comment(session, insight, text="So true", place=Place.ROOM, client_id=long_token())
    pause()
    room.move(Stage.AFTER)
    pause()
    for context in (staff, *walls):
        context.close()
