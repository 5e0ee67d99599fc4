"""The desk that hides and shows."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from hackathon.events.models import Event
from hackathon.events.queries import log_of
from hackathon.insights.models import HideReason, Identity
from hackathon.insights.queries import insights_of
from hackathon.staff.models import Role
from tests.makers import make_event, make_insight, make_participant

DESK_ROLES = (Role.ORGANISER, Role.FACILITATOR, Role.COMMUNITY_MANAGER)


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    session.commit()
    return event


@pytest.mark.parametrize("role", DESK_ROLES)
def test_the_desk_hides_with_a_reason_and_shows_again(
    staff_client: Any, session: Session, event: Event, role: Role
) -> None:
    insight = make_insight(session, event, number=46)
    desk = staff_client(role, event)
    page = "/desk/k7pm/insights"

    hidden = desk.post_form(f"{page}/46/hide", {"reason": "unkind"}, page=page)
    assert hidden.location == "/desk/K7PM/insights#insight-46"
    assert "Number 46 is off every page." in desk.words(page)
    assert "Hidden: It is rude or unkind" in desk.words(f"{page}?show=hidden")
    session.refresh(insight)
    assert insight.hidden_reason is HideReason.UNKIND

    desk.post_form(f"{page}/46/show", page=page)
    assert "Number 46 is on the pages." in desk.words(page)
    session.rollback()
    assert [i.number for i in insights_of(session, event)] == [46]
    assert [line.kind for line in log_of(session, event)] == ["insight.shown", "insight.hidden"]


@pytest.mark.parametrize("reason", ["", "9e999", "because"])
def test_hiding_needs_one_of_the_reasons(staff_client: Any, session: Session, event: Event, reason: str) -> None:
    make_insight(session, event, number=46)
    desk = staff_client(Role.FACILITATOR, event)

    desk.post_form("/desk/k7pm/insights/46/hide", {"reason": reason}, page="/desk/k7pm/insights")

    assert "Choose one of the reasons" in desk.words("/desk/k7pm/insights")
    assert len(insights_of(session, event)) == 1


def test_attack_16_the_desk_of_one_event_does_not_reach_into_another(
    staff_client: Any, session: Session, event: Event
) -> None:
    theirs = make_insight(session, make_event(session), number=7)
    make_insight(session, event, number=1)
    desk = staff_client(Role.ORGANISER, event)

    answer = desk.post_form("/desk/k7pm/insights/7/hide", {"reason": "unkind"}, page="/desk/k7pm/insights")

    session.refresh(theirs)
    assert (answer.status_code, theirs.hidden_at) == (404, None)


@pytest.mark.parametrize("role", [Role.SPONSOR, Role.ACCESS_LEAD])
def test_the_desk_is_closed_to_others(staff_client: Any, session: Session, event: Event, role: Role) -> None:
    assert staff_client(role, event).get("/desk/k7pm/insights").status_code == 404


def test_only_organisers_see_hidden_names(staff_client: Any, session: Session, event: Event) -> None:
    make_insight(session, event, identity=Identity.HIDDEN)
    make_insight(
        session, event, identity=Identity.HIDDEN, author=make_participant(session, event, name="Zoe Kitteridge")
    )

    seen = {role: "Zoe Kitteridge" in staff_client(role, event).words("/desk/k7pm/insights") for role in DESK_ROLES}

    assert seen == {Role.ORGANISER: True, Role.FACILITATOR: False, Role.COMMUNITY_MANAGER: False}
