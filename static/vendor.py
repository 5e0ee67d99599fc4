"""Fetch the parts that other people made (styles, scripts, faces) and lay them out for these pages.

    python3 static/vendor.py

Needs npm and a way to its registry; nobody needs either to run the product, because what it brings is kept in the
repository. To take a newer part, change its version here, run this, and look at what changed.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent

PARTS = {
    "govuk-frontend": "6.6.0",
    "@fontsource/atkinson-hyperlegible-next": "5.3.0",
    "@fontsource/noto-emoji": "5.3.2",
    "@fontsource/noto-nastaliq-urdu": "5.3.0",
    "@fontsource/noto-sans": "5.3.0",
    "@fontsource/noto-sans-arabic": "5.3.0",
    "jsqr": "1.4.0",
}

FACES = {
    "atkinson-hyperlegible-next": ("latin", "latin-ext"),
    "noto-emoji": ("emoji",),
    "noto-nastaliq-urdu": ("arabic",),
    "noto-sans": ("vietnamese", "greek", "cyrillic"),
    "noto-sans-arabic": ("arabic",),
}
"""Which letters of each face. Noto stands in on paper for the letters that Atkinson Hyperlegible lacks."""

ONE_WEIGHT = {"noto-emoji"}

SYSTEM_FACE = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif'

GOVUK_LICENCE = """\
The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
"""The package leaves its licence out, so it is written out here."""


def main() -> None:
    if shutil.which("npm") is None:
        sys.exit("npm is needed to fetch the parts: install Node.js, then run this again.")
    with tempfile.TemporaryDirectory() as folder:
        wanted = [f"{name}@{version}" for name, version in PARTS.items()]
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", folder]
        subprocess.run([*command, *wanted], check=True)
        modules = Path(folder) / "node_modules"
        lay_out_govuk(modules / "govuk-frontend", STATIC / "vendor" / "govuk-frontend")
        lay_out_jsqr(modules / "jsqr", STATIC / "vendor" / "jsqr")
        for name, subsets in FACES.items():
            lay_out_face(modules / "@fontsource" / name, STATIC / "fonts", subsets)


def lay_out_govuk(package: Path, target: Path) -> None:
    """The components without what belongs to GOV.UK alone: its typeface and its crest."""
    css = (package / "dist" / "govuk" / "govuk-frontend.min.css").read_text(encoding="utf-8")
    target.mkdir(parents=True, exist_ok=True)
    (target / "govuk-frontend.css").write_text(neutral(css), encoding="utf-8")
    (target / "LICENCE").write_text(GOVUK_LICENCE, encoding="utf-8")


def neutral(css: str) -> str:
    """The style sheet in neutral dress: the system's own face, no picture from elsewhere, no map of its sources."""
    css = re.sub(r"/\*!? ?Copyright \(c\) 2011 by Margaret Calvert.*?\*/", "", css)
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", SYSTEM_FACE).replace("font-family:GDS Transport", "")
    css = re.sub(r"[^{}]*\{[^{}]*govuk-crest[^{}]*\}", "", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/\s*$", "", css)
    if "url(" in css or "GDS Transport" in css:
        sys.exit(
            "This version of govuk-frontend brings a file or face that is not ours to use: teach neutral() about it."
        )
    return css


def lay_out_jsqr(package: Path, target: Path) -> None:
    """What reads a ticket's QR code where the browser cannot: fetched only when somebody presses "Scan".

    Its name here is in small letters, as all our addresses are.
    """
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(package / "dist" / "jsQR.js", target / "jsqr.js")
    shutil.copyfile(package / "LICENSE", target / "LICENCE")


def lay_out_face(package: Path, target: Path, subsets: tuple[str, ...]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for subset in subsets:
        for weight in (400,) if package.name in ONE_WEIGHT else (400, 700):
            source = package / "files" / f"{package.name}-{subset}-{weight}-normal.woff2"
            shutil.copyfile(source, target / f"{package.name}-{subset}-{weight}.woff2")
    shutil.copyfile(package / "LICENSE", target / f"{package.name}.LICENCE")


if __name__ == "__main__":
    main()
