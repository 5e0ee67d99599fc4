"""The way from a web worker to the live hub: a reader's connection is handed over, and the worker is free again."""

import json
import os
import socket
import ssl
from pathlib import Path
from typing import NamedTuple
from wsgiref.types import WSGIEnvironment

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from hackathon.adapters import activity_log
from hackathon.adapters.activity_log import NO_END, OLDEST_UNDER_WAY, PAGE, Line, PostgresLog, SqliteLog

PATIENCE = 1.0

LAST_TOLD = {
    "sqlite": "SELECT id FROM activity WHERE event_id = :event AND kind IN :told ORDER BY id DESC LIMIT 1",
    "postgresql": f"""SELECT id FROM activity WHERE event_id = :event AND kind IN :told AND xact < {OLDEST_UNDER_WAY}
                      ORDER BY xact DESC, id DESC LIMIT 1""",
}

NEXT_PAGE = {"sqlite": SqliteLog.PAGE_OF_EVENT, "postgresql": PostgresLog.PAGE_OF_EVENT}


class Changes(NamedTuple):
    """What a stream would have told behind a line, as far as one look goes, and from where the next look goes on."""

    told: list[Line]
    after: int
    more: bool


def hand_over(environ: WSGIEnvironment, unix_path: Path, event_id: int, after: int | None) -> bool:
    """Give this request's connection to the hub, which answers it from the line behind `after` on, or from now on.

    True: answer with anything, nobody will read it. False: the hub is away, or the connection is not ours to give
    (encrypted by this very server, or a test's); answer 503 with Retry-After, and the browser comes back by itself.
    """
    connection = environ.get("gunicorn.socket")
    if not isinstance(connection, socket.socket) or isinstance(connection, ssl.SSLSocket):
        return False
    message = json.dumps({"event": event_id, "after": after}).encode()
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.settimeout(PATIENCE)
            line.connect(str(unix_path))
            socket.send_fds(line, [message], [connection.fileno()])
    except OSError:
        return False
    _cut_off(connection)
    return True


def _cut_off(connection: socket.socket) -> None:
    """Leave the worker a dead end under the same descriptor. It will shut it down, which must not reach the reader."""
    mine, other = socket.socketpair()
    with mine, other:
        os.dup2(mine.fileno(), connection.fileno(), inheritable=False)


def last_activity_id(session: Session, event_id: int) -> int:
    """From where a page that is made now continues: put it into the page's stream address, and nothing is missed.

    It is a line that anybody may hear: the number of any other would say when somebody rated.
    """
    question = text(LAST_TOLD[session.get_bind().dialect.name]).bindparams(bindparam("told", expanding=True))
    last: int | None = session.scalar(question, {"event": event_id, "told": sorted(activity_log.TOLD)})
    return last or 0


def changes_behind(session: Session, event_id: int, after: int) -> Changes:
    """The way round what swallows streams: the same lines in the same order, for a page that asks for them.

    Unless there are very many, lines that nobody may hear do not move the place, so that it does not give them away.
    """
    question = NEXT_PAGE[session.get_bind().dialect.name]
    transaction, last = NO_END
    place = {"event": event_id, "after": after, "xact": transaction, "id": last}
    lines = [Line(*row) for row in session.connection().exec_driver_sql(question, place)]
    told, more = [line for line in lines if line.is_told], len(lines) == PAGE
    reached = lines if more else told
    return Changes(told, after=reached[-1].id if reached else after, more=more)
