"""The list of events, beginning one, and its plan: the first of the acceptance walks."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import event as happening
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.db import db
from hackathon.events.models import Event, Stage
from hackathon.events.queries import all_events
from hackathon.maths.holidays import bank_holidays
from hackathon.staff.models import Role
from tests.makers import make_account, make_event, make_member, make_pack, make_series_of
from tests.visitor import Visitor, words_of

StaffClient = Callable[..., Visitor]
NEXT_YEAR = (now() + timedelta(days=365)).date()
ANSWERS = {
    "pack": "change-model",
    "title": "Hack the way we lead change",
    "held_on": [str(NEXT_YEAR.day), str(NEXT_YEAR.month), str(NEXT_YEAR.year)],
    "starts": "9:30am",
    "venue": "The Corn Store",
    "expected_people": "80",
}


def only_event(session: Session) -> Event:
    session.rollback()
    [event] = all_events(session)
    return event


def test_somebody_without_events_is_told_how_to_begin(staff_client: StaffClient) -> None:
    assert staff_client().get("/desk").location == "/desk/new"
    assert "Plan a new event" in staff_client().words("/desk/new")


def test_my_events_are_mine(session: Session, staff_client: StaffClient) -> None:
    mine, theirs = make_event(session, title="Mine"), make_event(session, title="Theirs")

    words = staff_client(Role.SPONSOR, mine).words("/desk")

    assert ("Mine" in words, theirs.title in words) == (True, False)


def test_a_longer_list_of_events_takes_no_more_queries(session: Session, staff_client: StaffClient) -> None:
    account = make_account(session)
    visitor = staff_client(account=account)
    seen: list[str] = []
    happening.listen(db.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_member(session, make_event(session), account)
        session.commit()
        seen.clear()
        visitor.get("/desk")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_six_answers_make_a_draft_with_a_plan(session: Session, staff_client: StaffClient) -> None:
    organiser = staff_client()

    answer = organiser.post_form("/desk/new", ANSWERS)

    event = only_event(session)
    assert answer.location == f"/desk/{event.code}/plan"
    assert (event.title, event.held_on, event.stage) == (ANSWERS["title"], NEXT_YEAR, Stage.DRAFT)
    assert "Follow-through owner" in organiser.words(answer.location) or "follow-through owner" in organiser.words(
        answer.location
    )


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"pack": ""}, "Choose a pack"),
        ({"pack": "../../etc"}, "Choose an answer"),
        ({"title": "  "}, "Give the event a title"),
        ({"held_on": ["17", "3", "2020"]}, "That day is over"),
        ({"held_on": ["30", "2", "2027"]}, "Date must be a real date"),
        ({"starts": "6pm"}, "after midnight"),
        ({"expected_people": "many"}, "must be a whole number"),
        ({"expected_people": "99999999999999999999"}, "Write a number from 1"),
    ],
)
def test_a_mistake_makes_no_event_and_keeps_the_other_answers(
    session: Session, staff_client: StaffClient, answers: dict[str, object], said: str
) -> None:
    answer = staff_client().post_form("/desk/new", {**ANSWERS, **answers})

    assert said in words_of(answer)
    assert "The Corn Store" in answer.text
    session.rollback()
    assert list(all_events(session)) == []


def test_an_event_is_planned_and_published_by_its_pages_alone(session: Session, staff_client: StaffClient) -> None:
    """Walk 1 without a browser: what is missing is asked for where it is missing, and said in one sentence."""
    organiser = staff_client()
    plan = str(organiser.post_form("/desk/new", {**ANSWERS, "sponsor_name": ""}).location)

    said = []
    for names in ({"sponsor_name": ""}, {"owner_name": "Kiran"}, {"sponsor_name": "Harriet"}):
        answer = organiser.post_form(f"{plan}/publish", names, page=plan, follow_redirects=True)
        said.append(words_of(answer))

    for words, expected in zip(said, ("owner first", "sponsor first", "The event is published"), strict=True):
        assert expected in words
    # In the order of the fields, at the top and beside each empty field, both at once.
    assert said[0].index("Name the sponsor first") < said[0].index("Name the follow-through owner first")
    assert [(words.count("owner first"), words.count("sponsor first")) for words in said] == [(2, 2), (0, 2), (0, 0)]
    assert only_event(session).stage is Stage.BEFORE


def test_a_sponsor_who_was_named_is_not_asked_for_again(session: Session, staff_client: StaffClient) -> None:
    organiser = staff_client()

    plan = str(organiser.post_form("/desk/new", {**ANSWERS, "sponsor_name": "Harriet"}).location)

    page = organiser.soup(plan)
    assert page.find(id="owner_name") is not None
    assert page.find(id="sponsor_name") is None
    organiser.post_form(f"{plan}/publish", {"owner_name": "Kiran"}, page=plan)
    assert only_event(session).stage is Stage.BEFORE


def test_a_day_on_which_people_are_off_is_pointed_out(session: Session, staff_client: StaffClient) -> None:
    christmas = next(day for day, name in bank_holidays(NEXT_YEAR.year).items() if name == "Christmas Day")
    held_on = [str(christmas.day), str(christmas.month), str(christmas.year)]

    organiser = staff_client()
    plan = str(organiser.post_form("/desk/new", {**ANSWERS, "held_on": held_on}).location)

    assert "The day is Christmas Day, a bank holiday in England and Wales" in organiser.words(plan)


def test_a_facilitator_reads_the_plan_and_cannot_change_it(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)

    page = staff_client(Role.FACILITATOR, event).soup(f"/desk/{event.code}/plan")

    assert page.main is not None
    assert "Only organisers change the plan" in page.main.get_text()
    assert [a["href"] for a in page.main.find_all("a") if "/plan/" in str(a["href"])] == []


@pytest.mark.parametrize(
    "page", ["/desk/new", "/desk/{}/plan", "/desk/s/{}", "/desk/s/{}/figures", "/desk/s/{}/{}/another"]
)
def test_what_an_organiser_reads_first_needs_no_words_of_the_trade(
    session: Session, staff_client: StaffClient, page: str
) -> None:
    event = make_event(session)
    make_pack(session, event)
    codes = (make_series_of(session, event).code, event.code) if "/s/" in page else (event.code,)

    said = staff_client(Role.ORGANISER, event).words(page.format(*codes)).lower()

    assert [word for word in UNEXPLAINED if word in said] == []


UNEXPLAINED = ("declared base", "the base", "staffed hour", "data map", "sealed log", "morning of", "(open call)")


@pytest.mark.parametrize(
    ("stage", "day", "stands_open"),
    [
        (Stage.BEFORE, date(2099, 3, 2), []),
        (Stage.DIVERGE, date(2099, 3, 2), ["The day and after"]),
        (Stage.BEFORE, date(2026, 3, 2), ["The day and after"]),
    ],
)
def test_where_the_event_is_now_stands_open_once_the_day_has_come(
    session: Session, staff_client: StaffClient, stage: Stage, day: date, stands_open: list[str]
) -> None:
    event = make_event(session, stage=stage, held_on=day)
    session.commit()

    page = staff_client(event=event).soup(f"/desk/{event.code}/plan")

    assert [each.get_text().split("(")[0].strip() for each in page.select("details[open] > summary")] == stands_open
