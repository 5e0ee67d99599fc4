"""A PostgreSQL of our own for as long as it is needed: nothing is configured, nothing stays behind."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from signal import SIGQUIT

import psycopg
from psycopg.sql import SQL, Identifier

from hackathon.porch.copies import free_port
from hackathon.porch.forks import end_with_parent

LONGEST_START = 30.0
LONGEST_GOODBYE = 2.0
STILL_CONNECTED = """
SELECT query FROM pg_stat_activity
WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
ROOMY = ("max_connections=200",)
# Nobody needs these rows after a crash, so nothing waits for the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SHAPE = """
SELECT md5(string_agg(concat_ws(' ', attrelid, attnum, attname, atttypid, attnotnull), ',' ORDER BY attrelid, attnum))
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
"""
EMPTY = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;  -- in any order: foreign keys are not looked at
    FOR name IN
        SELECT relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(oid::regclass, 1, false)
    FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END
$$
"""


class StillConnected(Exception):
    """A test kept a connection to its database. It would end in another test, with a shower of errors."""


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL. Each test takes a database of its own from it."""

    port: int
    _numbers: Iterator[int] = field(default_factory=partial(count, 1))
    _at_rest: dict[str, tuple[str, object]] = field(default_factory=dict)
    """By template: the address of a database like it that nobody uses, and the shape of its tables."""

    def new_database(self, template: str = "template1") -> str:
        """Make a database, empty or like another one, and return its address for SQLAlchemy."""
        name = f"test_{next(self._numbers)}"
        self._do(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def empty_database(self, *, like: str) -> str:
        """A database with the tables of a template that holds no rows. To give one back costs less than to drop it."""
        if like not in self._at_rest:
            url = self.new_database(template=like)
            with self.connect(_name_of(url)) as connection:
                self._at_rest[like] = (url, _shape(connection))
        return self._at_rest[like][0]

    def give_back(self, url: str) -> None:
        """Take out what a test has written. A database whose tables it has changed, or still uses, goes."""
        like = next(name for name, (at_rest, _) in self._at_rest.items() if at_rest == url)
        _, shape = self._at_rest[like]
        with self.connect(_name_of(url)) as connection:
            as_it_was = not self._still_connected(connection, _name_of(url)) and _shape(connection) == shape
            if as_it_was:
                connection.execute(EMPTY)
        if not as_it_was:
            del self._at_rest[like]
            self.drop_database(url)

    def drop_database(self, url: str) -> None:
        """Remove a database, and whoever is still connected to it: but nobody should be, so it says who was."""
        name = _name_of(url)
        with self.connect() as connection:
            left = self._still_connected(connection, name)
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
        if left:
            raise StillConnected(f"{name} was removed under somebody who had asked last: {'; '.join(left)}")

    def _still_connected(self, connection: psycopg.Connection, name: str) -> list[str]:
        """The last words of each connection to a database. One that was closed just now has a moment to go."""
        deadline = time.monotonic() + LONGEST_GOODBYE
        while True:
            left = [query for (query,) in connection.execute(STILL_CONNECTED, [name])]
            if not left or time.monotonic() > deadline:
                return left
            time.sleep(0.002)

    def connect(self, name: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", dbname=name, autocommit=True)

    def _do(self, statement: SQL | psycopg.sql.Composed) -> None:
        with self.connect() as connection:
            connection.execute(statement)


def _shape(connection: psycopg.Connection) -> object:
    return connection.execute(SHAPE).fetchone()


def _name_of(url: str) -> str:
    return url.rpartition("/")[2]


def is_installed() -> bool:
    return _programs() is not None


@contextmanager
def postgres_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Start PostgreSQL on a free port of this machine, in a folder that is removed at the end.

    A `durable` one waits for the disk, as it does where somebody needs the rows.
    """
    programs = _programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed: `python3 app.py test` says how to get it.")
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        account = _account(folder)
        _make(programs, folder, account)
        with _serve(programs, folder, account, ROOMY if durable else ROOMY + FAST) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder)


def _programs() -> Path | None:
    """The newest PostgreSQL that Debian has installed (its server programs are on nobody's PATH)."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _account(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; then it runs under its own account, which gets the folder."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return account.pw_name


def _make(programs: Path, folder: Path, account: str | None) -> None:
    command = [
        str(programs / "initdb"),
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
    ]
    made = subprocess.run(
        [*command, str(folder / "cluster")], user=account, cwd=folder, capture_output=True, text=True, check=False
    )
    if made.returncode:
        raise RuntimeError(f"PostgreSQL could not make a cluster:\n{made.stderr}")


@contextmanager
def _serve(programs: Path, folder: Path, account: str | None, settings: tuple[str, ...]) -> Iterator[Cluster]:
    cluster = Cluster(free_port())
    options = [f"-c{setting}" for setting in settings]
    places = ["-D", str(folder / "cluster"), "-h", "127.0.0.1", "-p", str(cluster.port), "-k", str(folder)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(programs / "postgres"), *places, *options],
            user=account,
            cwd=folder,
            stdout=log,
            stderr=log,
            preexec_fn=partial(end_with_parent, os.getpid(), SIGQUIT),  # noqa: PLW1509 - no threads here yet
        )
    try:
        _await(cluster, server, folder / "log")
        yield cluster
    finally:
        server.send_signal(SIGQUIT)  # at once: there is nothing to save
        server.wait()


def _await(cluster: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + LONGEST_START
    while True:
        try:
            cluster.connect().close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            time.sleep(0.05)
        else:
            return
