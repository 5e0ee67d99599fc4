"""A little house: the real porch and configuration, and behind them a product small enough to test them with."""

import shutil
import sys
from pathlib import Path

import pytest

from hackathon.core.config import ROOT

FACTORY = '''
"""Stands in for the house: a page, a database that counts its starts, and the commands that the porch calls."""
import os, signal, time
import click
from flask import Flask
from flask.cli import AppGroup
from pathlib import Path
from hackathon.core.config import load_settings

def create_app():
    app = Flask(__name__)
    folder = load_settings().folder
    app.add_url_rule("/healthz", view_func=lambda: str(os.getpid()))

    def group(name, command, work):
        commands = AppGroup(name)
        commands.command(command)(work)
        app.cli.add_command(commands)

    def note(line):
        with (folder / "diary").open("a") as diary:
            diary.write(line + "\\n")

    def slow():
        note("slow")
        time.sleep(1)
        return "done"

    def upgrade():
        if os.environ.get("BROKEN_DATABASE"):
            raise click.ClickException("The schema is from the future.")
        note("upgraded")

    def at_work():
        note(f"jobs {os.getpid()}")
        signal.pause()

    app.add_url_rule("/slow", view_func=slow)
    group("db", "upgrade", upgrade)
    group("demo", "load", lambda: click.echo("Sign in as an organiser: http://here/sign-in/abc"))
    group("staff", "link", lambda: click.echo("First organiser: http://here/sign-in/first"))
    group("jobs", "run", at_work)
    return app
'''
HUB = """
import os, signal

def run_hub(settings):
    with (settings.folder / "diary").open("a") as diary:
        diary.write(f"live {os.getpid()}\\n")
    signal.pause()
"""


@pytest.fixture
def little_house(tmp_path: Path) -> Path:
    house = tmp_path / "house"
    package = house / "hackathon"
    shutil.copytree(ROOT / "hackathon" / "porch", package / "porch")
    shutil.copytree(ROOT / "hackathon" / "core", package / "core")
    shutil.copy(ROOT / "app.py", house)
    shutil.copy(ROOT / "hackathon" / "__init__.py", package)
    shutil.copy(ROOT / "requirements.txt", house)
    (package / "factory.py").write_text(FACTORY)
    (package / "adapters").mkdir()
    (package / "adapters" / "hub.py").write_text(HUB)
    (house / ".venv").symlink_to(sys.prefix)
    return house
