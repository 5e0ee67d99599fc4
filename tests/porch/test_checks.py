"""`python3 app.py test` runs everything, whatever fails, and lets the tests speak last."""

from pathlib import Path

import pytest

from hackathon.porch import checks, commands


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tools that only say how they were called. Each can be told to fail."""
    for name in ("ruff", "mypy", "lint-imports", "pytest"):
        tool = tmp_path / name
        tool.write_text(f'#!/bin/sh\necho "{name} $@"\ntest ! -e {tmp_path}/{name}-fails\n')
        tool.chmod(0o755)
    monkeypatch.setattr(checks, "PYTHON", tmp_path / "python")
    return tmp_path


def calls(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith(("ruff ", "mypy ", "lint-imports ", "pytest "))]


def test_every_check_runs_and_the_tests_speak_last(tools: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert checks.run(["tests/house", "-k", "doors"]) == 0

    said = capfd.readouterr().out
    assert [line for line in calls(said) if "passed" not in line] == [
        "ruff check",
        "ruff format --check",
        "mypy ",
        "lint-imports --no-logo",
        "pytest tests/house -k doors",
    ]
    assert said.splitlines()[-1] == "pytest tests/house -k doors"
    assert "Before the tests: all passed." in said


@pytest.mark.parametrize("failing", ["ruff", "mypy", "lint-imports", "pytest"])
def test_one_failure_fails_the_whole_and_stops_nothing(
    tools: Path, capfd: pytest.CaptureFixture[str], failing: str
) -> None:
    (tools / f"{failing}-fails").touch()

    assert checks.run([]) == 1
    assert capfd.readouterr().out.splitlines()[-1] == " ".join(["pytest", *checks.EVERYTHING])


def test_an_unknown_command_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["sing"]) == 2
    assert capsys.readouterr().err.splitlines()[1].startswith("python3 app.py test")
