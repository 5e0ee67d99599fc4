"""What tells of harm: gone from everywhere at once, and read by the care lead alone."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.care.document import Told
from hackathon.care.operations import write_down_care
from hackathon.care.queries import (
    answers_in_confidence,
    count_without_answer,
    escalated_insights,
    told_without_a_way_back,
)
from hackathon.comments.operations import add_comment
from hackathon.core.codes import long_token
from hackathon.events.models import Event, Place
from hackathon.events.queries import log_of
from hackathon.figures.queries import figures_of, needs_of
from hackathon.insights.models import Comment, HideReason, Identity, Insight
from hackathon.insights.queries import any_newest_insights, hidden_insights_of, insights_of
from hackathon.moderation.operations import hide_words, show_escalated
from hackathon.staff.models import Role
from hackathon.staff.operations import FIRST_ORGANISER
from hackathon.write_ups.queries import newest_change, write_up_of
from tests.counted import statements_in
from tests.makers import (
    make_account,
    make_event,
    make_insight,
    make_member,
    make_pack,
    make_participant,
    make_table,
    make_theme,
)
from tests.visitor import Visitor, words_of

WORDS = "My supervisor hurts the residents at night"
WORK = "/desk/k7pm/community/46"
PUBLIC = (
    "/e/k7pm",
    "/e/k7pm/insights",
    "/e/k7pm/insights?q=residents",
    "/e/k7pm/insights.csv",
    "/e/k7pm/wall",
    "/e/k7pm/wall/newest",
    "/e/k7pm/write-up",
    "/e/k7pm/outcomes",
    "/e/k7pm/outside",
    "/t/tab7",
    "/e/k7pm/figures.json",
)
DESK = (
    "/desk/k7pm",
    "/desk/k7pm/plan",
    "/desk/k7pm/insights",
    "/desk/k7pm/insights?show=hidden",
    "/desk/k7pm/insights?q=residents",
    "/desk/k7pm/community",
    "/desk/k7pm/theming",
    "/desk/k7pm/log",
)
EVERYBODY_ELSE = [role for role in Role if role is not Role.CARE_LEAD]


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    make_pack(session, event)
    table = make_table(session, event, code="TAB7", taken=8, theme=make_theme(session, event))
    told = make_insight(session, event, number=46, text=WORDS, table=table, theme=table.theme)
    add_comment(session, told, text="It happened to me, too", place=Place.ROOM, client_id="comment-0001")
    make_insight(session, event, number=47)
    session.commit()
    return event


def escalate(desk: Visitor) -> Any:
    """One press on the page of the one that is before a moderator."""
    return desk.post_form(f"{WORK}/escalate", page=WORK)


def test_it_is_gone_from_every_page_list_search_and_file_at_once(
    client: Visitor, staff_client: Any, session: Session, event: Event
) -> None:
    facilitator, organiser = staff_client(Role.FACILITATOR, event), staff_client(Role.ORGANISER, event)
    there = [page for page in PUBLIC if WORDS in client.get(page).text]
    assert {"/e/k7pm/insights", "/e/k7pm/insights.csv", "/e/k7pm/wall", "/t/tab7"} <= set(there)

    assert escalate(facilitator).location == "/desk/K7PM/community/next?after=46"

    for text in (WORDS, "It happened to me, too"):
        assert [page for page in PUBLIC if text in client.get(page).text] == []
        assert [page for page in DESK if text in organiser.get(page).text] == []
    assert client.get("/e/k7pm/insights/46").status_code == 404


@pytest.mark.parametrize("role", EVERYBODY_ELSE)
def test_nobody_but_the_care_lead_finds_it(staff_client: Any, session: Session, event: Event, role: Role) -> None:
    escalate(staff_client(Role.FACILITATOR, event))
    desk = staff_client(role, event)

    assert desk.get(WORK).status_code == 404
    assert desk.get("/desk/k7pm/care").status_code == 404
    for act in ("show", "hide", "hold", "keep"):
        form = {"reason": "unkind"}
        token_page = "/desk/you"
        assert desk.post_form(f"/desk/k7pm/insights/46/{act}", form, page=token_page).status_code == 404
    assert WORDS in staff_client(Role.CARE_LEAD, event).words("/desk/k7pm/care")


def test_queries_figures_and_the_report_do_without_it(staff_client: Any, session: Session, event: Event) -> None:
    before = figures_of(session, event).contributions
    key = newest_change(session, event)
    assert WORDS in str(write_up_of(session, event, address=""))
    escalate(staff_client(Role.FACILITATOR, event))
    session.rollback()

    found = [
        *insights_of(session, event),
        *any_newest_insights(session, event, limit=9),
        *hidden_insights_of(session, event),
    ]
    assert [insight.number for insight in found] == [47, 47]
    assert figures_of(session, event).contributions != before
    assert WORDS not in str(write_up_of(session, event, address=""))
    # A PDF goes by the name of the newest change, so one that was made before is not served again.
    assert newest_change(session, event) != key


def test_the_log_and_the_letter_hold_no_word_of_it(staff_client: Any, session: Session, event: Event) -> None:
    lead, manager = staff_client(Role.CARE_LEAD, event), staff_client(Role.COMMUNITY_MANAGER, event)

    escalate(manager)

    [line] = [line for line in log_of(session, event) if line.kind.endswith("hidden")]
    assert (line.kind, line.detail) == ("insight.hidden", {"reason": "disclosure"})
    [letter] = session.scalars(select(Letter))
    assert letter.to_address.startswith("care_lead")
    assert "https://hack.example.org/desk/K7PM/care" in letter.text
    assert "supervisor" not in letter.text + letter.subject
    assert lead.get("/desk/k7pm/care").status_code == 200


def test_without_a_care_lead_it_is_hidden_all_the_same_and_organisers_are_told_to_name_one(
    staff_client: Any, session: Session, event: Event
) -> None:
    organiser = staff_client(Role.ORGANISER, event)
    assert "what tells of harm: nobody yet Still to do" in organiser.words("/desk/k7pm/plan")

    escalate(staff_client(Role.FACILITATOR, event))

    [letter] = session.scalars(select(Letter))
    assert letter.to_address.startswith("organiser")
    assert "Nobody can read it until you name a care lead" in letter.text
    assert "supervisor" not in letter.text
    session.rollback()
    assert needs_of(session, event)[0].words == "Somebody told of harm, and no care lead is named to read it"


def test_it_is_hidden_also_where_no_letter_can_tell_anybody(staff_client: Any, session: Session, event: Event) -> None:
    """The first organiser of a new copy has an address in name only."""
    make_member(session, event, make_account(session, FIRST_ORGANISER))

    escalate(staff_client(Role.FACILITATOR, event))

    session.rollback()
    assert [insight.number for insight in escalated_insights(session, event)] == [46]
    assert session.scalar(select(func.count(Letter.id))) == 0


def test_hiding_for_that_reason_escalates(staff_client: Any, session: Session, event: Event) -> None:
    desk = staff_client(Role.FACILITATOR, event)

    desk.post_form("/desk/k7pm/insights/46/hide", {"reason": "disclosure"}, page="/desk/k7pm/insights")

    assert WORDS not in desk.words("/desk/k7pm/insights?show=hidden")
    assert WORDS in staff_client(Role.CARE_LEAD, event).words("/desk/k7pm/care")


def test_a_comment_is_escalated_by_itself(client: Visitor, staff_client: Any, session: Session, event: Event) -> None:
    desk, lead = staff_client(Role.FACILITATOR, event), staff_client(Role.CARE_LEAD, event)
    said = add_comment(
        session, session.scalars(select(Insight).where(Insight.number == 47)).one(),
        text=WORDS, place=Place.ROOM, client_id=long_token(),
    )  # fmt: skip
    session.commit()
    page = "/desk/k7pm/community/47"

    desk.post_form(f"/desk/k7pm/insights/47/comments/{said.id}/hide", {"reason": "disclosure"}, page=page)

    assert [where for where in (page, "/desk/k7pm/community") if WORDS in desk.get(where).text] == []
    assert WORDS not in client.get("/e/k7pm/insights/47").text
    assert WORDS in lead.words("/desk/k7pm/care")
    lead.post_form(f"/desk/k7pm/care/comments/{said.id}/put-back", page="/desk/k7pm/care")
    assert WORDS in client.words("/e/k7pm/insights/47")


def test_a_comment_waits_for_the_care_lead_until_they_say_what_was_done(session: Session, event: Event) -> None:
    first, second = (escalated_comment_of(session, event, said) for said in ("He shouts at us", "He hit a resident"))
    assert count_without_answer(session, event) == 2

    for _ in range(2):
        write_down_care(session, second, text="Rang the safeguarding team at 3pm", actor="Dee Lead")
    session.commit()

    assert count_without_answer(session, event) == 1
    assert [(told.text, [(deed.words, deed.done_by) for deed in told.deeds]) for told in listed(session, event)] == [
        (first.text, []),
        (second.text, [("Rang the safeguarding team at 3pm", "Dee Lead")]),
    ]
    [line] = [line for line in log_of(session, event) if line.kind == "care.given"]
    assert (line.actor, line.detail) == ("Dee Lead", {})


def test_what_was_done_before_does_not_count_once_it_is_escalated_again(session: Session, event: Event) -> None:
    said = escalated_comment_of(session, event, "He shouts at us")
    write_down_care(session, said, text="Spoke to them", actor="Dee Lead")

    show_escalated(session, said, actor="Dee Lead")
    assert (count_without_answer(session, event), listed(session, event)) == (0, [])
    hide_words(session, said, reason=HideReason.DISCLOSURE, actor="Mo")

    assert count_without_answer(session, event) == 1
    assert [told.deeds for told in listed(session, event)] == [()]


def test_the_lead_writes_down_on_the_page_what_was_done(staff_client: Any, session: Session, event: Event) -> None:
    lead, page = staff_client(Role.CARE_LEAD, event), "/desk/k7pm/care"
    said = escalated_comment_of(session, event, "He shouts at us")
    session.commit()
    at = f"{page}/comments/{said.id}/done"
    assert "1 disclosure of harm without your answer" in lead.words("/desk/k7pm")

    refused = lead.post_form(at, {"text": " "}, page=page)
    assert (refused.status_code, "Write your note first." in words_of(refused)) == (422, True)
    lead.post_form(at, {"text": "Rang the safeguarding team"}, page=page)

    words = lead.words(page)
    assert "Dealt with" in words
    assert "Rang the safeguarding team" in words
    assert "disclosure of harm" not in lead.words("/desk/k7pm")
    for role in EVERYBODY_ELSE:
        assert staff_client(role, event).post_form(at, {"text": "x"}, page="/desk/you").status_code == 404


def escalated_comment_of(session: Session, event: Event, text: str) -> Comment:
    """A comment that was hidden because it tells of harm."""
    about = session.scalars(select(Insight).where(Insight.number == 47)).one()
    said = add_comment(session, about, text=text, place=Place.ROOM, client_id=long_token())
    assert hide_words(session, said, reason=HideReason.DISCLOSURE, actor="Mo")
    return said


def listed(session: Session, event: Event) -> list[Told]:
    return told_without_a_way_back(session, event)


def test_the_care_lead_answers_in_confidence(
    client: Visitor, staff_client: Any, session: Session, event: Event
) -> None:
    lead = staff_client(Role.CARE_LEAD, event)
    escalate(staff_client(Role.FACILITATOR, event))

    page, words = "/desk/k7pm/care", {"text": "Thank you. Please ring me.", "client_id": "care-0001"}
    lead.post_form(f"{page}/46/answer", words, page=page)

    assert client.get("/e/k7pm/insights/46").status_code == 404
    client.hold(receipts={"K7PM": [46]})
    said = client.words("/e/k7pm/insights/46")
    assert "Please ring me." in said
    assert WORDS not in said, "the phone may be a shared one"
    lead.post_form("/desk/k7pm/care/46/put-back", page="/desk/k7pm/care")
    assert WORDS in client.words("/e/k7pm/insights/46")
    assert "Please ring me." not in client.words("/e/k7pm/insights/46")


def test_what_a_manager_asks_while_escalating_reaches_the_phone_too(
    client: Visitor, staff_client: Any, session: Session, event: Event
) -> None:
    manager = staff_client(Role.COMMUNITY_MANAGER, event)
    asked = {"reason": "disclosure", "text": "Please ring 999 if it happens tonight.", "client_id": "hide-0001"}

    manager.post_form(f"{WORK}/hide", asked, page=WORK)

    client.hold(receipts={"K7PM": [46]})
    said = client.words("/e/k7pm/insights/46")
    assert "Please ring 999 if it happens tonight." in said
    assert (WORDS in said, "It happened to me, too" in said) == (False, False)


def test_whoever_gave_an_address_is_told_to_look_without_the_words(
    staff_client: Any, session: Session, event: Event
) -> None:
    told = session.scalars(select(Insight).where(Insight.number == 46)).one()
    told.identity, told.author = Identity.HIDDEN, make_participant(session, event, email="dan@example.org")
    session.commit()
    lead = staff_client(Role.CARE_LEAD, event)
    escalate(staff_client(Role.FACILITATOR, event))

    lead.post_form(
        "/desk/k7pm/care/46/answer", {"text": "Please ring me.", "client_id": "care-0001"}, page="/desk/k7pm/care"
    )

    letters = {letter.to_address: letter.text for letter in session.scalars(select(Letter))}
    assert "ring me" not in letters["dan@example.org"]
    assert "supervisor" not in letters["dan@example.org"]


def test_attack_16_the_care_lead_of_one_event_reaches_into_no_other(
    client: Visitor, staff_client: Any, session: Session, event: Event
) -> None:
    escalate(staff_client(Role.FACILITATOR, event))
    other = make_event(session, code="ELSE")
    lead = staff_client(Role.CARE_LEAD, other)

    assert WORDS not in lead.words("/desk/else/care")
    for act in ("answer", "put-back"):
        assert lead.post_form(f"/desk/else/care/46/{act}", {"text": "Hello"}, page="/desk/you").status_code == 404
    assert lead.get("/desk/k7pm/care").status_code == 404


def test_words_that_are_refused_stay_in_the_box_of_their_number(
    staff_client: Any, session: Session, event: Event
) -> None:
    lead = staff_client(Role.CARE_LEAD, event)
    escalate(staff_client(Role.FACILITATOR, event))
    words = "Please ring me. " * 40

    page = lead.post_form(
        "/desk/k7pm/care/46/answer", {"text": words, "client_id": "care-0001"}, page="/desk/k7pm/care"
    )

    assert page.status_code == 422
    soup = BeautifulSoup(page.text, "html.parser")
    assert [box.text.strip() for box in soup.select("#text-insight-46")] == [words.strip()]
    assert ["Shorten it to 500" in problem.text for problem in soup.select("#problem-insight-46")] == [True]


def test_an_answer_that_is_pressed_twice_is_one_and_mailed_once(
    staff_client: Any, session: Session, event: Event
) -> None:
    told = session.scalars(select(Insight).where(Insight.number == 46)).one()
    told.identity, told.author = Identity.HIDDEN, make_participant(session, event, email="dan@example.org")
    session.commit()
    lead = staff_client(Role.CARE_LEAD, event)
    escalate(staff_client(Role.FACILITATOR, event))
    answer, page = {"text": "Please ring me.", "client_id": "care-0001"}, "/desk/k7pm/care"

    sent = [lead.post_form(f"{page}/46/answer", answer, page=page).status_code for _ in range(2)]

    assert sent == [302, 302]
    session.rollback()
    assert len(answers_in_confidence(session, told)) == 1
    assert [letter.to_address for letter in session.scalars(select(Letter))].count("dan@example.org") == 1


def test_the_page_asks_as_often_for_three_as_for_one(staff_client: Any, session: Session, event: Event) -> None:
    lead = staff_client(Role.CARE_LEAD, event)
    escalate(staff_client(Role.FACILITATOR, event))

    def visit() -> None:
        assert lead.get("/desk/k7pm/care").status_code == 200

    session.rollback()
    one = statements_in(visit)
    for number in (48, 49):
        hide_words(session, make_insight(session, event, number=number), reason=HideReason.DISCLOSURE, actor="Priya")
    session.commit()

    assert statements_in(visit) == one


def test_the_care_lead_finds_the_page_and_what_waits_there_on_the_dashboard(
    staff_client: Any, session: Session, event: Event
) -> None:
    lead, organiser = staff_client(Role.CARE_LEAD, event), staff_client(Role.ORGANISER, event)
    escalate(staff_client(Role.FACILITATOR, event))
    waits = "1 disclosure of harm without your answer"

    links = [link["href"] for link in lead.soup("/desk/k7pm").select(".desk-nav:not(.desk-nav--all) a, .needs-you a")]
    answer, page = {"text": "Please ring me.", "client_id": "care-0001"}, "/desk/k7pm/care"

    assert links.count("/desk/K7PM/care") == 2
    assert (waits in lead.words("/desk/k7pm"), waits in organiser.words("/desk/k7pm")) == (True, False)
    lead.post_form(f"{page}/46/answer", answer, page=page)
    assert waits not in lead.words("/desk/k7pm")
