"""Every address names its door and stands on the list: a new one fails here until somebody has thought about it."""

from pathlib import Path

from flask import Flask

from hackathon.staff.models import Role
from hackathon.web.access import Door

LIST = Path(__file__).parent / "doors.txt"
PUBLIC_FILES = "static"


def doors_of(app: Flask) -> list[str]:
    """One line for each address: methods, rule, door."""
    lines = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == PUBLIC_FILES:
            continue
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        door: Door | None = getattr(app.view_functions[rule.endpoint], "door", None)
        lines.append(f"{methods:9} {rule.rule}  {door.name if door else 'NO DOOR'}")
    return sorted(lines, key=lambda line: line.split()[1:])


def test_every_address_stands_on_the_list_with_its_door(app: Flask) -> None:
    assert doors_of(app) == LIST.read_text().splitlines()


def test_every_staff_role_that_a_door_names_exists() -> None:
    """Doors name roles by their values, because roles are made on a floor above."""
    named = {role for door in Door for role in door.roles}

    assert named == {role.value for role in Role}


def test_an_address_without_a_door_would_be_seen() -> None:
    """The control: a view that names no door is written down as such, so the list cannot match."""
    bare = Flask("bare")
    bare.add_url_rule("/open", "open", lambda: "")

    assert "GET       /open  NO DOOR" in doors_of(bare)
