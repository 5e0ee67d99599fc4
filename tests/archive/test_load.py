"""Loading a whole event: all of it or nothing, once, with every mistake named by file, row and column."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.adapters.sheets import SheetErrors
from hackathon.archive.commands import SAMPLE, load_folder
from hackathon.archive.transfer import read_about, read_folder
from hackathon.cards.document import CardNumber
from hackathon.cards.models import Card, CardState
from hackathon.cards.operations import AlreadyEntered, enter_card
from hackathon.cards.queries import cards_by_table
from hackathon.events.models import Activity, Event, Stage
from hackathon.events.queries import event_by_slug
from hackathon.insights.models import Comment, Identity, Insight, Source
from hackathon.insights.queries import insight_by_client_id, insights_of
from hackathon.packs.transfer import pack_on_disk
from hackathon.participants.models import Participant, Registration
from hackathon.tables.queries import tables_of
from hackathon.votes.models import Ballot, Rating, VoteMethod, Way
from hackathon.votes.queries import marks_on, way_of
from tests.visitor import Visitor

Change = Callable[[Path], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample event, to be spoilt."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "event"))


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(words))
    return result.exit_code, result.output


def rows_of(session: Session) -> dict[str, int]:
    """How many rows there are of what a load makes."""
    kinds = (Event, Participant, Registration, Insight, Comment, Ballot, Rating, Activity)
    return {kind.__tablename__: session.scalar(select(func.count(kind.id))) or 0 for kind in kinds}


def set_cell(path: Path, row: int, column: str, value: str) -> None:
    """Change one cell; the first row after the header is 2, as a spreadsheet counts."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows[row - 2][column] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_command_loads_everything_and_says_where_it_is(app: Flask, session: Session) -> None:
    code, said = run(app, "events", "load", str(SAMPLE))

    event = event_by_slug(session, "change-model-2026")
    assert event is not None
    assert (code, said) == (
        0,
        f"Loaded {event.code} Hack the way we lead change: Stannerdale: https://hack.example.org/e/{event.code}\n",
    )
    found = rows_of(session)
    assert (found["registration"], found["insight"], found["comment"]) == (96, 240, 120)
    assert (found["ballot"], found["rating"]) == (88, 792)
    assert event.stage is Stage.AFTER
    assert [(table.number, table.taken) for table in tables_of(session, event)] == [(n, 8) for n in range(1, 11)]


def test_what_came_on_numbered_cards_is_typed_in_and_cannot_be_typed_again(session: Session) -> None:
    event, _ = load_folder(SAMPLE)
    words: dict[str, Any] = {
        "state": CardState.TYPED,
        "text": "Once more",
        "identity": Identity.HIDDEN,
        "author_name": "",
        "client_id": "a-card-that-is-in-already",
        "actor": "Sam Scribe",
    }

    with pytest.raises(AlreadyEntered, match="We drew a bus"):
        enter_card(session, event, number=CardNumber(8, 4), **words)

    on_paper = [insight for insight in insights_of(session, event) if insight.source is Source.PAPER]
    cards = session.scalars(select(Card)).all()
    eighth = next(each for each in cards_by_table(session, event) if each.table == 8)
    assert {card.insight_id for card in cards} == {insight.id for insight in on_paper}
    assert {(card.state, card.entered_by) for card in cards} == {(CardState.TYPED, "the archive")}
    assert (4 in eighth.typed, 4 in eighth.missing, 3 in eighth.missing) == (True, False, 3 not in eighth.typed)


def test_loading_twice_changes_nothing(app: Flask, session: Session) -> None:
    run(app, "events", "load", str(SAMPLE))
    before = rows_of(session)

    code, said = run(app, "events", "load", str(SAMPLE))

    assert code == 0
    assert said.startswith("Nothing changed: this event was loaded before.")
    assert rows_of(session) == before


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "message"),
    [
        ("insights.csv", 5, "place", "roof", "insights.csv, row 5, place: write 'room' or 'outside', not “roof”."),
        ("insights.csv", 7, "theme", "weather", "insights.csv, row 7, theme: there is no weather"),
        ("insights.csv", 9, "table", "99", "insights.csv, row 9, table: there is no 99"),
        ("insights.csv", 12, "card_number", "a card", "insights.csv, row 12, card_number: write the number of its"),
        ("insights.csv", 12, "card_number", "7-004", "insights.csv, row 12, card_number: write the number of its"),
        ("insights.csv", 15, "card_number", "8-4", "insights.csv, row 15, card_number: 8–4 comes twice."),
        ("insights.csv", 3, "captured_at", "yesterday", "insights.csv, row 3, captured_at: "),
        ("registrations.csv", 4, "status", "maybe", "registrations.csv, row 4, status: "),
        ("registrations.csv", 3, "email", "hassan.warsame@example.org", "registrations.csv, row 3, email: "),
        ("coding.csv", 2, "coder_b", "weather", "coding.csv, row 2, coder_b: there is no weather"),
        ("comments.csv", 2, "client_id", "nobody", "comments.csv, row 2, client_id: there is no nobody"),
        ("ratings.csv", 2, "rating", "9e999", "ratings.csv, row 2, rating: "),
        ("ratings.csv", 2, "statement", "99", "ratings.csv, row 2, statement: there is no 99"),
        ("recommendations.csv", 2, "insight_ids", "nothing", "recommendations.csv, row 2, insight_ids: "),
        ("recommendations.csv", 2, "horizon", "5", "recommendations.csv, row 2, horizon: "),
        ("commitments.csv", 2, "kept", "sure", "commitments.csv, row 2, kept: "),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_loaded(
    app: Flask, session: Session, folder: Path, file: str, row: int, column: str, value: str, message: str
) -> None:
    set_cell(folder / file, row, column, value)

    code, said = run(app, "events", "load", str(folder))

    assert code == 1
    assert message in said
    assert set(rows_of(session).values()) == {0}


def test_everything_that_is_wrong_is_said_at_once(app: Flask, folder: Path) -> None:
    set_cell(folder / "insights.csv", 5, "place", "roof")
    set_cell(folder / "registrations.csv", 4, "status", "maybe")
    (folder / "statements.csv").write_bytes(b"statement,text\n1,caf\xe9\n")

    _, said = run(app, "events", "load", str(folder))

    assert [line.split(",")[0] for line in said.splitlines()[1:]] == [
        "insights.csv",
        "registrations.csv",
        "statements.csv",
    ]


def _without_title(folder: Path) -> None:
    path = folder / "event.toml"
    path.write_text(path.read_text().replace('title = "Hack', 'heading = "Hack', 1))


def _with_unknown_pack(folder: Path) -> None:
    path = folder / "event.toml"
    path.write_text(path.read_text().replace('pack = "change-model"', 'pack = "no-such-pack"'))


def _broken(folder: Path) -> None:
    (folder / "event.toml").write_text("[event\n")


def _missing(folder: Path) -> None:
    (folder / "event.toml").unlink()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_without_title, "event.toml, event.title: Field required."),
        (_with_unknown_pack, "event.toml, event.pack: there is no pack called no-such-pack."),
        (_broken, "event.toml: this is not TOML"),
        (_missing, "event.toml: there is no such file"),
    ],
)
def test_a_wrong_event_file_is_named(app: Flask, session: Session, folder: Path, spoil: Change, message: str) -> None:
    spoil(folder)

    code, said = run(app, "events", "load", str(folder))

    assert code == 1
    assert message in said
    assert set(rows_of(session).values()) == {0}


def test_more_people_than_seats_are_refused(folder: Path) -> None:
    path = folder / "event.toml"
    path.write_text(path.read_text().replace("seats = 8", "seats = 7", 1))
    about = read_about(folder)

    with pytest.raises(SheetErrors, match="table 1 has 7 seats, all taken"):
        read_folder(folder, about, pack_on_disk(about.event.pack).manifest)


def test_the_survey_is_read_as_the_service_exports_it(folder: Path) -> None:
    about = read_about(folder)

    found = read_folder(folder, about, pack_on_disk(about.event.pack).manifest)

    assert found.survey_questions == ("What do you think of change?", "What do you think of our change model?")
    assert len(found.survey) == 137
    assert sum(not any(row.answers) for row in found.survey) == 4
    moments = [row.finished_at for row in found.survey]
    assert moments == sorted(moments), "the oldest comes first"


def test_anonymous_words_stay_without_a_person(session: Session) -> None:
    event, _ = load_folder(SAMPLE)

    anonymous = [i for i in insights_of(session, event) if i.identity is Identity.ANONYMOUS]

    assert len(anonymous) == 77
    assert {(i.author_id, i.author_name, i.device) for i in anonymous} == {(None, "", None)}


def test_attack_34_awkward_words_come_back_unchanged_through_our_own_spreadsheet(
    client: Visitor, session: Session, folder: Path, app: Flask
) -> None:
    """A CSV that we wrote, with its neutral cells, is loaded back into the very words that people sent.

    The ids of phones stay in the house, so the sheet gets back those that the other files name.
    """
    event, _ = load_folder(SAMPLE)
    words = {insight.client_id: insight.text for insight in insights_of(session, event)}
    exported = client.get(f"/e/{event.code}/insights.csv").text
    assert not [cell for row in csv.reader(exported.splitlines()) for cell in row if cell.startswith(tuple("=+-@\t\r"))]

    ids = {str(insight.number): insight.client_id for insight in insights_of(session, event)}
    rows = [{**row, "client_id": ids[row["number"]]} for row in csv.DictReader(io.StringIO(exported, newline=""))]
    with (folder / "insights.csv").open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.DictWriter(sheet, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (folder / "event.toml").write_text((folder / "event.toml").read_text().replace("change-model-2026", "again-2026"))
    again, _ = load_folder(folder)

    assert {insight.client_id: insight.text for insight in insights_of(session, again)} == words
    awkward = csv.DictReader((SAMPLE / "notable.csv").open(encoding="utf-8"))
    for row in awkward:
        assert (found := insight_by_client_id(session, again, row["client_id"]))
        assert found.text == words[row["client_id"]]


def test_the_demonstration_opens_with_the_sample_event_alive(app: Flask, session: Session) -> None:
    code, said = run(app, "demo", "load")
    again = run(app, "demo", "load")

    event = event_by_slug(session, "change-model-2026")
    assert event is not None
    assert (event.is_sample, event.is_capturing, event.figures_frozen_at) == (True, True, None)
    assert code == again[0] == 0
    assert [line.partition(": ")[0] for line in said.splitlines()] == ["Organiser", "Table 1", "Wall", "Event"]
    assert session.scalar(select(func.count(Event.id))) == 1


def vote_by(folder: Path, method: str, *ballots: str, column: str = "") -> None:
    """Let the event of a folder vote by another method, on three statements. A ballot is `code: answer answer -`."""
    about = folder / "event.toml"
    budget = "dots = 5\ndots_on_one = 3\n" if method == "dots" else ""
    about.write_text(about.read_text().replace("[vote]\n", f'[vote]\nmethod = "{method}"\n{budget}'))
    (folder / "statements.csv").write_text("statement,text\n1,First\n2,Second\n3,Third\n")
    lines = [f"ballot,channel,place,cast_at,statement,{column or method.removesuffix('ing')}"]
    for ballot in ballots:
        code, _, answers = ballot.partition(": ")
        lines += [f"{code},paper,room,,{n},{'' if a == '-' else a}" for n, a in enumerate(answers.split(), 1)]
    (folder / "ratings.csv").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("method", "ballots", "kept"),
    [
        ("dots", ["AAAAAA: 3 - 2", "BBBBBB: 0 1 -"], {"AAAAAA": {1: 3, 3: 2}, "BBBBBB": {2: 1}}),
        ("ranking", ["AAAAAA: 2 1 3", "BBBBBB: - 1 -"], {"AAAAAA": {1: 2, 2: 1, 3: 3}, "BBBBBB": {2: 1}}),
    ],
)
def test_dots_and_ranks_are_loaded_as_they_were_cast(
    session: Session, folder: Path, method: str, ballots: list[str], kept: dict[str, dict[int, int]]
) -> None:
    vote_by(folder, method, *ballots)

    event, _ = load_folder(folder)

    assert way_of(session, event) == (Way(VoteMethod.DOTS, 5, 3) if method == "dots" else Way(VoteMethod.RANKING, 0))
    loaded = session.scalars(select(Ballot).order_by(Ballot.code)).all()
    assert {ballot.code: marks_on(session, ballot) for ballot in loaded} == kept


@pytest.mark.parametrize(
    ("method", "ballot", "column", "message"),
    [
        (
            "dots",
            "AAAAAA: 3 3 -",
            "",
            "ratings.csv, row 2, dots: ballot AAAAAA could not have been cast. You have 5 dots",
        ),
        ("dots", "AAAAAA: 4 - -", "", "ballot AAAAAA could not have been cast. Put at most 3 on one statement."),
        ("dots", "AAAAAA: -1 1 1", "", "ratings.csv, row 2, dots: "),
        ("dots", "AAAAAA: some - -", "", "ratings.csv, row 2, dots: "),
        ("dots", "AAAAAA: agree - -", "rating", "ratings.csv, row 1, dots: this column is missing."),
        (
            "ranking",
            "AAAAAA: 1 3 -",
            "",
            "ratings.csv, row 2, rank: ballot AAAAAA could not have been cast. No statement",
        ),
        ("ranking", "AAAAAA: 1 1 2", "", "More than one statement is number 1."),
        ("ranking", "AAAAAA: 0 1 -", "", "ratings.csv, row 2, rank: "),
    ],
)
def test_dots_and_ranks_that_nobody_could_have_cast_are_refused(
    app: Flask, session: Session, folder: Path, method: str, ballot: str, column: str, message: str
) -> None:
    vote_by(folder, method, ballot, column=column)

    code, said = run(app, "events", "load", str(folder))

    assert code == 1
    assert message in said
    assert set(rows_of(session).values()) == {0}


def test_an_answer_in_the_column_of_another_method_is_refused(app: Flask, folder: Path) -> None:
    vote_by(folder, "dots", "AAAAAA: 1 1 1")
    rows = (folder / "ratings.csv").read_text().splitlines()
    (folder / "ratings.csv").write_text("\n".join([rows[0] + ",rank", *(f"{row},2" for row in rows[1:])]) + "\n")

    _, said = run(app, "events", "load", str(folder))

    assert "ratings.csv, row 2, rank: event.toml says that people voted by dots: use dots." in said


@pytest.mark.parametrize(
    ("vote", "says"),
    [
        ('method = "dots"', "say in dots how many each person had"),
        ('method = "dots"\ndots = 3\ndots_on_one = 4', "nobody who has 3 dots can put 4 on one statement"),
        ("dots = 3", "dots and dots_on_one are for the method dots"),
        ('method = "hands"', "event.toml, vote.method: "),
    ],
)
def test_a_way_of_voting_that_does_not_fit_is_refused(app: Flask, folder: Path, vote: str, says: str) -> None:
    about = folder / "event.toml"
    about.write_text(about.read_text().replace("[vote]\n", f"[vote]\n{vote}\n"))

    code, said = run(app, "events", "load", str(folder))

    assert (code, says in said) == (1, True), said
