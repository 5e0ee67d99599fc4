"""Every contract in pyproject.toml fails when it is broken on purpose, and keeps quiet when it is not."""

import shutil
import subprocess
from pathlib import Path

import pytest

from hackathon.porch.install import PYTHON, ROOT

SHELVES = ("views", "commands", "forms", "transfer", "messages", "operations", "queries", "models", "document")
ROOMS = ("events", "insights", "lobby", "desk")

ALLOWED = [
    ("hackathon/factory.py", "hackathon.insights.views"),
    ("hackathon/insights/views.py", "hackathon.insights.forms"),
    ("hackathon/insights/forms.py", "hackathon.web.forms"),
    ("hackathon/insights/operations.py", "hackathon.events.operations"),
    ("hackathon/events/models.py", "hackathon.core.db"),
    ("hackathon/core/db.py", "flask"),
    ("hackathon/lobby/views.py", "hackathon.adapters.pdf"),
    ("hackathon/adapters/pdf.py", "weasyprint"),
    ("hackathon/porch/processes.py", "hackathon.core.config"),
]

BREACHES = [
    ("hackathon/events/operations.py", "hackathon.insights.queries", "Floors and rooms"),
    ("hackathon/lobby/views.py", "hackathon.desk.queries", "Floors and rooms"),
    ("hackathon/core/db.py", "hackathon.web.forms", "Floors and rooms"),
    ("hackathon/core/db.py", "hackathon.maths", "Floors and rooms"),
    ("hackathon/cellar/__init__.py", "os", "Floors and rooms"),
    ("hackathon/insights/queries.py", "hackathon.insights.operations", "Shelves"),
    ("hackathon/insights/models.py", "hackathon.insights.queries", "Shelves"),
    ("hackathon/insights/document.py", "hackathon.insights.forms", "Shelves"),
    ("hackathon/insights/views.py", "hackathon.insights.commands", "Shelves"),
    ("hackathon/lobby/views.py", "hackathon.insights.forms", "A room keeps"),
    ("hackathon/lobby/views.py", "hackathon.events.views", "A room keeps"),
    ("hackathon/insights/models.py", "wtforms", "The middle knows no browser"),
    ("hackathon/insights/operations.py", "flask", "The middle knows no browser"),
    ("hackathon/insights/document.py", "hackathon.web.forms", "The middle knows no browser"),
    ("hackathon/maths/__init__.py", "werkzeug", "The middle knows no browser"),
    ("hackathon/maths/__init__.py", "sqlalchemy.orm", "Maths"),
    ("hackathon/lobby/views.py", "weasyprint", "Only adapters print"),
    ("hackathon/events/messages.py", "smtplib", "Only adapters print"),
    ("hackathon/events/messages.py", "icalendar", "Only adapters print"),
    ("hackathon/porch/processes.py", "hackathon.events.queries", "The porch knows"),
    ("hackathon/factory.py", "hackathon.porch.processes", "Floors and rooms"),
]


@pytest.fixture(scope="module")
def sound_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Floors and a few rooms with all their shelves, joined only in ways that are allowed."""
    house = tmp_path_factory.mktemp("sound")
    rooms = [f"hackathon/{room}/{shelf}.py" for room in ROOMS for shelf in SHELVES]
    floors = ["factory", "maths/__init__", "web/forms", "adapters/pdf", "core/db", "core/config", "porch/processes"]
    for name in [*rooms, *(f"hackathon/{floor}.py" for floor in floors)]:
        path = house / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        (path.parent / "__init__.py").touch()
    for place, imported in ALLOWED:
        _import(house, place, imported)
    shutil.copy(ROOT / "pyproject.toml", house)
    return house


def test_what_is_allowed_is_kept(sound_house: Path) -> None:
    assert broken_contracts(sound_house) == []


@pytest.mark.parametrize(("place", "imported", "contract"), BREACHES)
def test_a_breach_is_named(sound_house: Path, tmp_path: Path, place: str, imported: str, contract: str) -> None:
    house = tmp_path / "house"
    shutil.copytree(sound_house, house)
    _import(house, place, imported)

    assert [name for name in broken_contracts(house) if name.startswith(contract)]


def broken_contracts(house: Path) -> list[str]:
    lint = subprocess.run(
        [PYTHON.parent / "lint-imports", "--no-logo", "--no-cache"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in lint.stdout, lint.stdout + lint.stderr
    return [line.partition(" BROKEN")[0] for line in lint.stdout.splitlines() if " BROKEN" in line]


def _import(house: Path, place: str, imported: str) -> None:
    path = house / place
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(f"import {imported}\n")
