"""Themes and who would choose which, on a real database."""

import pytest
from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.themes.operations import add_theme, choose_themes
from hackathon.themes.queries import choices_of, first_choices_of, themes_of
from tests.makers import make_event, make_participant, make_theme


def test_themes_come_in_the_order_in_which_they_were_added_each_with_its_marks(session: Session) -> None:
    event = make_event(session)
    for key in ("words", "tools"):
        add_theme(session, event, key=key, title=key.title(), prompt="?", actor="a test")

    marks = [(theme.letter, theme.title, theme.tone, theme.shape) for theme in themes_of(session, event)]

    assert marks == [("A", "Words", 1, "circle"), ("B", "Tools", 2, "square")]


def test_a_new_choice_replaces_the_old_one(session: Session) -> None:
    event = make_event(session)
    person, (a, b, c) = make_participant(session, event), [make_theme(session, event) for _ in range(3)]

    choose_themes(session, person, choices=[a, b, c], actor="someone")
    choose_themes(session, person, choices=[c, a], actor="someone")

    assert choices_of(session, person) == [c, a]
    assert first_choices_of(session, event) == {c.id: 1}


def test_a_theme_twice_four_themes_and_a_theme_of_another_event_are_refused(session: Session) -> None:
    event = make_event(session)
    person, themes = make_participant(session, event), [make_theme(session, event) for _ in range(4)]
    elsewhere = make_theme(session, make_event(session))

    for choices in ([themes[0], themes[0]], themes, [elsewhere]):
        with pytest.raises(Refusal):
            choose_themes(session, person, choices=choices, actor="someone")

    assert choices_of(session, person) == []
