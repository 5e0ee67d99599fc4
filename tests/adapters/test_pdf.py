import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import page
import pikepdf
import pytest
import weasyprint

from hackathon.adapters import pdf
from hackathon.adapters.pdf import PaperRefused, pdf_from_html, pdf_is_available


def paper(body: str, head: str = "") -> str:
    opening = '<!doctype html><html lang="en-GB"><head><title>A test</title>'
    return f"{opening}{head}</head><body><h1>A</h1>{body}</body></html>"


def attached_files(printed: bytes) -> list[str]:
    with pikepdf.open(BytesIO(printed)) as document:
        return list(document.attachments)


def test_a_page_becomes_a_pdf_that_the_validator_accepts() -> None:
    body = """<p>Words, and a <a href="https://example.org">link</a>.</p>
        <svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>A square</title><path d="M0 0h9v9z"/></svg>
        <table><caption>Votes</caption><thead><tr><th scope="col">Idea</th><th scope="col">Votes</th></tr></thead>
        <tr><th scope="row">A</th><td>4</td></tr></table>"""

    printed = pdf_from_html(paper(body))

    report = page.validate_pdf_bytes(printed, profile="ua1")
    assert (report.is_compliant, [failure.message for failure in report.failures]) == (True, [])
    with pikepdf.open(BytesIO(printed)) as document:
        assert document.open_metadata()["dc:title"] == "A test"


def test_the_validator_is_not_easily_pleased() -> None:
    report = page.validate_pdf_bytes(pdf_from_html("<p>No language, no title</p>"), profile="ua1")

    assert not report.is_compliant


def test_a_stylesheet_below_static_is_used_with_the_files_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "STATIC", tmp_path)
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "print.css").write_text("@page { size: 100mm 50mm } @import url(../more.css);")
    (tmp_path / "css" / "sheet.css").write_text("@import url(../more.css); @page { margin: 0 }")
    (tmp_path / "more.css").write_text("@page { size: 100mm 50mm }")

    printed = pdf_from_html(paper("", '<link rel="stylesheet" href="asset:/css/sheet.css">'))

    with pikepdf.open(BytesIO(printed)) as document:
        assert [round(float(edge) / 72 * 25.4) for edge in document.pages[0].mediabox[2:]] == [100, 50]


# Attack 30: whatever stands in the page, nothing outside is opened and nothing of this machine is carried away.


@contextmanager
def eavesdropper() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and the list of what it was asked for."""
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            if self.path == "/redirect":
                self.send_response(302)
                self.send_header("Location", "/redirected")
            else:
                self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def hostile_page(outside: str, secret: Path) -> str:
    return paper(
        f"""
        <img alt="a" src="{outside}/picture"><img alt="b" src="{outside}/redirect"><img alt="c" src="file://{secret}">
        <img alt="d" src="asset:/../../../../../../{secret}"><img alt="e" src="asset:{secret}">
        <img alt="f" src="asset:/%2e%2e/%2e%2e{secret}"><img alt="g" src="asset://127.0.0.1{secret}">
        <img alt="h" src="ASSET:/../requirements.txt"><img alt="i" src="data://{outside}/x"><img alt="j" src="{secret}">
        <img alt="k" src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>
          <image href='{outside}/within' width='5' height='5'/>
          <image href='file://{secret}' width='5' height='5'/></svg>">
        <svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>
          <image href="{outside}/drawn" width="5" height="5"/><use href="file://{secret}#a"/></svg>
        <object data="{outside}/object"></object><embed src="{outside}/embed"><p class="far">far</p>
        <a rel="attachment" href="file://{secret}">take it along</a>""",
        f"""<base href="{outside}/"><link rel="stylesheet" href="{outside}/sheet"><link rel="stylesheet" href="near">
        <link rel="icon" href="{outside}/icon"><link rel="attachment" href="file://{secret}">
        <style>@import url({outside}/import); @import url(file://{secret});
        @font-face {{ font-family: far; src: url({outside}/face) }} .far {{ font-family: far }}
        body {{ background: url({outside}/background) }}
        html {{ background: url(http://169.254.169.254/latest/meta-data) }}</style>""",
    )


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("the key of the house")
    return path


def test_attack_30_nothing_is_fetched_and_nothing_is_embedded(secret: Path) -> None:
    with eavesdropper() as (outside, asked):
        printed = pdf_from_html(hostile_page(outside, secret))

    assert asked == []
    assert attached_files(printed) == []


def test_attack_30_control_the_default_fetcher_would_have_told_everything(secret: Path) -> None:
    with eavesdropper() as (outside, asked):
        printed = weasyprint.HTML(
            string=hostile_page(outside, secret).replace("http://169.254.169.254", outside)
        ).write_pdf()

    assert {"/picture", "/redirect", "/redirected", "/within", "/drawn", "/sheet", "/import", "/face"} <= set(asked)
    assert attached_files(printed) == ["secret.txt"]


def test_attack_30_a_link_that_points_out_of_static_leads_nowhere(
    secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    static = tmp_path / "static"
    static.mkdir()
    (static / "way-out").symlink_to(secret)
    (tmp_path / "static-too").mkdir()
    (tmp_path / "static-too" / "file").write_text("same beginning, another folder")
    monkeypatch.setattr(pdf, "STATIC", static)

    for address in ("asset:/way-out", "asset:/../static-too/file", "file:///etc/hostname", "http://127.0.0.1:9/"):
        with pytest.raises(ValueError, match="only files below static"):
            pdf._fetcher().fetch(address)


# Attack 31: absurd input is bounded. Each runs in a child of its own with 2 GB and 60 seconds to live.

CHILD = """
import json, logging, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
from hackathon.adapters import pdf
pdf.LONGEST_SECONDS = 5.0
try:
    answer = ["printed", len(pdf.pdf_from_html(sys.stdin.read())) > 1000]
except pdf.PaperRefused as refusal:
    answer = ["refused", refusal.message]
again = pdf.pdf_from_html("<title>t</title><h1>Still here</h1>")
print(json.dumps([*answer, again[:5].decode()]))
"""


def printed_in_a_child(html: str) -> object:
    child = subprocess.run(
        [sys.executable, "-c", CHILD], input=html, capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(child.stdout)


@pytest.mark.parametrize(
    ("body", "outcome", "message"),
    [
        ("<div>" * 100 + "deep" + "</div>" * 100, "printed", True),
        (
            "<div>" * 20_000,
            "refused",
            "This cannot be printed: parts of it are nested more than 150 deep inside each other.",
        ),
        ("<table><tr>" + "<th>a</th>" * 300 + "</tr></table>", "printed", True),
        (
            "<p>" + "x" * 200_000,
            "refused",
            "This cannot be printed: one word has 200,000 letters, and paper takes 5,000.",
        ),
        ('<table><tr><td colspan="1000000">x', "refused", "This cannot be printed: it was not ready after 5 seconds."),
        ('<div style="display:flex">' * 20, "refused", "This cannot be printed: it was not ready after 5 seconds."),
        ("x " * 10_000_001, "refused", "This cannot be printed: it is longer than 20,000,000 characters."),
    ],
    ids=["deep", "too deep", "wide table", "long word", "wide cell", "boxes in boxes", "too long"],
)
def test_attack_31_absurd_pages_are_printed_or_refused_and_the_process_lives(
    body: str, outcome: str, message: object
) -> None:
    assert printed_in_a_child(paper(body)) == [outcome, message, "%PDF-"]


# Attack 33: people's names and words, in the faces that we ship.

NO_GLYPH = ".notdef glyph rendered"
FACES = '<link rel="stylesheet" href="asset:css/print.css">'


@pytest.mark.parametrize(
    "words",
    [
        '<p lang="cy">Mae’r tŷ yn oer, ac mae ŵyn ar y bryn. Iechyd a gofal, ŵŷ, â ê î ô û</p>',
        '<p lang="pl">Zażółć gęślą jaźń, Łódź</p>',
        '<p lang="ar" dir="rtl">قائمة الانتظار طويلة جدا</p>',
        '<p lang="ur" dir="rtl">مریضوں کی بات سنیں، ٹھیک ہے</p>',
        "<p>Well done 👏 thank you 🙏 ❤ 🚑</p>",
    ],
    ids=["Welsh", "Polish", "Arabic", "Urdu", "emoji"],
)
def test_attack_33_no_letter_is_missing_and_the_pdf_is_tagged(words: str, caplog: pytest.LogCaptureFixture) -> None:
    printed = pdf_from_html(paper(words, FACES))

    assert NO_GLYPH not in caplog.text
    assert [failure.message for failure in page.validate_pdf_bytes(printed, profile="ua1").failures] == []


def test_attack_33_control_a_letter_that_no_face_has_is_noticed(caplog: pytest.LogCaptureFixture) -> None:
    pdf_from_html(paper("<p>\U000f1234</p>", FACES))

    assert NO_GLYPH in caplog.text


def test_without_pango_the_answer_is_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_pango(name: str, *args: object, **options: object) -> object:
        raise OSError("cannot load library 'libpangoft2-1.0-0'")

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    monkeypatch.setattr("builtins.__import__", without_pango)
    pdf_is_available.cache_clear()

    try:
        with pytest.raises(PaperRefused, match="sudo apt install libpangoft2"):
            pdf_from_html(paper(""))
    finally:
        monkeypatch.undo()
        pdf_is_available.cache_clear()
