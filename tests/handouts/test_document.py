"""What a document says once an event fills it in, and who may read it."""

import pytest

from hackathon.adapters.markdown import html_from_markdown
from hackathon.handouts.document import Part, Reader, markdown_email, markdown_text, minutes_to_read, parts_of
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
