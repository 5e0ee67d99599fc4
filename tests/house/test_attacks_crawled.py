"""Attacks 16, 36 and 37 on every address that there is: the list is the application's own, so new ones are in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import AnyConverter, Rule
from werkzeug.routing.converters import NumberConverter

from hackathon.archive.commands import SAMPLE, load_folder
from hackathon.events.models import Event
from hackathon.staff.models import Role
from hackathon.web.access import Door
from tests.makers import make_account, make_event, make_member
from tests.visitor import Visitor

SAFE = {"GET", "HEAD", "OPTIONS"}
STAFF_DOORS = {
    Door.SIGNED_IN,
    Door.STAFF,
    Door.FACILITATOR,
    Door.COMMUNITY_MANAGER,
    Door.MODERATOR,
    Door.ACCESS_LEAD,
    Door.CARE_LEAD,
    Door.SCRIBE,
    Door.ORGANISER,
}
STALE = "Please send that once more"


def door_of(app: Flask, rule: Rule) -> Door | None:
    door: Door | None = getattr(app.view_functions[rule.endpoint], "door", None)
    return door


def addresses(app: Flask, *, code: str, unsafe: bool, doors: set[Door]) -> Iterator[tuple[str, str, Door]]:
    """Method, address and door of every rule behind these doors; whatever else a rule asks for is filled in."""
    for rule in app.url_map.iter_rules():
        door = door_of(app, rule)
        if door is None or door not in doors:
            continue
        built = rule.build({name: _filling(rule, name, code) for name in rule.arguments}, append_unknown=False)
        assert built is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if (method not in SAFE) == unsafe:
                yield method, built[1], door


def _filling(rule: Rule, name: str, code: str) -> Any:
    """The event's code, or the first value that such a place takes."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return code if name == "code" else 1 if isinstance(converter, NumberConverter) else "22"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    session.commit()
    return event


def browser(app: Flask, session: Session, *roles: tuple[Event, Role]) -> Visitor:
    """A browser in which somebody with these roles, or with none, has signed in."""
    account = make_account(session)
    for event, role in roles:
        make_member(session, event, account, role)
    session.commit()
    visitor = Visitor(app)
    visitor.sign_in(account.id)
    return visitor


def test_a_post_without_its_token_is_refused_everywhere(app: Flask, session: Session, event: Event) -> None:
    """Attack 36, by an organiser of the event: everything else is in order, only the token is missing."""
    organiser = browser(app, session, *((event, role) for role in Role))
    attacked = list(addresses(app, code=event.code, unsafe=True, doors=set(Door)))

    answers = {
        (method, address): organiser._send(address, method=method, data={"text": "Hello"})
        for method, address, _ in attacked
    }

    assert len(answers) > 10
    assert {
        which for which, answer in answers.items() if answer.status_code != 400 or STALE not in answer.text
    } == set()


def test_without_the_guard_posts_would_pass(app: Flask, session: Session, event: Event) -> None:
    """The control of attack 36: the same crawl reaches views once tokens are not asked for."""
    app.config["WTF_CSRF_ENABLED"] = False
    organiser = browser(app, session, (event, Role.ORGANISER))

    answer = organiser.post(f"/desk/{event.code}/plan/figures/freeze")

    assert answer.location == f"/desk/{event.code}/plan/report"
    session.rollback()
    assert event.figures_frozen_at is not None


def crawl(visitor: Visitor, code: str, doors: set[Door]) -> dict[tuple[str, str], int | str]:
    """What a browser is answered at every staff address: a redirect's path, or the status."""
    token = visitor.token_on("/sign-in")
    answers: dict[tuple[str, str], int | str] = {}
    for unsafe in (False, True):
        for method, address, _ in addresses(visitor.app, code=code, unsafe=unsafe, doors=doors):
            body = {"data": {"csrf_token": token}} if unsafe else {}
            # A program would wait for a paper that nobody makes here; a browser is told to come back.
            answer = visitor._send(address, method=method, headers={"Accept": "text/html"}, **body)
            location = answer.headers.get("Location", "").partition("?")[0]
            answers[method, address] = location or answer.status_code
    return answers


def test_without_an_account_every_staff_page_asks_to_sign_in(app: Flask, session: Session, event: Event) -> None:
    """Attack 37."""
    answers = crawl(Visitor(app), event.code, STAFF_DOORS)

    assert len(answers) > 30
    assert {which: said for which, said in answers.items() if said != "/sign-in"} == {}


def test_staff_of_another_event_find_nothing(app: Flask, session: Session, event: Event) -> None:
    """Attack 37: the answer is that of an event which does not exist, so nothing is learnt about this one."""
    stranger = browser(app, session, *((make_event(session), role) for role in Role))

    answers = crawl(stranger, event.code, STAFF_DOORS - {Door.SIGNED_IN})

    assert {which: said for which, said in answers.items() if said != 404} == {}


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_role_that_does_not_open_a_door_finds_nothing_behind_it(
    app: Flask, session: Session, event: Event, role: Role
) -> None:
    """Attack 37: the doors that this role may not open, one by one."""
    closed = {door for door in STAFF_DOORS - {Door.SIGNED_IN} if role.value not in door.roles}

    answers = crawl(browser(app, session, (event, role)), event.code, closed)

    assert {which: said for which, said in answers.items() if said != 404} == {}


def test_the_right_role_opens_the_pages_that_the_crawl_found_closed(app: Flask, session: Session, event: Event) -> None:
    """The control of attack 37: those pages are there. What an event without a pack lacks is left out."""
    everybody = browser(app, session, *((event, role) for role in Role))

    answers = crawl(everybody, event.code, STAFF_DOORS)

    opened = {address for (method, address), said in answers.items() if method == "GET" and said == 200}
    assert {f"/desk/{event.code}/plan", f"/desk/{event.code}/plan/people", f"/desk/{event.code}/log"} <= opened


def test_a_doorkeeper_who_looks_away_would_be_noticed(app: Flask, session: Session, event: Event) -> None:
    """The control of attack 37: with the guard taken away, a sponsor opens an organiser's pages."""
    app.extensions["doorkeeper"] = lambda staff_id, code, roles: True

    answers = crawl(browser(app, session, (event, Role.SPONSOR)), event.code, {Door.ORGANISER})

    assert 200 in answers.values()


OF_THE_HOUSE = {
    "/desk/<code:code>/ballots/<code:ballot>": "a page to type a code in, which says that there is no such ballot",
}
"""Addresses whose last part is typed by people, and answered with a page that says what is wrong with it."""


def test_what_belongs_to_one_event_is_not_found_under_another(app: Flask, session: Session) -> None:
    """Attack 16: the first row of every table is the sample event's, and is asked for under an event without rows."""
    load_folder(SAMPLE, is_sample=True)
    other = make_event(session)
    stranger = browser(app, session, *((other, role) for role in Role))

    found = _asked_under(app, stranger, other.code)

    assert len(found) > 40
    assert {which: said for which, said in found.items() if said not in (404, 405)} == {}


def test_the_same_addresses_are_there_under_their_own_event(app: Flask, session: Session) -> None:
    """The control of attack 16."""
    sample, _ = load_folder(SAMPLE, is_sample=True)
    everybody = browser(app, session, *((sample, role) for role in Role))

    found = _asked_under(app, everybody, sample.code)

    assert sum(said == 200 for said in found.values()) > 10


def _asked_under(app: Flask, visitor: Visitor, code: str) -> dict[tuple[str, str], int]:
    """What is answered at every address that names a row beside the event's code."""
    token = visitor.token_on("/sign-in")
    answers: dict[tuple[str, str], int] = {}
    for rule in app.url_map.iter_rules():
        names = {name for name in rule.arguments if not isinstance(rule._converters[name], AnyConverter)}
        if "code" not in names or len(names) == 1 or rule.rule in OF_THE_HOUSE:
            continue
        built = rule.build({name: _filling(rule, name, code) for name in rule.arguments}, append_unknown=False)
        assert built is not None
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            body = {} if method in SAFE else {"data": {"csrf_token": token}}
            answer = visitor._send(built[1], method=method, headers={"Accept": "text/html"}, **body)
            answers[method, built[1]] = answer.status_code
    return answers
