"""Typing in what came on paper, by the keyboard alone: cards and ballots, each key counted.

The seconds are modelled, because no test types like a person: the keystroke-level model of Card, Moran and Newell, with
one look at the paper (1.35 s), a glance of two fixations (0.46 s) at each line of a ballot and, for each key, 0.12 s
for a good typist and 0.20 s for an average one. What the machine takes is measured.
"""

import re
import subprocess
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from hackathon.ballots.operations import CODE_LENGTH
from hackathon.core.codes import ALPHABET
from hackathon.porch.copies import Copy
from tests.pages.looking import NARROWEST, PHONE, as_size, sticking_out, violations, watched
from tests.tour import Tour, Where, Who

LOOK, GLANCE = 1.35, 0.46
GOOD_TYPIST, AVERAGE_TYPIST = 0.12, 0.20
MEAN_OF_SAMPLE = 84
SECONDS_A_CARD, SECONDS_A_BALLOT = 15.0, 12.0
CARDS = (
    "A tool that needs a training day before you can use it is a hobby.",
    "Somebody asked for a driver diagram. We drew a bus.",
    "Night staff hear about changes from the noticeboard.",
    "We fill in the same form at three desks.",
    "Nobody rings the people who left and asks them why.",
    "A small pot for each team, couple of hundred quid, no form needed.",
    "I hear more in the canteen queue than in a month of bulletins.",
    "The same 25 people turn up. Me included.",
    "Put an honest account of a flop next to each method.",
    "Send two of us to a hospital that has cracked it.",
)


class Hands:
    """Somebody who only types, and whose keys are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def type(self, words: str) -> None:
        self.keys += len(words)
        self.page.keyboard.type(words)

    def enter(self) -> None:
        self.keys += 1
        self.page.keyboard.press("Enter")

    def next_card(self, number: str) -> None:
        """The card with this number is in."""
        self.page.wait_for_url(f"**/cards?done={number}")
        self.look_up()

    def look_up(self) -> None:
        """Wait, as one does who looks at the screen first, until the page asks for a number."""
        self.page.get_by_role("textbox", name="Number on the card").and_(self.page.locator(":focus")).wait_for()


@pytest.fixture
def page(tour: Tour) -> Iterator[Page]:
    with watched(tour.browsers[Who.STAFF], tour.copy.address) as (page, wrong):
        page.set_viewport_size({"width": 1366, "height": 768})
        yield page
        assert wrong == []


def desk(copy: Copy, tour: Tour, path: str) -> str:
    return f"{copy.address}/desk/{tour.filling[Where.ON_THE_DAY]['code']}/{path}"


def told(what: str, keys: float, machine: float, *, lines: int = 0) -> float:
    """Say what one took, and how long a good typist would have needed for it."""
    seconds = [LOOK + lines * GLANCE + keys * key + machine for key in (GOOD_TYPIST, AVERAGE_TYPIST)]
    print(  # noqa: T201 - the figures are half of what these tests are for
        f"\n{what}: {keys:.1f} keys, {machine:.2f} s of the machine; modelled {seconds[0]:.1f} s for a good typist, "
        f"{seconds[1]:.1f} s for an average one"
    )
    return seconds[0]


def test_ten_cards_by_the_keyboard_alone(running: Copy, tour: Tour, page: Page) -> None:
    page.goto(desk(running, tour, "cards"))
    hands, machine = Hands(page), 0.0
    hands.look_up()

    for number, words in enumerate(CARDS, start=1):
        hands.type("3-1" if number == 1 else "")
        hands.enter()
        hands.type(words)
        began = time.monotonic()
        hands.enter()
        hands.next_card(f"3-{number}")
        machine += time.monotonic() - began

    page.goto(desk(running, tour, "cards/missing"))
    assert page.get_by_role("row", name=re.compile("^3 10 of 10 0 none none$")).count() == 1
    beside_the_words = hands.keys - sum(map(len, CARDS))
    assert beside_the_words == len("3-1") + 2 * len(CARDS)
    assert told("A card", hands.keys / len(CARDS), machine / len(CARDS)) <= SECONDS_A_CARD
    assert (
        told("A card as long as those of the sample event", MEAN_OF_SAMPLE + 2, machine / len(CARDS)) <= SECONDS_A_CARD
    )


def test_a_card_is_put_aside_or_refused_by_the_keyboard_alone(running: Copy, tour: Tour, page: Page) -> None:
    page.goto(desk(running, tour, "cards"))
    hands = Hands(page)
    hands.look_up()

    hands.type("2-1i")
    hands.enter()
    hands.next_card("2-1")
    hands.type("4")
    hands.enter()
    hands.type("Words with a")
    page.keyboard.press("Shift+Enter")
    hands.type("second line")
    hands.enter()
    hands.next_card("2-4")
    hands.type("4")
    hands.enter()
    hands.type("Other words")
    hands.enter()

    page.get_by_role("alert").get_by_text("2–4 is in already: “Words with a").wait_for()
    expect(page.get_by_label("Words on the card")).to_have_value("Other words")
    expect(page.get_by_role("listitem").filter(has_text="nobody could read it")).to_have_count(1)


def test_ballots_by_the_keyboard_alone(running: Copy, tour: Tour, page: Page) -> None:
    codes = printed_codes(running, tour, page, 5)
    page.goto(desk(running, tour, "ballots"))
    hands, machine = Hands(page), 0.0
    lines = len(page_lines(running, tour, page, codes[0]))
    page.goto(desk(running, tour, "ballots"))

    for code in codes:
        hands.type(code)
        began = time.monotonic()
        hands.enter()
        page.wait_for_url(f"**/ballots/{code}")
        page.locator(".ballot-line input").first.and_(page.locator(":focus")).wait_for()
        machine += time.monotonic() - began
        hands.type("4" * (lines - 1) + "0")
        began = time.monotonic()
        hands.enter()
        page.wait_for_url("**/ballots")
        page.get_by_text(f"{code} is in.").wait_for()
        machine += time.monotonic() - began

    expect(page.get_by_text("5 of 5")).to_have_count(1)
    assert hands.keys == len(codes) * (len(codes[0]) + 1 + lines + 1)
    for number in (lines, 9):
        keys = len(codes[0]) + 2 + number
        assert told(f"A ballot of {number} lines", keys, machine / len(codes), lines=number) <= SECONDS_A_BALLOT


def test_the_pages_that_only_come_while_typing(running: Copy, tour: Tour, page: Page) -> None:
    """What the tour of pages cannot open: a card to mend, a ballot with its lines, and both with a mistake in them."""
    code = printed_codes(running, tour, page, 1)[0]
    page.goto(desk(running, tour, "cards"))
    hands = Hands(page)
    hands.look_up()
    hands.type("1-1")
    hands.enter()
    hands.type("A sentence")
    hands.enter()
    hands.next_card("1-1")
    page.set_viewport_size(as_size(PHONE))

    wrong = []
    for path, button in (("cards/1-1", "Keep it like this"), (f"ballots/{code}", "Keep this ballot")):
        page.goto(desk(running, tour, path))
        wrong += violations(page)
        page.get_by_role("textbox").first.fill("x")
        page.get_by_role("button", name=button).click()
        page.get_by_role("alert").first.wait_for()
        wrong += violations(page)
        page.set_viewport_size(as_size(NARROWEST))
        wrong += sticking_out(page)
        page.set_viewport_size(as_size(PHONE))

    assert wrong == []


def printed_codes(copy: Copy, tour: Tour, page: Page, number: int) -> list[str]:
    """Have so many ballots made, and read their codes off the print."""
    page.goto(desk(copy, tour, "paper/ballots"))
    page.get_by_label("How many ballots?").fill(str(number))
    page.get_by_role("button", name="Make these ballots").click()
    page.wait_for_url("**#batch-*")
    href = page.locator(f"#batch-{page.url.rpartition('-')[2]}").get_by_role("link").get_attribute("href")
    answer = page.request.get(f"{copy.address}{href}", headers={"Accept": "application/pdf"}, timeout=120_000)
    codes = codes_on(answer.body())
    assert len(set(codes)) == number, codes
    return codes


def page_lines(copy: Copy, tour: Tour, page: Page, code: str) -> list[str]:
    page.goto(desk(copy, tour, f"ballots/{code}"))
    return page.locator(".ballot-line label").all_inner_texts()


def codes_on(pdf: bytes) -> list[str]:
    words = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return re.findall(rf"\b[{ALPHABET}]{{{CODE_LENGTH}}}\b", words)
