"""QR codes as small drawings that look the same on a screen and on paper."""

from itertools import groupby

from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET_ZONE = 4


def qr_svg(text: str, title: str = "") -> Markup:
    """The code as one SVG path, a bar for each run of dark squares.

    Presentation attributes only, so that a strict Content-Security-Policy lets it be; the title comes first, where the
    PDF finds its alternative text. A short upper-case address makes the largest squares for a given size.
    """
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    squares = code.get_matrix()
    bars = "".join(_bars(y, row) for y, row in enumerate(squares))
    size = len(squares)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" shape-rendering="crispEdges">'
        '<title>{title}</title><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{bars}"/></svg>'
    ).format(size=size, title=title or f"QR code: {text}", bars=bars)


def _bars(y: int, row: list[bool]) -> str:
    bars, x = [], 0
    for dark, run in groupby(row):
        width = len(list(run))
        if dark:
            bars.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return "".join(bars)
