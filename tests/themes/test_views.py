"""Choosing themes in a browser."""

import pytest
from sqlalchemy.orm import Session

from hackathon.events.models import Event
from hackathon.participants.models import Participant
from hackathon.themes.models import Theme
from hackathon.themes.queries import choices_of
from tests.makers import make_event, make_registration, make_theme
from tests.visitor import Visitor, words_of


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
