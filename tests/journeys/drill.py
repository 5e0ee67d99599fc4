"""The desk drill: 80 people come to two desks, one of which loses its network for ten of them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, Page, StorageState, expect
from sqlalchemy import func, select

from hackathon.core.db import reading, transaction
from hackathon.events.models import Activity, Stage
from hackathon.events.queries import event_by_code, members_of
from hackathon.participants.queries import people_here
from hackathon.porch.copies import Copy
from hackathon.porch.goals import Measured, at_most, holds
from hackathon.staff.models import Role
from hackathon.tables.operations import take_seat
from tests.makers import make_event, make_member, make_participant, make_registration, make_table

BEGINNINGS = ("Ba", "Be", "Bi", "Bo", "Bu", "Da", "De", "Di", "Do", "Du")
ENDINGS = ("kker", "lling", "mford", "nshaw", "rrow", "sley", "tton", "vers")
FAMILIES = [beginning + ending for beginning, ending in product(BEGINNINGS, ENDINGS)]
"""Eighty names, each known by its first three letters."""
PEOPLE, TABLES = len(FAMILIES), 10
WITH_NETWORK, WITHOUT_NETWORK = 20, 10
SECONDS_AN_ARRIVAL = 5.0
KEYS, A_KEY, HEARING = 4, 0.2, 1.35
"""Three letters and Enter; seconds by the keystroke-level model of Card, Moran and Newell."""
PATIENCE = 60_000
IS_COPIED = """
async () => (await (await caches.open("copies")).keys()).some((request) => request.url.endsWith("/arrivals"))
"""


@dataclass(frozen=True)
class Day:
    """An event on its day: 80 people are expected at ten tables. `ticket` is the last one's."""

    code: str
    address: str
    ticket: str


def prepare(copy: Copy, app: Flask) -> Day:
    """Another event for the organiser of the sample one."""
    with app.app_context(), transaction() as session:
        event = make_event(session, stage=Stage.WARM_UP, title="The day of the drill")
        sample = event_by_code(session, urlsplit(copy.links["Event"]).path.rpartition("/")[2])
        organiser = next(member.account for member in members_of(session, sample) if member.role is Role.ORGANISER)
        make_member(session, event, organiser)
        tables = [make_table(session, event, number=number) for number in range(1, TABLES + 1)]
        for number, family in enumerate(FAMILIES):
            person = make_participant(session, event, name=f"Ann {family}", organisation="Ward 4")
            registration = make_registration(session, event, person)
            take_seat(session, tables[number % TABLES], person, actor="a drill")
        return Day(event.code, f"{copy.address}/desk/{event.code.lower()}/arrivals", registration.ticket)


def take_desk(page: Page, day: Day, letter: str) -> None:
    """Open the page, and say which desk this is."""
    page.goto(day.address)
    page.select_option("#desk", letter)
    expect(page.locator("#kept-words")).to_contain_text(f"{PEOPLE} names", timeout=PATIENCE)
    says(page, here=0)


def says(page: Page, *, here: int) -> None:
    """Wait until the desk says that so many are here, and that nothing waits to be sent."""
    words = f"{here} {'is' if here == 1 else 'are'} here. {PEOPLE} are confirmed for the room."
    expect(page.locator("#tally")).to_have_text(words, timeout=PATIENCE)
    expect(page.locator("#line")).to_have_text("", timeout=PATIENCE)


def greet(page: Page, family: str) -> float:
    """Three letters, Enter, and their name stands there large: how long that took."""
    began = time.monotonic()
    page.fill("#find", family[:3].lower())
    page.keyboard.press("Enter")
    page.locator(".welcome__name", has_text=f"Ann {family}").wait_for()
    return time.monotonic() - began


def play(browser: Browser, app: Flask, organiser: StorageState, day: Day) -> Iterator[Measured]:
    """Both desks greet in turn; one goes on without a network, opens its page anew meanwhile, and greets somebody whom
    the other greets too; then it catches up."""
    one, other = (browser.new_context(storage_state=organiser) for _ in range(2))
    desks = desk_a, desk_b = one.new_page(), other.new_page()
    for desk, letter in zip(desks, "AB", strict=True):
        take_desk(desk, day, letter)
    desk_b.wait_for_function(IS_COPIED)
    by_a, by_b = FAMILIES[::2], FAMILIES[1::2]
    lost, rest = by_b[WITH_NETWORK:][:WITHOUT_NETWORK], by_b[WITH_NETWORK + WITHOUT_NETWORK :]
    in_turn = chain.from_iterable(zip(by_a[:WITH_NETWORK], by_b[:WITH_NETWORK], strict=True))
    seconds = [greet(desks[number % 2], family) for number, family in enumerate(in_turn)]
    says(desk_b, here=2 * WITH_NETWORK)

    other.set_offline(True)
    desk_b.reload()
    seconds += [greet(desk_b, family) for family in lost]
    desk_b.locator("#line", has_text=f"{WITHOUT_NETWORK} kept on this laptop").wait_for()
    yield holds("acts that a desk without a network keeps", True, f"all {WITHOUT_NETWORK}")
    seconds += [greet(desk_a, family) for family in [*by_a[WITH_NETWORK:], lost[-1]]]
    says(desk_a, here=WITH_NETWORK + len(by_a) + 1)

    other.set_offline(False)
    first = desk_b.locator(".welcome__notes", has_text="Already here since").filter(has_text="desk A")
    first.wait_for(timeout=PATIENCE)
    seconds += [greet(desk_b, family) for family in rest]
    for desk in desks:
        says(desk, here=PEOPLE)
    for context in (one, other):
        context.close()

    mean = sum(seconds) / len(seconds)
    yield at_most(f"one of {len(seconds)} arrivals at two desks, what the machine takes", mean, 1.0, "s")
    yield at_most("the same with somebody who types like most", mean + HEARING + KEYS * A_KEY, SECONDS_AN_ARRIVAL, "s")
    yield at_most("the slowest of them", max(seconds), SECONDS_AN_ARRIVAL, "s")
    with app.app_context():
        event = event_by_code(reading(), day.code)
        came = select(func.count()).where(Activity.event_id == event.id, Activity.kind == "person.checked_in")
        here, logged = people_here(reading(), event), reading().scalar(came)
    yield holds("people here, and lines that say so", (here, logged) == (PEOPLE, PEOPLE), f"{PEOPLE} and {PEOPLE}")
