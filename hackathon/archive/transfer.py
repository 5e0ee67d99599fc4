"""Reads an event from a folder of files: everything that is wrong is said at once, with file, row and column."""

import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from hackathon.adapters.sheets import SheetError, SheetErrors, SheetRow, read_sheet
from hackathon.archive.document import (
    COLUMN,
    OTHER,
    CodingRow,
    CommentRow,
    CommitmentRow,
    EventFile,
    EventFolder,
    InsightRow,
    LikenessRow,
    Plain,
    RatingRow,
    RecommendationRow,
    RegistrationRow,
    StatementRow,
    SurveyRow,
)
from hackathon.packs.document import Manifest
from hackathon.votes.models import VoteMethod

ABOUT = "event.toml"
SURVEY = "outside-survey.csv"
SURVEY_CLOCK = "%m/%d/%Y %I:%M:%S %p"
SURVEY_COLUMNS = ("Respondent ID", "End Date", "Email Address", "First Name", "Last Name")
DESCRIBES = "Which best describes you?"
NO_QUESTIONS = {
    *SURVEY_COLUMNS,
    "Collector ID",
    "Start Date",
    "IP Address",
    "Custom Data 1",
    DESCRIBES,
    "Other (please specify)",
}
"""What the survey service adds, and the one question that is answered by a choice; all else is asked in words."""

Row = TypeVar("Row", bound=Plain)


def read_about(folder: Path) -> EventFile:
    """What event.toml says."""
    path = folder / ABOUT
    if not path.is_file():
        raise SheetErrors([SheetError(ABOUT, 0, "", f"there is no such file in {folder}. A folder needs one.")])
    try:
        return EventFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SheetErrors([SheetError(ABOUT, 0, "", f"this is not TOML: {error}.")]) from error
    except ValidationError as error:
        problems = [
            SheetError(ABOUT, 0, ".".join(str(part) for part in problem["loc"]), f"{problem['msg']}.")
            for problem in error.errors()
        ]
        raise SheetErrors(problems) from error


def read_folder(folder: Path, about: EventFile, manifest: Manifest) -> EventFolder:
    """Every file of the folder, checked against each other and against the pack. Raises SheetErrors."""
    reader = _Reader(folder)
    questions, survey = reader.survey(ZoneInfo(about.event.timezone))
    found = EventFolder(
        folder=folder,
        about=about,
        registrations=reader.rows("registrations.csv", RegistrationRow),
        survey_questions=questions,
        survey=survey,
        insights=reader.rows("insights.csv", InsightRow),
        coding=reader.rows("coding.csv", CodingRow),
        likenesses=reader.rows("duplicates.csv", LikenessRow),
        comments=reader.rows("comments.csv", CommentRow),
        statements=reader.rows("statements.csv", StatementRow),
        ratings=reader.rows("ratings.csv", RatingRow, COLUMN[about.vote.method]),
        recommendations=reader.rows("recommendations.csv", RecommendationRow),
        commitments=reader.rows("commitments.csv", CommitmentRow),
    )
    if not reader.errors:
        _check_against_each_other(reader, found, manifest)
    if reader.errors:
        raise SheetErrors(reader.errors)
    return found


@dataclass
class _Reader:
    """Reads the files of one folder and gathers what is wrong with them."""

    folder: Path
    errors: list[SheetError] = field(default_factory=list)
    places: dict[int, SheetRow] = field(default_factory=dict)

    def rows(self, name: str, kind: type[Row], *also: str) -> tuple[Row, ...]:
        """The rows of a file as values; a row that does not fit becomes an error for each of its columns.

        A file of this event needs the columns in `also`, too.
        """
        required = [*(column for column, info in kind.model_fields.items() if info.is_required()), *also]
        made = []
        for row in self._sheet(name, columns=required):
            try:
                value = kind.model_validate(row.cells)
            except ValidationError as error:
                self.errors += [row.error(str(problem["loc"][0]), _words(problem)) for problem in error.errors()]
            else:
                self.places[id(value)] = row
                made.append(value)
        return tuple(made)

    def survey(self, timezone: ZoneInfo) -> tuple[tuple[str, ...], tuple[SurveyRow, ...]]:
        """The open questions of a survey service's "all responses" export, and its responses, the oldest first."""
        rows = self._sheet(SURVEY, columns=SURVEY_COLUMNS, header_rows=2)
        if not rows:
            return (), ()
        questions = tuple(column for column in rows[0].cells if column not in NO_QUESTIONS)
        made = []
        for row in rows:
            try:
                ended = datetime.strptime(row["End Date"], SURVEY_CLOCK).replace(tzinfo=timezone)
            except ValueError:
                self.errors.append(row.error("End Date", "write it like 03/17/2026 09:30:00 AM."))
                continue
            made.append(
                SurveyRow(
                    respondent=row["Respondent ID"],
                    email=row["Email Address"],
                    name=f"{row['First Name']} {row['Last Name']}",
                    describes=row.cells.get(DESCRIBES, ""),
                    finished_at=ended,
                    answers=tuple(row[question].strip() for question in questions),
                )
            )
        return questions, tuple(sorted(made, key=lambda response: response.finished_at))

    def _sheet(self, name: str, *, columns: Collection[str], header_rows: int = 1) -> list[SheetRow]:
        path = self.folder / name
        if not path.is_file():
            return []
        try:
            return read_sheet(path, columns=columns, header_rows=header_rows)
        except SheetErrors as found:
            self.errors += found.errors
            return []

    def complain(self, value: Plain, column: str, message: str) -> None:
        self.errors.append(self.places[id(value)].error(column, message))

    def must_know(self, values: Iterable[Row], column: str, key: Callable[[Row], Iterable[Any]], known: Any) -> None:
        """Every key that a column names must be among the known ones."""
        for value in values:
            for name in key(value):
                if name not in known:
                    self.complain(value, column, f"there is no {name!s} that this could mean.")

    def must_be_one(self, values: Iterable[Row], column: str, key: Callable[[Row], Any]) -> None:
        """No key may come twice."""
        seen: set[Any] = set()
        for value in values:
            if (name := key(value)) in seen:
                self.complain(value, column, f"{name!s} comes twice.")
            seen.add(name)


def _words(problem: Any) -> str:
    if problem["type"] == "enum":
        return f"write {problem['ctx']['expected']}, not “{problem['input']}”."
    return f"{problem['msg']} (it says “{str(problem['input'])[:60]}”)."


def _check_against_each_other(reader: _Reader, found: EventFolder, manifest: Manifest) -> None:
    themes = {theme.id for theme in manifest.themes}
    tables = {table.number for table in found.about.table}
    insights = {insight.client_id for insight in found.insights}
    reader.must_be_one(found.insights, "client_id", lambda row: row.client_id)
    reader.must_be_one([r for r in found.registrations if r.email], "email", lambda row: row.email.casefold())
    reader.must_be_one(found.comments, "comment_id", lambda row: row.comment_id)
    reader.must_be_one(found.coding, "client_id", lambda row: row.client_id)
    reader.must_be_one(found.ratings, "statement", lambda row: (row.ballot, row.statement))
    reader.must_be_one(found.statements, "statement", lambda row: row.statement)
    reader.must_be_one(found.recommendations, "number", lambda row: row.number)
    reader.must_be_one(found.commitments, "number", lambda row: row.number)
    reader.must_know(found.insights, "theme", lambda row: [row.theme] if row.theme else [], themes)
    reader.must_know(found.insights, "table", lambda row: [row.table] if row.table else [], tables)
    reader.must_know(found.registrations, "table", lambda row: [row.table] if row.table else [], tables)
    reader.must_know(found.registrations, "first_choice", lambda row: row.choices, themes)
    reader.must_know(found.coding, "client_id", lambda row: [row.client_id], insights)
    reader.must_know(found.coding, "coder_a", lambda row: [row.coder_a] if row.coder_a else [], themes | {OTHER})
    reader.must_know(found.coding, "coder_b", lambda row: [row.coder_b] if row.coder_b else [], themes | {OTHER})
    reader.must_know(found.comments, "client_id", lambda row: [row.client_id], insights)
    reader.must_know(found.likenesses, "id_a", lambda row: [row.id_a, row.id_b], insights)
    reader.must_know(found.recommendations, "insight_ids", lambda row: row.sources, insights)
    reader.must_know(
        found.ratings, "statement", lambda row: [row.statement], {statement.statement for statement in found.statements}
    )
    _check_ballots(reader, found)
    _check_cards(reader, found)
    _check_seats(reader, found)


def _check_ballots(reader: _Reader, found: EventFolder) -> None:
    """Every answer stands in the column of the event's method, and a ballot of dots or ranks holds what it may."""
    vote = found.about.vote
    column, ballots = COLUMN[vote.method], dict[str, list[RatingRow]]()
    for row in found.ratings:
        for other in row.filled:
            if other != column:
                reader.complain(row, other, f"event.toml says that people voted by {vote.method.value}: use {column}.")
        ballots.setdefault(row.ballot, []).append(row)
    if vote.method is VoteMethod.RATE:
        return
    for rows in ballots.values():
        marks = {row.statement: getattr(row, column) for row in rows}
        if any(marks.values()) and (problem := vote.way.problem_with(marks)) is not None:
            reader.complain(rows[0], column, f"ballot {rows[0].ballot} could not have been cast. {problem}")


def _check_cards(reader: _Reader, found: EventFolder) -> None:
    """A card has one number, which begins with that of its table."""
    for row in found.insights:
        if row.is_numbered_card and (row.card is None or row.card.table != row.table):
            reader.complain(row, "card_number", "write the number of its table and its own, such as 7-12.")
    reader.must_be_one([row for row in found.insights if row.card], "card_number", lambda row: row.card)


def _check_seats(reader: _Reader, found: EventFolder) -> None:
    seats = {table.number: table.seats for table in found.about.table}
    sitting: Counter[int] = Counter()
    for row in found.registrations:
        if row.table is not None:
            sitting[row.table] += 1
            if sitting[row.table] > seats.get(row.table, 0):
                reader.complain(row, "table", f"table {row.table} has {seats.get(row.table, 0)} seats, all taken.")
