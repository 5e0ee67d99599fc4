"""The write-up on paper: by a validator, by its figures, and as whoever sets type looks at pages."""

import io
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import page as page_validation
import pikepdf
import pytest
from bs4 import BeautifulSoup, Tag

from hackathon.adapters.pdf import pdf_from_html
from hackathon.archive.commands import SAMPLE, load_folder
from hackathon.core.db import transaction
from hackathon.write_ups.queries import write_up_of
from hackathon.write_ups.transfer import make_large_write_up, make_write_up, write_up_html
from tests.conftest import sqlite_copy

EXPECTED = json.loads((Path(__file__).parent.parent / "figures" / "expected.json").read_text())
BIGGEST = page_validation.SafetyLimits(
    max_reference_depth=200_000, max_object_count=50_000_000, max_decoded_stream_size=1 << 31
)
MILLIMETRE = 72 / 25.4
BODY_ENDS = 271 * MILLIMETRE
TWO_THIRDS_DOWN = (24 + 247 * 2 / 3) * MILLIMETRE


@dataclass(frozen=True)
class Paper:
    """A PDF, and the HTML that it was printed from."""

    pdf: bytes
    html: BeautifulSoup

    def words(self) -> str:
        return " ".join(self._text("-raw").split())

    def pages(self) -> list[str]:
        """What stands on each page, in the order in which it was set: letters and digits alone."""
        return [letters_of(page) for page in self._text("-raw").split("\f")[:-1]]

    def ends(self) -> Iterator[tuple[float, str, str]]:
        """How far down the words of each page go, its foot left out; its last line; and its last few lines."""
        for page in ElementTree.fromstring(self._text("-bbox")).iter("{http://www.w3.org/1999/xhtml}page"):
            set_words = sorted((float(w.attrib["yMax"]), float(w.attrib["xMin"]), w.text or "") for w in page)
            words = [(down, text) for down, _, text in set_words if down < BODY_ENDS]
            end = words[-1][0]
            line, lines = ("".join(text for down, text in words if down > end - high) for high in (2, 40 * MILLIMETRE))
            yield end, letters_of(line), letters_of(lines)

    def sizes(self) -> set[float]:
        """In how many points anything is set: the font sizes of all text on all pages, as they come out on paper."""
        with pikepdf.open(io.BytesIO(self.pdf)) as document:
            return {size for page in document.pages for size in sizes_on(page)}

    def chapters(self) -> dict[str, int]:
        """The page on which each chapter begins, and each theme, which has a page of its own."""
        with pikepdf.open(io.BytesIO(self.pdf)) as document:
            numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(document.pages, 1)}
            root = document.open_outline().root
            themes = [theme for item in root if item.title == "What people said" for theme in item.children]
            return {item.title: numbers[page_of(item)] for item in (*root, *themes)}

    def _text(self, *ways: str) -> str:
        ran = subprocess.run(["pdftotext", *ways, "-", "-"], input=self.pdf, capture_output=True, check=True)
        return ran.stdout.decode()


def page_of(item: Any) -> Any:
    return item.destination[0].objgen


def sizes_on(page: pikepdf.Page) -> Iterator[float]:
    """WeasyPrint scales the page from its pixels to points, and sets each text in a size of its own."""
    scale, size, high = 1.0, 0.0, 1.0
    for instruction in pikepdf.parse_content_stream(page):
        operands = [*instruction.operands]
        match str(instruction.operator):
            case "cm" if abs(float(operands[0])) != 1:
                scale = abs(float(operands[0]))
            case "Tf":
                size = float(operands[1])
            case "Tm":
                high = abs(float(operands[3]))
            case "Tj" | "TJ":
                yield round(scale * size * high, 2)


def letters_of(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def words_in(tag: Tag) -> str:
    return letters_of(tag.get_text())


def faults_of(paper: Paper) -> list[str]:
    """What a typesetter would send back."""
    chapters, faults = paper.chapters().values(), []
    headings = [words_in(tag) for tag in paper.html.select("h2, h3:not(.recommendation h3), h4, caption, dt, thead tr")]
    pages = paper.pages()
    for number, (end, line, lines) in enumerate(paper.ends(), 1):
        if end < TWO_THIRDS_DOWN and number < len(pages) and number + 1 not in chapters:
            faults.append(f"page {number} is emptier than a third")
        if any(heading.endswith(line) and lines.endswith(heading) for heading in headings):
            faults.append(f"page {number} ends with a heading")
    for table in paper.html.select("table"):
        rows = [words_in(row) for row in table.select("tbody tr")]
        if not any("".join(rows[-2:]) in page for page in pages):
            faults.append(f"a table's last row stands alone: {rows[-1]}")
    return faults


@pytest.fixture(scope="module")
def paper(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """The write-up of the sample event, printed once for all that look at it."""
    with sqlite_copy(sqlite_template, tmp_path_factory.mktemp("pdf")) as app, app.app_context():
        event, _ = load_folder(SAMPLE)
        with transaction() as session:
            html = BeautifulSoup(write_up_html(write_up_of(session, event, address="")), "html.parser")
            made = make_write_up(session, event.id)
    for unseen in html.select(".hidden-words, .chart__numbers caption, svg title"):
        unseen.decompose()
    return Paper(made, html)


def test_the_pdf_is_accessible(paper: Paper, tmp_path: Path) -> None:
    path = tmp_path / "write-up.pdf"
    path.write_bytes(paper.pdf)

    result = page_validation.validate_pdf(str(path), profile="ua1", limits=BIGGEST)

    assert result.is_compliant, [failure.message for failure in result.failures][:5]
    with pikepdf.open(path) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert document.Root.MarkInfo.Marked
        assert len(document.open_outline().root) >= 10


def test_the_one_in_large_print_is_accessible_says_the_same_and_sets_nothing_small(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with sqlite_copy(sqlite_template, tmp_path) as app, app.app_context():
        event, _ = load_folder(SAMPLE)
        with transaction() as session:
            large = Paper(make_large_write_up(session, event.id), BeautifulSoup("", "html.parser"))
    path = tmp_path / "large.pdf"
    path.write_bytes(large.pdf)

    result = page_validation.validate_pdf(str(path), profile="ua1", limits=BIGGEST)

    assert result.is_compliant, [failure.message for failure in result.failures][:5]
    words = large.words()
    rates = [value["text"] for value in EXPECTED.values() if isinstance(value, dict) and "text" in value]
    assert [rate for rate in rates if rate not in words] == []
    assert min(large.sizes()) >= 18


def test_every_figure_in_the_pdf_is_the_one_in_figures_json(paper: Paper) -> None:
    words = paper.words()

    rates = [value["text"] for value in EXPECTED.values() if isinstance(value, dict) and "text" in value]
    rates += [EXPECTED["turnout_by_place"][place]["text"] for place in ("room", "outside")]
    assert len(rates) > 20
    assert [rate for rate in rates if rate not in words] == []
    printed = set(re.findall(r"\d+ of \d+ \(\d+(?:\.\d)?%\)", words))
    known = set(re.findall(r"\d+ of \d+ \(\d+(?:\.\d)?%\)", json.dumps(EXPECTED)))
    themes = {text for text in printed if text.split(" of ")[1].startswith("240 ")}
    assert printed - known - themes == set(), "a rate that figures.json does not know"


def test_attack_33_every_script_shows_in_the_pdf(paper: Paper, tmp_path: Path) -> None:
    """No glyph is missing: a face that lacks a letter would leave the box that fonts call .notdef."""
    path = tmp_path / "write-up.pdf"
    path.write_bytes(paper.pdf)

    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout

    assert "Gymraeg" in paper.words()
    for face in ("Atkinson", "Arabic", "Nastaliq", "Emoji"):
        assert face in fonts


def test_no_page_is_half_empty_and_no_heading_or_row_stands_alone(paper: Paper) -> None:
    assert faults_of(paper) == []


def test_what_a_typesetter_would_send_back_is_seen() -> None:
    html = """<!doctype html><html lang="en-GB"><head><title>Badly set</title>
    <style>@page { size: A4; margin: 24mm } body { margin: 0 } tr, .new { break-before: page }</style></head><body>
    <h1>Badly set</h1><p class="new">Words</p><div style="height: 220mm"></div><h2>Alone</h2><div class="new"></div>
    <p style="padding-top: 200mm">Words</p>
    <table><thead><tr><th scope="col">Number</th></tr></thead><tbody><tr><th>First</th></tr><tr><th>Second</th></tr>
    </tbody></table></body></html>"""

    faults = faults_of(Paper(pdf_from_html(html), BeautifulSoup(html, "html.parser")))

    assert faults == [
        "page 1 is emptier than a third",
        "page 2 ends with a heading",
        "page 4 is emptier than a third",
        "a table's last row stands alone: Second",
    ]


def test_the_contents_and_the_feet_name_the_right_pages(paper: Paper) -> None:
    chapters, pages = paper.chapters(), paper.pages()

    listed = [entry.get_text().strip() for entry in paper.html.select(".contents li")]
    assert len(listed) > 10
    numbers = "".join(str(chapters[title]) for title in listed)
    assert pages[chapters["Contents"] - 1].startswith(f"{numbers}Contents{letters_of(listed[0])}")
    assert [n for n, page in enumerate(pages, 1) if f"Page{n}of{len(pages)}" not in page] == [1]


def test_the_first_pages_say_what_was_found_what_was_decided_and_who_sees_to_it(paper: Paper) -> None:
    _, found, decided, *_ = paper.pages()

    for finding in paper.html.select(".findings li, .promise-box p"):
        assert words_in(finding) in found
    rows = [words_in(row) for row in paper.html.select("#decided tbody tr")]
    assert len(rows) == 6 + 12
    assert [row for row in rows if row not in decided] == []
