"""Reads a pack on disk, and says everything that is wrong with it."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hackathon.packs.document import MANIFEST, Manifest
from hackathon.proofreading.document import PackProblem, PackRead, line_of
from hackathon.proofreading.queries import DOCUMENT_RULES, MANIFEST_RULES

WRITTEN_LIKE = {
    "file": "a name like 10-purpose.md, without a folder",
    "release": "days before or after the event, like T-14d or T+0d",
    "version": "three numbers, like 1.0.0",
    "text": "a question ends with a question mark",
}


def check_pack(folder: Path) -> list[PackProblem]:
    """Everything that is wrong with a pack, in the order of its files and lines."""
    try:
        source = (folder / MANIFEST).read_text(encoding="utf-8")
        contents = tomllib.loads(source)
    except FileNotFoundError:
        return [PackProblem(MANIFEST, 1, f"there is no {MANIFEST} here. A pack is a folder with one.")]
    except UnicodeDecodeError as error:
        return [PackProblem(MANIFEST, 1, f"this is not UTF-8 ({error.reason}). Save it as UTF-8.")]
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        return [PackProblem(MANIFEST, int(line[1]) if line else 1, f"this is not TOML: {error}.")]
    lines = source.splitlines()
    try:
        manifest = Manifest.model_validate(contents)
    except ValidationError as error:
        return [
            PackProblem(MANIFEST, line_of(lines, problem["loc"]), _shape_words(problem)) for problem in error.errors()
        ]
    found = PackRead(folder, manifest, lines, _texts_in(folder, manifest))
    problems = [problem for rule in MANIFEST_RULES for problem in rule(found)]
    for document in manifest.documents:
        if document.file in found.texts:
            problems += [problem for rule in DOCUMENT_RULES for problem in rule(found, document)]
    return sorted(problems, key=lambda problem: (problem.file != MANIFEST, problem.file, problem.line))


def _texts_in(folder: Path, manifest: Manifest) -> Mapping[str, str]:
    paths = [folder / document.file for document in manifest.documents]
    return {path.name: path.read_text(encoding="utf-8") for path in paths if path.is_file()}


def _shape_words(problem: Mapping[str, Any]) -> str:
    """What a manifest of the wrong shape should say instead."""
    keys = [f"{part + 1}" if isinstance(part, int) else part for part in problem["loc"]]
    where = " ".join(keys)
    if problem["type"] == "missing":
        return f"{where} is missing. Add it."
    if problem["type"] == "extra_forbidden":
        return f"{where} is not a key that a pack knows. Check its spelling, or take it out."
    if problem["type"] == "string_pattern_mismatch":
        return f"{where} is written differently: {WRITTEN_LIKE.get(keys[-1], 'small letters, digits and hyphens')}."
    return f"{where}: {problem['msg']}."
