"""What a pack says once an event fills it in."""

from datetime import UTC, date, datetime, time

import pytest

from hackathon.adapters.markdown import html_from_markdown
from hackathon.packs.document import Part, Reader, markdown_email, markdown_text, minutes_to_read, parts_of
from hackathon.packs.transfer import pack_on_disk
from hackathon.staff.models import Role

EVIL = '<b onclick="x">{{ config }} {% if 1 %} [x](http://evil) **bold** `code` # {event.__class__} www.evil.test'


def test_variables_become_words_and_blocks_become_parts() -> None:
    markdown = "We meet at {{event.venue}}.\n\n{{run_sheet}}\n\nBring {{event.venue}}."

    assert parts_of(markdown, {"event.venue": "the Hall"}) == (
        Part(markdown="We meet at the Hall."),
        Part(block="run_sheet"),
        Part(markdown="Bring the Hall."),
    )


def test_attack_8_what_is_filled_in_is_never_read_as_a_template_or_as_markdown() -> None:
    (part,) = parts_of("Sponsor: {{sponsor.name}}.", {"sponsor.name": markdown_text(EVIL), "event.code": "SECRET"})

    assert html_from_markdown(part.markdown).unescape().strip() == f"<p>Sponsor: {EVIL}.</p>"


def test_attack_8_a_variable_inside_a_value_stays_words() -> None:
    values = {"event.title": markdown_text("{{event.code}}"), "event.code": "SECRET"}

    assert "SECRET" not in parts_of("{{event.title}}", values)[0].markdown


def test_line_ends_in_a_value_begin_nothing() -> None:
    assert html_from_markdown(markdown_text("one\n\n# two\n- three")) == "<p>one # two - three</p>\n"


@pytest.mark.parametrize("odd", ["a@b.org](http://evil)", "javascript:alert(1)", "a@b", "<a@b.org>"])
def test_only_an_address_becomes_a_link_to_write_to(odd: str) -> None:
    assert "<a " in html_from_markdown(markdown_email("jo@example.org"))
    assert "<a " not in html_from_markdown(markdown_email(odd))


def test_the_run_sheet_puts_blocks_on_the_clock() -> None:
    timed = pack_on_disk("change-model").manifest.run_sheet(time(9, 30))

    assert [(one.block.id, one.starts, one.ends) for one in timed[:3]] == [
        ("open", time(9, 30), time(10, 0)),
        ("bingo", time(10, 0), time(10, 20)),
        ("sprint-1", time(10, 20), time(11, 5)),
    ]
    assert timed[-1].ends == time(16, 15)


@pytest.mark.parametrize(
    ("at", "out"), [(datetime(2026, 7, 2, 22, 59, tzinfo=UTC), False), (datetime(2026, 7, 2, 23, 0, tzinfo=UTC), True)]
)
def test_a_document_comes_out_at_midnight_on_the_clock_of_the_venue(at: datetime, out: bool) -> None:
    """T-14d of 17 July is 3 July, which begins in London, in summer, at 23:00 UTC."""
    evidence = pack_on_disk("change-model").manifest.documents[2]

    assert evidence.released_on(date(2026, 7, 17)) == date(2026, 7, 3)
    assert evidence.is_released(date(2026, 7, 17), "Europe/London", at) is out


@pytest.mark.parametrize(
    ("reader", "readable"),
    [
        (Reader(), {"everyone", "remote"}),
        (Reader(in_room=True), {"everyone", "remote", "attendee"}),
        (Reader(roles=frozenset({Role.SPONSOR})), {"everyone", "remote", "attendee", "sponsor"}),
        (
            Reader(roles=frozenset({Role.FACILITATOR})),
            {"everyone", "remote", "attendee", "facilitator", "table-host"},
        ),
        (
            Reader(roles=frozenset({Role.COMMUNITY_MANAGER})),
            {"everyone", "remote", "attendee", "community-manager"},
        ),
    ],
)
def test_who_may_read_what(reader: Reader, readable: set[str]) -> None:
    documents = pack_on_disk("change-model").manifest.documents

    assert {d.audience[0].value for d in documents if reader.may_read(d)} == readable


def test_reading_takes_a_minute_at_least() -> None:
    assert (minutes_to_read("Short."), minutes_to_read("word " * 900)) == (1, 4)
