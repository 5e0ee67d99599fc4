"""The building, not the behaviour: rooms have known shelves, only operations write, nothing has a junk name."""

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import chain, takewhile
from pathlib import Path

import pytest

from hackathon.core.config import ROOT

PACKAGE = ROOT / "hackathon"
FLOORS = {"core", "maths", "adapters", "web", "porch", "migrations"}
ROOMS = {
    "staff",
    "events",
    "framing",
    "participants",
    "packs",
    "handouts",
    "questions",
    "proofreading",
    "equality",
    "stages",
    "themes",
    "tables",
    "admission",
    "bookings",
    "moves",
    "invitations",
    "wishes",
    "needs",
    "seating",
    "badges",
    "signs",
    "arrivals",
    "insights",
    "seeds",
    "cards",
    "community",
    "links",
    "comments",
    "duty",
    "moderation",
    "care",
    "surveys",
    "alike",
    "carry_in",
    "synthesis",
    "votes",
    "statements",
    "ballots",
    "results",
    "follow_up",
    "commitments",
    "rehearsal",
    "series",
    "counts",
    "figures",
    "overall",
    "findings",
    "quotations",
    "lobby",
    "policy",
    "privacy",
    "desk",
    "print_kit",
    "write_ups",
    "letters",
    "addressees",
    "dates",
    "mailings",
    "archive",
    "closing",
    "watches",
}
SHELVES = {
    "__init__",
    "views",
    "commands",
    "forms",
    "transfer",
    "messages",
    "operations",
    "queries",
    "models",
    "document",
}
JUNK = {"utils", "util", "helpers", "helper", "manager", "handler", "handlers", "service", "common", "data", "misc"}
# The last three are core's own; the rest are SQLAlchemy's own ways to write.
WRITING_METHODS = {"add", "add_all", "delete", "merge", "bulk_save_objects", "bulk_insert_mappings"}
WRITING_FUNCTIONS = {"insert", "update", "delete", "put", "add_row", "add_rows"}


def modules_of_rooms() -> Iterator[Path]:
    for room in sorted(ROOMS):
        yield from sorted((PACKAGE / room).glob("*.py"))


def writes_in(source: str) -> list[int]:
    """The lines on which a module changes rows."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            of_session = isinstance(function, ast.Attribute) and _is_session(function.value)
            if of_session and isinstance(function, ast.Attribute) and function.attr in WRITING_METHODS:
                lines.append(node.lineno)
            if isinstance(function, ast.Name) and function.id in WRITING_FUNCTIONS:
                lines.append(node.lineno)
    return sorted(lines)


def _is_session(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "session"


def test_the_package_holds_only_the_floors_and_rooms_of_the_drawing() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert folders == FLOORS | ROOMS


def test_the_drawing_the_contract_and_the_list_name_every_room_once_and_in_one_order() -> None:
    house = FLOORS | ROOMS
    drawing = (ROOT / "CONTRIBUTING.md").read_text().partition("## Floors and rooms")[2].split("```")[1]
    drawn = [list(takewhile(house.__contains__, line.split())) for line in drawing.splitlines()]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    _, *layers = next(contract for contract in contracts if contract["name"].startswith("Floors and rooms"))["layers"]
    named = [re.findall(r"\w+", layer) for layer in layers]

    assert [names for names in drawn if names] == named
    assert sorted(chain.from_iterable(named)) == sorted(house - {"porch", "migrations"})


@pytest.mark.parametrize("path", modules_of_rooms(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_room_has_no_file_but_its_shelves(path: Path) -> None:
    assert path.stem in SHELVES


@pytest.mark.parametrize(
    "path",
    [path for path in modules_of_rooms() if path.stem != "operations"],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_only_operations_write(path: Path) -> None:
    assert writes_in(path.read_text()) == []


def test_the_watch_over_writing_sees_every_way_to_write() -> None:
    """The control: what the test above must not overlook."""
    source = (
        "session.add(row)\nself.session.delete(row)\nsession.execute(update(Row))\nput(session, Row, rows, key=key)\n"
    )

    assert writes_in(source) == [1, 2, 3, 4]


@pytest.mark.parametrize("path", modules_of_rooms(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_operations_never_commit(path: Path) -> None:
    assert not re.search(r"\.commit\(", path.read_text())


def test_nothing_has_a_junk_name() -> None:
    named = {path.stem for folder in ("hackathon", "tests") for path in (ROOT / folder).rglob("*.py")}

    assert named & JUNK == set()


def test_no_import_stands_inside_a_function_without_its_reason() -> None:
    """Rule 1: the lazy import of heavy libraries aside, and that one says why on its line."""
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and not re.search(r"# noqa: (\w+, )?PLC0415(, \w+)? - \w+", path.read_text().splitlines()[node.lineno - 1])
    ]

    assert bare == []
