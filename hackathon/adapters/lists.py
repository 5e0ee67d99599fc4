"""Lists of people as other programs save them: CSV in any usual encoding and with any separator, or a workbook."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hackathon.adapters.sheets import SheetError, SheetErrors, plain
from hackathon.adapters.workbooks import workbook_rows

MOST_ROWS = 20_000
MOST_COLUMNS = 40
LONGEST_CELL = 500
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
SAID_FIRST = re.compile(r"""\A"?sep=.?"?\r?\n""", re.IGNORECASE)
"""Some programs say the separator in a line of its own, which spreadsheets do not show."""
ADDRESS = re.compile(r"[^@\s,;|]+@[^@\s,;|]+")
LOOKED_AT = 20
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
}
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_PROBLEMS = 200

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class ReadList:
    """What stood in a file: how it was read, the headings, and every row that is not empty, with its number."""

    read_as: str
    heads: list[str]
    rows: list[Row]


def read_list(file: str, raw: bytes) -> ReadList:
    """Every row of a file that somebody sends, all or nothing. Bytes decide what it is, its name decides nothing."""
    if raw.startswith(OLD_EXCEL):
        raise _refused(file, "this is a workbook of the old kind. Save it as .xlsx, or as “CSV UTF-8”, and try again.")
    if raw.startswith(ZIP):
        return _arranged(file, "a workbook, its first sheet", workbook_rows(file, raw, most_columns=MOST_COLUMNS))
    text, encoding = _decoded(file, raw)
    text = SAID_FIRST.sub("", text)
    separator = _separator_of(text)
    rows = ((number, [plain(cell) for cell in cells]) for number, cells in _csv_rows(file, text, separator))
    return _arranged(file, f"{NAMES[encoding]}, with {SEPARATORS[separator]}", rows)


def _separator_of(text: str) -> str:
    """By which the first rows come apart into the most addresses, or else into the most cells: a heading such as “Name,
    first name” holds another one."""
    start = [line for line in text[:100_000].splitlines() if line.strip()][:LOOKED_AT]

    def found(separator: str) -> tuple[int, int]:
        rows = [*csv.reader(start, delimiter=separator)]
        addresses = sum(ADDRESS.fullmatch(cell.strip()) is not None for row in rows for cell in row)
        return addresses, len(rows[0]) if rows else 0

    return max(SEPARATORS, key=found)


def _decoded(file: str, raw: bytes) -> tuple[str, str]:
    """The text, and in which encoding it was: as its first bytes say, or the first one in which all of it is text."""
    marked = next((encoding for mark, encoding in MARKS.items() if raw.startswith(mark)), None)
    for encoding in [marked] if marked else [*_unmarked_utf_16(raw), "utf-8", "cp1252"]:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise _refused(file, "this is neither a text file nor a workbook. Save it as “CSV UTF-8”, or as .xlsx.")


def _unmarked_utf_16(raw: bytes) -> list[str]:
    """Every other byte of Latin words in UTF-16 is nought; in no other text is any."""
    start = raw[:1000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if not even and not odd:
        return []
    return ["utf-16-le" if odd > even else "utf-16-be"]


def _csv_rows(file: str, text: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        raise SheetErrors([SheetError(file, reader.line_num, "", f"this is not a row of a list ({error}).")]) from None


def _arranged(file: str, read_as: str, rows: Iterable[Row]) -> ReadList:
    """The headings apart from the rows, and whatever is wrong said at once, as far as anybody would read."""
    heads: list[str] = []
    kept: list[Row] = []
    problems: list[SheetError] = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if not heads:
            heads = _without_empty_end(cells)
            if len(heads) > MOST_COLUMNS:
                raise _refused(file, f"there are more than {MOST_COLUMNS} columns. Keep those that the list needs.")
            continue
        if len(kept) == MOST_ROWS:
            raise SheetErrors(
                [SheetError(file, number, "", f"there are more than {MOST_ROWS:,} rows. Split the list.")]
            )
        problems += _wrong_with(file, number, cells, len(heads))
        if len(problems) >= MOST_PROBLEMS:
            break
        kept.append((number, [*cells, *[""] * len(heads)][: len(heads)]))
    if problems:
        raise SheetErrors(problems)
    if not heads:
        raise _refused(file, "the file is empty.")
    return _with_headings(read_as, heads, kept)


def _wrong_with(file: str, number: int, cells: list[str], width: int) -> Iterator[SheetError]:
    if (found := len(_without_empty_end(cells))) > width:
        headings = "there is 1 heading" if width == 1 else f"there are {width} headings"
        yield SheetError(file, number, "", f"{found} cells, but {headings} in the first row of the list.")
    if any(len(cell) > LONGEST_CELL for cell in cells):
        yield SheetError(file, number, "", f"a cell has more than {LONGEST_CELL} characters.")


def _without_empty_end(cells: list[str]) -> list[str]:
    last = max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return cells[:last]


def _with_headings(read_as: str, heads: list[str], rows: list[Row]) -> ReadList:
    """A first row that holds an address is somebody already, and the list has no headings."""
    if any("@" in head for head in heads):
        return ReadList(read_as, [""] * len(heads), [(1, heads), *rows])
    return ReadList(read_as, heads, rows)


def _refused(file: str, message: str) -> SheetErrors:
    return SheetErrors([SheetError(file, 0, "", message)])
