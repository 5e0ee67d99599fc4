"""An application for as long as a test needs it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Engine, QueuePool
from sqlalchemy.event import listen

from hackathon.core.config import Settings
from hackathon.core.db import db
from hackathon.factory import create_app

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For a test that looks at print: the rows that it is made from are asked for on both databases by other tests."""


@contextmanager
def open_application(settings: Settings) -> Iterator[Flask]:
    """An application for as long as it is needed. Whoever keeps a connection of its database is told so.

    Such a connection ends when the garbage is collected, in the middle of another test, with a shower of errors.
    """
    app = create_app(settings)
    app.testing = True
    with app.app_context():
        _wait_for_no_disk(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        pool = db.engine.pool
        kept = pool.checkedout() if isinstance(pool, QueuePool) else 0
        db.engine.dispose()
    assert kept == 0, f"{kept} connections were kept: give back each one, and end the session of each thread"


def _wait_for_no_disk(engine: Engine) -> None:
    """Nobody needs a test's rows after a crash; tests/postgres.py does the same."""
    if engine.dialect.name == "sqlite":
        listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
