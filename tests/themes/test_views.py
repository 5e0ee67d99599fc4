"""Naming themes and choosing among them in a browser."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from hackathon.events.models import Event, Stage
from hackathon.packs.queries import manifest_of
from hackathon.participants.models import Participant
from hackathon.staff.models import Role
from hackathon.themes.models import Theme
from hackathon.themes.queries import choices_of
from tests.makers import make_event, make_pack, make_registration, make_theme
from tests.visitor import StaffClient, Visitor, words_of


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


@pytest.fixture
def themes(session: Session, event: Event) -> list[Theme]:
    return [make_theme(session, event, position=n, title=f"Theme {n}") for n in (1, 2, 3)]


@pytest.fixture
def person(client: Visitor, session: Session, event: Event, themes: list[Theme]) -> Participant:
    person = make_registration(session, event).participant
    session.commit()
    client.get(f"/p/{person.token}")
    return person


def chosen(*themes: Theme | None) -> dict[str, str]:
    return {f"choices-{n}": str(theme.id if theme else 0) for n, theme in enumerate(themes)}


def test_choices_are_kept_and_shown_again(
    client: Visitor, session: Session, event: Event, themes: list[Theme], person: Participant
) -> None:
    url = f"/e/{event.code}/me/themes"

    said = words_of(client.post_form(url, chosen(themes[2], None, themes[0]), follow_redirects=True))

    assert "Your themes are kept." in said
    assert "C Theme 3, A Theme 1" in said
    assert choices_of(session, person) == [themes[2], themes[0]]
    first = client.soup(url).select_one("#choices-0 option[selected]")
    assert first is not None
    assert first.get_text(" ", strip=True).split() == ["C", "Theme", "3"]


def test_the_same_theme_twice_is_refused_in_words(
    client: Visitor, session: Session, event: Event, themes: list[Theme], person: Participant
) -> None:
    said = words_of(client.post_form(f"/e/{event.code}/me/themes", chosen(themes[0], themes[0], None)))

    assert said.count("You chose a theme twice. Choose another one, or leave it open.") == 2
    assert choices_of(session, person) == []


def test_attack_16_a_theme_of_another_event_is_no_choice(
    client: Visitor, session: Session, event: Event, person: Participant
) -> None:
    elsewhere = make_theme(session, make_event(session))
    session.commit()

    answer = client.post_form(f"/e/{event.code}/me/themes", chosen(elsewhere, None, None))

    assert "There is a problem" in words_of(answer)
    assert choices_of(session, person) == []


def test_without_a_personal_link_the_page_is_not_there(client: Visitor, session: Session, event: Event) -> None:
    session.commit()

    assert client.get(f"/e/{event.code}/me/themes").status_code == 404


def test_a_theme_is_renamed_on_every_page_and_in_the_pack(
    client: Visitor, session: Session, staff_client: Callable[..., Visitor]
) -> None:
    event = make_event(session)
    pack = make_pack(session, event)
    key = pack.manifest["theme"][0]["id"]
    make_theme(session, event, position=1, key=key, title="Old name")
    make_theme(session, event, position=2, title="Another")
    session.commit()
    organiser, page = staff_client(Role.ORGANISER, event), f"/desk/{event.code}/plan/themes"
    asked = {"title": "Words we share", "prompt": "Which word means two things?"}

    refused = organiser.post_form(f"{page}/1", asked | {"title": "another"})
    answer = organiser.post_form(f"{page}/1", asked, follow_redirects=True)

    assert "Another theme is called this already." in words_of(refused)
    assert "Theme A is called “Words we share” now." in words_of(answer)
    assert "Old name" not in organiser.words(page)
    session.expire_all()
    assert (pack.manifest["theme"][0]["title"], manifest_of(session, event).themes[0].prompt) == tuple(asked.values())
    assert "Words we share" in organiser.words(f"/desk/{event.code}/plan")


def test_who_may_not_plan_renames_no_theme(
    session: Session, event: Event, themes: list[Theme], staff_client: Callable[..., Visitor]
) -> None:
    session.commit()
    facilitator = staff_client(Role.FACILITATOR, event)

    assert facilitator.get(f"/desk/{event.code}/plan/themes/1").status_code == 404
    assert themes[0].title == "Theme 1"


def test_themes_of_a_pack_are_looked_at_once_with_a_question_of_ones_own(
    session: Session, staff_client: StaffClient
) -> None:
    event = make_event(session, stage=Stage.DRAFT)
    make_pack(session, event)
    make_theme(session, event, title="Words and names", position=1)
    event.question = packed = manifest_of(session, event).hack_question.text
    organiser, plan = staff_client(event=event), f"/desk/{event.code}/plan"
    unfit = "They came with the pack’s question: look at them once with yours"
    assert unfit not in organiser.words(plan)

    for own in ("What would you keep?", "What would you stop?"):
        organiser.post_form(f"{plan}/question", {"question": own, "tested_with": "0"})
        asked = organiser.words(plan)
        assert unfit in asked
        assert f"still speak of the pack’s question, “{packed}”" in asked
        assert f"Your question is “{own}”" in organiser.words(f"{plan}/themes")
        organiser.post_form(f"{plan}/themes/fit", page=f"{plan}/themes")
        assert "pack’s question" not in organiser.words(plan)

    organiser.post_form(f"{plan}/question", {"question": own, "tested_with": "3"})
    assert unfit not in organiser.words(plan)
    organiser.post_form(f"{plan}/question", {"question": "What would help?", "tested_with": "3"})
    organiser.post_form(f"{plan}/themes/1", {"title": "Help", "prompt": "What helped you last week?"})
    assert unfit not in organiser.words(plan)
