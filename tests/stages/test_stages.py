"""Stages: moved by hand, opened by the clock, taken back."""

import threading
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from hackathon.core.clock import moment_at, now
from hackathon.core.db import transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Stage, StageTime
from hackathon.events.operations import NotThatStage, describe_event, move_to
from hackathon.events.queries import event_by_code, log_of
from hackathon.staff.models import Role
from hackathon.stages.operations import open_due_stages, plan_times, take_back
from hackathon.stages.queries import last_move, proposed_times, stage_times_of
from hackathon.watches.commands import open_stages
from tests.makers import backdate, kept, make_event, make_pack
from tests.visitor import StaffClient, words_of

NO_TIMES: dict[str, time | None] = dict.fromkeys(("warm_up", "diverge", "converge", "after"))


def timed(session: Session, event: Event, **minutes: int) -> dict[Stage, StageTime]:
    """What the clock opens, in so many minutes from now."""
    return {
        Stage(stage): kept(
            session, StageTime(event=event, stage=Stage(stage), opens_at=now() + timedelta(minutes=number))
        )
        for stage, number in minutes.items()
    }


def moves_of(session: Session, event: Event) -> list[tuple[str, str]]:
    lines = [line for line in log_of(session, event) if line.kind == "event.moved"]
    return [(line.actor, line.detail["stage"]) for line in reversed(lines)]


def test_the_run_sheet_proposes_when_stages_open(session: Session) -> None:
    event = make_event(session)
    assert proposed_times(session, event) == {Stage.WARM_UP: time(9, 30), Stage.AFTER: time(16, 15)}

    make_pack(session, event)

    assert proposed_times(session, event) == {
        Stage.WARM_UP: time(9, 30),
        Stage.DIVERGE: time(10, 20),
        Stage.CONVERGE: time(14, 15),
        Stage.AFTER: time(16, 15),
    }


def test_the_clock_opens_what_is_due_once_and_says_so(session: Session) -> None:
    event = make_event(session, stage=Stage.WARM_UP)
    times = timed(session, event, diverge=-1, converge=60)

    for _ in range(2):
        open_due_stages(session, at=now())

    assert event.stage is Stage.DIVERGE
    assert moves_of(session, event) == [("the clock", "diverge")]
    assert [times[stage].opened_at is None for stage in (Stage.DIVERGE, Stage.CONVERGE)] == [False, True]


def test_after_a_time_without_anybody_to_look_the_event_goes_to_the_latest_stage_that_is_due(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE)
    timed(session, event, warm_up=-90, diverge=-30, converge=30)

    open_due_stages(session, at=now())

    assert (event.stage, moves_of(session, event)) == (Stage.DIVERGE, [("the clock", "diverge")])


@pytest.mark.parametrize("columns", [{"stage": Stage.DRAFT}, {"stage": Stage.BEFORE, "rehearsal_since": now()}])
def test_the_clock_rests_in_a_draft_and_in_a_rehearsal(session: Session, columns: dict[str, Any]) -> None:
    event = make_event(session, **columns)
    timed(session, event, diverge=-1)

    open_due_stages(session, at=now())

    assert (event.stage, moves_of(session, event)) == (columns["stage"], [])


def test_the_clock_goes_on_where_a_time_is_taken_away_at_that_moment(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, other = (make_event(session, stage=Stage.WARM_UP) for _ in range(2))
    for event in (taken, other):
        timed(session, event, diverge=-1)

    def taken_away(session: Session, event: Event) -> None:
        gone = delete(StageTime).where(StageTime.event_id == taken.id)
        session.execute(gone, execution_options={"synchronize_session": False})

    monkeypatch.setattr("hackathon.stages.operations.take_turns", taken_away)
    open_due_stages(session, at=now())

    assert (taken.stage, other.stage) == (Stage.WARM_UP, Stage.DIVERGE)


def test_a_move_by_hand_goes_before_the_clock(session: Session) -> None:
    event = make_event(session, stage=Stage.WARM_UP)
    timed(session, event, diverge=-1, converge=10, after=60)

    move_to(session, event, stage=Stage.CONVERGE, actor="Jo")
    move_to(session, event, stage=Stage.DIVERGE, actor="Jo")
    open_due_stages(session, at=now() + timedelta(minutes=30))
    by_hand = event.stage
    open_due_stages(session, at=now() + timedelta(minutes=61))

    assert (by_hand, event.stage) == (Stage.DIVERGE, Stage.AFTER)
    assert moves_of(session, event) == [("Jo", "converge"), ("Jo", "diverge"), ("the clock", "after")]


def test_two_who_press_at_once_make_one_move(app: Flask, session: Session) -> None:
    code = make_event(session, stage=Stage.WARM_UP).code
    session.commit()
    refused: list[str] = []
    together = threading.Barrier(2)

    def press(name: str, stage: Stage) -> None:
        with app.app_context():
            together.wait()
            try:
                with transaction() as writing:
                    move_to(writing, event_by_code(writing, code), stage=stage, actor=name, seen=Stage.WARM_UP)
            except NotThatStage as refusal:
                refused.append(refusal.message)

    for stages in ((Stage.DIVERGE, Stage.DIVERGE), (Stage.CONVERGE, Stage.AFTER)):
        threads = [threading.Thread(target=press, args=(f"Person {i}", stage)) for i, stage in enumerate(stages)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    session.expire_all()
    event = event_by_code(session, code)
    assert [stage for _, stage in moves_of(session, event)] == ["diverge"]
    assert refused == ["Somebody has just moved the event: it is now in “Opening up”."] * 2


def test_a_move_is_taken_back_and_the_clock_goes_on_as_it_would_have(session: Session) -> None:
    event = make_event(session, stage=Stage.WARM_UP)
    times = timed(session, event, diverge=10, converge=20)
    move_to(session, event, stage=Stage.AFTER, actor="Jo")
    moved = last_move(session, event)
    assert moved is not None
    assert {each.opened_at is None for each in times.values()} == {False}

    take_back(session, event, moved=moved.id, actor="Kit")

    assert event.stage is Stage.WARM_UP
    assert {each.opened_at for each in times.values()} == {None}
    assert moves_of(session, event) == [("Jo", "after"), ("Kit", "warm_up")]
    with pytest.raises(Refusal, match="cannot be taken back any more"):
        take_back(session, event, moved=moved.id, actor="Kit")


def test_a_move_is_not_taken_back_after_its_minute_or_after_another(session: Session) -> None:
    event = make_event(session, stage=Stage.WARM_UP)
    move_to(session, event, stage=Stage.DIVERGE, actor="Jo")
    first = last_move(session, event)
    assert first is not None
    move_to(session, event, stage=Stage.CONVERGE, actor="Kit")

    with pytest.raises(Refusal):
        take_back(session, event, moved=first.id, actor="Jo")
    second = last_move(session, event)
    assert second is not None
    backdate(session, second, now() - timedelta(seconds=61))

    assert last_move(session, event) is None
    with pytest.raises(Refusal):
        take_back(session, event, moved=second.id, actor="Kit")
    assert event.stage is Stage.CONVERGE


def test_times_stand_in_the_order_of_the_stages_and_in_the_future(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=now().date() + timedelta(days=1))
    gone = make_event(session, stage=Stage.BEFORE)

    with pytest.raises(Refusal) as out_of_order:
        plan_times(session, event, actor="Jo", **{**NO_TIMES, "diverge": time(11), "converge": time(10)})
    with pytest.raises(Refusal) as over:
        plan_times(session, gone, actor="Jo", **{**NO_TIMES, "diverge": time(11)})

    assert (out_of_order.value.field, over.value.field) == ("converge", "diverge")


def test_times_are_kept_changed_and_let_go_and_move_with_the_day(session: Session) -> None:
    day = date(2036, 3, 17)
    event = make_event(session, stage=Stage.BEFORE, held_on=day)
    plan_times(session, event, actor="Jo", **{**NO_TIMES, "diverge": time(11), "converge": time(14)})
    plan_times(session, event, actor="Jo", **{**NO_TIMES, "diverge": time(11, 30)})

    def moments() -> list[datetime]:
        return [each.opens_at for each in stage_times_of(session, event)]

    assert moments() == [moment_at(day, time(11, 30), "Europe/London")]
    facts: dict[str, Any] = {"starts": time(9, 30), "ends": time(16), "venue": "", "expected_people": 8}
    later = date(2036, 7, 1)
    describe_event(session, event, title="A day", held_on=later, contact_name="", contact_email="", actor="Jo", **facts)
    assert moments() == [moment_at(later, time(11, 30), "Europe/London")]


def test_the_job_process_looks_and_opens(app: Flask, session: Session) -> None:
    event = make_event(session, stage=Stage.WARM_UP)
    timed(session, event, diverge=-1)
    session.commit()

    with app.app_context():
        open_stages()

    session.expire_all()
    assert event.stage is Stage.DIVERGE


def test_a_facilitator_moves_the_stage_and_takes_it_back(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/plan/stage"

    jo.post_form(page, {"stage": "converge", "seen": "diverge"})
    stale = jo.post_form(page, {"stage": "warm_up", "seen": "diverge"})
    refused = jo.post_form(page, {"stage": "draft"})
    button = jo.soup(page).find("input", attrs={"name": "moved"})
    assert button is not None
    jo.post_form(f"{page}/take-back", {"moved": button["value"]}, page=page)
    again = jo.post_form(f"{page}/take-back", {"moved": button["value"]}, page=page, follow_redirects=True)

    assert "Somebody has just moved the event" in words_of(stale)
    assert "There is a problem" in words_of(refused)
    assert "cannot be taken back any more" in words_of(again)
    session.rollback()
    assert [stage for _, stage in moves_of(session, event)] == ["converge", "diverge"]
    assert event.stage is Stage.DIVERGE


def test_a_facilitator_takes_the_times_from_the_run_sheet(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session, stage=Stage.BEFORE, held_on=now().date() + timedelta(days=2))
    make_pack(session, event)
    jo = staff_client(Role.FACILITATOR, event)
    page = f"/desk/{event.code}/plan/stage/times"
    proposed = {str(field["name"]): str(field["value"]) for field in jo.soup(page).select("input[type=text]")}

    mistaken = jo.post_form(page, {**proposed, "converge": "9:45"})
    jo.post_form(page, proposed)

    assert proposed == {"warm_up": "9:30", "diverge": "10:20", "converge": "14:15", "after": "16:15"}
    assert "comes after the stage before it" in words_of(mistaken)
    assert "“Opening up” opens by itself at 10:20am" in jo.words(f"/desk/{event.code}/plan/stage")


@pytest.mark.parametrize("stage", list(Stage)[1:])
def test_what_people_may_do_stands_on_the_stage_page(session: Session, staff_client: StaffClient, stage: Stage) -> None:
    event = make_event(session, stage=Stage.BEFORE)

    assert stage.says in staff_client(Role.FACILITATOR, event).words(f"/desk/{event.code}/plan/stage")
