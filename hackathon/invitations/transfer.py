"""Lists in and out as files: what somebody sends is read, and what became of everybody is written."""

from collections.abc import Iterable

from werkzeug.datastructures import FileStorage

from hackathon.adapters.lists import ReadList, read_list
from hackathon.adapters.sheets import sheet_text
from hackathon.adapters.workbooks import workbook
from hackathon.invitations.document import Standing
from hackathon.web.fields import address_typed, one_line

COLUMNS = ("Name", "Email", "Team", "Sector", "Region", "State", "Their own link")
LONGEST_FILE_NAME = 80


def list_from(sent: FileStorage) -> tuple[str, ReadList]:
    """The name of a file as somebody may read it, and what stands in it. Its name is shown, and never a path."""
    name = one_line(sent.filename or "")[-LONGEST_FILE_NAME:]
    read = read_list(name, sent.stream.read())
    return name, ReadList(
        read.read_as,
        [one_line(head) for head in read.heads],
        [(number, [_plain(cell) for cell in cells]) for number, cells in read.rows],
    )


def _plain(cell: str) -> str:
    return address_typed(cell) if "@" in cell else one_line(cell)


def states_as_csv(standings: Iterable[Standing], *, address: str) -> bytes:
    """With the mark at its beginning by which spreadsheets know UTF-8."""
    return sheet_text(COLUMNS, _rows(standings, address)).encode("utf-8-sig")


def states_as_workbook(standings: Iterable[Standing], *, address: str) -> bytes:
    return workbook("Invitations", COLUMNS, _rows(standings, address))


def _rows(standings: Iterable[Standing], address: str) -> Iterable[tuple[str, ...]]:
    """Everybody with a name and an address: those of earlier events have neither any more."""
    for one in standings:
        if one.email:
            yield (one.name, one.email, one.team, one.sector, one.region, one.state, f"{address}/i/{one.token}")
