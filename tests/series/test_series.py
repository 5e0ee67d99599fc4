"""Several events under one question: making a series, changing what it asks, another place, and its page."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.clock import local, moment_at, now
from hackathon.core.errors import Refusal
from hackathon.events.models import Activity, Event, Series, Stage
from hackathon.events.operations import ask_question, free_code
from hackathon.events.queries import events_in
from hackathon.framing.queries import promise_of
from hackathon.handouts.operations import write_insert
from hackathon.handouts.queries import inserts_of
from hackathon.participants.models import QuestionType, Registration, RegistrationState, Way
from hackathon.participants.operations import ask_at_registration, set_places
from hackathon.participants.queries import answers_of_registration, places_of, questions_asked
from hackathon.series.operations import (
    GOES_ALONG,
    add_to_series,
    describe_series,
    make_series,
    plan_another_place,
    take_out,
)
from hackathon.series.queries import place_lines
from hackathon.staff.models import Role
from hackathon.tables.models import Mark
from hackathon.tables.operations import change_table, lay_tables
from hackathon.tables.queries import tables_of
from hackathon.themes.operations import find_themes_fit
from hackathon.themes.queries import question_unlike_themes, themes_of
from tests.counted import statements_in
from tests.makers import (
    make_account,
    make_event,
    make_pack,
    make_registration,
    make_round,
    make_series_of,
    make_theme,
)
from tests.visitor import Visitor, words_of

ACTOR = "Priya Nandakumar"
QUESTION = "What would make a handover feel safe on both sides?"


def test_an_event_that_joins_takes_the_question_and_both_logs_say_so(session: Session) -> None:
    first, second = make_event(session, stage=Stage.BEFORE), make_event(session, stage=Stage.DRAFT)

    series = make_series(session, title="Five towns", question=QUESTION, first=first, actor=ACTOR)
    add_to_series(session, series, event=second, actor=ACTOR)

    assert [event.question for event in (first, second)] == [QUESTION, QUESTION]
    assert [event.id for event in events_in(session, series)] == [first.id, second.id]
    joined = session.scalars(select(Activity.event_id).where(Activity.kind == "series.joined"))
    assert set(joined) == {first.id, second.id}


def test_no_event_and_no_series_gets_a_code_that_one_has(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event(session, stage=Stage.BEFORE)
    series = make_series_of(session, event)
    codes = iter([series.code, event.code, "ZZ99"])
    monkeypatch.setattr("hackathon.events.operations.short_code", lambda length: next(codes))

    assert free_code(session) == "ZZ99"


def test_the_question_changes_in_every_place_at_once_and_nowhere_else(session: Session) -> None:
    series = make_series_of(session, make_event(session, stage=Stage.DRAFT), make_event(session, stage=Stage.BEFORE))
    one, other = events_in(session, series)

    describe_series(session, series, **said(series, question=QUESTION, tested_with=6), actor=ACTOR)

    assert [(event.question, event.tested_with) for event in (one, other)] == [(QUESTION, 6), (QUESTION, 6)]
    with pytest.raises(Refusal, match="Change it on the series’ page"):
        ask_question(session, one, question="Another?", tested_with=0, scope_in=[], scope_out=[], actor=ACTOR)


@pytest.mark.parametrize("stage", [Stage.WARM_UP, Stage.CONVERGE, Stage.AFTER])
def test_a_question_that_people_have_begun_to_answer_keeps_its_words(session: Session, stage: Stage) -> None:
    series = make_series_of(session, make_event(session, stage=Stage.BEFORE), make_event(session, stage=stage))

    with pytest.raises(Refusal, match="have begun to answer"):
        describe_series(session, series, **said(series, question=QUESTION), actor=ACTOR)

    assert {event.question for event in events_in(session, series)} == {series.question} != {QUESTION}


def test_a_question_keeps_its_words_while_statements_are_rated(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE)
    series = make_series_of(session, event)
    make_round(session, event)

    with pytest.raises(Refusal, match="have begun to answer"):
        describe_series(session, series, **said(series, question=QUESTION), actor=ACTOR)


def test_drafts_are_taken_out_and_a_series_ends_with_its_last(session: Session) -> None:
    draft, seen = make_event(session, stage=Stage.DRAFT), make_event(session, stage=Stage.BEFORE)
    series, alone = (
        make_series_of(session, draft, seen),
        make_series_of(session, make_event(session, stage=Stage.DRAFT)),
    )

    take_out(session, series, event=draft, actor=ACTOR)
    take_out(session, alone, event=events_in(session, alone)[0], actor=ACTOR)

    assert draft.series_id is None
    assert [event.id for event in events_in(session, series)] == [seen.id]
    with pytest.raises(Refusal, match="stays in it"):
        take_out(session, series, event=seen, actor=ACTOR)
    assert session.scalars(select(Series.id)).all() == [series.id]


def test_another_place_is_planned_like_the_one_that_stands(session: Session) -> None:
    source, account = make_event(session, stage=Stage.BEFORE, scope_in=["names"]), make_account(session)
    series = make_series_of(session, source)
    make_pack(session, source)
    write_insert(session, source, slot="travel", markdown="By train.", actor=ACTOR)
    write_insert(session, source, slot="evidence", markdown="What we know.", actor=ACTOR)
    theme = make_theme(session, source, key="language", position=1)
    table = lay_tables(session, source, number=10, seats=8, themes=[theme], actor=ACTOR)[0]
    change_table(session, table, seats=6, theme=theme, marks=[Mark.QUIET], actor=ACTOR)
    ends = moment_at(source.held_on - timedelta(days=3), time(17), source.timezone)
    set_places(session, source, chairs=80, oversell=10, cut_off=ends, way=Way.APPROVAL, claim_hours=48, actor=ACTOR)

    another = plan_another_place(
        session,
        source,
        title="Hack in Ashmoor",
        held_on=source.held_on + timedelta(days=7),
        venue="Ashmoor Library",
        expected_people=40,
        account=account,
    )

    assert (another.stage, another.question, another.series_id) == (Stage.DRAFT, series.question, series.id)
    assert (another.starts, another.scope_in) == (source.starts, ["names"])
    assert [theme.key for theme in themes_of(session, another)] == ["language"]
    laid = tables_of(session, another)
    assert [(table.seats, table.marks) for table in laid] == [(6, ["quiet"]), *[(8, [])] * 4]
    asked = [[(q.key, q.type, q.keep_days) for q in questions_asked(session, event)] for event in (source, another)]
    assert asked[0] == asked[1] != []
    assert inserts_of(session, another)["evidence"] == "What we know."
    assert "travel" not in inserts_of(session, another)
    places = places_of(session, another)
    assert places is not None
    assert (places.chairs, places.capacity, places.taken, places.way) == (40, 44, 0, Way.APPROVAL)
    assert places.cut_off == ends + timedelta(days=7)
    assert promise_of(session, another) is None


@pytest.mark.parametrize("looked_at", [True, False])
def test_themes_that_were_looked_at_in_one_place_are_not_to_be_looked_at_in_the_next(
    session: Session, looked_at: bool
) -> None:
    source, account = make_event(session, stage=Stage.BEFORE, question=QUESTION), make_account(session)
    make_series_of(session, source)
    make_pack(session, source)
    make_theme(session, source, key="language", position=1)
    if looked_at:
        find_themes_fit(session, source, actor=ACTOR)

    another = plan_another_place(
        session,
        source,
        title="Hack in Ashmoor",
        held_on=source.held_on + timedelta(days=7),
        venue="Ashmoor Library",
        expected_people=40,
        account=account,
    )

    assert [bool(question_unlike_themes(session, event)) for event in (source, another)] == [not looked_at] * 2


def test_another_place_has_a_table_for_every_eight_where_the_tables_there_fit_nobody(session: Session) -> None:
    source, account = make_event(session, stage=Stage.BEFORE, expected_people=12), make_account(session)
    make_series_of(session, source)
    make_pack(session, source)
    lay_tables(session, source, number=8, seats=8, themes=[], actor=ACTOR)

    another = plan_another_place(
        session,
        source,
        title="Hack in Ashmoor",
        held_on=source.held_on + timedelta(days=7),
        venue="Ashmoor Library",
        expected_people=20,
        account=account,
    )

    assert [table.seats for table in tables_of(session, another)] == [8, 8, 8]


def test_every_column_of_an_event_goes_along_is_asked_or_is_each_places_own() -> None:
    asked = {"title", "held_on", "venue", "expected_people"}
    of_the_series = {"question", "series_id", "starts", "ends"}
    own = {"id", "slug", "code", "contact_phone", "stage", "is_sample", "made_at"}
    of_its_day = {"rehearsal_since", "rehearsal_ended_at", "report_first_published", "figures_frozen_at", "closed_at"}

    assert set(Event.__table__.columns.keys()) - of_its_day == {*GOES_ALONG} | asked | of_the_series | own


def test_the_page_lists_every_published_place_in_order_with_one_button_each(session: Session, client: Visitor) -> None:
    day = date(2026, 12, 1)
    events = [
        make_event(session, stage=stage, venue=venue, held_on=day + timedelta(days=number))
        for number, (stage, venue) in enumerate(
            [(Stage.AFTER, "Ashmoor"), (Stage.BEFORE, "Brackwater"), (Stage.BEFORE, "Carrow"), (Stage.DRAFT, "Dunmere")]
        )
    ]
    series = make_series_of(session, *reversed(events))
    set_places(session, events[1], chairs=1, cut_off=None, actor=ACTOR)
    set_places(session, events[2], chairs=30, cut_off=None, way=Way.BALLOT, actor=ACTOR)
    session.commit()

    page = client.soup(f"/s/{series.code}")

    assert [line.get_text(" ", strip=True) for line in page.select(".venue__name")] == [
        "Ashmoor",
        "Brackwater",
        "Carrow",
    ]
    assert [line.get_text() for line in page.select(".venue__standing")] == [
        "Over",
        "1 place free",
        "By ballot",
    ]
    assert len(page.select(".venue .govuk-button")) == 3
    assert "The same question elsewhere" in client.words(f"/e/{events[1].code}")
    assert "Ashmoor" in client.words(f"/e/{events[1].code}/register")
    front = client.soup("/")
    assert len(front.select(f"a[href='/s/{series.code}']")) == 1
    assert "Carrow" in front.get_text()


def test_a_place_whose_day_is_on_is_not_registered_for_but_entered(session: Session, client: Visitor) -> None:
    event = make_event(session, stage=Stage.DIVERGE, venue="Ashmoor")
    series = make_series_of(session, event)
    session.commit()

    buttons = client.soup(f"/s/{series.code}").select(".venue .govuk-button")

    assert [(button.get_text(), button["href"]) for button in buttons] == [
        ("Take part now: Ashmoor", f"/e/{event.code}")
    ]


def test_how_places_are_given_is_said_once_for_all_places_that_do_alike(session: Session, client: Visitor) -> None:
    ways = (Way.APPROVAL, Way.APPROVAL, Way.BALLOT, Way.BALLOT)
    events = [make_event(session, stage=Stage.BEFORE) for _ in ways]
    series = make_series_of(session, *events)
    for event, way in zip(events, ways, strict=True):
        set_places(session, event, chairs=30, cut_off=None, way=way, actor=ACTOR)
    session.commit()

    for address in (f"/s/{series.code}", f"/s/{series.code}/register"):
        words = client.words(address)
        assert words.count("the organisers answer everybody who asks") == 1, address
        assert words.count("drawn by lot") == 1, address


def test_one_page_registers_people_at_the_place_that_they_choose_and_asks_what_all_places_ask(
    session: Session, client: Visitor
) -> None:
    events = [make_event(session, stage=Stage.BEFORE, venue=venue) for venue in ("Ashmoor", "Brackwater")]
    series = make_series_of(session, *events)
    for event, keys in zip(events, (("diet", "bus"), ("diet",)), strict=True):
        for key in keys:
            ask_at_registration(
                session, event, key=key, label=key, type=QuestionType.TEXT, purpose="To know", keep_days=9, actor=ACTOR
            )
    session.commit()
    address = f"/s/{series.code}/register"
    words = client.words(address)

    answer = client.post_form(
        address,
        {
            "place": events[1].code,
            "name": "Asha",
            "email": "a@example.org",
            "attending": "room",
            "answers-diet": "Vegan",
        },
    )

    assert "Deleted 9 days after the day" in words
    assert "bus" not in words
    assert answer.location == f"/e/{events[1].code}/registered"
    registration = session.scalars(select(Registration)).one()
    assert (registration.event_id, answers_of_registration(session, registration)) == (events[1].id, {"diet": "Vegan"})
    assert "Choose a place" in words_of(client.post_form(address, {"name": "Asha"}))


def test_a_full_place_says_how_many_wait(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE)
    series = make_series_of(session, event)
    set_places(session, event, chairs=1, cut_off=None, actor=ACTOR)
    for state in ("confirmed", "waiting", "waiting"):
        make_registration(session, event, state=RegistrationState(state))
    places_of(session, event).taken = 1  # type: ignore[union-attr]  # set four lines above
    session.flush()

    assert [(line.standing, line.verb) for line in place_lines(session, series)] == [
        ("Full: 2 people wait", "Join the waiting list")
    ]


def test_three_places_are_listed_with_as_many_queries_as_one(session: Session) -> None:
    series = make_series_of(session, make_event(session, stage=Stage.BEFORE))
    one = statements_in(lambda: place_lines(session, series))
    for _ in range(2):
        make_event(session, stage=Stage.BEFORE, series=series)

    assert statements_in(lambda: place_lines(session, series)) == one


def test_a_series_of_drafts_is_not_there_for_anybody(session: Session, client: Visitor) -> None:
    series = make_series_of(session, make_event(session, stage=Stage.DRAFT))
    session.commit()

    assert client.get(f"/s/{series.code}").status_code == 404
    assert client.get("/s/ZZZZ").status_code == 404
    assert client.get(f"/join?code={series.code}").status_code == 404


def test_the_code_of_a_series_leads_to_its_page_from_the_box_for_codes(session: Session, client: Visitor) -> None:
    series = make_series_of(session, make_event(session, stage=Stage.BEFORE))
    session.commit()

    assert client.get(f"/join?code={series.code.lower()}").location == f"/s/{series.code}"


def test_organisers_make_a_series_and_plan_another_place_on_the_desk(
    session: Session, staff_client: Callable[..., Visitor]
) -> None:
    event = make_event(session, stage=Stage.BEFORE)
    organiser = staff_client(Role.ORGANISER, event)

    made = organiser.post_form(
        "/desk/series/new", {"title": "Five towns", "first": event.code, "question": event.question}
    )
    series = session.scalars(select(Series)).one()
    assert made.location == f"/desk/s/{series.code}"
    planned = organiser.post_form(
        f"/desk/s/{series.code}/{event.code}/another",
        {
            "title": "Ashmoor",
            "held_on": ["1", "12", str(now().year + 1)],
            "venue": "Ashmoor Library",
            "expected_people": "40",
        },
    )

    session.rollback()
    another = session.scalars(select(Event).where(Event.title == "Ashmoor")).one()
    assert planned.location == f"/desk/{another.code}/plan"
    assert "Ashmoor" in organiser.words(f"/desk/s/{series.code}")
    assert "The question is changed there" in organiser.words(f"/desk/{another.code}/plan")


def test_the_desk_of_a_series_shows_each_what_they_may_open_and_strangers_nothing(
    session: Session, staff_client: Callable[..., Visitor]
) -> None:
    mine, theirs = make_event(session, title="Mine"), make_event(session, title="Theirs")
    series = make_series_of(session, mine, theirs)
    sponsor, scribe = staff_client(Role.SPONSOR, mine), staff_client(Role.SCRIBE, mine)
    organiser = staff_client(Role.ORGANISER, mine)
    address = f"/desk/s/{series.code}"

    for reader in (sponsor, organiser):
        words = reader.words(address)
        assert "Mine" in words
        assert "Theirs" not in words
        assert "1 other place" in words
    assert organiser.get(f"{address}/question").status_code == 200
    assert organiser.get(f"{address}/{theirs.code}/another").status_code == 404
    for reader, page in ((scribe, ""), (sponsor, "/question"), (sponsor, f"/{mine.code}/another")):
        assert reader.get(address + page).status_code == 404


def said(series: Series, **changes: Any) -> dict[str, Any]:
    columns = ("title", "question", "tested_with", "contact_name", "contact_email")
    return {**{name: getattr(series, name) for name in columns}, **changes}


def test_another_place_stops_taking_people_at_the_same_time_by_its_clock(session: Session) -> None:
    source = make_event(session, held_on=date(2027, 10, 20))
    make_series_of(session, source)
    noon = moment_at(date(2027, 10, 13), time(12), source.timezone)
    set_places(session, source, chairs=5, cut_off=noon, actor="a test")

    another = plan_another_place(
        session,
        source,
        title="Carrow",
        venue="Carrow Hall",
        held_on=date(2027, 11, 20),
        expected_people=20,
        account=make_account(session),
    )

    places = places_of(session, another)
    assert places is not None
    assert places.closes_at is not None
    assert local(places.closes_at, another.timezone) == datetime(2027, 11, 13, 12, tzinfo=ZoneInfo(another.timezone))
