"""Every page there is, as each kind of person sees it: for the tests of pages and for the pictures.

The list is made from the application's own addresses, so a new page is looked at without being asked for.
"""

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, StorageState
from sqlalchemy.orm import Session

from hackathon.adapters.lists import read_list
from hackathon.admission.models import About
from hackathon.admission.operations import close_list, draw_places, reserve_share
from hackathon.ballots.operations import give_out_ballots
from hackathon.cards.operations import number_cards
from hackathon.carry_in.operations import carry_in
from hackathon.closing.operations import close_event
from hackathon.commitments.queries import commitments_of
from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.db import db, transaction
from hackathon.desk.operations import plan_event
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import add_member, move_to
from hackathon.events.queries import event_by_code, members_of
from hackathon.factory import create_app
from hackathon.framing.operations import declare_base, make_promise, publish_event
from hackathon.framing.queries import testers_token
from hackathon.insights.models import Identity, Source
from hackathon.insights.operations import share_insight
from hackathon.invitations.document import Column
from hackathon.invitations.operations import keep_draft, take_list
from hackathon.invitations.queries import unanswered
from hackathon.needs.operations import list_needs
from hackathon.needs.queries import needs_of
from hackathon.packs.transfer import pack_on_disk
from hackathon.participants.models import CATERING, QuestionType, Way
from hackathon.participants.operations import ask_at_registration, register, set_places
from hackathon.participants.queries import questions_asked, questions_of, registrations_of
from hackathon.porch.copies import Copy
from hackathon.series.operations import make_series, plan_another_place
from hackathon.staff.models import Account, Role
from hackathon.staff.operations import make_sign_in_link
from hackathon.statements.operations import add_statement, open_round
from hackathon.tables.queries import people_to_seat, tables_of
from hackathon.themes.queries import themes_of
from hackathon.web.access import Door

ACTOR = "a test"


class Who(enum.Enum):
    """Who looks."""

    VISITOR = "visitor"
    PARTICIPANT = "participant"
    STAFF = "staff"


class Where(enum.Enum):
    """In which event: a full one, one on its day, one that is only begun, one that is closed; or in none."""

    SAMPLE = "sample"
    ON_THE_DAY = "on-the-day"
    DRAFT = "draft"
    CLOSED = "closed"
    NONE = "house"


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of one event, as one kind of person sees it."""

    rule: str
    where: Where = Where.NONE
    who: Who = Who.VISITOR
    query: str = ""
    status: int = 200

    @property
    def name(self) -> str:
        """A name for files and test reports: what the address says, then who looks and where."""
        words = re.sub(r"<[^>]*?(\w+)>", r"\1", self.rule).replace("/e/code", "/e").replace("/desk/code", "/desk")
        parts = [re.sub(r"[^a-z0-9]+", "-", (words + self.query).lower()).strip("-") or "front"]
        return "-".join([*parts, self.who.value, self.where.value])

    @property
    def is_wall(self) -> bool:
        return self.rule.endswith("/wall")


EXCUSED = {
    "/brand.css": "a style sheet, on every page",
    "/brand/logo": "a picture; without one in the settings it is not there",
    "/static/<path:filename>": "files",
    "/healthz": "two letters for a supervisor",
    "/token": "a word for the phone's outbox",
    "/sw.js": "a script",
    "/p/<token>": "a redirect to one's own page",
    "/e/<code:code>/stream": "a stream that never ends",
    "/e/<code:code>/changes": "what a stream tells, for pages that ask",
    "/e/<code:code>/wall/newest": "a part of the wall, fetched into it",
    "/desk/<code:code>/community/next": "a redirect to the one that has waited longest",
    "/desk/<code:code>/food.pdf": "a file",
    "/desk/<code:code>/food-by-name.pdf": "a file",
    "/desk/<code:code>/photos.pdf": "a file",
    "/e/<code:code>/figures.json": "a file",
    "/e/<code:code>/insights/alike": "a part of the page with the box, fetched into it",
    "/e/<code:code>/insights.csv": "a file",
    "/e/<code:code>/me/copy.json": "a file",
    "/e/<code:code>/pack.pdf": "a file",
    "/e/<code:code>/poster.pdf": "a file",
    "/desk/<code:code>/paper/cards.pdf": "a file",
    "/desk/<code:code>/paper/ballots-<int(max=9999):batch>.pdf": "a file",
    "/desk/<code:code>/paper/tally-sheet.pdf": "a file",
    "/desk/<code:code>/paper/badges.pdf": "a file",
    "/desk/<code:code>/paper/register.pdf": "a file",
    "/desk/<code:code>/paper/door-sign.pdf": "a file",
    "/desk/<code:code>/arrivals/list.json": "what the front desk keeps on its laptop",
    "/desk/<code:code>/carried-in.pdf": "a file",
    "/desk/<code:code>/paper/seats.pdf": "a file",
    "/desk/<code:code>/paper/everything.pdf": "a file",
    "/desk/<code:code>/paper/signs.pdf": "a file",
    "/desk/<code:code>/paper/run-sheet.pdf": "a file",
    "/desk/<code:code>/paper/seats-by-name.pdf": "a file",
    "/e/<code:code>/tables.pdf": "a file",
    "/e/<code:code>/write-up.pdf": "a file",
    "/e/<code:code>/write-up-large.pdf": "a file",
    "/desk/<code:code>/invitations.<any(csv, xlsx):kind>": "a file",
    "/e/<code:code>/closed.pdf": "a file",
    "/e/<code:code>/large-print.pdf": "a file",
    "/s/<code:series_code>/series-figures.json": "a file",
    "/s/<code:series_code>/series-figures.csv": "a file",
    "/s/<code:series_code>/poster.pdf": "a file",
}
"""Addresses that are no pages, each with the reason."""

AFTER_AN_ACT = {
    "/desk/<code:code>/community/<int(max=999999999):number>/link": "seen with the number of another, below",
    "/e/<code:code>/insights/<int(max=999999999):number>/comments/<int(max=999999999):comment_id>/report": (
        "seen once somebody has commented, and like the page that reports an insight"
    ),
    "/t/<code:table_code>/carried-in/<int(max=999999999):number>": "seen with a number from outside, below",
    '/p/<token>/<any(take, "give-up"):act>': "both seen below",
    "/p/<token>/coming": "seen below",
    "/p/<token>/move": "seen below",
    "/desk/<code:code>/people/<int(max=999999999):registration_id>/move": "seen below, at a place of a series",
    "/desk/<code:code>/places/ballot/<any(close, draw):step>": "both seen below",
    "/desk/<code:code>/seats/proposal": "seen once a plan was asked for: tests/seating/test_views.py",
    "/e/<code:code>/erased/<reference>": "seen once somebody was erased: tests/privacy/test_privacy.py",
    "/e/<code:code>/closed": "seen below, of an event that is closed",
    "/i/<token>": "seen below, as an invitation and as a no",
    "/i/<token>/no": "seen below",
    "/i/<token>/register": "seen below",
    "/sign-in/code": "seen once an address was typed: tests/pages/test_acts.py",
    "/e/<code:code>/rate/receipt": "seen once somebody has voted: tests/pages/test_votes.py",
    "/desk/<code:code>/cards/<int(max=9999):table>-<int(max=999):card>": "after typing: tests/pages/test_typing.py",
    "/desk/<code:code>/ballots/<code:ballot>": "seen once ballots are printed: tests/pages/test_typing.py",
}
"""Pages that nobody can open without having done something first."""

NOT_THERE = {
    ("/desk/<code:code>/access", Where.SAMPLE): "the sample event names no access lead",
    ("/desk/<code:code>/access", Where.DRAFT): "the draft names no access lead",
    ("/desk/<code:code>/access/<int(max=999999999):need>", Where.SAMPLE): "the sample event names no access lead",
    ("/desk/<code:code>/access/<int(max=999999999):need>", Where.DRAFT): "the draft names no access lead",
    ("/desk/<code:code>/access/lead-times", Where.SAMPLE): "the sample event names no access lead",
    ("/desk/<code:code>/access/lead-times", Where.DRAFT): "the draft names no access lead",
    ("/desk/<code:code>/food", Where.SAMPLE): "its form names the access lead, and there is none",
    ("/desk/<code:code>/food", Where.DRAFT): "its form does not ask",
    ("/desk/<code:code>/care", Where.SAMPLE): "the sample event names no care lead",
    ("/desk/<code:code>/care", Where.DRAFT): "the draft names no care lead",
    ("/desk/<code:code>/survey", Where.ON_THE_DAY): "nobody was asked before the day",
    ("/desk/<code:code>/survey", Where.DRAFT): "nobody was asked before the day",
    ("/e/<code:code>/equality", Where.SAMPLE): "its pack does not ask",
    ("/desk/<code:code>/people/equality", Where.SAMPLE): "its pack does not ask",
    ("/desk/<code:code>/people/equality", Where.DRAFT): "its pack does not ask",
    ("/e/<code:code>/draw", Where.SAMPLE): "whoever came first had a place",
    ("/desk/<code:code>/seats/needs", Where.SAMPLE): "the sample event names no access lead",
    ("/desk/<code:code>/seats/needs", Where.DRAFT): "the draft names no access lead",
    (
        "/desk/<code:code>/seats/needs/<int(max=999999999):person>",
        Where.SAMPLE,
    ): "the sample event names no access lead",
    ("/desk/<code:code>/seats/needs/<int(max=999999999):person>", Where.DRAFT): "the draft names no access lead",
    ("/desk/<code:code>/seats/<int(max=999999999):person>", Where.DRAFT): "nobody has registered yet",
    ("/desk/<code:code>/invitations/<int(max=999999999):list_id>/base", Where.SAMPLE): "nobody is on a list",
    ("/desk/<code:code>/invitations/<int(max=999999999):list_id>/base", Where.DRAFT): "nobody is on a list",
    ("/desk/<code:code>/invitations/new/<int(max=999999999):draft_id>", Where.SAMPLE): "nobody is on a list",
    ("/desk/<code:code>/invitations/new/<int(max=999999999):draft_id>", Where.DRAFT): "nobody is on a list",
    ("/e/<code:code>/commit/<token>", Where.ON_THE_DAY): "nobody has committed to anything yet",
    ("/desk/<code:code>/recommendations/<int(max=999999999):number>", Where.ON_THE_DAY): "none is written yet",
    ("/desk/<code:code>/recommendations/<int(max=999999999):number>/decide", Where.ON_THE_DAY): "none is written yet",
}
"""Pages that the rows of an event do not have."""

OTHER_VIEWS = (
    Stop("/e/<code:code>/try/<token>", Where.DRAFT),
    Stop("/", who=Who.STAFF),
    Stop("/join", query="?code=zzzz", status=404),
    Stop("/no-such-page", status=404),
    Stop("/e/<code:code>", Where.SAMPLE, Who.PARTICIPANT),
    Stop("/e/<code:code>", Where.ON_THE_DAY, Who.PARTICIPANT),
    Stop("/e/<code:code>", Where.ON_THE_DAY, Who.STAFF),
    Stop("/t/<code:table_code>", Where.ON_THE_DAY, Who.PARTICIPANT),
    Stop("/t/<code:table_code>/carried-in/2", Where.ON_THE_DAY),
    Stop("/e/<code:code>/outside", Where.ON_THE_DAY, Who.PARTICIPANT),
    Stop("/e/<code:code>/write-up", Where.ON_THE_DAY, Who.STAFF),
    Stop("/desk/<code:code>/plan/stage", Where.ON_THE_DAY, Who.STAFF),
    Stop("/e/<code:code>/pack", Where.SAMPLE, Who.STAFF),
    Stop("/e/<code:code>/wall", Where.SAMPLE, query="?light"),
    Stop("/e/<code:code>/insights", Where.SAMPLE, query="?place=outside&theme=language"),
    Stop("/desk/<code:code>/insights", Where.SAMPLE, Who.STAFF, query="?show=hidden"),
    Stop("/desk/<code:code>/survey", Where.SAMPLE, Who.STAFF, query="?question=1"),
    Stop("/desk/<code:code>/community/<int(max=999999999):number>/link", Where.ON_THE_DAY, Who.STAFF, query="?other=2"),
    Stop("/desk/<code:code>/people", Where.SAMPLE, Who.STAFF, query="?show=waiting"),
    Stop("/desk/<code:code>/arrivals", Where.SAMPLE, Who.STAFF, query="?find=an"),
    Stop("/e/<code:code>/here", Where.ON_THE_DAY, Who.PARTICIPANT),
    Stop("/desk/<code:code>/places/ballot/close", Where.DRAFT, Who.STAFF),
    Stop("/desk/<code:code>/places/ballot/draw", Where.ON_THE_DAY, Who.STAFF),
    Stop("/p/<token>/take", Where.ON_THE_DAY),
    Stop("/p/<token>/give-up", Where.ON_THE_DAY),
    Stop("/p/<token>/coming", Where.ON_THE_DAY),
    Stop("/p/<token>/move", Where.ON_THE_DAY),
    Stop("/desk/<code:code>/people/<int(max=999999999):registration_id>/move", Where.ON_THE_DAY, Who.STAFF),
    Stop("/desk/<code:code>/letters/confirmation", Where.SAMPLE, Who.STAFF),
    Stop("/e/<code:code>", Where.CLOSED),
    Stop("/e/<code:code>/closed", Where.CLOSED, query="?check=1"),
    Stop("/e/<code:code>/register", Where.CLOSED, status=410),
    Stop("/t/<code:table_code>", Where.CLOSED),
    Stop("/i/<token>", Where.ON_THE_DAY),
    Stop("/i/<token>/no", Where.ON_THE_DAY),
    Stop("/i/<token>/register", Where.ON_THE_DAY),
    Stop("/desk/<code:code>/theming", Where.SAMPLE, Who.STAFF, query="?number=12"),
)
"""The same addresses with other eyes, other questions, or by mistake."""

STATUS = {"/join": 422}
"""`/join` without a code says so, on the front page."""


TOKENS = {"/sign-in/": "sign-in", "/try/": "testers", "/commit/": "commit", "/p/": "personal", "/i/": "invitation"}
"""Whose token an address holds."""


def house() -> Flask:
    """An application to ask for its addresses; it opens no database."""
    with TemporaryDirectory(prefix="hackathon-") as folder:
        return create_app(Settings(data_dir=Path(folder), secret_key="only to look"))


def addresses() -> dict[str, Door]:
    """Every address that answers GET, with its door."""
    app = house()
    return {
        rule.rule: getattr(app.view_functions[rule.endpoint], "door", Door.ANYONE)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }


def stops() -> Iterator[Stop]:
    """All pages, in the order of their addresses, then the other views of some."""
    for rule, door in sorted(addresses().items()):
        if rule in EXCUSED or rule in AFTER_AN_ACT:
            continue
        for where in _events_with(rule, door):
            if (rule, where) not in NOT_THERE:
                yield Stop(rule, where, _lets_in(door), status=STATUS.get(rule, 200))
    yield from OTHER_VIEWS


def _events_with(rule: str, door: Door) -> tuple[Where, ...]:
    if "code>" not in rule:
        return (Where.NONE,)
    if "series_code>" in rule:
        return (Where.ON_THE_DAY,)
    if door in (Door.ANYONE, Door.PARTICIPANT) or ":number>" in rule:
        return (Where.SAMPLE, Where.ON_THE_DAY)
    if "/plan/" in rule:
        return (Where.SAMPLE, Where.DRAFT)
    return (Where.SAMPLE, Where.ON_THE_DAY, Where.DRAFT)


def _lets_in(door: Door) -> Who:
    return {Door.ANYONE: Who.VISITOR, Door.PARTICIPANT: Who.PARTICIPANT}.get(door, Who.STAFF)


@dataclass(frozen=True, slots=True)
class Tour:
    """What the addresses are filled with in one running copy, and the browsers that hold its visitors."""

    copy: Copy
    filling: Mapping[Where, Mapping[str, str]]
    browsers: Mapping[Who, BrowserContext]

    def address(self, stop: Stop) -> str:
        """The full address of a stop."""
        return self.copy.address + self.path(stop.rule, stop.where) + stop.query

    def path(self, rule: str, where: Where) -> str:
        filling = self.filling[where]
        kind = next((kind for part, kind in TOKENS.items() if part in rule), "")
        names = {"token": f"{kind} token"}

        def fill(place: re.Match[str]) -> str:
            name = place[1]
            return filling[names.get(name, name)]

        return re.sub(r"<(?:[^>]*:)?(\w+)>", fill, rule)


def begin(copy: Copy, browser: Browser, organiser: StorageState) -> Tour:
    """Add two events to the running copy, and open a browser for each kind of person."""
    app = create_app(Settings(data_dir=copy.folder, base_url=copy.address, demo=False))
    with app.app_context():
        with transaction() as session:
            filling = _filling(session, _code_in(copy.links["Event"]), app.config["SECRET_KEY"])
        db.session.remove()
        db.engine.dispose()
    browsers = {
        Who.VISITOR: browser.new_context(),
        Who.PARTICIPANT: browser.new_context(),
        Who.STAFF: browser.new_context(storage_state=organiser),
    }
    page = browsers[Who.PARTICIPANT].new_page()
    for where in (Where.SAMPLE, Where.ON_THE_DAY):
        page.goto(f"{copy.address}/p/{filling[where]['personal token']}")
    page.close()
    return Tour(copy, filling, browsers)


def _code_in(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2].upper()


def _filling(session: Session, sample_code: str, secret: str) -> dict[Where, dict[str, str]]:
    sample = event_by_code(session, sample_code)
    organiser = next(member.account for member in members_of(session, sample) if member.role is Role.ORGANISER)
    commitment = next(each for each in commitments_of(session, sample) if each.token)
    seated = registrations_of(session, sample)[0].participant
    on_the_day, newcomer = _on_the_day(session, organiser)
    invited = _invited(session, on_the_day) | _in_a_series(session, on_the_day, organiser)
    draft = _planned(session, organiser, "A first conversation about discharge", "open-space-unconference")
    return {
        Where.NONE: {"sign-in token": make_sign_in_link(session, organiser, secret=secret)},
        Where.SAMPLE: {
            **_words_for(session, sample, secret),
            "personal token": seated.token,
            "commit token": commitment.token or "",
        },
        Where.ON_THE_DAY: {**_words_for(session, on_the_day, secret), "personal token": newcomer, **invited},
        Where.DRAFT: _words_for(session, draft, secret),
        Where.CLOSED: _words_for(session, _closed(session, organiser), secret),
    }


def _words_for(session: Session, event: Event, secret: str) -> dict[str, str]:
    return {
        "code": event.code.lower(),
        "table_code": tables_of(session, event)[0].code.lower(),
        "number": "1",
        "position": "1",
        "person": next((str(each.participant_id) for each in people_to_seat(session, event)), "0"),
        "document": "purpose",
        "slot": "travel",
        "testers token": testers_token(event, secret),
        "kind": "reminder-7",
        "key": themes_of(session, event)[0].key,
        "need": next((str(each.id) for each in needs_of(session, event)), "0"),
        "question": next((str(each.id) for each in questions_asked(session, event)), "0"),
    }


def _planned(session: Session, organiser: Account, title: str, pack: str) -> Event:
    return plan_event(
        session,
        pack=pack_on_disk(pack),
        title=title,
        held_on=now().date() + timedelta(days=1),
        starts=time(9, 30),
        venue="The Guildhall, Market Square, Brackwater",
        expected_people=24,
        account=organiser,
    )


def _closed(session: Session, organiser: Account) -> Event:
    event = _planned(session, organiser, "How we learn from what goes wrong", "open-space-unconference")
    event.stage = Stage.AFTER
    close_event(session, event, at=now(), papers=Path("none"), actor=organiser.name)
    return event


def _on_the_day(session: Session, organiser: Account) -> tuple[Event, str]:
    """An event in full swing: a few people and thoughts, a rating that is open; and a newcomer's personal token."""
    event = _planned(session, organiser, "Who gets heard in our meetings", "inclusion-and-system-leadership")
    add_member(session, event, organiser, Role.ACCESS_LEAD, actor=ACTOR)
    add_member(session, event, organiser, Role.CARE_LEAD, actor=ACTOR)
    make_promise(
        session,
        event,
        sponsor_name="Harriet Dunmore",
        sponsor_role="Chief executive",
        words="I will answer every recommendation within four weeks, with a reason.",
        made_on=now().date(),
        owner_name="Kiran Bhatoa",
        actor=ACTOR,
    )
    declare_base(
        session,
        event,
        room=24,
        outside=300,
        source="Staff list of the two wards",
        declared_by=organiser.name,
        declared_on=event.held_on,
        actor=ACTOR,
    )
    ask_at_registration(
        session,
        event,
        key="diet",
        label="Food needs",
        type=QuestionType.CHOICE_OTHER,
        options=["Vegetarian", "Vegan"],
        purpose=CATERING,
        sensitive=True,
        seen_by=["access-lead"],
        keep_days=14,
        actor=ACTOR,
    )
    publish_event(session, event, actor=ACTOR)
    set_places(session, event, chairs=24, cut_off=None, way=Way.BALLOT, actor=ACTOR)
    newcomer = _people(session, event)
    reserve_share(session, event, name="Clerks", about=About.JOB_ROLE, words=["Ward clerk"], percent=10, actor=ACTOR)
    close_list(session, event, seed_source="Saturday’s lottery", actor=ACTOR)
    draw_places(session, event, seed="4 8 15 16 23 42", actor=ACTOR)
    list_needs(session, event, actor=ACTOR)
    move_to(session, event, stage=Stage.DIVERGE, actor=ACTOR)
    table = tables_of(session, event)[0]
    for number, (text, place) in enumerate(THOUGHTS, start=1):
        in_room = place is Place.ROOM
        share_insight(
            session,
            event,
            text=text,
            place=place,
            client_id=f"thought-{number}",
            identity=Identity.ANONYMOUS,
            source=Source.PHONE if in_room else Source.WEB,
            table=table if in_room else None,
            theme=table.theme if in_room else None,
        )
    carry_in(session, event, actor=ACTOR)
    number_cards(session, event, per_seat=1, tables=[table.number], actor=ACTOR)
    for text in STATEMENTS:
        add_statement(session, event, text=text, actor=ACTOR)
    give_out_ballots(session, event, number=2, place=Place.ROOM, actor=ACTOR)
    give_out_ballots(session, event, number=1, place=Place.ROOM, large=True, actor=ACTOR)
    open_round(session, event, entitled_room=24, entitled_outside=300, actor=ACTOR)
    return event, newcomer


def _in_a_series(session: Session, event: Event, organiser: Account) -> dict[str, str]:
    """The event stands in a series with two other places: one has places free, the other gives them by ballot."""
    question = event.question
    series = make_series(session, title="Who gets heard, in three towns", question=question, first=event, actor=ACTOR)
    for number, (town, way) in enumerate((("Ashmoor Library", Way.FIRST_COME), ("The Mill, Carrow", Way.BALLOT)), 1):
        place = plan_another_place(
            session,
            event,
            title=f"Who gets heard: {town}",
            held_on=event.held_on + timedelta(days=7 * number),
            venue=town,
            expected_people=16 * number,
            account=organiser,
        )
        set_places(session, place, chairs=16, cut_off=None, way=way, actor=ACTOR)
        declare_base(
            session,
            place,
            room=16,
            outside=40,
            source="Staff list",
            declared_by=organiser.name,
            declared_on=event.held_on,
            actor=ACTOR,
        )
        publish_event(session, place, actor=ACTOR)
    moving = next(each for each in registrations_of(session, event) if each.participant.name == "Ruth Wyn")
    return {"series_code": series.code.lower(), "event_code": event.code.lower(), "registration_id": str(moving.id)}


def _invited(session: Session, event: Event) -> dict[str, str]:
    """A list whose people were invited, and a file that nobody has taken yet."""
    rows = "".join(f"{name},{name.lower()}@example.org,Ward {n % 2 + 1},North\n" for n, name in enumerate(INVITED))
    drafts = [
        keep_draft(session, event, file=read_list("list", f"Name,Email,Team,Region\n{rows}".encode()), name="list.csv")
        for _ in range(2)
    ]
    taken = take_list(
        session,
        drafts[0],
        columns=(Column.NAME, Column.ADDRESS, Column.TEAM, Column.REGION),
        source="Staff list of the two wards",
        declared_by="Priya Nand",
        declared_on=event.held_on,
        invited_on=event.held_on,
        actor=ACTOR,
    )
    token = unanswered(session, event)[0].token
    return {"draft_id": str(drafts[1].id), "list_id": str(taken.id), "invitation token": token}


INVITED = ("Amara", "Tom", "Ruth", "Dafydd", "Ines", "Kofi", "Maeve", "Noor", "Owen", "Pia", "Rafe", "Sana")


def _people(session: Session, event: Event) -> str:
    answers = {
        question.key: "Vegetarian" if question.purpose == CATERING else "A hearing loop, please"
        for question in questions_of(session, event)
        if question.sensitive
    }
    token = ""
    for name, place, told in (
        ("Amara Okonjo-Fitzgerald", Place.OUTSIDE, {}),
        ("Tom Lisle", Place.ROOM, answers),
        ("Ruth Wyn", Place.ROOM, {}),
    ):
        welcome = register(
            session,
            event,
            name=name,
            email=f"{name.split()[0].lower()}@example.org",
            organisation="Brackwater Community Trust",
            job_role="Ward clerk",
            attending=place,
            answers=told,
        )
        token = welcome.registration.participant.token
    return token


THOUGHTS = (
    ("The person with the least time speaks least, and we call that agreement.", Place.ROOM),
    ("Night staff hear about changes from the noticeboard.", Place.OUTSIDE),
    ("نحن نسمع بعضنا بعضا عندما نجلس معا.", Place.ROOM),
    ("<b>Bold</b> ideas & =SUM(A1) should stay exactly as they were typed 🙂", Place.OUTSIDE),
)
STATEMENTS = (
    "Every meeting has a minute for whoever has not spoken.",
    "Decisions are written down where night staff can read them.",
    "People who are paid by the hour are paid for coming.",
)
