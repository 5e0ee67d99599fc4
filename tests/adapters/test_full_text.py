"""What somebody types to look for words: any of it is a question that both databases answer."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hackathon.adapters.full_text import MOST_WORDS, newest_saying, words_to_find
from hackathon.insights.models import Insight
from tests.makers import make_event, make_insight

Find = Callable[[str], list[int]]
SAID = (
    "Night staff hear about changes from the noticeboard.",
    "The crèche closes before the late meeting ends.",
    "نحن نسمع بعضنا بعضا عندما نجلس معا.",
    "Nobody asks the night porters.Why not?",
    "Ward 12 has <b>two</b> kettles & no cups, don't ask / see wi-fi",
    "We’ve “open” doors—always… «mostly»",
)


@pytest.fixture
def numbers_saying(session: Session) -> Find:
    event = make_event(session)
    for number, text in enumerate(SAID, start=1):
        make_insight(session, event, number=number, text=text)

    def find(typed: str) -> list[int]:
        query = newest_saying(session, select(Insight), Insight.text, [words_to_find(typed)])
        return [insight.number for insight in session.scalars(query)]

    return find


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("night", [4, 1]),
        ("NIGHT staff", [1]),
        ("staff night", [1]),
        ("notice", [1]),
        ("no", [5]),
        ("creche", [2]),
        ("Crèche meet", [2]),
        ("نسمع", [3]),
        ("why", [4]),
        ("12", [5]),
        ("two", [5]),
        ("cups", [5]),
        ("don't", [5]),
        ("wifi", []),
        ("wi-fi", [5]),
        ("night day", []),
        ("we've", [6]),
        ("open", [6]),
        ("always mostly", [6]),
    ],
)
def test_words_are_found_wherever_they_stand(numbers_saying: Find, typed: str, numbers: list[int]) -> None:
    assert numbers_saying(typed) == numbers


def test_every_mark_of_latin_scripts_and_the_commonest_of_others_end_a_word(session: Session) -> None:
    event = make_event(session)
    latin = map(chr, [*range(0x250), *range(0x2010, 0x2060)])
    marks = [*(mark for mark in latin if unicodedata.category(mark).startswith("P")), *"،؛؟۔।॥"]
    insight = make_insight(session, event)

    not_cut = []
    for mark in marks:
        insight.text = f"kettle{mark}teapot"
        session.flush()
        if session.scalars(newest_saying(session, select(Insight), Insight.text, [["teapot"]])).all() != [insight]:
            not_cut.append(mark)

    assert not_cut == []


def test_the_index_follows_what_is_changed_and_removed(session: Session) -> None:
    event = make_event(session)
    changed, removed = make_insight(session, event, text="kettle"), make_insight(session, event, text="kettle")

    changed.text = "teapot"
    session.flush()
    session.execute(delete(Insight).where(Insight.id == removed.id))

    found = {
        word: [i.id for i in session.scalars(newest_saying(session, select(Insight), Insight.text, [[word]]))]
        for word in ("kettle", "teapot")
    }
    assert found == {"kettle": [], "teapot": [changed.id]}


def test_words_are_cut_alike_for_both_databases() -> None:
    assert words_to_find("  Wi-Fi, CRÈCHE & don't... 1,000 ") == ["wi", "fi", "creche", "don", "t", "1", "000"]
    assert len(words_to_find(" ".join(f"word{number}" for number in range(100)))) == MOST_WORDS
    assert words_to_find("!?* \" ' ( ) : - ^ ~ % _ \0") == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
@example('" OR 1=1 --')
@example("NEAR(a b) AND NOT c*")
@example("text:^x -y +z {a b}")
@example("a:* & !b | (c)")
@example("²³ ½ ꙮ \u0301 \u200d हिन्दी ไทย")
@example("\ud800\udfff\x00")
def test_whatever_somebody_types_is_no_mistake(session: Session, typed: str) -> None:
    if words := words_to_find(typed):
        session.scalars(newest_saying(session, select(Insight), Insight.text, [words, words[:1]], below=9)).all()
