"""What is read first, what somebody reports, and what is taken off the pages."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.comments.operations import add_comment
from hackathon.core.codes import long_token
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Moderation, Place
from hackathon.events.queries import log_of
from hackathon.insights.models import Comment, HideReason, Identity, Source
from hackathon.insights.operations import share_insight
from hackathon.insights.queries import any_insight_by_number
from hackathon.moderation.models import Concern
from hackathon.moderation.operations import MOST_ALIKE, hide_words, keep_words, raise_concern, show_words
from hackathon.moderation.queries import open_concerns
from hackathon.staff.models import Role
from tests.makers import make_event, make_insight
from tests.visitor import Visitor, words_of

PAGE = "/e/k7pm/insights/46"
WORK = "/desk/k7pm/community/46"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    make_insight(session, event, number=46, text="Forms travel faster than people")
    session.commit()
    return event


def comment(session: Session, event: Event, text: str = "So true") -> Comment:
    insight = any_insight_by_number(session, event, 46)
    made = add_comment(session, insight, text=text, place=Place.ROOM, client_id=long_token())
    session.commit()
    return made


def test_what_is_read_first_is_nowhere_until_somebody_lets_it_through(
    client: Visitor, staff_client: Any, session: Session, event: Event
) -> None:
    organiser = staff_client(Role.ORGANISER, event)
    organiser.post_form("/desk/k7pm/plan/moderation", {"moderation": "before"})
    session.refresh(event)
    assert event.moderation is Moderation.BEFORE

    share_insight(
        session,
        event,
        text="Is this on the wall?",
        place=Place.OUTSIDE,
        client_id="a-phone-made-this",
        identity=Identity.ANONYMOUS,
        source=Source.WEB,
    )
    session.commit()
    for page in ("/e/k7pm/insights", "/e/k7pm/insights.csv", "/e/k7pm/wall", "/e/k7pm/wall/newest", "/e/k7pm/write-up"):
        assert "Is this on the wall?" not in client.get(page).text
    assert "Held until it is read" in organiser.words("/desk/k7pm/community")
    assert log_of(session, event)[0].kind == "insight.held"

    organiser.post_form("/desk/k7pm/insights/47/show", page="/desk/k7pm/community/47")
    assert "Is this on the wall?" in client.words("/e/k7pm/insights")
    assert "Number 47 is on the pages. Take back" in organiser.words("/desk/k7pm/community")
    assert log_of(session, event)[0].kind == "insight.shown"
    organiser.post_form("/desk/k7pm/insights/47/hold", page="/desk/k7pm/community/47")
    assert "Is this on the wall?" not in client.words("/e/k7pm/insights")


def test_the_phone_that_holds_the_number_reads_why_it_is_not_shown(
    client: Visitor, staff_client: Any, session: Session, event: Event
) -> None:
    manager = staff_client(Role.COMMUNITY_MANAGER, event)
    hidden = manager.post_form(
        f"{WORK}/hide",
        {"reason": "personal", "text": "Please leave the name out.", "client_id": "hide-0001"},
        page=WORK,
    )
    assert hidden.location == "/desk/K7PM/community/next?after=46"

    assert client.get(PAGE).status_code == 404
    client.hold(receipts={"K7PM": [46]})
    words = client.words(PAGE)
    assert "it names or identifies a person" in words
    assert "Please leave the name out." in words
    assert "Number 46 is off every page. Take back" in manager.words("/desk/k7pm/community")
    manager.post_form("/desk/k7pm/insights/46/show", page="/desk/k7pm/community")
    assert "Forms travel faster than people" in client.words(PAGE)


@pytest.mark.parametrize(
    ("reason", "said"),
    [("", "Error: Choose a reason"), ("9e999", "Error: Choose an answer"), ("because", "Error: Choose an answer")],
)
def test_hiding_on_the_desk_needs_one_of_the_reasons(
    staff_client: Any, client: Visitor, session: Session, event: Event, reason: str, said: str
) -> None:
    manager = staff_client(Role.COMMUNITY_MANAGER, event)
    asked = {"reason": reason, "text": "Please leave the name out.", "client_id": "hide-0001"}

    answer = manager.post_form(f"{WORK}/hide", asked, page=WORK)

    assert answer.status_code == 422
    assert said in words_of(answer)
    assert "Please leave the name out." in answer.text, "what was typed stays in the form"
    assert "Forms travel faster than people" in client.words(PAGE)
    assert "insight.hidden" not in {line.kind for line in log_of(session, event)}


def test_a_comment_is_hidden_and_shown_again(
    client: Visitor, staff_client: Any, session: Session, event: Event
) -> None:
    rude = comment(session, event, "Something rude")
    desk = staff_client(Role.FACILITATOR, event)
    act = f"/desk/k7pm/insights/46/comments/{rude.id}"

    desk.post_form(f"{act}/hide", {"reason": "unkind", "next": WORK}, page=WORK)
    for page in (PAGE, "/e/k7pm/write-up"):
        assert "Something rude" not in client.get(page).text
    desk.post_form(f"{act}/show", page=WORK)
    assert "Something rude" in client.words(PAGE)
    assert [line.kind for line in log_of(session, event)][:2] == ["comment.shown", "comment.hidden"]


@pytest.mark.parametrize("address", ["{0}/report", "{0}/comments/{1}/report"])
def test_anybody_reports_what_they_read_and_it_stays_until_somebody_has_looked(
    client: Visitor, staff_client: Any, session: Session, event: Event, address: str
) -> None:
    page = address.format(PAGE, comment(session, event).id)
    desk = staff_client(Role.FACILITATOR, event)

    unsaid = client.post_form(page, {"text": "No reason"})
    client.post_form(page, {"reason": "unkind", "text": "<b>It is about me</b>"})

    assert unsaid.status_code == 422
    assert "Forms travel faster than people" in client.words(PAGE)
    assert "Reported" in desk.words("/desk/k7pm/community")
    assert "<b>It is about me</b>" in desk.words(WORK)
    [concern] = session.scalars(select(Concern))
    keep = "keep" if concern.comment_id is None else f"comments/{concern.comment_id}/keep"
    desk.post_form(f"/desk/k7pm/insights/46/{keep}", page=WORK)
    assert "Reported" not in desk.words("/desk/k7pm/community")
    kinds = [line.kind for line in log_of(session, event)]
    assert ("concern.settled" in kinds, "concern.raised" in kinds) == (True, True)


def test_hiding_settles_what_was_reported(session: Session, event: Event) -> None:
    said = comment(session, event)
    concern = raise_concern(session, said, reason=HideReason.UNKIND, text="")

    hide_words(session, said, reason=HideReason.UNKIND, actor="Jo")

    session.refresh(concern)
    assert (concern.settled_by, concern.settled_at is not None) == ("Jo", True)


def test_reports_are_held_back_when_one_phone_floods(client: Visitor, session: Session, event: Event) -> None:
    said = [client.post_form(f"{PAGE}/report", {"reason": "unkind"}).status_code for _ in range(8)]

    assert said == [302] * 6 + [429] * 2


def test_a_flood_of_reports_does_not_bury_the_page_of_whoever_looks(session: Session, event: Event) -> None:
    said = any_insight_by_number(session, event, 46)
    for _ in range(MOST_ALIKE):
        raise_concern(session, said, reason=HideReason.UNKIND, text="")

    with pytest.raises(Refusal, match="reported for that reason already"):
        raise_concern(session, said, reason=HideReason.UNKIND, text="")

    raise_concern(session, said, reason=HideReason.DISCLOSURE, text="")
    raise_concern(session, comment(session, event), reason=HideReason.UNKIND, text="")
    keep_words(session, said, actor="Jo")
    raise_concern(session, said, reason=HideReason.UNKIND, text="")
    assert len(open_concerns(session, said)) == 2


@pytest.mark.parametrize("what", ["report", "comments/{id}/report"])
def test_attack_16_nothing_of_another_event_is_reported(
    client: Visitor, session: Session, event: Event, what: str
) -> None:
    elsewhere = make_event(session)
    theirs = make_insight(session, elsewhere, number=7)
    said = add_comment(session, theirs, text="Hello", place=Place.ROOM, client_id="comment-0001")
    session.commit()

    for number in (46, 7):
        if what == "report" and number == 46:
            continue
        assert client.get(f"/e/k7pm/insights/{number}/{what.format(id=said.id)}").status_code == 404


@pytest.mark.parametrize("act", ["hide", "show", "hold", "keep"])
def test_attack_16_a_comment_under_another_number_is_not_here(
    staff_client: Any, session: Session, event: Event, act: str
) -> None:
    said = comment(session, event)
    make_insight(session, event, number=47)
    desk = staff_client(Role.ORGANISER, event)

    answer = desk.post_form(f"/desk/k7pm/insights/47/comments/{said.id}/{act}", {"reason": "unkind"}, page=WORK)

    session.refresh(said)
    assert (answer.status_code, said.hidden_at) == (404, None)


def test_what_waited_waits_again_when_hiding_it_is_taken_back(session: Session, event: Event) -> None:
    held = comment(session, event)
    held.waits = True

    hide_words(session, held, reason=HideReason.UNKIND, actor="Jo")
    show_words(session, held, actor="Jo")

    assert (held.waits, held.is_shown) == (True, False)
    assert [line.kind for line in log_of(session, event)[:2]] == ["comment.hidden", "comment.hidden"]
    show_words(session, held, actor="Jo")
    assert (held.waits, held.is_shown) == (False, True)
