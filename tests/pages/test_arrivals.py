"""The front desk in a browser: the drill of two desks; taking back, a walk-in; a ticket before a camera."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, StorageState, expect
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from sqlalchemy import func, select

from hackathon.core.clock import now, spoken_date
from hackathon.core.db import db, reading, transaction
from hackathon.events.models import Stage
from hackathon.events.queries import event_by_code
from hackathon.participants.models import Registration
from hackathon.participants.queries import people_here
from hackathon.porch.copies import Copy
from hackathon.porch.goals import report
from tests.chromium import launching
from tests.journeys.drill import FAMILIES, Day, greet, play, prepare, says, take_desk
from tests.pages.looking import watched

PATIENCE = 30_000
FETCHED = "performance.getEntriesByType('resource').map((entry) => entry.name)"


@pytest.fixture
def day(running: Copy, backstage: Flask) -> Iterator[Day]:
    yield prepare(running, backstage)
    with backstage.app_context():
        db.session.remove()


def test_eighty_people_come_by_two_desks_one_of_them_without_a_network_for_a_while(
    backstage: Flask, browser: Browser, organiser: StorageState, day: Day
) -> None:
    assert report(play(browser, backstage, organiser, day))


def test_what_was_pressed_can_be_taken_back_and_a_walk_in_takes_three_fields(
    running: Copy, browser: Browser, organiser: StorageState, day: Day
) -> None:
    context = browser.new_context(storage_state=organiser)
    with watched(context, running.address) as (page, wrong):
        take_desk(page, day, "C")
        greet(page, "Bakker")
        page.get_by_role("button", name="Take back").click()
        expect(page.locator(".welcome__notes")).to_contain_text("Not here after all.")
        page.get_by_text("Somebody who is not on the list").click()
        page.get_by_label("Name", exact=True).fill("Ola Brandt")
        page.get_by_role("button", name="Welcome them").click()
        says(page, here=1)
        page.fill("#find", "brandt")
        expect(page.locator("#found")).to_contain_text("desk C", timeout=PATIENCE)
        page.get_by_role("button", name="Clear this laptop").click()
        page.wait_for_url("**/desk")
        assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('arrivals.'))") == []
        assert wrong == []
    context.close()


def test_a_walk_in_is_taken_back_before_the_network_returns(
    running: Copy, backstage: Flask, browser: Browser, organiser: StorageState, day: Day
) -> None:
    context = browser.new_context(storage_state=organiser)
    with watched(context, running.address) as (page, _wrong):
        take_desk(page, day, "C")
        context.set_offline(True)
        page.get_by_text("Somebody who is not on the list").click()
        page.get_by_label("Name", exact=True).fill("José O’Brien")
        page.get_by_role("button", name="Welcome them").click()
        page.fill("#find", "obrien")
        page.locator("#found").get_by_role("button", name="Take back").click()
        expect(page.locator(".welcome__notes")).to_contain_text("Not here after all.")
        expect(page.locator("#line")).to_contain_text("2 kept on this laptop, not sent yet.")

        context.set_offline(False)
        says(page, here=0)
        page.fill("#find", "jose")
        expect(page.locator("#found .person")).to_contain_text("cancelled", timeout=PATIENCE)
        expect(page.locator("#lately li")).to_have_count(0)
    context.close()
    with backstage.app_context():
        assert people_here(reading(), event_by_code(reading(), day.code)) == 0


def test_a_tap_days_before_the_event_asks_for_one_more(
    running: Copy, backstage: Flask, browser: Browser, organiser: StorageState, day: Day
) -> None:
    with backstage.app_context(), transaction() as session:
        event = event_by_code(session, day.code)
        event.stage, event.held_on = Stage.BEFORE, now().date() + timedelta(days=5)
        spoken = spoken_date(event.held_on)
    context = browser.new_context(storage_state=organiser)
    with watched(context, running.address) as (page, wrong):
        take_desk(page, day, "C")
        page.fill("#find", "bakker")
        page.keyboard.press("Enter")
        expect(page.locator(".welcome__notes")).to_contain_text(f"It is not the day yet: that is {spoken}")
        says(page, here=0)
        page.keyboard.press("Enter")
        expect(page.locator(".welcome__notes")).to_contain_text("desk C")
        says(page, here=1)
        page.get_by_text("Somebody who is not on the list").click()
        page.get_by_label("Name", exact=True).fill("Ola Brandt")
        page.get_by_role("button", name="Welcome them").click()
        expect(page.get_by_label("They are here all the same")).to_be_focused()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Welcome them").click()
        says(page, here=2)
        assert wrong == []
    context.close()


def film(ticket: str, path: Path) -> Path:
    """What a camera sees before which somebody holds a ticket: one frame, over and over."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4, box_size=1)
    code.add_data(ticket)
    code.make(fit=True)
    squares, width, height, size = code.get_matrix(), 640, 480, 10
    left, top = ((length - len(squares) * size) // 2 for length in (width, height))
    rows = []
    for y in range(height):
        row = [0xDD] * width
        if 0 <= (across := (y - top) // size) < len(squares):
            drawn = chain.from_iterable([0x10 if dark else 0xF0] * size for dark in squares[across])
            row[left : left + len(squares) * size] = drawn
        rows.append(bytes(row))
    frame = b"FRAME\n" + b"".join(rows) + bytes([0x80]) * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 10)
    return path


def test_a_ticket_before_the_camera_checks_its_owner_in(
    running: Copy, backstage: Flask, browser: Browser, organiser: StorageState, day: Day, tmp_path: Path
) -> None:
    """Attack 41: the reader comes from this site alone, and only when somebody presses the button."""
    camera = browser.browser_type.launch(
        **launching(
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film(day.ticket, tmp_path / 'ticket.y4m')}",
        )
    )
    context = camera.new_context(storage_state=organiser)
    with watched(context, running.address) as (page, wrong):
        take_desk(page, day, "A")
        assert not [request for request in page.evaluate(FETCHED) if "jsqr" in request]
        page.get_by_role("button", name="Scan").click()
        expect(page.locator(".welcome__name")).to_have_text(f"Ann {FAMILIES[-1]}", timeout=PATIENCE)
        says(page, here=1)
        page.get_by_role("button", name="Stop scanning").click()
        expect(page.locator("#line")).to_have_text("", timeout=PATIENCE)
        assert wrong == []
    camera.close()
    with backstage.app_context():
        here = select(func.count()).where(Registration.ticket == day.ticket, Registration.checked_in_at.is_not(None))
        assert db.session.scalar(here) == 1
        db.session.remove()
