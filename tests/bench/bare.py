"""The floors: Flask with the bare parts of the product behind it, doing the least that could be called the same.

`serving` runs one of them under the product's web server, with as many workers and threads.
"""

import os
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Column, Float, Integer, MetaData, Table, Text, create_engine, insert, text

from hackathon.core.config import ROOT
from hackathon.porch.copies import free_port

PLACE = "BARE_DATABASE"
SENDS_TO = "/thoughts"
LONGEST_START = 30.0
METADATA = MetaData()
THOUGHTS = Table(
    "thought",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Float, nullable=False),
)
Keep = Callable[[str, str], int]
Factory = Callable[[], Flask]


def without_database() -> Flask:
    """What Flask can do at most."""
    return _app(lambda client_id, text: 1)


def commit_each_sqlite() -> Flask:
    """The driver alone, everything flushed to the disk, a commit a request."""
    of_thread = threading.local()

    def keep(client_id: str, words: str) -> int:
        if not hasattr(of_thread, "connection"):
            of_thread.connection = _sqlite(os.environ[PLACE])
        connection: sqlite3.Connection = of_thread.connection
        connection.execute("BEGIN IMMEDIATE")
        insertion = "INSERT INTO thought (client_id, text, at) VALUES (?, ?, ?) RETURNING id"
        number: int = connection.execute(insertion, (client_id, words, time.time())).fetchone()[0]
        connection.execute("COMMIT")
        return number

    with _sqlite(os.environ[PLACE]) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS thought"
            " (id INTEGER PRIMARY KEY, client_id TEXT NOT NULL, text TEXT NOT NULL, at REAL NOT NULL)"
        )
    return _app(keep)


def commit_each_core() -> Flask:
    """SQLAlchemy Core with a pool, a commit a request."""
    engine = create_engine(os.environ[PLACE], pool_size=36)
    insertion = insert(THOUGHTS).returning(THOUGHTS.c.id)

    def keep(client_id: str, words: str) -> int:
        with engine.begin() as connection:
            values = {"client_id": client_id, "text": words, "at": time.time()}
            number: int = connection.execute(insertion, values).scalar_one()
            return number

    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(1)"))  # both workers come here at once
        METADATA.create_all(connection)
    return _app(keep)


def _sqlite(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _app(keep: Keep) -> Flask:
    app = Flask(__name__)

    @app.get("/")
    def empty() -> str:
        return "ok"

    @app.post(SENDS_TO)
    def thoughts() -> ResponseReturnValue:
        text = request.form["text"].strip()
        return {"number": keep(request.form["client_id"], text)}, 201

    return app


@dataclass(frozen=True, slots=True)
class Bare:
    """A floor that answers: where, and below which process its web workers are."""

    address: str
    pid: int


@contextmanager
def serving(factory: Factory, database: str = "") -> Iterator[Bare]:
    """One of these apps under gunicorn, with the two workers of 32 threads that the product has."""
    port = free_port()
    command = ["gunicorn", "--worker-class=gthread", "--workers=2", "--threads=32", "--keep-alive=5"]
    bind = [f"--bind=127.0.0.1:{port}", "--log-level=error", "--no-control-socket"]
    process = subprocess.Popen(
        [sys.executable, "-m", *command, *bind, f"tests.bench.bare:{factory.__name__}()"],
        cwd=ROOT,
        env=os.environ | {PLACE: database},
    )
    bare = Bare(f"http://127.0.0.1:{port}", process.pid)
    try:
        _await(bare.address)
        yield bare
    finally:
        process.terminate()
        process.wait(LONGEST_START)


def _await(address: str) -> None:
    deadline = time.monotonic() + LONGEST_START
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
