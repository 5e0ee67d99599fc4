"""Packs from the terminal."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from hackathon.packs.document import MANIFEST
from hackathon.packs.transfer import PACKS, pack_folders
from hackathon.proofreading.transfer import check_pack

packs = AppGroup("packs", help="Hack packs on disk.")


@packs.command("check")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=PACKS)
def check(folder: Path) -> None:
    """Say what is wrong with the pack in FOLDER, or with each pack below it (without FOLDER: all that ship)."""
    folders = pack_folders(folder)
    if not folders:
        raise click.ClickException(f"There is no {MANIFEST} in {folder} nor in a folder below it.")
    wrong = 0
    for pack in folders:
        problems = check_pack(pack)
        wrong += len(problems)
        for problem in problems:
            click.echo(f"{pack.name}/{problem}")
        if not problems:
            click.echo(f"{pack.name}: nothing to mend")
    if wrong:
        click.echo(f"{wrong} {'thing' if wrong == 1 else 'things'} to mend.", err=True)
        sys.exit(1)
