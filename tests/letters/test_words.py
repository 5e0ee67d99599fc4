"""What letters say: within their words, in both forms, and with nothing in them but words."""

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from hackathon.addressees.document import Audience
from hackathon.core.errors import Refusal
from hackathon.dates.document import CALENDAR, KINDS
from hackathon.letters.document import LETTERS, Occasion, Reader, check_opening, filled_in, write_letter
from hackathon.letters.messages import LaidOut, lay_out
from tests.applications import open_application
from tests.conftest import settings_for

EVIL = ["<a href=http://evil.test>win</a>", "[x](http://evil.test)", "{{config}}", "{title.__class__}", "{% raw %}"]


def words(number: int) -> str:
    return " ".join(["listening"] * number)


LONG = Occasion(
    in_series=True,
    title=words(12),
    question=words(20),
    day="Wednesday 23 September 2026",
    starts="9:30am",
    ends="4:15pm",
    doors="8:45am",
    place=words(14),
    code="K7PM",
    home="https://hack.example.org/e/K7PM",
    contact=words(4),
    phone="01234 567 890",
    sponsor=words(8),
    promise=words(80),
    report_day="Monday 28 September 2026",
    waiting=112,
    documents=tuple((words(6), f"https://hack.example.org/e/K7PM/pack/{number}", 12) for number in range(3)),
    figures=("1,204 people came", "12,345 contributions", "1,234 of them from outside the room"),
    going=12,
    already=3,
    not_going=((words(60), words(60)),) * 4,
    undecided=2,
)
READER = Reader(
    called=words(4),
    link="https://hack.example.org/p/zm9vymfyymf6cxv4mtizndu2nzg5ma234567",
    table=words(6),
    in_line=112,
    number=1234,
    own_words=words(90),
    theme=words(6),
    decision="Into this year's plans",
    reason=words(60),
    owner=words(5),
    more=4,
)
"""The longest that events really hold: a reason has sixty words at most, a question twenty."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application to render with; it opens no database."""
    folder: Path = tmp_path_factory.mktemp("letters")
    with open_application(settings_for(folder)) as app, app.app_context():
        yield app


def laid_out(name: str, event: Occasion = LONG, reader: Reader = READER, opening: str = "") -> LaidOut:
    return lay_out(write_letter(name, event, reader, opening=opening), organisation="Stannerdale Community Health")


def test_the_calendar_has_the_fifteen_letters_and_each_has_words() -> None:
    further = (Audience.TOLD_OTHERWISE, Audience.NOT_HEARD_FROM, Audience.WAITING)
    titles = {kind.title.split(",")[0] for kind in CALENDAR if kind.audience not in further}

    assert len(titles) == 15, "one of them, the reminder, is sent twice"
    assert {kind.name for kind in CALENDAR if kind.is_ours} == set(LETTERS)


@pytest.mark.parametrize("kind", [kind for kind in CALENDAR if kind.is_ours], ids=lambda kind: str(kind.key))
def test_a_letter_with_the_longest_values_stays_within_its_words(house: Flask, kind: object) -> None:
    of_calendar = next(each for each in CALENDAR if each is kind)

    shown = laid_out(of_calendar.name)

    assert shown.length <= of_calendar.most_words, shown.text


@pytest.mark.parametrize("name", LETTERS)
def test_text_and_html_say_the_same_and_fetch_nothing(house: Flask, name: str) -> None:
    shown = laid_out(name)
    html = BeautifulSoup(shown.html, "html.parser")
    assert html.body is not None

    def bare(text: str) -> list[str]:
        return [word.strip(":>-") for word in text.split() if not word.startswith("http") and word.strip(":>-")]

    assert bare(html.body.get_text(" ")) == bare(shown.text)
    assert [str(link["href"]) for link in html.find_all("a")] == [
        word for word in shown.text.split() if word.startswith("http")
    ]
    assert html.find_all(["img", "script", "link", "iframe", "object", "form"]) == [], "no pixel, nothing to fetch"
    assert "url(" not in shown.html
    assert html.html is not None
    assert html.html["lang"] == "en-GB"


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("name", LETTERS)
def test_attacks_7_and_8_what_people_typed_is_words_and_nothing_else(house: Flask, name: str, evil: str) -> None:
    event = replace(LONG, **{f.name: evil for f in fields(Occasion) if f.type in ("str", str) and f.name != "home"})  # type: ignore[arg-type]  # every one of them is words
    reader = replace(READER, called=evil, own_words=evil, theme=evil, reason=evil, owner=evil, table=evil)

    shown = laid_out(name, event, reader)
    html = BeautifulSoup(shown.html, "html.parser")

    assert "evil" not in " ".join(str(link["href"]) for link in html.find_all("a"))
    assert evil in " ".join(html.get_text(" ").split()), "it is there as it was typed"
    assert f"Hello {evil}," in shown.text


def test_attack_8_what_is_put_in_for_a_placeholder_is_not_read_again() -> None:
    event = replace(LONG, title="{place}", place="{title}")

    assert filled_in("{title} at {place}, {nothing}", event) == "{place} at {title}, {nothing}"


@pytest.mark.parametrize(
    "opening", ["{event.__class__}", "{title.__class__.__mro__}", "{name}", "{0}", "{}", "{title!r}"]
)
def test_attack_8_a_placeholder_that_no_letter_knows_is_refused_by_name(opening: str) -> None:
    with pytest.raises(Refusal, match="No letter knows") as refusal:
        check_opening(f"Dear all, {opening}")

    assert opening in refusal.value.message


def test_an_organisers_own_words_take_the_place_of_the_usual_ones(house: Flask) -> None:
    shown = laid_out("missed-you", opening="{title} was full on {day}.")

    assert f"{LONG.title} was full on {LONG.day}." in shown.text
    assert "We missed you.\n" not in shown.text
    assert KINDS["missed-you"].title == "Missed you"
