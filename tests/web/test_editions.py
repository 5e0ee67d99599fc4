"""Attack 21: a stale edit of what organisers plan and decide is answered with a page that keeps both texts."""

from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.core.clock import now
from hackathon.events.models import Event, Stage
from hackathon.framing.operations import declare_base
from hackathon.staff.models import Role
from hackathon.themes.models import Theme
from tests.makers import make_event, make_pack, make_recommendation, make_table, make_theme
from tests.visitor import StaffClient, words_of

MEANWHILE = "Somebody has changed this meanwhile."
# Each page of the desk with the answer that both change, and how each of them does.
EDITS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "plan/details": ("venue", "The old mill", "The new mill", {}),
    "plan/question": ("question", "What would help you most?", "What would you stop?", {}),
    "plan/promise": ("words", "We answer every idea.", "We answer some.", {"sponsor_name": "Sam", "owner_name": "Olu"}),
    "plan/base": ("source", "The list of staff", "The plan of the room", {"room": "8", "outside": "4"}),
    "plan/outside": ("invited", "120", "210", {"bounced": "3", "source": "A list", "declared_on": ["8", "2", "2026"]}),
    "plan/replies": ("within_hours", "4", "24", {"kind": "question"}),
    "places": ("chairs", "70", "75", {}),
    "plan/stage/times": ("after", "15:45", "16:45", {}),
    "tables": ("rooms", "Quiet room, first floor", "Quiet room, by the lift", {}),
    "tables/1": ("seats", "6", "5", {}),
    "plan/moderation": ("moderation", "before", "after", {}),
    "pack/insert/travel": ("markdown", "Take the bus.", "Take the train.", {"keep": "yes"}),
    "recommendations/1/decide": (
        "reason",
        "It is cheap.",
        "It is dear.",
        {"decision": "do", "owner_role": "nobody yet"},
    ),
}


def answers_on(soup: BeautifulSoup) -> dict[str, Any]:
    """What a browser would send from this page as it stands. A date is three boxes of one name."""
    form = soup.select_one("main form[method=post]")
    assert form is not None
    found: dict[str, Any] = {str(box["name"]): box.text.lstrip("\n").rstrip("\r\n") for box in form.select("textarea")}
    for field in form.select("input[name]"):
        if field.get("type") != "radio" or field.has_attr("checked"):
            found.setdefault(str(field["name"]), []).append(str(field.get("value", "")))
    found |= {str(box["name"]): str(box.select("option[selected]")[0]["value"]) for box in form.select("select")}
    return {name: said[0] if isinstance(said, list) and len(said) == 1 else said for name, said in found.items()}


def an_event(session: Session) -> Event:
    event = make_event(session, stage=Stage.BEFORE, held_on=now().date() + timedelta(days=30))
    make_pack(session, event)
    make_recommendation(session, event, number=1)
    make_table(session, event, number=1)
    make_theme(session, event, title="Getting here")
    declare_base(
        session,
        event,
        room=1,
        room_note="",
        outside=1,
        outside_note="",
        source="A guess",
        declared_by="Jo",
        declared_on=event.held_on,
        actor="Jo",
    )
    session.commit()
    return event


def test_whoever_saves_later_sees_both_texts_and_overwrites_nothing(
    session: Session, staff_client: StaffClient
) -> None:
    event = an_event(session)
    pat, jo = staff_client(Role.ORGANISER, event), staff_client(Role.ORGANISER, event)

    for page, (name, pats, jos, rest) in EDITS.items():
        address = f"/desk/{event.code}/{page}"
        hers = answers_on(jo.soup(address)) | rest
        first = pat.post(address, data=answers_on(pat.soup(address)) | rest | {name: pats})
        second = jo.post(address, data=hers | {name: jos})
        kept = answers_on(pat.soup(address))[name]
        again = jo.post(address, data=answers_on(BeautifulSoup(second.text, "html.parser")) | rest)

        assert (page, first.status_code, MEANWHILE in first.text) == (page, 302, False)
        assert (page, MEANWHILE in second.text, kept) == (page, True, pats)
        said = words_of(second)
        assert pats in said or "Before: words wait" in said, page
        assert answers_on(BeautifulSoup(second.text, "html.parser"))[name] == jos, page
        assert (page, again.status_code) == (page, 302)
        assert answers_on(pat.soup(address))[name] == jos, page


def test_a_page_on_which_nothing_was_changed_meanwhile_is_saved_at_once(
    session: Session, staff_client: StaffClient
) -> None:
    """The control: what else happens in the event is no edit of this page."""
    event = an_event(session)
    pat, jo = staff_client(Role.ORGANISER, event), staff_client(Role.ORGANISER, event)
    page, other = f"/desk/{event.code}/plan/promise", f"/desk/{event.code}/plan/question"
    answers = answers_on(jo.soup(page)) | {"sponsor_name": "Sam", "owner_name": "Olu", "words": "We answer."}
    pat.post(other, data=answers_on(pat.soup(other)) | {"question": "What would help you most?"})

    assert jo.post(page, data=answers).status_code == 302


def test_what_was_chosen_from_a_list_meanwhile_is_shown_in_its_words(
    session: Session, staff_client: StaffClient
) -> None:
    event = an_event(session)
    pat, jo = staff_client(Role.ORGANISER, event), staff_client(Role.ORGANISER, event)
    page = f"/desk/{event.code}/tables/1"
    theme = str(session.scalars(select(Theme.id)).one())
    hers = answers_on(jo.soup(page))
    pat.post(page, data=answers_on(pat.soup(page)) | {"theme": theme})

    second = jo.post(page, data=hers | {"seats": "5"})

    assert MEANWHILE in second.text
    assert "Getting here" in words_of(second).partition("What you wrote")[0]
