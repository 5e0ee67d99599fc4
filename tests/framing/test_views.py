"""The pages of the promise, the base, the people outside; and the button that publishes."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import Session

from hackathon.events.models import Place, Stage
from hackathon.framing.queries import base_of, outside_call_of, promise_of
from hackathon.insights.models import Identity, Source
from hackathon.insights.operations import share_insight
from tests.makers import make_event
from tests.visitor import StaffClient, Visitor, words_of

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

    known = {"source": "The county’s letter", "declared_on": ["8", "2", "2026"]}
    refused = organiser.post_form(page, {"invited": "200", "bounced": "201", **known})
    organiser.post_form(page, {"invited": "200", "bounced": "0", "survey_opened": ["9", "2", "2026"], **known})

    assert "More invitations came back than were sent" in words_of(refused)
    session.rollback()
    call = outside_call_of(session, event)
    assert call is not None
    assert (call.invited, call.bounced, str(call.survey_opened), call.survey_closed) == (200, 0, "2026-02-09", None)
    assert (call.source, str(call.declared_on)) == ("The county’s letter", "2026-02-08")


def test_the_question_keeps_its_scope_as_lists(session: Session, staff_client: StaffClient) -> None:
    event = make_event(session, stage=Stage.DRAFT)
    organiser = staff_client(event=event)
    page = f"/desk/{event.code}/plan/question"

    organiser.post_form(
        page,
        {"question": "What would you keep?", "tested_with": "7", "scope_in": "names\r\n\r\n tools ", "scope_out": ""},
    )
    refused = organiser.post_form(page, {"question": "word " * 21, "tested_with": "7"})

    assert "The question has 21 words" in words_of(refused)
    session.rollback()
    assert (event.question, event.tested_with, event.scope_in, event.scope_out) == (
        "What would you keep?",
        7,
        ["names", "tools"],
        [],
    )
    assert organiser.soup(page).find(id="scope_in").get_text().strip() == "names\ntools"  # type: ignore[union-attr]  # a missing box fails the test


def test_the_testers_link_opens_a_draft_to_strangers_and_their_taps_are_counted(
    session: Session, client: Visitor, staff_client: StaffClient
) -> None:
    event = make_event(session, stage=Stage.DRAFT, question="What would you keep?")
    organiser, bench = staff_client(event=event), f"/desk/{event.code}/plan/question"
    field = organiser.soup(bench).find(id="link")
    assert field is not None
    link = urlsplit(str(field["value"])).path
    taps = {"is_clear": "yes", "is_answerable": "no", "is_open": "yes", "said": "about forms"}

    client.post_form(link, {**taps, "wording": "What would you keep?"})
    forgotten = client.post_form(link, {"wording": "What would you keep?"})

    assert "Choose one" in words_of(forgotten)
    assert "Of 1 person: clear to 1, answerable for 0, open for 1" in organiser.words(bench)
    assert client.get(f"/e/{event.code}/try/0123456789abcdef").status_code == 404
    event.stage = Stage.BEFORE
    session.commit()
    assert "its question is not tried any more" in client.words(link)


def test_a_published_question_changes_with_a_warning_until_somebody_answers(
    session: Session, staff_client: StaffClient
) -> None:
    event = make_event(session, stage=Stage.BEFORE, question="What would you keep?")
    organiser, bench = staff_client(event=event), f"/desk/{event.code}/plan/question"
    answers = {"tested_with": "0", "scope_in": "", "scope_out": ""}
    shown = organiser.words(bench)
    assert "has seen the words below" in shown
    assert "It was published without being tried" in shown
    organiser.post_form(bench, {"question": "What would you stop?", **answers})

    share_insight(
        session,
        event,
        text="The forms",
        place=Place.ROOM,
        client_id="a-client-that-wrote-it",
        identity=Identity.ANONYMOUS,
        source=Source.PHONE,
    )
    session.commit()
    organiser.post_form(bench, {"question": "What would you stop?", **answers, "scope_in": "forms"})
    refused = organiser.post_form(bench, {"question": "What would you start?", **answers})

    assert "People have begun to answer, so the question stays in these words" in words_of(refused)
    assert organiser.soup(bench).select("main textarea[name=question]") == []
    session.rollback()
    assert (event.question, event.scope_in) == ("What would you stop?", ["forms"])


@pytest.mark.parametrize(
    ("tested_with", "says"),
    [
        (0, "It was published without being tried Over"),
        (2, "It was published when it had been tried on 2 of 5 people Over"),
        (5, "Tried on 5 people Done"),
    ],
)
def test_a_published_question_is_not_to_be_tried_any_more(
    session: Session, staff_client: StaffClient, tested_with: int, says: str
) -> None:
    event = make_event(session, stage=Stage.BEFORE, tested_with=tested_with)

    assert says in staff_client(event=event).words(f"/desk/{event.code}/plan")
