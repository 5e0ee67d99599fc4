"""What the documents name is there: commands, settings, links, pages and buttons, keys of figures.json."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from hackathon.core.config import PREFIX, ROOT, Settings
from hackathon.factory import create_app
from hackathon.figures.document import DEFINITIONS, GROUPS
from hackathon.packs.document import BLOCK_VARIABLES, INLINE_VARIABLES, REQUIRED_KINDS
from hackathon.porch.commands import ANSWERS
from tests.conftest import settings_for

OURS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("tests/**/*.md"), *ROOT.glob("hack_packs/**/*.md")]
MANUALS = [path for path in OURS if path.parent.name != "hack_packs" and ROOT / "hack_packs" not in path.parents]
ORGANISERS, OPERATORS, DATA, PACKS = (
    ROOT / "docs" / f"{name}.md" for name in ("organisers", "operators", "data", "packs")
)

LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
FLASK_COMMAND = re.compile(r"flask --app app ([^`#\n]+)")
OWN_COMMAND = re.compile(r"python3 app\.py(?: +([a-z]+))?")
A_VARIABLE = re.compile(rf"\b{PREFIX}([A-Z_]+)\b")
LABEL = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
IN_A_TABLE = re.compile(r"^\| ((?:`[\w.]+`(?:, )?)+) \|", re.M)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def first_cells(text: str) -> list[str]:
    """What stands in backticks in the first column of every table, in order."""
    return [name for cell in IN_A_TABLE.findall(text) for name in re.findall(r"`([\w.]+)`", cell)]


def section(path: Path, heading: str) -> str:
    """What stands under a heading, up to the next one of its kind."""
    return path.read_text().partition(f"\n{heading}\n")[2].partition("\n## ")[0]


def broken_links(text: str, folder: Path) -> list[str]:
    """The links of a document that lead to no file of ours."""
    inside = [link for link in LINK.findall(text) if not re.match(r"[a-z]+:|#|\{\{", link)]
    return [link for link in inside if not (folder / link.partition("#")[0]).exists()]


def flask_commands(text: str) -> Iterator[list[str]]:
    for found in FLASK_COMMAND.findall(text):
        yield shlex.split(found)


def unknown_words(group: click.Group, words: list[str]) -> list[str]:
    """What of a command line our command line does not know: its name, or one of its options."""
    command: click.Command = group
    while isinstance(command, click.Group) and words:
        if words[0] not in command.commands:
            return words[:1]
        command, words = command.commands[words[0]], words[1:]
    known = {option for parameter in command.params for option in parameter.opts}
    return [word for word in words if word.startswith("-") and word not in known]


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_every_link_between_our_files_resolves(path: Path) -> None:
    assert broken_links(path.read_text(), path.parent) == []


@pytest.mark.parametrize("path", MANUALS, ids=name_of)
def test_every_command_in_a_document_exists(path: Path, bare_app: Flask) -> None:
    text = path.read_text()
    unknown = [unknown_words(bare_app.cli, words) for words in flask_commands(text)]

    assert [words for words in unknown if words] == []
    assert {word for word in OWN_COMMAND.findall(text) if word} <= set(ANSWERS)


@pytest.mark.parametrize("path", MANUALS, ids=name_of)
def test_every_setting_from_the_environment_in_a_document_exists(path: Path) -> None:
    assert {name.lower() for name in A_VARIABLE.findall(path.read_text())} <= set(Settings.model_fields)


def test_the_manual_for_operators_lists_every_setting_with_its_default() -> None:
    table = section(OPERATORS, "## Settings")
    documented = tomllib.loads((ROOT / "config.example.toml").read_text())

    assert first_cells(table) == list(documented)
    for name, default in documented.items():
        line = next(line for line in table.splitlines() if f"`{name}`" in line)
        said = str(default).lower() if isinstance(default, bool) else str(default)
        assert (f"`{said}`" if said else "| empty |") in line


def test_the_manual_for_organisers_names_pages_and_buttons_as_they_read() -> None:
    sources = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("hackathon/**/*.py"), *ROOT.glob("static/js/*.js")]
    product = "\n".join(path.read_text() for path in sources)

    assert [label for label in LABEL.findall(ORGANISERS.read_text()) if label not in product] == []


def test_the_manual_for_data_defines_every_figure_in_the_words_of_the_pages() -> None:
    text = section(DATA, "## figures.json")

    assert first_cells(text) == [key for keys in GROUPS.values() for key in keys]
    for key, definition in DEFINITIONS.items():
        assert re.search(rf"^\| `{key}` \| .+ \| {re.escape(definition.words)} \|$", text, re.M), key


def test_the_manual_for_packs_names_every_variable_and_every_required_kind() -> None:
    text = PACKS.read_text()

    assert set(first_cells(section(PACKS, "## The documents"))) == INLINE_VARIABLES | BLOCK_VARIABLES
    assert [kind for kind in REQUIRED_KINDS if f"`{kind}`" not in text] == []


def test_a_document_that_says_something_untrue_would_be_seen(bare_app: Flask) -> None:
    """The control: what the tests above must not overlook."""
    assert broken_links("[here](nowhere.md) and [there](https://example.org)", ROOT) == ["nowhere.md"]
    assert unknown_words(bare_app.cli, ["events", "forget", "K7PM"]) == ["forget"]
    assert unknown_words(bare_app.cli, ["events", "create", "--title", "A day", "--colour", "red"]) == ["--colour"]
    assert unknown_words(bare_app.cli, ["write-ups", "print", "K7PM", "-o", "report.pdf"]) == []


@pytest.fixture(scope="module")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application without a schema: enough to ask for its commands."""
    return create_app(settings_for(tmp_path_factory.mktemp("docs")))
