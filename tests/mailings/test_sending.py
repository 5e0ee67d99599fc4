"""Who gets which letter, on which day, and never twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter, address_key
from hackathon.core.clock import moment_at, now
from hackathon.core.db import transaction
from hackathon.core.errors import Refusal
from hackathon.dates.document import CALENDAR, KINDS, due_at
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import describe_event
from hackathon.follow_up.models import Decision, RecommendationSource
from hackathon.insights.models import HearBack, Identity, Insight
from hackathon.mailings.document import State
from hackathon.mailings.messages import AT_ONCE, Sender, write_next_letters
from hackathon.mailings.operations import ask_to_send, let_go_by_itself, try_again
from hackathon.mailings.queries import kinds_to_send, obstacle_to, standings_of, still_to_write
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.participants.operations import give_up_place
from hackathon.privacy.operations import erase_person
from hackathon.synthesis.models import Coder, Coding
from hackathon.tables.models import Seat
from tests.crowd import crowd
from tests.makers import (
    make_event,
    make_insight,
    make_participant,
    make_recommendation,
    make_registration,
    make_table,
    make_theme,
)

SENDER = Sender("https://hack.example.org", "Stannerdale Community Health")
DAY = date(2026, 3, 17)
WAITING, CANCELLED = RegistrationState.WAITING, RegistrationState.CANCELLED


def at(day: int, hour: int = 12) -> datetime:
    """A moment counted from the day of the event."""
    return moment_at(DAY + timedelta(days=day), time(hour), "Europe/London")


def person(session: Session, event: Event, name: str, **columns: Any) -> str:
    """Somebody with a registration, known by the first word of their address."""
    row = make_participant(session, event, email=f"{name.casefold()}@example.org", name=name)
    make_registration(session, event, row, **columns)
    return name


def go_round(session: Session, moment: datetime) -> list[tuple[str, str]]:
    """What the job process does every few seconds, until nothing is left; who was written to, and with what."""
    before = set(session.scalars(select(Letter.id)))
    session.commit()
    while due := kinds_to_send(session, at=moment):
        for code, kind in due:
            with transaction() as writing:
                event = writing.scalars(select(Event).where(Event.code == code)).one()
                write_next_letters(writing, event, KINDS[kind], at=moment, sender=SENDER)
    letters = session.scalars(select(Letter).order_by(Letter.id))
    return [
        (each.kind.removeprefix("letters."), each.to_address.partition("@")[0])
        for each in letters
        if each.id not in before
    ]


def let_all_go(session: Session, event: Event) -> None:
    for kind in CALENDAR:
        if kind.is_ours and kind.days is not None and not kind.read_first:
            let_go_by_itself(session, event, kind=kind, automatic=True, actor="a test")
    session.commit()


def test_every_letter_goes_on_its_day_to_its_readers_and_to_nobody_twice(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=DAY, report_first_published=DAY)
    people: dict[str, dict[str, Any]] = {
        "Came": {"checked_in_at": at(0, 9)},
        "Stayed": {},
        "Outside": {"attending": Place.OUTSIDE},
        "Waits": {"state": WAITING},
        "Gone": {"state": CANCELLED},
    }
    for name, columns in people.items():
        person(session, event, name, **columns)
    let_all_go(session, event)

    written = {day: go_round(session, at(day)) for day in (-29, -28, -14, -7, -2, 1, 2)}
    at_seven = go_round(session, at(0, 7))

    with_a_place = ["came", "stayed", "outside"]
    to = {day: sorted(letters) for day, letters in written.items()}
    assert to[-29] == to[2] == []
    assert to[-28] == sorted(("pack-1", name) for name in with_a_place)
    assert to[-14] == sorted(("pack-2", name) for name in with_a_place)
    assert (to[-7], to[-2]) == tuple(
        sorted([*((f"reminder-{n}", name) for name in with_a_place), (f"waiting-{n}", "waits")]) for n in (7, 2)
    )
    assert to[1] == [("missed-you", "stayed")]
    assert sorted(at_seven) == sorted(("morning", name) for name in with_a_place)
    assert sorted(go_round(session, at(6))) == sorted(("report", name) for name in [*with_a_place, "waits"])


def test_whoever_waits_is_told_where_in_the_line_and_hears_no_more_with_a_place_or_out_of_it(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=DAY)
    for number, name in enumerate(("First", "Second", "Third")):
        person(session, event, name, state=WAITING, registered_at=at(-30, 9 + number))
    let_all_go(session, event)

    week_before = go_round(session, at(-7))
    texts = [letter.text for letter in session.scalars(select(Letter).order_by(Letter.id))]
    first, second, _ = session.scalars(select(Registration).order_by(Registration.id))
    first.state, second.state = RegistrationState.CONFIRMED, CANCELLED
    two_days_before = go_round(session, at(-2))

    assert week_before == [("waiting-7", name) for name in ("first", "second", "third")]
    assert [f"You are number {n} of 3 in line" in text for n, text in enumerate(texts, 1)] == [True] * 3
    assert "/give-up" in texts[0]
    assert two_days_before == [("reminder-2", "first"), ("waiting-2", "third")]


def test_a_letter_that_is_read_first_never_goes_by_itself(session: Session) -> None:
    event = make_event(session, held_on=DAY, stage=Stage.AFTER)

    with pytest.raises(Refusal, match="read by somebody"):
        let_go_by_itself(session, event, kind=KINDS["digest"], automatic=True, actor="a test")


def test_a_letter_whose_time_has_passed_is_not_sent_late(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=DAY)
    person(session, event, "Ada")
    let_all_go(session, event)

    assert go_round(session, at(0, 12)) == [], "the letter of the morning is of no use at noon"


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_letter_asked_for_late_leaves_all_the_same_and_one_held_up_gives_way(session: Session, by_hand: bool) -> None:
    """Whoever plans within three weeks sends the invitation after its time: it must not be dropped on its way."""
    event = make_event(session, stage=Stage.BEFORE, held_on=now().date() + timedelta(days=10))
    person(session, event, "Ann")
    kind = KINDS["reminder-7"]
    window = due_at(kind, event.held_on, event.timezone, event.ends)
    assert window is not None
    plan = let_go_by_itself(session, event, kind=kind, automatic=True, actor="Priya")
    if by_hand:
        plan.asked_at = now()

    write_next_letters(session, event, kind, at=window, sender=SENDER)

    letter = session.scalars(select(Letter)).one()
    assert letter.good_until == (event.ends_at if by_hand else window + kind.lasts)


def test_the_letter_that_says_it_is_today_leaves_on_that_day_alone(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=DAY)

    obstacles = [obstacle_to(session, event, KINDS["morning"], at=moment) for moment in (at(-1, 23), at(0, 0))]

    assert obstacles == ["It says that it is today, so it cannot go before the day itself.", ""]
    assert obstacle_to(session, event, KINDS["reminder-2"], at=at(-1, 23)) == ""


@pytest.mark.parametrize("columns", [{"stage": Stage.DRAFT}, {"rehearsal_since": at(-8)}])
def test_no_letter_leaves_a_draft_or_a_rehearsal(session: Session, columns: dict[str, Any]) -> None:
    event = make_event(session, **{"stage": Stage.BEFORE, "held_on": DAY, **columns})
    person(session, event, "Ada")
    let_all_go(session, event)

    assert go_round(session, at(-7)) == []


def move(session: Session, event: Event, held_on: date) -> None:
    describe_event(
        session,
        event,
        title=event.title,
        held_on=held_on,
        starts=event.starts,
        ends=event.ends,
        venue=event.venue,
        expected_people=80,
        contact_name="",
        contact_email="organiser@example.org",
        actor="a test",
    )
    session.commit()


def test_moving_the_day_moves_every_later_letter_and_nothing_that_was_sent(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=DAY)
    person(session, event, "Ada")
    let_all_go(session, event)
    sent = [*go_round(session, at(-28)), *go_round(session, at(-14))]
    before = {each.kind.key: each.due for each in standings_of(session, event, at=at(-14))}

    move(session, event, DAY + timedelta(days=28))

    after = {each.kind.key: each.due for each in standings_of(session, event, at=at(-14))}
    without_a_day = {"place", "confirmation", "pledge", "invitation-again"}
    assert {key for key, due in before.items() if due == after[key]} == without_a_day
    assert after["report"] == moment_at(DAY + timedelta(days=33), time(9), "Europe/London")
    assert [go_round(session, at(day)) for day in (-13, -7, 0, 14)] == [[], [], [], []]
    assert go_round(session, at(21)) == [("reminder-7", "ada")]
    assert sent == [("pack-1", "ada"), ("pack-2", "ada")]


def test_who_was_told_another_day_is_told_the_new_one_once_and_for_each_change(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=date.today() + timedelta(days=60))  # noqa: DTZ011 - any day to come
    person(session, event, "Ada")
    session.commit()
    moved = KINDS["moved"]
    assert "moved" not in {each.kind.key for each in standings_of(session, event, at=now())}

    for days in (70, 80):
        move(session, event, date.today() + timedelta(days=days))  # noqa: DTZ011 - any day to come
        person(session, event, f"Later{days}", registered_at=now())
        session.commit()
        people = len(still_to_write(session, event, moved))
        ask_to_send(session, event, kind=moved, people=people, actor="a test")
        written = go_round(session, now())
        assert [name for _, name in written] == (["ada"] if days == 70 else ["ada", "later70"])
        assert still_to_write(session, event, moved) == []

    letters = session.scalars(select(Letter).where(Letter.kind == "letters.moved").order_by(Letter.id)).all()
    editions = [line for each in letters for line in (each.calendar or "").splitlines() if line.startswith("SEQUENCE")]
    assert editions == ["SEQUENCE:1", "SEQUENCE:2", "SEQUENCE:2"]


def test_processes_that_write_at_the_same_moment_write_each_letter_once(app: Flask, session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=DAY)
    people = [person(session, event, f"Person{number}") for number in range(2 * AT_ONCE + 3)]
    let_go_by_itself(session, event, kind=KINDS["reminder-7"], automatic=True, actor="a test")
    session.commit()

    def write(_: int) -> int:
        with transaction() as writing:
            return write_next_letters(
                writing, writing.get_one(Event, event.id), KINDS["reminder-7"], at=at(-7), sender=SENDER
            )

    written = crowd(app, range(6), write)

    session.rollback()
    letters = session.scalars(select(Letter.to_address)).all()
    assert sum(written) == len(letters) == len(set(letters)) == len(people)


def test_a_letter_is_written_in_portions_and_once_however_often_somebody_looks(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=DAY)
    for number in range(AT_ONCE + 3):
        person(session, event, f"Person{number}")
    let_go_by_itself(session, event, kind=KINDS["reminder-7"], automatic=True, actor="a test")
    session.commit()

    with transaction() as writing:
        assert write_next_letters(writing, event, KINDS["reminder-7"], at=at(-7), sender=SENDER) == AT_ONCE
    (standing,) = [each for each in standings_of(session, event, at=at(-7)) if each.kind.key == "reminder-7"]
    assert (standing.state, standing.words) == (State.SENDING, f"Being sent: 0 of {AT_ONCE + 3}")
    assert len(go_round(session, at(-7))) == 3
    assert go_round(session, at(-6)) == []

    keys = session.scalars(select(Letter.once)).all()
    assert len(keys) == len(set(keys)) == AT_ONCE + 3


def test_an_organiser_sends_it_now_to_as_many_as_they_saw(session: Session) -> None:
    event = make_event(session, stage=Stage.AFTER, held_on=DAY)
    person(session, event, "Came", checked_in_at=at(0, 9))
    person(session, event, "Stayed")
    digest = KINDS["digest"]

    with pytest.raises(Refusal, match="The number has changed, to 1"):
        ask_to_send(session, event, kind=digest, people=2, actor="a test")
    ask_to_send(session, event, kind=digest, people=1, actor="a test")

    assert go_round(session, at(0, 20)) == [("digest", "came")]
    with pytest.raises(Refusal, match="nobody"):
        ask_to_send(session, event, kind=digest, people=0, actor="a test")


@pytest.mark.parametrize(
    ("kind", "columns", "says"),
    [
        ("digest", {"held_on": date(2096, 3, 17), "stage": Stage.BEFORE}, "The day is not over"),
        ("reminder-2", {"stage": Stage.AFTER}, "The day is over"),
        ("missed-you", {"stage": Stage.AFTER}, "Nobody was checked in"),
        ("report", {"stage": Stage.AFTER}, "The report has no date"),
        ("you-said", {"stage": Stage.AFTER}, "Nothing is decided"),
        ("invitation", {"stage": Stage.DRAFT}, "Publish the event first"),
    ],
)
def test_a_letter_that_would_not_be_true_is_refused(
    session: Session, kind: str, columns: dict[str, Any], says: str
) -> None:
    event = make_event(session, **{"held_on": DAY, **columns})
    person(session, event, "Ada")

    with pytest.raises(Refusal, match=says):
        ask_to_send(session, event, kind=KINDS[kind], people=1, actor="a test")


def said(session: Session, event: Event, name: str, **columns: Any) -> Insight:
    author = make_participant(session, event, email=f"{name}@example.org", name=name)
    return make_insight(session, event, author=author, **{"identity": Identity.HIDDEN, **columns})


def under_theme(session: Session, event: Event, *insights: Insight, title: str = "Words and names") -> None:
    coder = Coder(event=event, letter="a", name="Jo")
    theme = make_theme(session, event, title=title)
    session.add_all(Coding(coder=coder, insight=insight, theme=theme) for insight in insights)
    session.flush()


def words_to(session: Session, name: str) -> str:
    return session.scalars(select(Letter.text).where(Letter.to_address == f"{name}@example.org")).one()


def test_whoever_wrote_something_hears_under_which_theme_it_is_and_nobody_else(session: Session) -> None:
    event = make_event(session, stage=Stage.AFTER, held_on=DAY)
    mair = said(session, event, "mair", text="Night staff hear last, see www.evil.test/x")
    anonymous = make_insight(session, event, identity=Identity.ANONYMOUS)
    dan = make_insight(session, event, text="Say it in plain words", identity=Identity.HIDDEN)
    session.add_all(
        [HearBack(insight=dan, email="dan@example.org"), HearBack(insight=anonymous, email="no@example.org")]
    )
    typed = make_insight(session, event, identity=Identity.HIDDEN)
    session.add(HearBack(insight=typed, email="kept by an earlier release"))
    said(session, event, "unthemed")
    under_theme(session, event, typed, mair, anonymous, dan)
    let_all_go(session, event)

    assert sorted(go_round(session, at(15))) == [("heard", "dan"), ("heard", "mair")]

    theirs = words_to(session, "mair")
    assert "> Night staff hear last, see www[.]evil[.]test/x" in theirs
    assert "We put it under: Words and names." in theirs
    assert f"https://hack.example.org/p/{mair.author.token}" in theirs if mair.author else False
    assert "https://hack.example.org/on-this-phone" in words_to(session, "dan")


def test_whoever_had_a_part_in_a_decision_reads_it_with_reason_and_owner(session: Session) -> None:
    event = make_event(session, stage=Stage.AFTER, held_on=DAY)
    mair, other = said(session, event, "mair"), said(session, event, "other")
    decided = make_recommendation(
        session, event, decision=Decision.DO, reason="It costs nothing.", owner_role="Ward sisters"
    )
    open_still = make_recommendation(session, event)
    session.add_all(
        [
            RecommendationSource(recommendation=decided, insight=mair),
            RecommendationSource(recommendation=open_still, insight=other),
        ]
    )
    let_all_go(session, event)

    assert go_round(session, at(29)) == [("decision", "mair")]
    theirs = words_to(session, "mair")
    assert f"Number {mair.number}:" in theirs
    assert f"Number {mair.number}: {Decision.DO.words}. Owner: Ward sisters." in theirs
    assert "> It costs nothing." in theirs


def test_the_letter_of_the_morning_has_the_door_the_table_and_the_code(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=DAY, doors=time(9), contact_phone="01234 567890")
    ada = make_participant(session, event, email="ada@example.org", name="Ada")
    make_registration(session, event, ada)
    person(session, event, "Outside", attending=Place.OUTSIDE)
    session.add(
        Seat(
            table=make_table(session, event, number=7, theme=make_theme(session, event, title="Words")), participant=ada
        )
    )
    let_all_go(session, event)
    go_round(session, at(0, 7))

    in_room, outside = words_to(session, "ada"), words_to(session, "outside")
    for line in (
        "Where: The Corn Store",
        "Doors: 9am",
        "Your table: 7, Words",
        f"Code: {event.code}",
        "Phone: 01234 567890",
    ):
        assert line in in_room
    assert "Where" not in outside
    assert f"Code: {event.code}" in outside


def test_an_address_that_sent_something_back_gets_no_more_until_it_is_trusted_again(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=DAY)
    person(session, event, "Ada")
    let_all_go(session, event)
    go_round(session, at(-14))
    letter = session.scalars(select(Letter)).one()
    letter.sent_at, letter.returned_at, letter.returned_code = now(), now(), "5.1.1"

    assert go_round(session, at(-7)) == []

    with transaction() as writing:
        try_again(writing, event, letter_id=letter.id, actor="a test")
    assert go_round(session, at(-7)) == [("reminder-7", "ada")]


def test_whoever_gives_a_place_up_is_not_asked_any_more_whether_they_come(session: Session) -> None:
    event = make_event(session, held_on=DAY)
    for name in ("Ada", "Bo"):
        person(session, event, name)
    let_all_go(session, event)
    assert go_round(session, at(-2)) == [("reminder-2", "ada"), ("reminder-2", "bo")]

    ada = session.scalars(select(Registration).join(Registration.participant).where(Participant.name == "Ada")).one()
    give_up_place(session, ada, actor="a test")

    assert session.scalars(select(Letter.to_address)).all() == ["bo@example.org"]


def test_an_address_to_which_no_letter_can_go_keeps_nobody_else_waiting(session: Session) -> None:
    event = make_event(session, held_on=DAY)
    for name in ("Ada", "jo..doe", "Bo"):
        person(session, event, name)
    let_all_go(session, event)

    assert go_round(session, at(-2)) == [("reminder-2", "ada"), ("reminder-2", "bo")]


def test_attack_39_whoever_is_erased_leaves_no_trace_in_the_outbox(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=DAY)
    person(session, event, "Ada")
    person(session, event, "Bo")
    let_all_go(session, event)
    go_round(session, at(-14))
    for letter in session.scalars(select(Letter)):
        letter.sent_at, letter.to_address = now(), ""

    ada = session.scalars(select(Participant).where(Participant.name == "Ada")).one()
    erase_person(session, ada, keep_words=True, at=now())

    assert session.scalars(select(Letter.address_key)).all() == [address_key(event.id, "bo@example.org")]


def test_a_list_of_people_invited_can_be_added_in_one_place(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    from hackathon.addressees import queries  # noqa: PLC0415 - its list is what this test adds to

    event = make_event(session, stage=Stage.BEFORE, held_on=DAY)
    somebody = queries.Recipient(key="k", address="eve@example.org", name="Eve", path="/i/her-token")
    source: Callable[..., Any] = lambda _session, _event: [somebody, replace(somebody, name="Twice")]  # noqa: E731 - a source is a function
    monkeypatch.setattr(queries, "INVITED_FROM", (source,))
    let_all_go(session, event)

    assert go_round(session, at(-84)) == [("save-the-date", "eve")]
    assert go_round(session, at(-56)) == [("invitation", "eve")]
    save, invitation = session.scalars(select(Letter).order_by(Letter.id)).all()
    assert "METHOD:PUBLISH" in (save.calendar or "")
    assert "https://hack.example.org/i/her-token" in invitation.text


def test_a_digest_waits_for_the_end_of_a_long_day() -> None:
    assert due_at(KINDS["digest"], DAY, "Europe/London", time(16)) == at(0, 18)
    assert due_at(KINDS["digest"], DAY, "Europe/London", time(21)) == at(0, 21)


def test_whoever_gave_a_place_up_and_came_all_the_same_hears_of_the_report(session: Session) -> None:
    event = make_event(session, held_on=DAY, stage=Stage.AFTER)
    person(session, event, "Changed", state=CANCELLED, checked_in_at=at(0))
    person(session, event, "Gone", state=CANCELLED)

    written = [one.name for one in still_to_write(session, event, KINDS["report"])]

    assert written == ["Changed"]
