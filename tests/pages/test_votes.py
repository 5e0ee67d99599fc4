"""Every way of voting on a phone, and what came of it: for axe, on a narrow screen, by keyboard, without a script."""

from collections.abc import Iterator, Mapping

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.db import transaction
from hackathon.events.models import Event, Place, Stage
from hackathon.porch.copies import Copy
from hackathon.votes.models import Mark, Rating, VoteMethod
from tests.makers import make_ballot, make_event, make_round, make_statement
from tests.pages.looking import DESKTOP, NARROWEST, PHONE, as_size, sticking_out, violations, watched

STATEMENTS = (
    "Every idea gets an answer within four weeks, with a reason and a name beside it.",
    "Drop the word model.",
    "Meetings end with who does what by when, written where everybody who was not there can read it, too.",
    "Let the night shift choose its own hour.",
)
MOST_BYTES = 60_000
BALLOTS = 24


@pytest.fixture(scope="session")
def votes(backstage: Flask) -> Mapping[tuple[VoteMethod, str], str]:
    """The codes of events in the running copy, one for each way of voting: open, and over."""
    with backstage.app_context(), transaction() as session:
        return {
            (method, state): a_vote(session, method, state).code for method in VoteMethod for state in ("open", "over")
        }


def a_vote(session: Session, method: VoteMethod, state: str) -> Event:
    event = make_event(session, stage=Stage.CONVERGE)
    statements = [make_statement(session, event, number=n, text=text) for n, text in enumerate(STATEMENTS, start=1)]
    closed_at = now() if state == "over" else None
    make_round(session, event, method=method, dots=5, entitled_room=30, entitled_outside=20, closed_at=closed_at)
    for i in range(BALLOTS if state == "over" else 0):
        ballot = make_ballot(session, event, {}, place=list(Place)[i % 2], late=i == BALLOTS - 1)
        for j, statement in enumerate(statements):
            mark = list(Mark)[(i * (j + 1) + j) % 6] if method is VoteMethod.RATE else None
            dots = (i + j) % 3 if method is VoteMethod.DOTS and j < 3 else None
            rank = (i * i + j) % len(statements) + 1 if method is VoteMethod.RANKING else None
            session.add(Rating(ballot=ballot, statement=statement, mark=mark, dots=dots, rank=rank))
    return event


@pytest.fixture
def phone(browser: Browser, running: Copy) -> Iterator[tuple[Page, list[str]]]:
    """A phone of its own, and what was wrong with what it showed."""
    context = browser.new_context(viewport=as_size(PHONE))
    with watched(context, running.address) as watching:
        yield watching
    context.close()


@pytest.mark.parametrize("method", VoteMethod)
@pytest.mark.parametrize(("state", "path"), [("open", "rate"), ("over", "results"), ("over", "rate")])
def test_pages_of_every_way_of_voting_are_sound(
    running: Copy,
    votes: Mapping[tuple[VoteMethod, str], str],
    phone: tuple[Page, list[str]],
    method: VoteMethod,
    state: str,
    path: str,
) -> None:
    page, wrong = phone
    page.goto(f"{running.address}/e/{votes[method, state]}/{path}")

    for size in (PHONE, DESKTOP, NARROWEST):
        page.set_viewport_size(as_size(size))
        wrong += violations(page) + sticking_out(page)

    assert wrong == []


@pytest.mark.parametrize(
    ("method", "answers", "says"),
    [
        (VoteMethod.RATE, [], "You rated 4 of 4 statements"),
        (VoteMethod.DOTS, ["2", "", "", "3"], "You spread 5 of 5 dots"),
        (VoteMethod.RANKING, ["2", "", "1", ""], "You ranked 2 of 4 statements"),
    ],
)
def test_a_vote_goes_by_keyboard_alone_and_without_a_script(
    running: Copy,
    browser: Browser,
    votes: Mapping[tuple[VoteMethod, str], str],
    method: VoteMethod,
    answers: list[str],
    says: str,
) -> None:
    context = browser.new_context(viewport=as_size(PHONE), java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{running.address}/e/{votes[method, 'open']}/rate")

    page.get_by_label("In the room").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    for answer in answers or [" "] * len(STATEMENTS):
        page.keyboard.type(answer)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_text(says).wait_for()
    context.close()


def test_the_receipt_is_sound(
    running: Copy, votes: Mapping[tuple[VoteMethod, str], str], phone: tuple[Page, list[str]]
) -> None:
    page, wrong = phone
    page.goto(f"{running.address}/e/{votes[VoteMethod.DOTS, 'open']}/rate")
    page.locator("#marks input").first.fill("4")
    page.get_by_label("In the room").check()

    page.get_by_role("button", name="Send my vote").click()
    page.get_by_text("you spread 4 of 5 dots").wait_for()
    wrong += violations(page)
    page.get_by_role("link", name="See what you sent").click()
    page.get_by_role("heading", name="Your vote is in").wait_for()

    page.set_viewport_size(as_size(NARROWEST))
    assert wrong + violations(page) + sticking_out(page) == []


def test_the_page_to_rate_on_is_light(
    running: Copy, browser: Browser, votes: Mapping[tuple[VoteMethod, str], str]
) -> None:
    context = browser.new_context(viewport=as_size(PHONE))
    page = context.new_page()
    traffic = context.new_cdp_session(page)
    came = list[float]()
    traffic.send("Network.enable")
    traffic.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))

    page.goto(f"{running.address}/e/{votes[VoteMethod.RATE, 'open']}/rate", wait_until="networkidle")

    assert 0 < sum(came) <= MOST_BYTES
    context.close()
