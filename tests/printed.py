"""What a test reads off a PDF."""

import io
import re
import subprocess
from pathlib import Path

import page as page_validation
import pikepdf
import zxingcpp
from PIL import Image

SMALL_PRINT = 3.9
"""Millimetres from the top of a letter's box to its foot."""
DPI = 150
MM = DPI / 25.4

PIXELS = 0.75
"""Points in one of the pixels in which WeasyPrint writes sizes."""


def words_in(pdf: bytes) -> str:
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return " ".join(text.decode().split())


def sizes_in(pdf: bytes) -> set[float]:
    """The sizes in which words are set, in points."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {
            round(float(step.operands[1]) * PIXELS, 1)
            for page in opened.pages
            for step in pikepdf.parse_content_stream(page)
            if str(step.operator) == "Tf"
        }


def paper_of(pdf: bytes) -> tuple[int, int]:
    """How wide and how high the first page is, in millimetres."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        width, height = (float(edge) * 25.4 / 72 for edge in opened.pages[0].mediabox[2:])
    return round(width), round(height)


def problems_of(pdf: bytes) -> list[str]:
    """What keeps a paper from being accessible."""
    return [failure.message for failure in page_validation.validate_pdf_bytes(pdf, profile="ua1").failures]


def words_on_pages(pdf: bytes) -> list[int]:
    """How many words each page holds, its number at the foot left out."""
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return [len(re.sub(r"Page \d+ of \d+", "", page).split()) for page in text.decode().split("\f")[:-1]]


def codes_in(pdf: bytes, folder: Path) -> dict[str, float]:
    """The QR codes on all pages, each with its width in millimetres without the white around it."""
    (folder / "paper.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", "-png", "paper.pdf", "page"], cwd=folder, check=True)
    return {
        code.text: abs(code.position.top_right.x - code.position.top_left.x) / MM
        for page in sorted(folder.glob("page-*.png"))
        for code in zxingcpp.read_barcodes(Image.open(page))
    }


def heights_in(pdf: bytes) -> list[tuple[str, float, float]]:
    """Each word, and how far down its top and its foot stand, in millimetres from the top of its page."""
    boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    found = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*)</word>', boxes)
    return [(word, float(top) * 25.4 / 72, float(foot) * 25.4 / 72) for top, foot, word in found]


def lowest_words_in(pdf: bytes) -> float:
    """How far down the lowest words of the text stand. Small print is left out."""
    return max(foot for _, top, foot in heights_in(pdf) if foot - top > SMALL_PRINT)


def rightmost_words_in(pdf: bytes) -> float:
    """How far from the left edge of its page the words end that stand farthest to the right, in millimetres."""
    boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return max(float(right) for right in re.findall(r'xMax="([\d.]+)"', boxes)) * 25.4 / 72
