"""How measurements and walks are found, chosen and printed."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from hackathon.porch import bench, pictures, walk
from hackathon.porch.goals import Measured, at_least, at_most, holds, report, times_at_least, times_at_most


def test_a_figure_is_printed_as_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    met = report([times_at_least("S1 insights a second", 1234.5678, 400.0, 3), holds("S3 totals", False, "equal")])

    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {
            "name": "S1 insights a second",
            "ours": 1235.0,
            "floor": 400.0,
            "ratio": 3.086,
            "goal": "≥ 3 × floor",
            "met": True,
        },
        {"name": "S3 totals", "ours": 0.0, "floor": None, "ratio": None, "goal": "equal", "met": False},
    ]
    assert met is False


@pytest.mark.parametrize(
    ("result", "goal", "met"),
    [
        (at_most("", 1.5, 1.5, "s"), "≤ 1.5 s", True),
        (at_most("", 1.6, 1.5, "s"), "≤ 1.5 s", False),
        (at_least("", 3000, 3000), "≥ 3000", True),
        (at_least("", 2999, 3000), "≥ 3000", False),
        (times_at_most("", 2.2, 1.0, 2.2), "≤ 2.2 × floor", True),
        (times_at_most("", 2.3, 1.0, 2.2), "≤ 2.2 × floor", False),
        (times_at_least("", 0.8, 1.0, 0.9), "≥ 0.9 × floor", False),
    ],
)
def test_a_goal_is_met_up_to_its_edge(result: Measured, goal: str, met: bool) -> None:
    assert (result.goal, result.met) == (goal, met)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two modules of goals; the list tells which were measured."""
    called: list[str] = []

    def measuring(name: str, met: bool) -> object:
        def measure() -> Iterator[Measured]:
            called.append(name)
            yield Measured(name, 1, "one", met)

        return measure

    modules = {
        "start": {"S9": measuring("S9", True)},
        "seats": {"S11": measuring("S11", True), "S12": measuring("S12", False)},
    }
    monkeypatch.setattr(bench, "discover", lambda: modules)
    return called


@pytest.mark.parametrize(
    ("arguments", "chosen", "status"),
    [([], ["S9", "S11", "S12"], 1), (["s9"], ["S9"], 0), (["seats"], ["S11", "S12"], 1), (["S1"], [], 2)],
)
def test_bench_measures_what_was_named(
    measured: list[str], arguments: list[str], chosen: list[str], status: int
) -> None:
    assert bench.run(arguments) == status
    assert measured == chosen


def test_bench_finds_the_modules_of_goals() -> None:
    found = bench.discover()

    assert "S9" in found["start"]
    assert {"S4", "S5"} == found["live"].keys() <= found["capture"].keys()


WALK = """
from hackathon.porch.goals import holds
def walk(folder):
    (folder / "end.png").touch()
    yield holds("walk {number}", {number} != 2, "played to the end")
"""


@pytest.fixture
def journeys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with three walks, played as `tests.journeys.walk_N` would be."""
    folder = tmp_path / "tests" / "journeys"
    folder.mkdir(parents=True)
    for number in (1, 2, 10):
        (folder / f"walk_{number}.py").write_text(WALK.format(number=number))
    (folder / "walk_home.py").touch()
    monkeypatch.setattr(walk, "ROOT", tmp_path)
    monkeypatch.setattr(walk, "import_module", lambda name: _load(folder / f"{name.rpartition('.')[2]}.py"))
    return tmp_path


def _load(path: Path) -> ModuleType:
    module = ModuleType(path.stem)
    exec(path.read_text(), module.__dict__)
    return module


def test_walks_are_played_in_the_order_of_their_numbers(journeys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert walk.discover() == [1, 2, 10]
    assert walk.run([]) == 1

    said = capsys.readouterr()
    assert [json.loads(line)["name"] for line in said.out.splitlines()] == ["walk 1", "walk 2", "walk 10"]
    assert said.err.splitlines()[0] == f"The screenshots of walk 1 are in {journeys}/pictures/walk-1."
    assert (journeys / "pictures" / "walk-10" / "end.png").exists()


def test_one_walk_can_be_named(journeys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert walk.run(["10"]) == 0
    assert walk.run(["3"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "There is no such walk. There are: 1, 2, 10."


def test_pictures_go_into_the_folder_that_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []
    module = SimpleNamespace(make=made.append)
    monkeypatch.setattr(pictures, "import_module", lambda name: module)

    assert pictures.run([str(tmp_path / "looks")]) == 0
    assert made == [tmp_path / "looks"]
    assert made[0].is_dir()
