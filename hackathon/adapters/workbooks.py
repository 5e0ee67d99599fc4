"""Workbooks (XLSX): the first sheet of one as rows of text, and rows as a workbook in which no cell runs."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from hackathon.adapters.sheets import SheetError, SheetErrors

LARGEST_UNPACKED = 20 * 1024 * 1024
"""Bytes. A small file may unpack to gigabytes; its own list of contents says so before anything is unpacked."""
MOST_PARTS = 1_000
BROKEN = "this workbook cannot be read. Save it anew as .xlsx, or as “CSV UTF-8”, and try again."

NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no workbook can hold: one such character in one cell, and the whole file would not be written."""


def workbook_rows(file: str, raw: bytes, *, most_columns: int) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet with their numbers, one at a time. A formula is what it last came to, never run."""
    import openpyxl  # noqa: PLC0415 - heavy, and few requests read a workbook

    _check_size(file, raw)
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=most_columns + 1), 1):
            yield number, [_text(cell) for cell in cells]
        book.close()
    # A file made to do harm fails anywhere in the reader, so what it raises is not known beforehand.
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, ParseError, OSError, zipfile.BadZipFile):
        raise SheetErrors([SheetError(file, 0, "", BROKEN)]) from None


def _check_size(file: str, raw: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise SheetErrors([SheetError(file, 0, "", BROKEN)]) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise SheetErrors([SheetError(file, 0, "", "this workbook is too large. Keep only the list in it.")])


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return str(cell)


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook with one sheet. Every cell is text and marked as text, so nothing that begins like a formula runs, and
    it comes back as it was."""
    import openpyxl  # noqa: PLC0415 - heavy, and few requests write a workbook
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - the same
    from openpyxl.styles import Font  # noqa: PLC0415 - the same

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, row in enumerate([header, *rows]):
        cells = []
        for words in row:
            cell = WriteOnlyCell(sheet)
            cell.value = NOT_IN_XML.sub("", words)
            cell.data_type = "s"
            cell.quotePrefix = True
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
