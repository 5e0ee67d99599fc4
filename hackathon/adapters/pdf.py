"""Paper: one HTML page in, one accessible PDF (PDF/UA-1) out, and nothing fetched from anywhere on the way."""

import mimetypes
import signal
import threading
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from types import FrameType
from typing import Any

from hackathon.core.config import ROOT
from hackathon.core.errors import Refusal

STATIC = ROOT / "static"
PDF_IS_OFF = "PDF is switched off until Pango is installed. On Debian or Ubuntu: sudo apt install libpangoft2-1.0-0"
MOST_CHARACTERS = 20_000_000
LONGEST_WORD = 5_000
DEEPEST = 150
LONGEST_SECONDS = 900.0
VARIANT = "pdf/ua-1"

# So that `url(../fonts/face.woff2)` in a stylesheet that came from `asset:` finds its neighbour.
urllib.parse.uses_relative.append("asset")
urllib.parse.uses_netloc.append("asset")


class PaperRefused(Refusal):
    """This cannot be printed; the message says why in words for the person who asked for it."""


@cache
def pdf_is_available() -> bool:
    """Whether this machine can make PDFs; when not, `PDF_IS_OFF` says what to do."""
    try:
        import weasyprint  # noqa: F401, PLC0415 - lazy: it loads Pango, which may be missing, and 40 MB that pages never need
    except OSError:
        return False
    return True


def pdf_from_html(html: str) -> bytes:
    """Print a page. Pictures, styles and fonts come from `asset:` (below static/) or `data:`, or not at all."""
    return pdf_from_pages([html])


def pdf_from_pages(pages: Sequence[str], first: Callable[[Sequence[int]], str] | None = None) -> bytes:
    """Print several pages, each on paper of its own size, as one PDF with one set of tags.

    `first` makes a page to go before them, knowing on how many sheets each of them stands.
    """
    if not pdf_is_available():
        raise PaperRefused(PDF_IS_OFF)
    try:
        with _at_most(LONGEST_SECONDS):
            laid_out = [_laid_out(html) for html in pages]
            if first:
                laid_out.insert(0, _laid_out(first([len(each.pages) for each in laid_out])))
            paper = laid_out[0].copy([page for each in laid_out for page in each.pages])
            pdf: bytes = paper.write_pdf(pdf_variant=VARIANT, finisher=_name_every_glyph)
    except _TimeIsUp:
        _faces.cache_clear()  # a face may be half unpacked
        raise PaperRefused(f"This cannot be printed: it was not ready after {LONGEST_SECONDS:.0f} seconds.") from None
    except RecursionError:
        raise PaperRefused("This cannot be printed: parts of it are nested too deeply inside each other.") from None
    except MemoryError:
        raise PaperRefused("This cannot be printed: it needs more memory than this machine allows.") from None
    return pdf


def _laid_out(html: str) -> Any:
    _refuse_the_absurd(html)
    import weasyprint  # noqa: PLC0415 - lazy: see pdf_is_available

    page = weasyprint.HTML(string=html, base_url="asset:///", url_fetcher=_fetcher())
    return page.render(font_config=_faces(), pdf_variant=VARIANT)


@cache
def _faces() -> Any:
    """The faces of our letters, unpacked once in a process: it takes a second, and each page would do it again."""
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - lazy: see pdf_is_available

    return FontConfiguration()


def _name_every_glyph(_document: Any, pdf: Any) -> None:
    """Let the dots of an Arabic letter stand for something, or the PDF is no PDF/UA (Kozea/WeasyPrint#2841).

    Where a letter is drawn as several glyphs, WeasyPrint 70 says that the later ones mean no text at all, which a map
    to Unicode may not say. They become a word joiner: it is invisible and breaks no word.
    """
    for stream in pdf.objects:
        lines = getattr(stream, "stream", ())
        if b"begincmap" in lines:
            stream.stream = [line.replace(b" <>", b" <2060>") if isinstance(line, bytes) else line for line in lines]


@cache
def _fetcher() -> Any:
    """WeasyPrint's own fetcher opens any address and any file; ours opens what we ship and what the page carries."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - lazy: see pdf_is_available

    class PaperFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            address = urllib.parse.urlsplit(url)
            file = (STATIC / urllib.parse.unquote(address.path).lstrip("/")).resolve()
            if address.scheme != "asset" or not file.is_relative_to(STATIC) or not file.is_file():
                raise ValueError("paper opens only files below static/")
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    return PaperFetcher(allowed_protocols=("data",), allow_redirects=False)


class _Inspection(HTMLParser):
    """Measures what makes the layout run away: how deep a page nests and how long its longest word is."""

    VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))

    def __init__(self, html: str) -> None:
        super().__init__()
        self.depth = self.deepest = self.longest_word = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An SVG shape that closes itself holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1

    def handle_data(self, data: str) -> None:
        if len(data) > LONGEST_WORD and self.cdata_elem is None:
            self.longest_word = max(self.longest_word, *map(len, data.split()), 0)


def _refuse_the_absurd(html: str) -> None:
    if len(html) > MOST_CHARACTERS:
        raise PaperRefused(f"This cannot be printed: it is longer than {MOST_CHARACTERS:,} characters.")
    found = _Inspection(html)
    if found.deepest > DEEPEST:
        raise PaperRefused(
            f"This cannot be printed: parts of it are nested more than {DEEPEST} deep inside each other."
        )
    if found.longest_word > LONGEST_WORD:
        raise PaperRefused(
            f"This cannot be printed: one word has {found.longest_word:,} letters, and paper takes {LONGEST_WORD:,}."
        )


class _TimeIsUp(BaseException):
    """Not an Exception, because WeasyPrint passes over those while it loads pictures and styles."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Give up after so long. Python delivers alarms to the main thread alone, which is where the job process prints."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
