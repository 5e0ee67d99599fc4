import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from hackathon.adapters.pdf import pdf_from_html
from hackathon.adapters.qr import qr_svg

SHORT = "HTTPS://HACK.EXAMPLE.ORG/T/K7PM"
LONG = "https://openjam.example.org/p/zm9vymfyymf6cxv4mtizndu2nzg5ma234567"


def scanned(printed: bytes, folder: Path) -> list[str]:
    """What a decoder reads from the first page as a printer would put it on paper."""
    (folder / "sheet.pdf").write_bytes(printed)
    subprocess.run(["pdftoppm", "-r", "300", "-png", "-singlefile", "sheet.pdf", "sheet"], cwd=folder, check=True)
    with Image.open(folder / "sheet.png") as picture:
        return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("text", [SHORT, LONG])
@pytest.mark.parametrize("millimetres", [25, 40])
def test_a_printed_code_is_read_back(text: str, millimetres: int, tmp_path: Path) -> None:
    style = f"<style>svg {{ width: {millimetres}mm; height: {millimetres}mm }}</style>"
    html = f'<html lang="en"><title>Card</title>{style}<h1>Table 4</h1>{qr_svg(text)}</html>'

    assert scanned(pdf_from_html(html), tmp_path) == [text]


def test_a_short_address_in_capitals_needs_only_the_second_size() -> None:
    squares = 25 + 2 * 4

    assert f'viewBox="0 0 {squares} {squares}"' in qr_svg(SHORT)


def test_the_title_comes_first_and_the_text_is_inert() -> None:
    svg = qr_svg("x", title="<b onclick=alert(1)>Join</b>")

    assert svg.partition("<title>")[0].count("<") == 1
    assert "<title>&lt;b onclick=alert(1)&gt;Join&lt;/b&gt;</title>" in svg


def test_the_drawing_carries_no_style_that_a_strict_policy_would_refuse() -> None:
    svg = qr_svg(SHORT)

    assert "style" not in svg
    assert len(svg) < 4_000
