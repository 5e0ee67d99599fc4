"""On PostgreSQL the words of an insight are read out of it in a sixth of the time.

`translate` compares each letter of a text with all that it knows, which took two thirds of what keeping an insight
cost. Accents are now looked for before they are taken off, and punctuation goes in one pass: also the quotation marks
and dashes that phones put in, which a database without a language took for letters. SQLite reads words by itself.

And the log forgets the names of those who shared a thought under theirs: nobody could erase them there.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# The per cent sign comes twice: PostgreSQL's driver would take a single one for the place of a value.
PUNCTUATION = "".join(chr(code) for code in range(33, 127) if not chr(code).isalnum()).replace("%", "%%")
ACCENTED = "".join(
    letter
    for letter in map(chr, range(0xC0, 0x250))
    if letter.islower() and len(unicodedata.normalize("NFD", letter)) > 1
)
PLAIN = "".join(unicodedata.normalize("NFD", letter)[0] for letter in ACCENTED)
SPACES = " " * (len(PUNCTUATION) - 1)

WORDS_OF = """
CREATE OR REPLACE FUNCTION words_of(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $words$
    SELECT to_tsvector('pg_catalog.simple', {without_punctuation})
$words$
"""
MARKS = (
    "!-/:-@[-`{-~"  # of ASCII
    "\u00a1\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf\u2010-\u2027\u2030-\u205e"  # of other Latin scripts
    "\u060c\u061b\u061f\u06d4\u0964\u0965"  # of Arabic and Devanagari
)
SOONER = f"""regexp_replace(
    CASE WHEN said ~ '[\u00c0-\u024f]'
    THEN translate(lower(said), '{ACCENTED}', '{PLAIN}') ELSE lower(said) END,
    '[{MARKS}]+', ' ', 'g')"""
BEFORE = f"translate(lower(said), $letters${PUNCTUATION}{ACCENTED}$letters$, '{SPACES}{PLAIN}')"


LOG = sa.table(
    "activity",
    sa.column("id", sa.Integer),
    sa.column("event_id", sa.Integer),
    sa.column("kind", sa.Text),
    sa.column("actor", sa.Text),
    sa.column("subject_id", sa.Integer),
    sa.column("detail", sa.JSON),
    sa.column("at", sa.DateTime(timezone=True)),
)
SEALS = sa.table(
    "seal",
    *(sa.column(name, sa.Integer) for name in ("id", "event_id", "last_line", "lines")),
    sa.column("digest", sa.Text),
)
SOMEONE = "someone"
NAMED = LOG.c.kind.in_(("insight.shared", "insight.held")) & (LOG.c.actor != SOMEONE)


def upgrade() -> None:
    _read_by(SOONER)
    leave_names_out_of_the_log()


def downgrade() -> None:
    _read_by(BEFORE)


def _read_by(without_punctuation: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.get_bind().exec_driver_sql(WORDS_OF.format(without_punctuation=without_punctuation))
        op.execute("REINDEX INDEX ix_insight_words")


def leave_names_out_of_the_log() -> None:
    """A seal that held holds again afterwards; one that was broken stays broken. The log says that this was done."""
    connection = op.get_bind()
    numbers = connection.execute(sa.select(LOG.c.event_id, sa.func.count()).where(NAMED).group_by(LOG.c.event_id)).all()
    holding = {event_id: _seals_that_hold(connection, event_id) for event_id, _ in numbers}
    with _log_open(connection):
        connection.execute(sa.update(LOG).where(NAMED).values(actor=SOMEONE))
    for event_id, number in numbers:
        _seal_again(connection, event_id, holding[event_id])
        line = {"kind": "log.names_left_out", "actor": "the system", "detail": {"number": number}}
        connection.execute(sa.insert(LOG).values(event_id=event_id, at=datetime.now(UTC), **line))


@contextmanager
def _log_open(connection: sa.Connection) -> Iterator[None]:
    """While the log may be changed."""
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE activity DISABLE TRIGGER activity_is_not_changed")
        yield
        op.execute("ALTER TABLE activity ENABLE TRIGGER activity_is_not_changed")
    else:
        kept = connection.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = 'activity_is_not_changed'"))
        op.execute("DROP TRIGGER activity_is_not_changed")
        yield
        op.execute(kept)


def _seals_that_hold(connection: sa.Connection, event_id: int) -> list[Any]:
    """The first seals, up to one that is broken."""
    holding, before, after = [], "", 0
    for seal in connection.execute(sa.select(SEALS).where(SEALS.c.event_id == event_id).order_by(SEALS.c.last_line)):
        lines = _lines(connection, event_id, after, seal.last_line)
        if len(lines) != seal.lines or _digest(lines, before) != seal.digest:
            break
        holding.append(seal)
        before, after = seal.digest, seal.last_line
    return holding


def _seal_again(connection: sa.Connection, event_id: int, seals: Sequence[Any]) -> None:
    before, after = "", 0
    for seal in seals:
        before = _digest(_lines(connection, event_id, after, seal.last_line), before)
        connection.execute(sa.update(SEALS).where(SEALS.c.id == seal.id).values(digest=before))
        after = seal.last_line


def _lines(connection: sa.Connection, event_id: int, after: int, upto: int) -> Sequence[Any]:
    lines = sa.select(LOG).where(LOG.c.event_id == event_id, LOG.c.id > after, LOG.c.id <= upto)
    return connection.execute(lines.order_by(LOG.c.id)).all()


def _digest(lines: Sequence[Any], before: str) -> str:
    """As seals were made: SHA-256 of the digest before and of every line, as JSON with sorted keys."""
    digest = hashlib.sha256(before.encode())
    for line in lines:
        at = line.at.astimezone(UTC) if line.at.tzinfo else line.at.replace(tzinfo=UTC)
        told = [line.id, line.kind, line.actor, line.subject_id, line.detail, at.isoformat()]
        digest.update(json.dumps(told, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()
