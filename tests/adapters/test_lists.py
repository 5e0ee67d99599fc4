"""Attacks 34 and 35: lists as any program saves them are read, or refused with the rows that are wrong."""

import csv
import io
import shutil
import subprocess
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest

from hackathon.adapters.lists import MOST_ROWS, ReadList, read_list
from hackathon.adapters.sheets import SheetErrors, sheet_text
from hackathon.adapters.workbooks import workbook
from tests.lacking import do_without

WORDS = "Name;Email\r\nZoë Müller;zoe@example.org\r\nSiân Łukasz;sian@example.org\r\n"
WINDOWS = WORDS.replace("Łukasz", "Lukasz")
RISKY = ("=1+1", "+44 20 7946 0000", "-5", "@here", "'quoted", "'=1", "=HYPERLINK(0)", "plain")


def made(rows: list[list[object]]) -> bytes:
    """A workbook as somebody else's program writes it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def refused(raw: bytes) -> list[str]:
    with pytest.raises(SheetErrors) as refusal:
        read_list("list", raw)
    return [error.message for error in refusal.value.errors]


@pytest.mark.parametrize(
    ("raw", "read_as"),
    [
        (WORDS.encode(), "UTF-8, with semicolons"),
        (WORDS.encode("utf-8-sig"), "UTF-8, with semicolons"),
        (WORDS.encode("utf-16"), "UTF-16, with semicolons"),
        (WORDS.encode("utf-16-be"), "UTF-16, with semicolons"),
        (WINDOWS.encode("cp1252"), "Windows-1252, with semicolons"),
        (WORDS.replace(";", "\t").encode(), "UTF-8, with tabs"),
        (WORDS.replace(";", ",").replace("\r\n", "\n").encode(), "UTF-8, with commas"),
    ],
)
def test_attack_35_any_encoding_and_separator_is_read_and_named(raw: bytes, read_as: str) -> None:
    surname = "Lukasz" if read_as.startswith("Windows") else "Łukasz"

    assert read_list("list.csv", raw) == ReadList(
        read_as,
        ["Name", "Email"],
        [(2, ["Zoë Müller", "zoe@example.org"]), (3, [f"Siân {surname}", "sian@example.org"])],
    )


@pytest.mark.parametrize(
    ("raw", "heads", "row"),
    [
        ("Name, first name;E-mail\nMüller, Zoë;zoe@example.org\n", ["Name, first name", "E-mail"], "Müller, Zoë"),
        (
            '"Name, first name";"E-mail"\n"Müller, Zoë";"zoe@example.org"\n',
            ["Name, first name", "E-mail"],
            "Müller, Zoë",
        ),
        ("sep=;\r\nName;E-mail\r\nZoë;zoe@example.org\r\n", ["Name", "E-mail"], "Zoë"),
        ('"sep=,"\nName,E-mail\nMüller; Zoë,zoe@example.org\n', ["Name", "E-mail"], "Müller; Zoë"),
    ],
)
def test_attack_35_the_separator_is_the_one_that_leaves_the_addresses_whole(
    raw: str, heads: list[str], row: str
) -> None:
    assert read_list("list.csv", raw.encode()) == ReadList(
        "UTF-8, with commas" if raw.startswith('"sep') else "UTF-8, with semicolons",
        heads,
        [(2, [row, "zoe@example.org"])],
    )


def test_attack_35_what_is_wrong_is_said_by_its_row_and_nothing_is_taken() -> None:
    assert refused(b"Name,Email\nA,a@example.org\nB,b@example.org,extra\nC,c@example.org,x,y\n") == [
        "list, row 3: 3 cells, but there are 2 headings in the first row of the list.",
        "list, row 4: 4 cells, but there are 2 headings in the first row of the list.",
    ]
    assert refused(b"Name\n" + b"x" * 501) == ["list, row 2: a cell has more than 500 characters."]
    assert "not a row" in refused(b'Name,Email\n"A,a@example.org\n')[0]
    assert refused(b"") == ["list: the file is empty."]
    assert "neither a text file" in refused(bytes(range(256)) * 4)[0]
    assert "old kind" in refused(b"\xd0\xcf\x11\xe0" + b"\0" * 600)[0]
    assert "cannot be read" in refused(b"PK\x03\x04 no archive")[0]
    assert "more than 40 columns" in refused(b"a," * 41 + b"a\n")[0]


def test_attack_35_formulas_in_a_workbook_are_what_they_last_came_to_and_never_run() -> None:
    """A program that never worked them out left nothing behind, so nothing is there."""
    sheet: list[list[object]] = [
        ["Name", "Email", "Staff number", ""],
        ["=1+1", "a@example.org", 7.0, None],
        [None] * 4,
        ["B", "b@x.org"],
    ]

    read = read_list("list.xlsx", made(sheet))

    assert read.heads == ["Name", "Email", "Staff number"]
    assert read.rows == [(2, ["", "a@example.org", "7"]), (4, ["B", "b@x.org", ""])]


def test_attack_35_a_million_rows_are_refused_early_and_in_little_memory() -> None:
    row = "<row r='{}'><c t='inlineStr'><is><t>a@example.org</t></is></c></row>"
    few, many = made([["Email"]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(few)) as old, zipfile.ZipFile(many, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            sheet = "".join(map(row.format, range(1, 200_000))) if part.filename.endswith("sheet1.xml") else ""
            begin = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            new.writestr(part, f"{begin}{sheet}</sheetData></worksheet>" if sheet else old.read(part))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 10_000_000)

    tracemalloc.start()
    try:
        as_text = refused(b"Email\n" + b"a@example.org\n" * 140_000)
        as_workbook = refused(many.getvalue())
        as_bomb = refused(bomb.getvalue())
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert len(bomb.getvalue()) < 2**20
    assert as_text == [f"list, row {MOST_ROWS + 2}: there are more than {MOST_ROWS:,} rows. Split the list."]
    assert as_workbook == [f"list, row {MOST_ROWS + 2}: there are more than {MOST_ROWS:,} rows. Split the list."]
    assert as_bomb == ["list: this workbook is too large. Keep only the list in it."]
    assert most < 40 * 2**20


def test_a_list_without_headings_loses_nobody() -> None:
    assert read_list("list.csv", b"Ada,ada@example.org\nBo,bo@example.org\n") == ReadList(
        "UTF-8, with commas", ["", ""], [(1, ["Ada", "ada@example.org"]), (2, ["Bo", "bo@example.org"])]
    )


def test_attack_34_what_looks_like_a_formula_comes_back_as_it_was_from_both_kinds_of_file() -> None:
    rows = [(words, "a@example.org") for words in RISKY]
    as_csv, as_workbook = sheet_text(("Name", "Email"), rows).encode(), workbook("People", ("Name", "Email"), rows)
    cells = list(openpyxl.load_workbook(io.BytesIO(as_workbook)).worksheets[0].iter_rows(min_row=2, max_col=1))

    for file in (as_csv, as_workbook):
        assert [cells[0] for _, cells in read_list("again", file).rows] == list(RISKY)
    shown = [row[0] for row in csv.reader(io.StringIO(as_csv.decode()))][1:]
    assert not [words for words in shown if words.startswith(("=", "+", "-", "@"))], "nothing that CSV would run"
    assert {(cell.data_type, cell.quotePrefix) for (cell,) in cells} == {("s", True)}, "text, and marked as text"


def test_a_character_that_no_workbook_can_hold_keeps_none_from_being_written() -> None:
    raw = workbook("People", ("Name",), [("Ann\uffff\x00 First",), ("Zoë 😀",)])

    rows = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0].iter_rows(min_row=2, values_only=True)
    assert list(rows) == [("Ann First",), ("Zoë 😀",)]


def test_attack_34_a_library_left_to_itself_would_make_formulas() -> None:
    """The control: what `workbook` prevents."""
    cell = openpyxl.load_workbook(io.BytesIO(made([["=1+1"]]))).worksheets[0]["A1"]

    assert cell.data_type == "f"


def test_libreoffice_opens_the_workbook_and_works_nothing_out(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        do_without("LibreOffice", "libreoffice-calc-nogui")
    (tmp_path / "people.xlsx").write_bytes(workbook("People", ("Name",), [(words,) for words in RISKY]))

    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "csv", "people.xlsx"],
        cwd=tmp_path,
        check=True,
        timeout=120,
        capture_output=True,
    )

    assert [row[0] for row in csv.reader(io.StringIO((tmp_path / "people.csv").read_text()))] == ["Name", *RISKY]
