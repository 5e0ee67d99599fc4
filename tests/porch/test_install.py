"""What `python3 app.py` does before anything is installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from hackathon.porch import debian, install
from hackathon.porch.install import Unfit, check_python, enter_own_python, install_product, install_tools


@pytest.fixture
def pips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """An environment in a folder of its own, and every command that was run to fill it."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "requirements.txt").write_text("Flask==3\n")
    (tmp_path / "tests" / "requirements.txt").write_text("pytest==9\n")
    python = tmp_path / ".venv" / "bin" / "python"
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", python)
    monkeypatch.setattr(install, "_lacks_pango", lambda: False)
    monkeypatch.setattr(debian, "missing", lambda packages: [])
    monkeypatch.delenv("CI", raising=False)
    commands: list[list[str]] = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[bytes]:
        commands.append([str(word) for word in command])
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    return commands


def test_an_old_python_is_refused_in_one_sentence() -> None:
    with pytest.raises(Unfit, match=r"^This needs Python 3\.11 or newer .* 3\.9: try python3\.11 app\.py$"):
        check_python((3, 9))
    check_python((3, 11))
    check_python((3, 14))


def test_a_first_start_makes_the_environment_and_a_second_one_does_nothing(pips: list[list[str]]) -> None:
    install_product()
    first = [command[1:3] for command in pips]
    install_product()

    assert first == [["-m", "venv"], ["-m", "pip"]]
    assert len(pips) == 2


def test_packages_are_installed_again_when_their_list_changes(pips: list[list[str]], tmp_path: Path) -> None:
    install_product()
    (tmp_path / "requirements.txt").write_text("Flask==4\n")
    install_product()

    assert [command[-1] for command in pips[1:]] == ["requirements.txt", "requirements.txt"]


def test_tools_are_installed_again_when_the_list_of_the_product_changes(pips: list[list[str]], tmp_path: Path) -> None:
    install_product()
    install_tools()
    install_tools()
    (tmp_path / "requirements.txt").write_text("Flask==4\n")
    install_tools()

    assert [command[-1] for command in pips[1:]] == ["requirements.txt", *["tests/requirements.txt"] * 2]


def test_without_venv_the_command_that_installs_it_is_named(
    pips: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "find_spec", lambda name: None)
    monkeypatch.setattr(debian, "install", lambda packages: False)

    with pytest.raises(Unfit, match=r"sudo apt-get update && sudo apt-get install --yes python3-venv$"):
        install_product()

    assert pips == []


def test_without_pango_the_product_starts_and_says_what_turns_pdfs_on(
    pips: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "_lacks_pango", lambda: True)
    monkeypatch.setattr(debian, "install", lambda packages: False)

    install_product()

    assert capsys.readouterr().err.splitlines()[1:] == [
        "Everything but PDFs works; this turns them on: "
        "sudo apt-get update && sudo apt-get install --yes libpangoft2-1.0-0"
    ]


def test_a_missing_tool_is_named_on_a_desk_and_fails_on_ci(
    pips: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(debian, "missing", lambda packages: ["chromium"])
    monkeypatch.setattr(debian, "install", lambda packages: False)

    install_tools()
    assert "apt-get install --yes chromium" in capsys.readouterr().err

    monkeypatch.setenv("CI", "true")
    with pytest.raises(Unfit, match="apt-get install --yes chromium"):
        install_tools()


def test_the_same_command_goes_on_in_the_environment_of_the_product(
    pips: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[Path, list[str]]] = []
    monkeypatch.setattr("os.execv", lambda path, words: calls.append((path, words)))
    monkeypatch.setattr("os.chdir", lambda path: None)
    monkeypatch.setattr(sys, "argv", ["app.py", "bench", "S9"])
    python = tmp_path / ".venv" / "bin" / "python"

    enter_own_python()
    assert calls == [(python, [str(python), "app.py", "bench", "S9"])]

    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    enter_own_python()
    assert len(calls) == 1


def test_debian_names_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dpkg = tmp_path / "dpkg-query"
    dpkg.write_text("#!/bin/sh\necho 'chromium installed'\necho 'poppler-utils not-installed'\nexit 1\n")
    dpkg.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert debian.missing(["chromium", "poppler-utils", "postgresql"]) == ["poppler-utils", "postgresql"]

    dpkg.unlink()
    assert debian.missing(["chromium"]) == []


def test_debian_packages_are_not_installed_by_somebody_who_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    assert debian.install(["chromium"]) is False
