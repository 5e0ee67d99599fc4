"""A release comes up on the database of an earlier one, with everything kept.

`release_1.json` holds a few rows of every table as release 1 (migration 0001) kept them, `release_4.json` and
`release_6.json` as those of migrations 0004 and 0006 did: taken from the sample event, and invented where it has none.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import Column, MetaData, Table, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from hackathon.adapters.full_text import newest_saying, words_to_find
from hackathon.core.clock import now
from hackathon.core.db import db, transaction
from hackathon.events.models import Activity, Event, Moderation, Place
from hackathon.events.operations import record
from hackathon.events.queries import log_of
from hackathon.insights.models import Comment, Identity, Insight, Source, SurveyAnswer
from hackathon.insights.operations import share_insight
from hackathon.privacy.models import Seal
from hackathon.privacy.operations import seal_log
from hackathon.privacy.queries import check_log
from hackathon.staff.models import Account
from hackathon.votes.models import Ballot, Round, VoteMethod
from tests.makers import make_event
from tests.visitor import Visitor

Rows = dict[str, list[dict[str, Any]]]

NOT_WRITTEN_BY_US = {
    "alembic_version",
    "insight_words",
    "insight_words_config",
    "insight_words_data",
    "insight_words_docsize",
    "insight_words_idx",
}
"""The version of the schema, and where SQLite keeps the words that can be looked for."""
CODE = "BX5K"
ORGANISER = 1


@dataclass(frozen=True, slots=True)
class Release:
    """What an earlier release kept, and the schema in which it did, as this database tells it."""

    rows: Rows
    schema: MetaData

    @property
    def next_number(self) -> int:
        """The number that the next contribution gets."""
        return int(self.rows["last_number"][0]["number"]) + 1


def test_what_was_kept_holds_a_row_of_every_table_that_the_release_had(before: Release) -> None:
    assert {name for name, rows in before.rows.items() if rows} == set(before.schema.tables) - NOT_WRITTEN_BY_US


def test_an_upgrade_keeps_every_row_and_every_value(before: Release) -> None:
    fill(before)

    flask_migrate.upgrade()

    assert lost(before) == []


def test_a_migration_that_drops_a_column_or_a_row_would_be_noticed(before: Release) -> None:
    """The control: what the test above would show."""
    fill(before)
    flask_migrate.upgrade()

    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE promise DROP COLUMN words"))
        connection.execute(text("DELETE FROM likeness"))
        connection.execute(text("UPDATE comment SET place = 'outside' WHERE place = 'room'"))

    assert {table for table, _, _ in lost(before)} == {"promise", "likeness", "comment"}


def test_what_was_written_before_is_shown_counted_and_on_time(before: Release, session: Session) -> None:
    fill(before)

    flask_migrate.upgrade()

    event = session.scalars(select(Event)).one()
    assert (event.moderation, event.is_rehearsing) == (Moderation.AFTER, False)
    for written in [*session.scalars(select(Insight)), *session.scalars(select(Comment))]:
        assert (written.late, written.waits, written.uncounted) == (False, False, None)
        assert written.is_shown == (written.hidden_at is None)
    assert {answer.hidden_at for answer in session.scalars(select(SurveyAnswer))} == {None}
    held = session.scalars(select(Round)).one()
    assert (held.method, held.dots, held.rehearsal) == (VoteMethod.RATE, 0, False)
    assert {ballot.late for ballot in session.scalars(select(Ballot))} == {False}


def test_pages_show_an_event_of_the_release_before_and_it_goes_on(
    before: Release, staff_client: Callable[..., Visitor], client: Visitor, session: Session
) -> None:
    fill(before)
    flask_migrate.upgrade()
    said = [row["text"] for row in before.rows["insight"] if row["hidden_at"] is None]
    hidden = [row["text"] for row in before.rows["insight"] if row["hidden_at"] is not None]
    organiser = staff_client(account=session.get_one(Account, ORGANISER))

    assert before.rows["event"][0]["question"] in client.soup(f"/e/{CODE}").get_text(" ")
    listed = client.soup(f"/e/{CODE}/insights").get_text(" ")
    assert [words for words in said if words not in listed] == []
    assert [words for words in hidden if words in listed] == []
    assert before.rows["statement"][0]["text"] in client.soup(f"/e/{CODE}/results").get_text(" ")
    assert "contributions" in organiser.words(f"/desk/{CODE}").lower()
    with transaction() as writing:
        newest = share_insight(
            writing,
            writing.scalars(select(Event)).one(),
            text="Written on the new release",
            place=Place.OUTSIDE,
            client_id="release-next-0001",
            identity=Identity.ANONYMOUS,
            source=Source.WEB,
        )
    assert newest.number == before.next_number


def test_words_are_found_that_were_written_before(before: Release, session: Session) -> None:
    fill(before)
    said = before.rows["insight"][0]
    with db.engine.begin() as connection:
        insight = before.schema.tables["insight"]
        connection.execute(
            update(insight).where(insight.c.id == said["id"]).values(text="It’s – as we say – a ‘kettle’")
        )

    flask_migrate.upgrade()

    for typed in ("it’s", "kettle", "say - a"):
        found = session.scalars(newest_saying(session, select(Insight.id), Insight.text, [words_to_find(typed)]))
        assert found.all() == [said["id"]], typed


def test_names_leave_the_log_and_seals_that_held_hold_again(session: Session) -> None:
    flask_migrate.downgrade(revision="0005")
    whole, broken = make_event(session), make_event(session)
    later = now() + timedelta(hours=1)
    for event in (whole, broken):
        for number in range(2):
            record(session, event, "insight.shared", actor="Maureen Tibbs", subject_id=number)
            record(session, event, "insight.hidden", actor="Jo", subject_id=number, reason="unkind")
            seal_log(session, event, at=later)
    last = select(func.max(Seal.id)).where(Seal.event_id == broken.id).scalar_subquery()
    session.execute(update(Seal).where(Seal.id == last).values(digest="changed by hand"))
    session.commit()

    flask_migrate.upgrade()

    session.expire_all()
    names = session.scalars(select(Activity.actor).where(Activity.kind == "insight.shared")).all()
    assert names == ["someone"] * 4
    checks = [check_log(session, event) for event in (whole, broken)]
    assert [(check.is_whole, check.seals) for check in checks] == [(True, 2), (False, 1)]
    assert log_of(session, whole)[0].detail == {"number": 2}
    with pytest.raises(DatabaseError, match="the log is not changed"):
        session.execute(update(Activity).values(actor="Jo"), execution_options={"synchronize_session": False})


@pytest.fixture(params=[1, 4, 6])
def before(request: pytest.FixtureRequest, app: Flask, session: Session) -> Release:
    """An earlier release, on whose empty schema the database stands."""
    session.close()
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade(revision=f"{request.param:04}")
    kept = Path(__file__).with_name(f"release_{request.param}.json")
    return Release(json.loads(kept.read_text()), _schema())


def fill(release: Release) -> None:
    with db.engine.begin() as connection:
        for table in release.schema.sorted_tables:
            for row in release.rows.get(table.name, []):
                connection.execute(insert(table).values({name: _read(table.c[name], row[name]) for name in row}))
            if connection.dialect.name == "postgresql" and table.name in release.rows:
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}")
                )


def lost(release: Release) -> list[tuple[str, int, str]]:
    """Every value of the release that is not there any more as it was: table, row, column."""
    schema = _schema()
    with db.engine.connect() as connection:
        return [
            (name, row["id"], column)
            for name, rows in release.rows.items()
            for row in rows
            for column in _differences(row, _row(connection, schema.tables.get(name), row["id"]))
        ]


def _schema() -> MetaData:
    schema = MetaData()
    schema.reflect(db.engine)
    return schema


def _row(connection: Any, table: Table | None, number: int) -> dict[str, Any]:
    if table is None:
        return {}
    found = connection.execute(select(table).where(table.c.id == number)).mappings().first()
    return {} if found is None else {name: _written(value) for name, value in found.items()}


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [name for name, value in before.items() if name not in after or after[name] != value]


def _read(column: Column[Any], value: Any) -> Any:
    """A value of the file as the driver takes it."""
    kind = column.type.python_type
    return kind.fromisoformat(value) if kind in (datetime, date, time) and value is not None else value


def _written(value: Any) -> Any:
    """A value of the database as the file has it. SQLite keeps no time zone: its moments are in UTC."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    return value.isoformat() if isinstance(value, date | time) else value
