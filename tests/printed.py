"""What a test reads off a PDF."""

import io
import subprocess

import page as page_validation
import pikepdf

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
