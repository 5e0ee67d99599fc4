"""One event the whole way, in a real browser: from a pack to a PDF in somebody's hand."""

import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect

from hackathon.porch.copies import Copy, running_copy
from tests.journeys.people import LAPTOP, PHONE, PROJECTOR, Person, sign_in_link
from tests.journeys.planning import declare_base, make_draft, move_to, promise, sign_in
from tests.journeys.postbox import Postbox, mail_server

ROOM_WORDS = "The two teams on our corridor have never met"
OUTSIDE_WORDS = "Mr Jones in bed nine was never asked about any of this"
LONGEST_TURN = 20_000
"""Milliseconds until words have their turn on the wall."""


@dataclass(frozen=True, slots=True)
class Hack:
    """An event, and its organiser signed in at the plan."""

    copy: Copy
    code: str
    organiser: Person

    @property
    def home(self) -> str:
        return f"{self.copy.address}/e/{self.code}"

    def at_desk(self, page: str) -> None:
        self.organiser.open(f"{self.copy.address}/desk/{self.code}/{page}")


def published(copy: Copy, browser: Browser, folder: Path) -> Hack:
    """An event from a pack, made and published in the browser."""
    organiser = Person(browser, folder, **LAPTOP)
    sign_in(organiser, sign_in_link(copy))
    code = make_draft(organiser, held_on=in_two_days(), people=16)
    nobody_sees_a_draft = organiser.page.request.get(f"{copy.address}/e/{code}").status
    assert nobody_sees_a_draft == 404
    promise(organiser, owner="Lucy Obi")
    declare_base(organiser, room=16, outside=100)
    organiser.click("Publish the event")
    assert "The event is published" in organiser.says()
    return Hack(copy, code, organiser)


def in_two_days() -> date:
    """When the last reminder may still go out, whatever the hour: on the evening before the event it may not."""
    return datetime.now(UTC).date() + timedelta(days=2)


def register(person: Person, hack: Hack, email: str) -> None:
    person.open(hack.home)
    person.click("Register")
    person.fill("Your name", "Ama Boateng")
    person.fill("Your email address", email)
    person.choose("In the room")
    person.click("Register")


def write(person: Person, words: str) -> None:
    person.fill("Your thought", words)
    person.click("Send this thought")
    expect(person.page.locator(".sent__words, #outbox [data-as=sent]").first).to_contain_text("Sent, number")


def test_an_event_goes_the_whole_way_from_a_pack_to_a_report(browser: Browser, tmp_path: Path) -> None:
    with mail_server() as (postbox, smtp_url), running_copy(demo=False, smtp_url=smtp_url) as copy:
        hack = published(copy, browser, tmp_path)
        attendee = Person(browser, tmp_path, java_script_enabled=False, **PHONE)
        take_a_seat(attendee, hack, postbox)
        hack.at_desk("plan")
        move_to(hack.organiser, "Opening up")
        wall = Person(browser, tmp_path, **PROJECTOR)
        wall.open(f"{hack.home}/wall")
        say_something(attendee, Person(browser, tmp_path, **PHONE), hack)
        for words in (ROOM_WORDS, OUTSIDE_WORDS):
            expect(wall.page.get_by_text(words).first).to_be_visible(timeout=LONGEST_TURN)
        hide(hack, OUTSIDE_WORDS)
        expect(wall.page.get_by_text(OUTSIDE_WORDS)).to_have_count(0, timeout=LONGEST_TURN)
        it_is_gone_everywhere(attendee, hack)
        put_under(hack, "Sharing and spread")
        hack.at_desk("plan")
        move_to(hack.organiser, "After the day")
        attendee.open(hack.home)
        assert "In the room 1 From outside 0" in attendee.says()
        read_the_report(attendee, hack, tmp_path)


def take_a_seat(attendee: Person, hack: Hack, postbox: Postbox) -> None:
    """Register, find the link in the letter and not on the page, and sit down with it."""
    register(attendee, hack, "ama@example.org")
    assert "/p/" not in attendee.page.content(), "with a mail server, the link is only in the letter"
    letter = postbox.letter_to("ama@example.org")
    words = letter.get_body(("plain",))
    assert words is not None
    link = re.search(rf"{re.escape(hack.copy.address)}/p/\w+", words.get_content())
    assert link, "the letter holds no personal link"
    attendee.open(link[0])
    assert "You have a place in the room" in attendee.says()
    attendee.click("Take a seat")
    attendee.click("Sit at table 2")
    assert "You sit at table 2" in attendee.says()


def say_something(attendee: Person, outsider: Person, hack: Hack) -> None:
    """One thought at the table, without a script, and one from outside; no page counts them while tables open up."""
    attendee.open(hack.home)
    attendee.click("Write your thought")
    assert "Table 2" in attendee.page.title()
    write(attendee, ROOM_WORDS)
    outsider.open(f"{hack.home}/outside")
    write(outsider, OUTSIDE_WORDS)
    outsider.open(hack.home)
    assert "is shown when the tables come together" in outsider.says()
    outsider.leave()


def hide(hack: Hack, words: str) -> None:
    hack.at_desk("insights")
    card = hack.organiser.page.locator("article, li, .said").filter(has_text=words).last
    card.locator("summary").click()
    card.get_by_role("button", name=re.compile("patient|person|identif", re.IGNORECASE)).first.click()
    expect(hack.organiser.page.locator("main")).to_contain_text("is off every page")


def it_is_gone_everywhere(reader: Person, hack: Hack) -> None:
    pages = ("", "/insights", "/insights.csv", "/wall", "/outside", "/figures.json", "/write-up", "/outcomes")
    for page in pages:
        answer = reader.page.request.get(hack.home + page)
        assert answer.ok, f"{page} answered {answer.status}"
        assert OUTSIDE_WORDS not in answer.text(), f"{page} still shows it"
    assert reader.page.request.get(f"{hack.home}/insights/2").status == 404
    assert ROOM_WORDS in reader.page.request.get(f"{hack.home}/insights.csv").text()


def put_under(hack: Hack, theme: str) -> None:
    hack.at_desk("theming")
    hack.organiser.click(theme, within=hack.organiser.page.locator(".theming-buttons"))
    assert f"You put 1 under D {theme}" in hack.organiser.says()


def read_the_report(reader: Person, hack: Hack, folder: Path) -> None:
    """The page and the paper hold the exact words under their theme, and nothing of what was hidden."""
    reader.open(f"{hack.home}/write-up")
    reader.photograph("write-up")
    assert ROOM_WORDS in reader.says()
    answer = reader.page.request.get(f"{hack.home}/write-up.pdf", headers={"Accept": "application/pdf"}, timeout=60_000)
    assert answer.headers["content-type"] == "application/pdf"
    paper = folder / "write-up.pdf"
    paper.write_bytes(answer.body())
    printed = subprocess.run(["pdftotext", paper, "-"], capture_output=True, text=True, check=True).stdout
    assert ROOM_WORDS in " ".join(printed.split())
    assert "bed nine" not in " ".join(printed.split())


def test_without_a_mail_server_the_page_shows_the_link_to_whoever_has_just_registered(
    browser: Browser, tmp_path: Path
) -> None:
    with running_copy(demo=False) as copy:
        hack = published(copy, browser, tmp_path)
        attendee, somebody_else = Person(browser, tmp_path, **PHONE), Person(browser, tmp_path, **PHONE)

        register(attendee, hack, "ama@example.org")
        attendee.click("Open my page")

        assert "You have a place in the room" in attendee.says()
        register(somebody_else, hack, "ama@example.org")
        assert "Check your mail" in somebody_else.says()
        assert "/p/" not in somebody_else.page.content()
