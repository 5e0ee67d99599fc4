from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hackathon.adapters.sheets import SheetErrors, neutral, plain, read_sheet, sheet_text

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
RISKY_TEXT = st.builds(str.__add__, st.text("'=+-@\t\r\n;,\"", max_size=4), ANY_TEXT)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def problems(sheet: Path, **options: int | list[str]) -> str:
    with pytest.raises(SheetErrors) as refused:
        read_sheet(sheet, **options)  # type: ignore[arg-type]  # options of several kinds
    return refused.value.message


@given(RISKY_TEXT | ANY_TEXT)
def test_attack_34_every_text_comes_back_unchanged(text: str) -> None:
    assert plain(neutral(text)) == text


@given(RISKY_TEXT | ANY_TEXT)
def test_attack_34_no_cell_runs_as_a_formula(text: str) -> None:
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_attack_34_only_what_needs_it_is_marked() -> None:
    cells = ["=1+1", "+44 20", "-5", "@me", "'=1", "''", "'tis", "it's", "5-3", "", "'"]

    assert [neutral(cell) for cell in cells] == [
        *("'=1+1", "'+44 20", "'-5", "'@me", "''=1", "'''", "'tis", "it's", "5-3", "", "'"),
    ]


@given(st.lists(st.tuples(RISKY_TEXT, ANY_TEXT).filter(any), max_size=5))
def test_attack_34_a_file_comes_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    sheet = tmp_path_factory.getbasetemp() / "round-trip.csv"
    sheet.write_text(sheet_text(["=odd", "text"], rows), encoding="utf-8", newline="")

    assert [(row["=odd"], row["text"]) for row in read_sheet(sheet)] == rows


def test_numbers_stay_numbers_and_moments_are_iso() -> None:
    moment = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)

    assert sheet_text(["a", "b", "c", "d"], [[-5, 0.5, None, moment]]) == (
        "a,b,c,d\r\n-5,0.5,,2026-03-17T09:30:00+00:00\r\n"
    )


@pytest.mark.parametrize(
    "raw",
    [
        b'name,town\nZo\xc3\xab,"Bury, north"\n\nAli,York\n',
        b'\xef\xbb\xbfname,town\r\nZo\xc3\xab,"Bury, north"\r\n,\r\nAli,York',
        b"name;town\r\nZo\xc3\xab;Bury, north\r\n;\r\nAli;York\r\n",
        b"name\ttown\rZo\xc3\xab\tBury, north\r\t\rAli\tYork\r",
    ],
    ids=["plain", "marked", "semicolons", "tabs"],
)
def test_attack_35_files_are_read_as_people_save_them(sheet: Path, raw: bytes) -> None:
    sheet.write_bytes(raw)

    rows = read_sheet(sheet, columns=["name", "town"])

    assert [(row.number, row["name"], row["town"]) for row in rows] == [(2, "Zoë", "Bury, north"), (4, "Ali", "York")]


def test_a_second_header_row_names_the_columns_that_the_first_leaves_blank(sheet: Path) -> None:
    sheet.write_text("Name,Which are you?,\n,Response,Other (please specify)\nAda,,Friend\n")

    (row,) = read_sheet(sheet, header_rows=2)

    assert row.number == 3
    assert row.cells == {"Name": "Ada", "Which are you?": "", "Other (please specify)": "Friend"}


def test_cells_keep_their_line_breaks_and_rows_their_numbers(sheet: Path) -> None:
    sheet.write_bytes(b'name,text\r\nAda,"one\r\ntwo ""three"""\r\nAli,four\r\n')

    assert [(row.number, row["text"]) for row in read_sheet(sheet)] == [(2, 'one\r\ntwo "three"'), (3, "four")]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "people.csv: the file is empty."),
        (b"name,town\nZo\xeb,York", "people.csv, row 2: this is not UTF-8. Save it as “CSV UTF-8” and try again."),
        (b"PK\x03\x04\0\0", "people.csv: this is not a text file. Save it as “CSV UTF-8” and try again."),
        (b"name,name,email,email\n", "people.csv, row 1, email: this column is here twice.\n"
         "people.csv, row 1, name: this column is here twice."),
        (b"town\nYork", "people.csv, row 1, name: this column is missing."),
        (b"name,town\nAda\nAli,York,3\nZo,Bury", "people.csv, row 2: 1 cells, but the header has 2.\n"
         "people.csv, row 3: 3 cells, but the header has 2."),
        (b'name,town\nAda,"York\nAli', "people.csv, row 2: this is not a CSV row (unexpected end of data)."),
        (b"name\n" + b"x" * 200_000,
         "people.csv, row 2: this is not a CSV row (field larger than field limit (131072))."),
        (b"name\n" + b"Ada\n" * 6, "people.csv, row 7: there are more than 5 rows."),
    ],
    ids=["empty", "encoding", "binary", "twice", "missing", "ragged", "unclosed", "huge cell", "too many"],
)  # fmt: skip
def test_attack_35_messages_name_file_row_and_column(sheet: Path, raw: bytes, message: str) -> None:
    sheet.write_bytes(raw)

    assert problems(sheet, columns=["name"], most_rows=5) == message


def test_problems_that_a_room_finds_are_told_together_in_the_order_of_the_file(sheet: Path) -> None:
    sheet.write_text("name,email\nAda,a@\nAli,b@\n")
    first, second = read_sheet(sheet)

    refusal = SheetErrors([second.error("email", "this is not an address."), first.error("name", "this is too short.")])

    assert refusal.message == (
        "people.csv, row 2, name: this is too short.\npeople.csv, row 3, email: this is not an address."
    )
    assert [(error.row, error.column, error.problem) for error in refusal.errors] == [
        (2, "name", "this is too short."),
        (3, "email", "this is not an address."),
    ]
