"""A throw-away PostgreSQL server for tests: a cluster of our own on a socket of our own, gone when the tests are."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

VERSIONS = Path("/usr/lib/postgresql")
_names = count(1)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server that trusts whoever reaches its loopback port."""

    port: int

    def new_database(self, template: str = "template1") -> str:
        """Make a database and return its SQLAlchemy address."""
        name = f"test_{os.getpid()}_{next(_names)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def drop_database(self, url: str) -> None:
        name = url.rpartition("/")[2]
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def is_installed() -> bool:
    return _programs() is not None


@contextmanager
def postgres_cluster() -> Iterator[Cluster]:
    """Start a server, and stop it at the end. Nothing in it needs to survive a power cut, so it never flushes."""
    programs = _programs()
    assert programs is not None, "PostgreSQL is not installed"
    folder = Path(tempfile.mkdtemp(prefix="hackathon-postgres-"))
    who = _server_account()
    if who is not None:
        os.chown(folder, who.pw_uid, who.pw_gid)
    user = None if who is None else who.pw_name
    port = _free_port()
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c max_connections=200"
    try:
        _call(user, programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        _call(user, programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-o", settings, "-w", "start")
        yield Cluster(port)
    finally:
        subprocess.run(
            [programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"],
            user=user,
            cwd=folder,
            capture_output=True,
            check=False,
        )
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    found = sorted(VERSIONS.glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it runs as the account that Debian made for it."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _call(user: str | None, *command: object) -> None:
    subprocess.run([str(part) for part in command], user=user, cwd="/", check=True, capture_output=True)
