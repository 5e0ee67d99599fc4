"""The pages of the promise, the base, the people outside; and the button that publishes."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from hackathon.events.models import Stage
from hackathon.framing.queries import base_of, outside_call_of, promise_of
from tests.makers import make_event
from tests.visitor import Visitor, words_of

PROMISE = {
    "sponsor_name": "Harriet Dunmore",
    "sponsor_role": "Chief executive",
    "words": "We will answer every recommendation.",
    "made_on": ["13", "1", "2026"],
    "owner_name": "Kiran Bhatoa",
}
BASE = {
    "room": "80",
    "room_note": "seats",
    "outside": "1,200",
    "outside_note": "",
    "source": "Seat plan",
    "declared_by": "Priya",
    "declared_on": ["2", "2", "2026"],
}
StaffClient = Callable[..., Visitor]


def test_an_event_is_promised_declared_and_published(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session, stage=Stage.DRAFT)
    organiser = staff_client(event=event)
    desk = f"/desk/{event.code}/plan"

    saved = [
        organiser.post_form(f"{desk}/promise", PROMISE).location,
        organiser.post_form(f"{desk}/base", BASE).location,
        organiser.post_form(f"{desk}/publish", page=desk).location,
    ]

    assert saved == [desk] * 3
    session.rollback()
    promise, base = promise_of(session, event), base_of(session, event)
    assert promise is not None
    assert base is not None
    assert (promise.owner_name, base.total, event.stage) == ("Kiran Bhatoa", 1280, Stage.BEFORE)


def test_publishing_too_early_is_refused_in_one_sentence_and_keeps_what_is_there(
    session: Session, staff_client: StaffClient
) -> None:
    event = make_event(session, stage=Stage.DRAFT)
    organiser = staff_client(event=event)
    desk = f"/desk/{event.code}/plan"
    organiser.post_form(f"{desk}/promise", {**PROMISE, "owner_name": ""})

    organiser.post_form(f"{desk}/publish", page=desk)

    assert "Name the follow-through owner first" in organiser.words(desk)
    session.rollback()
    promise = promise_of(session, event)
    assert promise is not None
    assert (promise.words, event.stage) == ("We will answer every recommendation.", Stage.DRAFT)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"room": ""}, "Write a number, 0 if there is no room"),
        ({"room": "eighty"}, "In the room must be a whole number"),
        ({"room": "-1"}, "Write a number from 0"),
        ({"room": "9e999"}, "In the room must be a whole number"),
        ({"declared_on": ["31", "2", "2026"]}, "must be a real date"),
        ({"declared_on": ["2"]}, "must be a real date"),
        ({"source": ""}, "Say how you know"),
        ({"room": "0", "outside": "0"}, "Nobody at all"),
    ],
)
def test_a_base_with_a_mistake_is_not_kept(
    session: Session, staff_client: StaffClient, answers: dict[str, object], said: str
) -> None:
    event = make_event(session)

    answer = staff_client(event=event).post_form(f"/desk/{event.code}/plan/base", {**BASE, **answers})

    assert said in words_of(answer)
    session.rollback()
    assert base_of(session, event) is None


def test_the_page_of_the_base_shows_what_was_declared(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    organiser = staff_client(event=event)
    page = f"/desk/{event.code}/plan/base"
    organiser.post_form(page, BASE)

    shown = {
        str(box["name"]): str(box.get("value", "")) for box in organiser.soup(page).select("main input[type=text]")
    }

    assert shown == {
        "room": "80",
        "room_note": "seats",
        "outside": "1200",
        "outside_note": "",
        "source": "Seat plan",
        "declared_by": "Priya",
        "declared_on": "2026",
    }


def test_the_invitation_to_people_outside(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session)
    organiser = staff_client(event=event)
    page = f"/desk/{event.code}/plan/outside"

    refused = organiser.post_form(page, {"invited": "200", "bounced": "201"})
    organiser.post_form(page, {"invited": "200", "bounced": "0", "survey_opened": ["9", "2", "2026"]})

    assert "More invitations came back than were sent" in words_of(refused)
    session.rollback()
    call = outside_call_of(session, event)
    assert call is not None
    assert (call.invited, call.bounced, str(call.survey_opened), call.survey_closed) == (200, 0, "2026-02-09", None)
