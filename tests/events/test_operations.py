"""Events, their stages and the people who run them."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Stage
from hackathon.events.operations import (
    AlreadySent,
    NotThatStage,
    ask_question,
    create_event,
    describe_event,
    earlier_act,
    free_code,
    freeze_figures,
    invite_member,
    keep_act,
    move_to,
    publish_report,
    record,
    remove_member,
    reopen_figures,
)
from hackathon.events.queries import (
    event_by_code,
    events_of,
    log_of,
    may_open,
    members_of,
    membership_of,
    published_event,
    published_events,
    roles_of,
    stage_at,
)
from hackathon.staff.models import Role
from tests.makers import backdate, make_account, make_event, make_member, make_table

DAY: dict[str, Any] = {"held_on": date(2026, 3, 17), "starts": time(9, 30), "ends": time(16, 15)}


def test_an_event_begins_as_a_draft_that_only_staff_can_find(session: Session) -> None:
    event = create_event(
        session, title="A day", question="What would you keep?", expected_people=80, actor="Priya", **DAY
    )

    assert event.stage is Stage.DRAFT
    assert event_by_code(session, event.code.lower()) is event
    with pytest.raises(NotFound):
        published_event(session, event.code)
    assert list(published_events(session)) == []
    assert [(line.kind, line.actor) for line in log_of(session, event)] == [("event.created", "Priya")]


def test_a_day_ends_after_it_starts(session: Session) -> None:
    with pytest.raises(Refusal, match="end after it starts"):
        create_event(
            session,
            title="A day",
            question="What?",
            expected_people=80,
            actor="Priya",
            held_on=date(2026, 3, 17),
            starts=time(16),
            ends=time(9),
        )


def test_describing_an_event_keeps_its_question(session: Session) -> None:
    event = make_event(session, question="What would you keep?")

    describe_event(
        session,
        event,
        title="Another title",
        venue="Elsewhere",
        expected_people=60,
        contact_name="Priya",
        contact_email="priya@example.org",
        actor="Priya",
        **DAY,
    )

    assert (event.title, event.venue, event.question) == ("Another title", "Elsewhere", "What would you keep?")


def test_a_slip_of_the_year_does_not_close_an_event_at_once(session: Session) -> None:
    held_on = now().date() - timedelta(days=2)
    event = make_event(session, stage=Stage.AFTER, held_on=held_on, closes_after=84)
    facts: dict[str, Any] = {"title": "A day", "venue": "", "expected_people": 60, "actor": "Priya"}
    facts |= {"contact_name": "", "contact_email": "", "starts": time(9), "ends": time(16)}

    with pytest.raises(Refusal, match="its people forgotten at once") as refusal:
        describe_event(session, event, held_on=held_on - timedelta(days=365), **facts)
    describe_event(session, event, held_on=held_on - timedelta(days=1), **facts)

    assert (refusal.value.field, event.held_on) == ("held_on", held_on - timedelta(days=1))


def test_a_question_has_twenty_words_at_most(session: Session) -> None:
    event = make_event(session)
    scope: dict[str, Any] = {"tested_with": 7, "scope_in": ["names"], "scope_out": ["pay"], "actor": "Priya"}

    ask_question(session, event, question=" ".join(["word"] * 20) + "?", **scope)
    with pytest.raises(Refusal, match="The question has 21 words"):
        ask_question(session, event, question=" ".join(["word"] * 21), **scope)

    assert (event.tested_with, event.scope_in, event.scope_out) == (7, ["names"], ["pay"])


def test_stages_move_forward_and_back_but_never_to_a_draft(session: Session) -> None:
    event = make_event(session, stage=Stage.BEFORE)

    for stage in (Stage.DIVERGE, Stage.CONVERGE, Stage.DIVERGE):
        move_to(session, event, stage=stage, actor="Jo")
        assert event.stage is stage
    with pytest.raises(NotThatStage):
        move_to(session, event, stage=Stage.DRAFT, actor="Jo")
    assert event.stage is Stage.DIVERGE


def test_a_draft_does_not_move_without_being_published(session: Session) -> None:
    event = make_event(session, stage=Stage.DRAFT)

    with pytest.raises(NotThatStage, match="Publish the event first"):
        move_to(session, event, stage=Stage.DIVERGE, actor="Jo")
    assert event.stage is Stage.DRAFT


def test_figures_stand_still_and_move_again(session: Session) -> None:
    event = make_event(session)

    freeze_figures(session, event, actor="Priya")
    assert event.figures_frozen_at is not None
    reopen_figures(session, event, actor="Priya")
    assert event.figures_frozen_at is None


def test_the_first_day_of_the_report_is_set_once_and_not_before_the_event(session: Session) -> None:
    event = make_event(session, held_on=date(2026, 3, 17))

    with pytest.raises(Refusal, match="before the day"):
        publish_report(session, event, on=date(2026, 3, 16), actor="Priya")
    publish_report(session, event, on=date(2026, 3, 21), actor="Priya")
    with pytest.raises(Refusal, match="21 March 2026"):
        publish_report(session, event, on=date(2026, 4, 2), actor="Jo")

    assert event.report_first_published == date(2026, 3, 21)


def test_inviting_somebody_twice_is_one_role_of_one_account(session: Session) -> None:
    event = make_event(session)

    first = invite_member(session, event, email="Jo@example.org", name="Jo", role=Role.FACILITATOR, actor="Priya")
    again = invite_member(session, event, email="jo@EXAMPLE.org", name="", role=Role.FACILITATOR, actor="Priya")
    other = invite_member(session, event, email="jo@example.org", name="", role=Role.SPONSOR, actor="Priya")

    assert first is again
    assert first.account is other.account
    assert roles_of(session, event, first.account_id) == {Role.FACILITATOR, Role.SPONSOR}
    assert list(events_of(session, first.account_id)) == [event]


def test_the_last_organiser_stays(session: Session) -> None:
    event = make_event(session)
    only = make_member(session, event, make_account(session), Role.ORGANISER)

    with pytest.raises(Refusal, match="only organiser"):
        remove_member(session, only, actor="Priya")
    other = make_member(session, event, make_account(session), Role.ORGANISER)
    remove_member(session, only, actor="Priya")

    assert list(members_of(session, event)) == [other]


def test_a_role_is_looked_for_in_its_own_event(session: Session) -> None:
    """Attack 16."""
    event, other = make_event(session), make_event(session)
    member = make_member(session, other, make_account(session))

    with pytest.raises(NotFound):
        membership_of(session, event, member.id)
    assert membership_of(session, other, member.id) is member


def test_doors_open_by_role_and_event(session: Session) -> None:
    event, other = make_event(session), make_event(session)
    account = make_account(session)
    make_member(session, event, account, Role.FACILITATOR)

    assert may_open(session, account.id, None, frozenset())
    assert not may_open(session, account.id + 1, None, frozenset())
    assert may_open(session, account.id, event.code, {"facilitator", "organiser"})
    assert not may_open(session, account.id, event.code, {"organiser"})
    assert not may_open(session, account.id, other.code, {"facilitator", "organiser"})


def test_the_log_is_read_from_the_newest_line_in_pages(session: Session) -> None:
    event = make_event(session)
    lines = [record(session, event, "something.happened", actor="Jo", subject_id=n) for n in range(5)]

    assert [line.id for line in log_of(session, event, limit=2)] == [lines[4], lines[3]]
    assert [line.id for line in log_of(session, event, before=lines[3], limit=2)] == [lines[2], lines[1]]


def test_no_two_things_that_people_type_have_one_code(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(["K7PM", "K7PN", "K7PQ"])
    monkeypatch.setattr("hackathon.events.operations.short_code", lambda _: next(codes))
    make_table(session, make_event(session, code="K7PM"), code="K7PN")

    assert free_code(session) == "K7PQ"


def test_an_act_that_is_sent_again_is_given_the_receipt_it_was_given_first(session: Session) -> None:
    event = make_event(session)
    sent: dict[str, Any] = {"client_id": "an-id-of-a-phone", "kind": "seat", "body": {"table": 3}}

    assert earlier_act(session, event, **sent) is None
    keep_act(session, event, **sent, receipt={"words": "You sit at table 3"})

    assert [earlier_act(session, event, **sent) for _again in range(3)] == [{"words": "You sit at table 3"}] * 3
    assert earlier_act(session, make_event(session), **sent) is None, "another event has ids of its own"


def test_attack_19_something_else_under_a_used_id_is_refused_in_words(session: Session) -> None:
    event = make_event(session)
    earlier_act(session, event, client_id="an-id-of-a-phone", kind="seat", body={"table": 3})

    with pytest.raises(AlreadySent, match="Send this once more"):
        earlier_act(session, event, client_id="an-id-of-a-phone", kind="seat", body={"table": 5})
    with pytest.raises(Refusal, match="lost on the way"):
        earlier_act(session, event, client_id="../../etc", kind="seat", body={"table": 5})


def test_the_stage_in_which_something_was_written_is_read_from_the_log(session: Session) -> None:
    event, at = make_event(session, stage=Stage.WARM_UP), now()
    assert stage_at(session, event, at - timedelta(days=3)) is Stage.WARM_UP, "nothing is known of moves"
    for minutes, stage in ((60, Stage.DIVERGE), (20, Stage.CONVERGE)):
        move_to(session, event, stage=stage, actor="a test")
        backdate(session, log_of(session, event)[0], at - timedelta(minutes=minutes))

    written = [stage_at(session, event, at - timedelta(minutes=minutes)) for minutes in (90, 40, 10, 0)]

    assert written == [Stage.WARM_UP, Stage.DIVERGE, Stage.CONVERGE, Stage.CONVERGE]
