"""Walk 5: Sam, community manager, answers between clinics, in a quarter of an hour."""

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.community.messages import NUDGE
from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.db import db, transaction
from hackathon.events.models import Event, Place
from hackathon.events.operations import add_member
from hackathon.events.queries import event_by_code
from hackathon.factory import create_app
from hackathon.insights.models import Identity, Kind, ReplyPromise, Source
from hackathon.insights.operations import share_insight
from hackathon.participants.operations import register
from hackathon.porch.copies import Copy, running_copy
from hackathon.porch.goals import Measured, at_most, holds
from hackathon.staff.models import Role
from hackathon.staff.operations import find_or_add_account, make_sign_in_link
from tests.chromium import open_browser
from tests.journeys.people import LAPTOP, PDF, PHONE, PROJECTOR, Person, sign_in_link
from tests.journeys.planning import hold_event

FIRST = "Who decides which form we keep, and when do we hear?"
ALIKE = (
    "Why do the same forms come back to the ward every week?",
    "Why do the same forms come back to our ward again and again?",
)
HARM = "Who can I tell that my supervisor hurts the residents at night?"
PATIENT = "Why did Mr Albert Dunn of ward four wait nine hours for his form?"
QUESTIONS = (
    FIRST,
    *ALIKE,
    HARM,
    PATIENT,
    "Is there a date for the new rota?",
    "Could the board come to the ward, just once?",
    "Who reads what we write here?",
    "May night staff join from home?",
    "Is it true that the model changes its name?",
)
REPLY = "Thank you. The forms group decides on 3 May, and I will write the answer here that day. - Sam"
LINKED = "Somebody else asks nearly the same as you: read number {}."
READING_A_PAGE, TYPING = 6.0, 40
"""Seconds to read one and make up one's mind; words a minute on a keyboard, as office workers are measured to type."""
LONGEST_NUDGE = 60


@dataclass(frozen=True, slots=True)
class Stage:
    """What the walk moves in."""

    copy: Copy
    app: Flask
    browser: Browser
    folder: Path
    code: str

    @property
    def event(self) -> str:
        return f"{self.copy.address}/e/{self.code}"

    @property
    def desk(self) -> str:
        return f"{self.copy.address}/desk/{self.code}"

    def staff(self, email: str, name: str, role: Role, **device: object) -> Person:
        """Somebody who was invited and has signed in on their own laptop."""
        with self.app.app_context(), transaction() as session:
            account = find_or_add_account(session, email=email, name=name)
            add_member(session, event_by_code(session, self.code), account, role, actor="Priya")
            token = make_sign_in_link(session, account, secret=self.app.config["SECRET_KEY"])
        person = Person(self.browser, self.folder, **{**LAPTOP, **device})
        person.open(f"{self.copy.address}/sign-in/link/{token}")
        person.click("Sign in")
        person.clicks = 0
        return person

    def letters(self, kind: str) -> list[tuple[str, str]]:
        """To whom, and what, as far as no mail server has taken them away: this copy has none."""
        with self.app.app_context():
            rows = db.session.execute(select(Letter.to_address, Letter.text).where(Letter.kind == kind))
            return [(to, text) for to, text in rows]


def walk(folder: Path) -> Iterator[Measured]:
    with open_browser() as browser:
        yield from play(browser, folder)


def play(browser: Browser, folder: Path) -> Iterator[Measured]:
    with running_copy(demo=False) as copy:
        organiser = Person(browser, folder, **LAPTOP)
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        code = hold_event(organiser, sign_in_link(copy), held_on=tomorrow, people=48, stage="Coming together")
        app = create_app(Settings(data_dir=copy.folder, base_url=copy.address, demo=False))
        stage = Stage(copy, app, browser, folder, code)
        with app.app_context(), transaction() as session:
            _ask(session, event_by_code(session, code))
        sam = stage.staff("sam@example.org", "Sam Okell", Role.COMMUNITY_MANAGER)
        rhys = stage.staff("rhys@example.org", "Rhys Morgan", Role.COMMUNITY_MANAGER)
        lead = stage.staff("ros@example.org", "Ros Akande", Role.CARE_LEAD)
        yield from _from_the_mail(stage, sam)
        yield from _two_at_once(stage, sam, rhys)
        yield from _link(sam)
        yield from _escalate(stage, sam, lead)
        yield from _hide(stage, sam)
        yield from _the_rest(stage, sam, organiser)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _ask(session: Session, event: Event) -> None:
    """Ten questions of the last hour, the first by somebody who registered; somebody is on duty to answer them."""
    dan = register(
        session,
        event,
        name="Dan Hughes",
        email="dan@example.org",
        organisation="The Infirmary",
        job_role="Porter",
        attending=Place.OUTSIDE,
        answers={},
    ).registration.participant
    began = now() - timedelta(hours=1)
    # What tells of harm reaches the server last, so that it is among the newest, which the wall shows.
    for number, text in sorted(enumerate(QUESTIONS), key=lambda asked: asked[1] == HARM):
        share_insight(
            session,
            event,
            text=text,
            place=Place.OUTSIDE,
            client_id=f"question-{number}",
            identity=Identity.ANONYMOUS if number else Identity.HIDDEN,
            source=Source.WEB,
            author=None if number else dan,
            captured_at=began + timedelta(minutes=number),
        )
    on_duty = [moment.isoformat() for moment in (began, now() + timedelta(hours=8))]
    session.add(ReplyPromise(event=event, kind=Kind.QUESTION, within_hours=4, staffed=[on_duty]))


def _from_the_mail(stage: Stage, sam: Person) -> Iterator[Measured]:
    """The letter that says that somebody waits; the desk; the oldest; a reply."""
    until = time.monotonic() + LONGEST_NUDGE
    while not (nudges := stage.letters(NUDGE)) and time.monotonic() < until:
        time.sleep(0.5)
    text = next((text for to, text in nudges if to == "sam@example.org"), "no letter")
    yield holds("a letter says how many wait, and since when", "10 wait for an answer" in text, text.split("\n")[0])
    began = time.monotonic()
    sam.open(next((line for line in text.splitlines() if line.startswith("http")), f"{stage.desk}/community"))
    sam.clicks += 1
    first_row = sam.page.locator(".row-item").first.inner_text()
    yield holds("the oldest stands first, with its clock", FIRST in first_row and "due in" in first_row, first_row)
    sam.photograph("1-desk")
    sam.click("Answer the oldest")
    words = sam.words()
    sam.click("Thank")
    sam.click("Send this reply")
    refused = sam.says()
    yield holds("a prepared line is not sent as it stands", "This is a prepared line" in refused, refused[:80])
    sam.clicks -= 2  # the try above is no part of the road to the first reply
    sam.fill("Your reply", REPLY)
    sam.click("Send this reply")
    took = time.monotonic() - began
    typed = 60 * len(REPLY.split()) / TYPING
    yield at_most("clicks from the mail to the first reply", sam.clicks, 4)
    yield at_most("seconds from the mail to the first reply, typing modelled", took + typed + READING_A_PAGE, 60, "s")
    yield at_most("words on the working page, everything that is not folded away", words, 250)
    yield at_most("words of the reply, of the 80 that are suggested", len(REPLY.split()), 80)
    told = stage.letters("community.reply")
    yield holds(
        "the contributor is told by mail at once, in plain text",
        [to for to, _ in told] == ["dan@example.org"] and REPLY in told[0][1] and f"> {FIRST}" in told[0][1],
        told[0][1].split("\n")[2] if told else "no letter",
    )
    phone = Person(stage.browser, stage.folder, **PHONE)
    phone.open(f"{stage.event}/insights/1")
    yield holds(
        "and on the page", REPLY in phone.says() and "Sam Okell, community manager" in phone.says(), phone.says()
    )
    phone.photograph("2-answered")
    phone.leave()


def _two_at_once(stage: Stage, sam: Person, rhys: Person) -> Iterator[Measured]:
    """Rhys opens what Sam has in hand; both answer; whoever is second sees both."""
    address = sam.page.url
    rhys.open(address)
    yield holds("the other is told who has it in hand", "Sam Okell has it since" in rhys.says(), rhys.says()[:160])
    sam.fill("Your reply", LINKED.format(3))
    sam.click("Send this reply")
    rhys.fill("Your reply", "Ask the forms group.")
    rhys.click("Send this reply")
    said = rhys.says()
    kept = rhys.page.get_by_label("Your reply", exact=True).input_value()
    yield holds(
        "whoever is second keeps their words and sees both replies",
        "answered while you were writing" in said and LINKED.format(3) in said and kept == "Ask the forms group.",
        said[:120],
    )
    rhys.photograph("3-answered-meanwhile")
    rhys.leave()


def _link(sam: Person) -> Iterator[Measured]:
    """Number 3 is like number 2: both learn of it."""
    sam.click("Link the two")
    for label, number in (("Your reply to 3", 2), ("Your reply to 2", 3)):
        sam.fill(label, LINKED.format(number))
    sam.photograph("4-linked")
    sam.click("Send both replies")
    yield holds("two alike are linked, and the desk goes on to the next", HARM in sam.says(), sam.says()[:120])


def _escalate(stage: Stage, sam: Person, lead: Person) -> Iterator[Measured]:
    """One tells of harm. It stands everywhere; two clicks later it stands nowhere."""
    wall = Person(stage.browser, stage.folder, **PROJECTOR)
    places = {
        "the wall": f"{stage.event}/wall",
        "the list": f"{stage.event}/insights",
        "the search": f"{stage.event}/insights?q=supervisor",
        "its own page": f"{stage.event}/insights/10",
        "the spreadsheet": f"{stage.event}/insights.csv",
        "the write-up": f"{stage.event}/write-up",
        "the PDF": f"{stage.event}/write-up.pdf",
        "the desk's list": f"{stage.desk}/insights",
        "the log": f"{stage.desk}/log",
    }
    before = {name for name, address in places.items() if _holds_harm(sam, address)}
    yield holds("before it stands on wall, list, search and spreadsheet", len(before) >= 5, ", ".join(sorted(before)))
    wall.open(places["the wall"])
    wall.page.get_by_text(HARM).first.wait_for()
    sam.open(f"{stage.desk}/community")
    clicks = sam.clicks
    sam.click(HARM)
    sam.photograph("5-working-page")
    began = time.monotonic()
    sam.click("Escalate")
    wall.page.get_by_text(HARM).first.wait_for(state="hidden")
    left = time.monotonic() - began
    yield at_most("clicks from the desk to an escalated disclosure", sam.clicks - clicks, 2)
    yield at_most("seconds until it has left the wall", left, 5, "s")
    after = sorted(name for name, address in places.items() if _holds_harm(sam, address))
    yield holds("then it stands nowhere: " + ", ".join(places), after == [], ", ".join(after) or "gone")
    letters = stage.letters("care.needed")
    silent = all("supervisor" not in text for _, text in letters)
    yield holds("the care lead has a letter without the words", bool(letters) and silent, f"{len(letters)} letter")
    lead.open(f"{stage.desk}/care")
    yield holds("and alone reads them", HARM in lead.says(), lead.says()[:80])
    lead.photograph("6-care")
    lead.leave()
    wall.leave()


def _holds_harm(sam: Person, address: str) -> bool:
    accept = {"Accept": PDF} if address.endswith(".pdf") else {}
    body = sam.context.request.get(address, headers=accept, timeout=60_000).body()
    if not address.endswith(".pdf") or not body.startswith(b"%PDF"):
        return HARM in body.decode(errors="replace")
    with NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(body)
        text = subprocess.run(["pdftotext", file.name, "-"], capture_output=True, text=True, check=True).stdout
    return "supervisor hurts" in " ".join(text.split())


def _hide(stage: Stage, sam: Person) -> Iterator[Measured]:
    """One names a patient: hidden with a reason, and its author is asked for other words."""
    if PATIENT not in sam.says():
        sam.click(PATIENT)
    sam.page.get_by_text("Hide it", exact=True).click()
    sam.clicks += 1
    sam.page.get_by_label("It names or identifies a person").check()
    sam.page.get_by_label("Ask for other words").fill("Please send it again without the name.")
    sam.click("Hide number 4")
    shown = sam.context.request.get(f"{stage.event}/insights/4").status
    yield holds("a patient's name is off the pages, with a reason and a word to its author", shown == 404, str(shown))
    sam.photograph("7-hidden")


def _the_rest(stage: Stage, sam: Person, organiser: Person) -> Iterator[Measured]:
    """One needs no reply, one is handed over, the others are answered; then the figures and the log."""
    sam.click("No reply needed")
    yield holds("what can be taken back says so", "needs no reply. Take back" in sam.says(), sam.says()[:80])
    sam.page.get_by_text("Hand it over", exact=True).click()
    sam.page.get_by_label("To whom?").select_option(label="Rhys Morgan")
    sam.page.get_by_label("What should they know?").fill("You know the board's diary.")
    sam.click("Hand over number 6")
    while sam.page.get_by_label("Your reply", exact=True).is_visible():
        sam.fill("Your reply", REPLY)
        sam.click("Send this reply")
    said = sam.says()
    left = "1 waits" in said and "handed over to Rhys Morgan" in said
    yield holds("then nobody waits but what was handed over", left, said[:120])
    modelled = len(QUESTIONS) * (READING_A_PAGE + 60 * len(REPLY.split()) / TYPING)
    yield at_most("minutes to deal with ten, reading and typing modelled", modelled / 60, 15, "min")
    organiser.open(f"{stage.desk}/log")
    log = organiser.says()
    acts = {
        "Comment added",
        "Care taken",
        "Insight linked",
        "Insight hidden",
        "Care no reply needed",
        "Care handed over",
    }
    missing = sorted(act for act in acts if act not in log)
    yield holds("every act is in the log", missing == [], ", ".join(missing) or "all")
    figures = organiser.page.request.get(f"{stage.event}/figures.json").text()
    counted = '"reply_rate"' in figures and '"median"' in figures
    yield holds("the reply rate and the median time count them", counted, "both in figures.json")
    organiser.open(stage.desk)
    organiser.photograph("8-dashboard")
