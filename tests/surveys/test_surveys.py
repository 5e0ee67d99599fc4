"""Answers of the survey before the day: organisers read them, and what is hidden is printed nowhere."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.mail import Letter
from hackathon.care.operations import write_down_care
from hackathon.care.queries import count_without_answer, told_of_harm_to_nobody
from hackathon.closing.operations import forget
from hackathon.closing.queries import NOT_KEPT
from hackathon.core.clock import now
from hackathon.core.errors import NotFound, Refusal
from hackathon.events.models import Event
from hackathon.events.queries import log_of
from hackathon.figures.queries import figures_of
from hackathon.insights.models import HideReason, SurveyAnswer, SurveyQuestion, SurveyResponse
from hackathon.quotations.queries import survey_of
from hackathon.staff.models import Role
from hackathon.surveys.operations import hide_answer, show_answer, show_escalated_answer
from hackathon.surveys.queries import escalated_answers, newest_answers, survey_answer
from hackathon.write_ups.queries import newest_change
from tests.makers import kept, make_event, make_pack
from tests.visitor import Visitor, words_of

PAGE = "/desk/k7pm/survey"
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def said(number: str) -> str:
    """An answer of a length that is quoted."""
    return f"What gets in the way is reason number {number}, every single week"


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, code="K7PM")
    make_pack(session, event)
    question = kept(session, SurveyQuestion(event=event, number=1, text="What gets in the way?"))
    for number in NUMBERS:
        response = kept(session, SurveyResponse(event=event, respondent=number))
        kept(session, SurveyAnswer(response=response, question=question, text=said(number)))
    session.commit()
    return event


def answer(session: Session, number: str) -> SurveyAnswer:
    return session.scalars(select(SurveyAnswer).where(SurveyAnswer.text == said(number))).one()


def quotes(session: Session, event: Event) -> list[str]:
    [part] = survey_of(session, event)
    return list(part.quotes)


def test_a_hidden_answer_makes_room_for_its_neighbour_and_the_others_stay(session: Session, event: Event) -> None:
    assert quotes(session, event) == [said("one"), said("three"), said("five"), said("seven")]

    hide_answer(session, answer(session, "three"), reason=HideReason.PERSONAL, actor="Jo")

    assert quotes(session, event) == [said("one"), said("four"), said("five"), said("seven")]


def test_whoever_gave_a_hidden_answer_is_counted_as_before(session: Session, event: Event) -> None:
    before, key = figures_of(session, event).as_json(), newest_change(session, event)

    hide_answer(session, answer(session, "one"), reason=HideReason.UNKIND, actor="Jo")

    after = figures_of(session, event).as_json()
    assert {name: value for name, value in after.items() if name.startswith("survey")} == {
        name: value for name, value in before.items() if name.startswith("survey")
    }
    assert [part.answered for part in survey_of(session, event)] == [len(NUMBERS)]
    assert newest_change(session, event) != key, "a PDF that was made before is not served again"
    line = log_of(session, event)[0]
    assert (line.kind, line.actor, line.detail) == ("survey.hidden", "Jo", {"question": 1, "reason": "unkind"})


def test_what_is_shown_again_is_quoted_again(session: Session, event: Event) -> None:
    one = answer(session, "one")
    hide_answer(session, one, reason=HideReason.DUPLICATE, actor="Jo")

    show_answer(session, one, actor="Jo")

    assert quotes(session, event)[0] == said("one")
    assert log_of(session, event)[0].kind == "survey.shown"


def test_what_tells_of_harm_is_the_care_leads_alone_until_it_is_dealt_with(session: Session, event: Event) -> None:
    one = answer(session, "one")

    assert hide_answer(session, one, reason=HideReason.DISCLOSURE, actor="Jo")

    question = one.question
    assert one.id not in [card.number for card in newest_answers(session, event, question=question, limit=99)]
    assert newest_answers(session, event, question=None, limit=99) == []
    for act in (lambda: survey_answer(session, event, one.id), lambda: show_answer(session, one, actor="Jo")):
        with pytest.raises(NotFound):
            act()
    assert (count_without_answer(session, event), told_of_harm_to_nobody(session, event)) == (1, True)
    write_down_care(session, one, text="Wrote to their line manager", actor="Dee Lead")
    assert count_without_answer(session, event) == 0
    show_escalated_answer(session, one, actor="Dee Lead")
    assert (list(escalated_answers(session, event)), quotes(session, event)[0]) == ([], said("one"))


def test_closing_an_event_lets_the_words_go_that_were_hidden(session: Session, event: Event) -> None:
    one, two = answer(session, "one"), answer(session, "two")
    hide_answer(session, one, reason=HideReason.PERSONAL, actor="Jo")
    hide_answer(session, two, reason=HideReason.DISCLOSURE, actor="Jo")
    care = write_down_care(session, two, text="Rang Zebedee", actor="Dee Lead")

    forget(session, event, ("unpublished", "notes"), at=now())
    event.closed_at = now()

    assert (one.text, two.text, care.done, answer(session, "three").text) == (NOT_KEPT, NOT_KEPT, "", said("three"))
    assert count_without_answer(session, event) == 0
    with pytest.raises(Refusal):
        show_answer(session, one, actor="Jo")


def test_an_organiser_reads_what_is_printed_and_hides_it(
    client: Visitor, staff_client: Any, session: Session, event: Event
) -> None:
    desk = staff_client(Role.ORGANISER, event)
    assert PAGE.upper() in str(desk.soup("/desk/k7pm/insights").select("nav a[href$='/survey']")).upper()
    assert (said("one") in desk.words(PAGE), said("two") in desk.words(PAGE)) == (True, False)
    assert said("two") in desk.words(f"{PAGE}?question=1")
    one = answer(session, "one").id

    desk.post_form(f"{PAGE}/{one}/hide", {"reason": "personal"}, page=PAGE)

    assert (said("one") in desk.words(PAGE), said("two") in desk.words(PAGE)) == (False, True)
    assert said("one") not in desk.words(f"{PAGE}?question=1")
    assert said("one") in desk.words(f"{PAGE}?show=hidden")
    assert said("one") not in client.get("/e/k7pm/write-up").text
    desk.post_form(f"{PAGE}/{one}/show", page=f"{PAGE}?show=hidden")
    assert said("one") in desk.words(PAGE)


def test_hiding_needs_one_of_the_reasons(staff_client: Any, session: Session, event: Event) -> None:
    desk, one = staff_client(Role.ORGANISER, event), answer(session, "one").id

    said_next = desk.post_form(f"{PAGE}/{one}/hide", {"reason": "boring"}, page=PAGE, follow_redirects=True)

    assert "Choose one of the reasons" in words_of(said_next)
    assert said("one") in desk.words(PAGE)


def test_the_care_lead_hears_of_harm_and_reads_it_on_their_page(
    staff_client: Any, session: Session, event: Event
) -> None:
    lead, desk = staff_client(Role.CARE_LEAD, event), staff_client(Role.ORGANISER, event)
    one = answer(session, "one").id

    desk.post_form(f"{PAGE}/{one}/hide", {"reason": "disclosure"}, page=PAGE)

    assert said("one") not in desk.words(f"{PAGE}?show=hidden")
    [letter] = session.scalars(select(Letter))
    assert letter.to_address.startswith("care_lead")
    care = "/desk/k7pm/care"
    assert said("one") in lead.words(care)
    lead.post_form(f"{care}/answers/{one}/done", {"text": "Wrote to their line manager"}, page=care)
    assert "Wrote to their line manager" in lead.words(care)
    lead.post_form(f"{care}/answers/{one}/put-back", page=care)
    assert said("one") in desk.words(PAGE)


def test_an_event_without_a_survey_has_no_such_page(staff_client: Any, session: Session) -> None:
    event = make_event(session, code="N0NE")
    session.commit()
    desk = staff_client(Role.ORGANISER, event)

    assert desk.get("/desk/n0ne/survey").status_code == 404
    assert "Survey" not in desk.words("/desk/n0ne/insights")
