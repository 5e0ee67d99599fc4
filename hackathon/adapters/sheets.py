"""Spreadsheets as CSV: read from whatever program people use, written so that no cell runs as a formula."""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, zip_longest
from pathlib import Path

from hackathon.core.errors import Refusal

FORMULA_STARTS = tuple("=+-@\t\r")
GUARDED = tuple("'" + start for start in (*FORMULA_STARTS, "'"))


class SheetError(Refusal):
    """One thing wrong in one place of a spreadsheet. Row 0 is the file as a whole."""

    def __init__(self, file: str, row: int, column: str, message: str) -> None:
        place = ", ".join([file, *([f"row {row}"] if row else []), *([column] if column else [])])
        super().__init__(f"{place}: {message}", column or None)
        self.file, self.row, self.column, self.problem = file, row, column, message


class SheetErrors(Refusal):
    """Everything that is wrong, so that people mend it in one go. One line for each problem."""

    def __init__(self, errors: Iterable[SheetError]) -> None:
        self.errors = sorted(errors, key=lambda error: (error.file, error.row))
        super().__init__("\n".join(error.message for error in self.errors))


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row, its cells by the name of their column, and its number as a spreadsheet shows it."""

    file: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def error(self, column: str, message: str) -> SheetError:
        return SheetError(self.file, self.number, column, message)


def neutral(cell: str) -> str:
    """A text that a spreadsheet shows and never runs. An apostrophe says "this is text"; `plain` takes it off again."""
    return f"'{cell}" if cell.startswith((*FORMULA_STARTS, *GUARDED)) else cell


def plain(cell: str) -> str:
    """The text as it was before `neutral`."""
    return cell[1:] if cell.startswith(GUARDED) else cell


def sheet_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV file as text. Numbers stay numbers, nothing is empty, moments are ISO 8601, texts are neutral."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([neutral(name) for name in header])
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return file.getvalue()


def _written(cell: object) -> str | int | float:
    match cell:
        case None:
            return ""
        case int() | float():
            return cell
        case datetime():
            return cell.isoformat()
        case _:
            return neutral(str(cell))


def read_sheet(
    path: Path, *, columns: Collection[str] = (), header_rows: int = 1, most_rows: int = 100_000
) -> list[SheetRow]:
    """Every row of a file, all or nothing. `columns` must be there; more may be.

    Takes UTF-8 with or without a byte order mark, any line ends, commas, semicolons or tabs. With two header rows, as
    survey services write them, a column without a name in the first is called what the second says.
    """
    file = path.name
    text = _decoded(path)
    start = text[:10_000].splitlines()[:1] or [""]
    separator = max(",;\t", key=start[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    errors: list[SheetError] = []
    rows: list[SheetRow] = []
    number = 0
    try:
        header = _header(file, list(islice(reader, header_rows)), columns)
        number = header_rows
        for number, cells in enumerate(reader, header_rows + 1):
            if number - header_rows > most_rows:
                raise SheetErrors([*errors, SheetError(file, number, "", f"there are more than {most_rows:,} rows.")])
            if not any(cells):
                continue
            if len(cells) != len(header):
                errors.append(SheetError(file, number, "", f"{len(cells)} cells, but the header has {len(header)}."))
                continue
            rows.append(SheetRow(file, number, dict(zip(header, map(plain, cells), strict=True))))
    except csv.Error as error:
        errors.append(SheetError(file, number + 1, "", f"this is not a CSV row ({error})."))
    if errors:
        raise SheetErrors(errors)
    return rows


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SheetErrors(
            [SheetError(path.name, line, "", "this is not UTF-8. Save it as “CSV UTF-8” and try again.")]
        ) from None
    if "\0" in text:
        raise SheetErrors(
            [SheetError(path.name, 0, "", "this is not a text file. Save it as “CSV UTF-8” and try again.")]
        )
    return text


def _header(file: str, heads: list[list[str]], columns: Collection[str]) -> list[str]:
    if not heads:
        raise SheetErrors([SheetError(file, 0, "", "the file is empty.")])
    names = [
        next((plain(name).strip() for name in pile if name.strip()), "") for pile in zip_longest(*heads, fillvalue="")
    ]
    errors = [
        *(
            SheetError(file, 1, name, "this column is here twice.")
            for name in sorted({*names} - {""})
            if names.count(name) > 1
        ),
        *(SheetError(file, 1, name, "this column is missing.") for name in columns if name not in names),
    ]
    if errors:
        raise SheetErrors(errors)
    return names
