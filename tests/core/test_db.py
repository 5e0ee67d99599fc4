"""The ground under everything: the schema that migrations make, and what a transaction promises."""

import threading
import traceback
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from hackathon.core.db import Base, db, reading, transaction
from hackathon.core.rows import put
from hackathon.events.models import Event
from hackathon.factory import create_app
from hackathon.participants.models import Places
from tests.conftest import settings_for, sqlite_copy
from tests.makers import make_event, make_participant

LOOKED_UP = "insight_words"
"""SQLite's full-text index and its four tables, which no model describes."""


def test_migrations_make_the_very_schema_that_the_models_describe(app: Flask) -> None:
    with app.app_context():
        flask_migrate.check()  # raises SystemExit where models and migrations differ


def test_migrations_go_down_to_nothing_and_up_again(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        flask_migrate.downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}

        flask_migrate.upgrade()

        made = {name for name in inspect(db.engine).get_table_names() if not name.startswith(LOOKED_UP)}
        assert made == {*Base.metadata.tables, "alembic_version"}


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    """The application of other tests waits for no disk; this one is as it is where somebody needs the rows."""
    with create_app(settings_for(tmp_path)).app_context():
        with db.engine.connect() as connection:
            names = ("journal_mode", "foreign_keys", "synchronous")
            asked = {name: connection.scalar(text(f"PRAGMA {name}")) for name in names}
        db.engine.dispose()

    assert asked == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_a_fault_of_the_database_tells_the_log_nothing_that_somebody_wrote(session: Session) -> None:
    event = make_event(session)
    name, address = "Maureen Tibbs", "maureen@example.org"
    make_participant(session, event, name=name, email=address)

    with pytest.raises(IntegrityError) as fault:
        make_participant(session, event, name=name, email=address)

    logged = "".join(traceback.format_exception(fault.value))
    assert "unique" in logged.casefold()
    assert (name in logged, address in logged) == (False, False)


def test_a_connection_that_a_test_keeps_is_noticed(sqlite_template: Path, tmp_path: Path) -> None:
    """The control of the application that tests get."""
    with (
        pytest.raises(AssertionError, match="1 connections were kept"),
        sqlite_copy(sqlite_template, tmp_path) as app,
        app.app_context(),
    ):
        kept = db.engine.connect()
    kept.close()


def test_a_transaction_happens_whole_or_not_at_all(app: Flask, session: Session) -> None:
    def fail_half_way() -> None:
        with transaction() as writing:
            make_event(writing)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()

    assert session.scalars(select(Event)).all() == []


def test_a_transaction_reads_afresh_what_others_have_written(app: Flask, session: Session) -> None:
    """A guard that looked at an old row would let the ninth person sit down."""
    with transaction() as writing:
        event = make_event(writing, title="Before")
    assert reading().get_one(Event, event.id).title == "Before"

    def change() -> None:
        with app.app_context(), transaction() as writing:
            writing.get_one(Event, event.id).title = "After"

    other = threading.Thread(target=change)
    other.start()
    other.join()

    with transaction() as writing:
        assert writing.get_one(Event, event.id).title == "After"


def test_transactions_are_not_nested(app: Flask, session: Session) -> None:
    with pytest.raises(RuntimeError, match="open already"), transaction(), transaction():
        pass


def test_writers_wait_for_each_other(app: Flask, session: Session) -> None:
    """Twenty at once read a number, add one and write it back: none is lost behind the writer's lock."""
    with transaction() as writing:
        places = Places(event=make_event(writing), chairs=1000, capacity=1000, taken=0)
        writing.add(places)
    place_id, failures = places.id, []

    def add_one() -> None:
        try:
            with app.app_context(), transaction() as writing:
                row = writing.scalars(select(Places).where(Places.id == place_id).with_for_update()).one()
                row.taken += 1
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=add_one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with transaction() as writing:
        assert (failures, writing.get_one(Places, place_id).taken) == ([], 20)


def test_the_database_itself_refuses_what_must_never_be(app: Flask, session: Session) -> None:
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.add(Places(event=make_event(writing), chairs=8, capacity=8, taken=9))


def test_moments_come_back_in_utc_whatever_zone_they_went_in_with(app: Flask, session: Session) -> None:
    there = datetime(2026, 6, 9, 23, 59, tzinfo=timezone(timedelta(hours=1)))
    with transaction() as writing:
        event = make_event(writing, figures_frozen_at=there)
    session.expire_all()

    assert session.get_one(Event, event.id).figures_frozen_at == datetime(2026, 6, 9, 22, 59, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused(app: Flask, session: Session) -> None:
    with pytest.raises(StatementError, match="time zone"), transaction() as writing:
        make_event(writing, figures_frozen_at=datetime(2026, 6, 9))  # noqa: DTZ001 - the mistake that is looked for


def test_put_inserts_once_and_changes_what_it_is_told_to(app: Flask, session: Session) -> None:
    with transaction() as writing:
        event = make_event(writing)
        row = {"event_id": event.id, "capacity": 8, "taken": 0}
        put(writing, Places, [row], key=["event_id"])
        put(writing, Places, [{**row, "capacity": 10, "taken": 3}], key=["event_id"], change=["capacity"])

    assert [(places.capacity, places.taken) for places in session.scalars(select(Places))] == [(10, 0)]


def test_a_commit_that_fails_leaves_nobody_before_a_closed_door(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full at the last moment must not leave the writers' lock with a connection that nobody holds."""

    def fail(_connection: object) -> None:
        raise db.engine.dialect.import_dbapi().OperationalError("disk I/O error")

    monkeypatch.setattr(db.engine.dialect, "do_commit", fail)
    with pytest.raises(OperationalError), transaction() as writing:
        make_event(writing)
    monkeypatch.undo()

    with transaction() as writing:
        make_event(writing)
    assert len(session.scalars(select(Event)).all()) == 1
