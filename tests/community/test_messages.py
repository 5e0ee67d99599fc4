"""Who is told by letter that somebody waits, when, and how often."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.community.messages import NUDGE, NUDGE_EVERY, send_nudge
from hackathon.core.clock import moment_at
from hackathon.duty.operations import promise_replies
from hackathon.events.models import Event
from hackathon.insights.models import HideReason, Kind, Uncounted
from hackathon.moderation.operations import raise_concern
from hackathon.staff.models import Role
from hackathon.staff.operations import FIRST_ORGANISER
from tests.makers import make_account, make_event, make_insight, make_member

ADDRESS = "https://hack.example.org"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    make_insight(session, event, number=46, text="Forms travel faster than people")
    session.commit()
    return event


def test_managers_are_nudged_in_staffed_hours_and_not_too_often(session: Session, event: Event) -> None:
    make_member(session, event, make_account(session, "sam@example.org"), Role.COMMUNITY_MANAGER)
    make_member(session, event, make_account(session, "priya@example.org"), Role.ORGANISER)
    staffed = [(event.held_on, event.starts, event.ends)]
    promise_replies(session, event, kind=Kind.QUESTION, within_hours=2, staffed=staffed, actor="Priya")
    at = moment_at(event.held_on, event.starts, event.timezone) + timedelta(hours=1)

    def nudge(moment: Any) -> bool:
        return send_nudge(session, event, at=moment, address=ADDRESS)

    assert not nudge(at), "nobody waits"
    question = make_insight(session, event, number=48, kind=Kind.QUESTION, captured_at=at - timedelta(minutes=28))
    assert not nudge(at + timedelta(hours=12)), "nobody is on duty"
    assert nudge(at)
    [letter] = session.scalars(select(Letter).where(Letter.kind == NUDGE))
    letter.made_at = at
    session.flush()
    assert not nudge(at + NUDGE_EVERY / 2)
    assert nudge(at + NUDGE_EVERY + timedelta(seconds=1))

    assert letter.to_address == "sam@example.org"
    assert letter.text.startswith("1 waits for an answer at this event, the oldest since 10:02am:")
    assert question.text not in letter.text
    assert f"{ADDRESS}/desk/K7PM/community" in letter.text


def test_nobody_is_nudged_at_an_address_in_name_only(session: Session, event: Event) -> None:
    make_member(session, event, make_account(session, FIRST_ORGANISER))
    at = moment_at(event.held_on, event.starts, event.timezone) + timedelta(hours=1)
    make_insight(session, event, number=48, kind=Kind.QUESTION, captured_at=at - timedelta(minutes=28))

    assert not send_nudge(session, event, at=at, address=ADDRESS)
    assert session.scalars(select(Letter)).all() == []


def test_nobody_is_nudged_for_words_to_begin_with_nor_in_a_rehearsal(session: Session, event: Event) -> None:
    make_member(session, event, make_account(session, "sam@example.org"), Role.COMMUNITY_MANAGER)
    at = moment_at(event.held_on, event.starts, event.timezone) + timedelta(hours=1)
    seed = make_insight(session, event, number=48, uncounted=Uncounted.SEED)
    raise_concern(session, seed, reason=HideReason.UNKIND, text="")

    def nudge() -> bool:
        return send_nudge(session, event, at=at, address=ADDRESS)

    assert not nudge()
    make_insight(session, event, number=49, kind=Kind.QUESTION)
    event.rehearsal_since = at - timedelta(minutes=5)
    rehearsing = nudge()
    event.rehearsal_since = None
    assert (rehearsing, nudge()) == (False, True)


def test_members_learn_where_they_are_invited_who_gets_nudges_and_how_often(
    staff_client: Any, session: Session, event: Event
) -> None:
    words = staff_client(Role.ORGANISER, event).words("/desk/k7pm/plan/people")

    assert f"at most every {NUDGE_EVERY.seconds // 60} minutes" in words
    assert "It ends when the role is taken away." in words


def test_who_answers_may_do_without_the_letters(session: Session, event: Event, staff_client: Any) -> None:
    make_member(session, event, make_account(session, "rhys@example.org"), Role.COMMUNITY_MANAGER)
    make_insight(session, event, number=48, kind=Kind.QUESTION)
    session.commit()
    sam, desk = staff_client(Role.COMMUNITY_MANAGER, event), "/desk/k7pm/community"
    at = moment_at(event.held_on, event.starts, event.timezone) + timedelta(hours=1)

    sam.post_form(f"{desk}/letters", page=desk)
    send_nudge(session, event, at=at, address=ADDRESS)

    assert [letter.to_address for letter in session.scalars(select(Letter))] == ["rhys@example.org"]
    session.rollback()
    assert "No letter fetches you while somebody waits." in sam.words(desk)
    sam.post_form(f"{desk}/letters", {"wanted": "yes"}, page=desk)
    assert "You get a letter while somebody waits, at most every 30 minutes." in sam.words(desk)
    assert "Stop these letters" not in staff_client(Role.ORGANISER, event).words(desk)
