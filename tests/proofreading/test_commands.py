"""Packs from the terminal."""

import shutil
from pathlib import Path

from flask import Flask

from hackathon.packs.transfer import PACKS


def test_check_looks_at_all_packs_that_ship(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["packs", "check"])

    assert (result.exit_code, result.output.count("nothing to mend")) == (0, 3)


def test_check_names_file_and_line_and_fails(app: Flask, tmp_path: Path) -> None:
    pack = shutil.copytree(PACKS / "change-model", tmp_path / "change-model")
    (pack / "10-purpose.md").unlink()

    result = app.test_cli_runner().invoke(args=["packs", "check", str(tmp_path)])

    assert result.exit_code == 1
    assert "change-model/pack.toml:60: there is no file 10-purpose.md. Write it." in result.output
    assert "1 thing to mend." in result.stderr


def test_check_refuses_a_folder_without_packs(app: Flask, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["packs", "check", str(tmp_path)])

    assert (result.exit_code, "There is no pack.toml in" in result.stderr) == (1, True)
