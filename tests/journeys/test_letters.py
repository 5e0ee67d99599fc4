"""A letter of the calendar the whole way: sent at the desk, carried by a mail server, read and answered."""

import re
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser

from hackathon.porch.copies import running_copy
from tests.journeys.people import PHONE, Person
from tests.journeys.postbox import mail_server, words_of
from tests.journeys.test_event import Hack, published, register

AMA = "ama@example.org"
NARROW = 340
"""No part of a letter may be wider than a phone."""


def test_a_reminder_is_sent_arrives_and_is_answered_without_signing_in(browser: Browser, tmp_path: Path) -> None:
    with mail_server() as (postbox, smtp_url), running_copy(demo=False, smtp_url=smtp_url) as copy:
        hack = published(copy, browser, tmp_path)
        ama = Person(browser, tmp_path, **PHONE)
        register(ama, hack, AMA)
        assert enclosed(postbox.letter_to(AMA)).startswith(b"BEGIN:VCALENDAR")

        send_reminder(hack)
        letter = postbox.letter_about("Still coming?")
        shown(browser, letter, tmp_path / "reminder.png")
        (yes,) = re.findall(r"\S+/coming", words_of(letter, "plain"))
        ama.open(yes)
        ama.click("Yes, I am still coming")
        assert "Your place stays yours" in ama.says()

        hack.at_desk("letters")
        assert re.search(r"Reminder, two days before.*?Sent: 1 of 1", hack.organiser.says(), re.S)


def enclosed(letter: EmailMessage) -> bytes:
    """The one file that came with a letter."""
    (file,) = letter.iter_attachments()
    return bytes(file.get_content())


def send_reminder(hack: Hack) -> None:
    hack.at_desk("letters/reminder-2")
    assert "Hello Ama Boateng" in hack.organiser.says()
    hack.organiser.click("Send it now")
    hack.organiser.click("Send it to 1 person")
    assert "is being sent to 1 person" in hack.organiser.says()


def shown(browser: Browser, letter: EmailMessage, picture: Path) -> None:
    """The HTML part as a mail program on a phone shows it: it asks nobody for anything, and nothing is cut off."""
    page = browser.new_page(viewport={"width": NARROW + 20, "height": 640})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(words_of(letter, "html"))
    page.screenshot(path=picture, full_page=True)
    assert asked == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW + 20
    assert page.get_by_role("link", name="Yes, I am still coming").bounding_box() is not None
    page.close()
