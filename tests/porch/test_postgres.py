"""The throw-away PostgreSQL works, gives separate databases, and leaves nothing behind."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.lacking import do_without
from tests.postgres import Cluster, StillConnected


@pytest.fixture(scope="module")
def server(cluster: Cluster | None) -> Cluster:
    if cluster is None:
        do_without("PostgreSQL", "postgresql")
    return cluster


def rows(engine: Engine, question: str) -> list[object]:
    with engine.begin() as connection:
        return [row[0] for row in connection.execute(text(question))]


def test_each_database_is_its_own_and_can_be_like_another(server: Cluster) -> None:
    first = server.new_database()
    engine = create_engine(first)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note AS SELECT 'here' AS words"))
    engine.dispose()

    like_first = create_engine(server.new_database(template=first.rpartition("/")[2]))
    other = create_engine(server.new_database())

    assert rows(like_first, "SELECT words FROM note") == ["here"]
    assert rows(other, "SELECT to_regclass('note')") == [None]
    assert rows(other, "SHOW server_encoding") == ["UTF8"]
    like_first.dispose()
    other.dispose()


def test_a_database_is_dropped_under_whoever_kept_a_connection_and_they_are_told(server: Cluster) -> None:
    url = server.new_database()
    engine = create_engine(url)
    rows(engine, "SELECT 'kept'")

    with pytest.raises(StillConnected, match="COMMIT"):
        server.drop_database(url)

    with server.connect() as connection:
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert (url.rpartition("/")[2],) not in names
    engine.dispose()


def test_the_server_ends_when_the_tests_are_killed() -> None:
    killed = """
import os
from tests.lacking import do_without
from tests.postgres import postgres_cluster
with postgres_cluster() as cluster:
    print(cluster.port, cluster.connect().execute("SHOW data_directory").fetchone()[0], flush=True)
    os.kill(os.getpid(), 9)
"""
    run = subprocess.run([sys.executable, "-c", killed], capture_output=True, text=True, check=False)
    port, folder = run.stdout.split()

    deadline = time.monotonic() + 10
    while Path(folder, "postmaster.pid").exists() and time.monotonic() < deadline:  # the last thing that it removes
        time.sleep(0.05)
    assert not _listens(int(port))
    shutil.rmtree(Path(folder).parent)


def _listens(port: int) -> bool:
    return f":{port:04X} 00000000:0000 0A" in Path("/proc/net/tcp").read_text()
