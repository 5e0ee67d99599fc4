"""A pack on its way through the rules, and a problem that they find."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hackathon.packs.document import MANIFEST, Manifest


@dataclass(frozen=True, slots=True)
class PackProblem:
    """Something wrong with a pack: in which file, on which line, and what to do."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class PackRead:
    """A pack whose manifest has the right shape, on its way through the rules."""

    folder: Path
    manifest: Manifest
    lines: Sequence[str]
    texts: Mapping[str, str]

    def problem(self, place: Sequence[str | int], message: str) -> PackProblem:
        return PackProblem(MANIFEST, line_of(self.lines, place), message)


def line_of(lines: Sequence[str], place: Sequence[str | int]) -> int:
    """The line on which a key stands: `("document", 3, "title")` is the title under the fourth [[document]]."""
    section, *rest = [str(part) for part in place] or [""]
    number = int(rest[0]) if rest and rest[0].isdigit() else 0
    keys = [part for part in rest if not part.isdigit()]
    headers = [n for n, line in enumerate(lines) if re.match(rf"\[\[?{re.escape(section)}\]", line.strip())]
    if not headers:
        return next((n for n, line in enumerate(lines, 1) if re.match(rf"{re.escape(section)}\s*=", line)), 1)
    start = headers[min(number, len(headers) - 1)]
    for n in range(start + 1, len(lines)):
        if lines[n].startswith("["):
            break
        if keys and re.match(rf"\s*{re.escape(keys[0])}\s*=", lines[n]):
            return n + 1
    return start + 1
