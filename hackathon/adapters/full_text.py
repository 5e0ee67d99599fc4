"""Looking for words: what somebody types becomes a question that SQLite and PostgreSQL answer alike.

The indexes behind it are made by a migration: `<table>_words` on SQLite, one over `words_of(text)` on PostgreSQL.
"""

import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

from sqlalchemy import Select, column, func, literal_column, table
from sqlalchemy.orm import InstrumentedAttribute, Session

MOST_WORDS = 8
LONGEST_WORD = 40
SHORTEST_BEGINNING = 3
"""Words that are shorter are looked for as they are; of longer ones a beginning is enough: "meet" finds "meetings"."""

Row = TypeVar("Row")


def words_to_find(typed: str) -> list[str]:
    """The first few words of what somebody typed: runs of letters, marks and digits, without accents and capitals."""
    runs = groupby(unicodedata.normalize("NFC", typed).lower(), key=lambda c: unicodedata.category(c)[0] in "LMN")
    words = ["".join(map(_plain, run))[:LONGEST_WORD] for is_word, run in runs if is_word]
    return list(dict.fromkeys(words))[:MOST_WORDS]


def newest_saying(
    session: Session,
    query: Select[Row],
    text: InstrumentedAttribute[str],
    wanted: Sequence[Sequence[str]],
    *,
    below: int | None = None,
) -> Select[Row]:
    """The rows of this query whose text says every word of one of these lists, the newest first.

    `below` is the id under which to go on. On SQLite the index itself walks from the newest row backwards, so that the
    commonest word costs no more than a rare one.
    """
    row_id = text.class_.id
    if session.get_bind().dialect.name == "sqlite":
        words = table(f"{text.class_.__tablename__}_words", column("rowid"))
        query = query.join(words, words.c.rowid == row_id).where(literal_column(words.name).op("MATCH")(_fts5(wanted)))
        row_id = words.c.rowid
    else:
        query = query.where(func.words_of(text).op("@@")(func.to_tsquery("simple", _tsquery(wanted))))
    if below is not None:
        query = query.where(row_id < below)
    return query.order_by(row_id.desc())


def forget_deleted_words(session: Session) -> None:
    """Merge the index on SQLite, which until then still holds the words of rows that were changed or deleted."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("INSERT INTO insight_words (insight_words) VALUES ('optimize')")


def _plain(letter: str) -> str:
    """The letter without its accent, for Latin letters alone: in other scripts a mark makes another letter."""
    return unicodedata.normalize("NFD", letter)[0] if "\xc0" <= letter < "\u0250" else letter


def _fts5(wanted: Sequence[Sequence[str]]) -> str:
    return " OR ".join(
        "(" + " AND ".join(f'"{word}"{_beginning(word, "*")}' for word in words) + ")" for words in wanted
    )


def _tsquery(wanted: Sequence[Sequence[str]]) -> str:
    return " | ".join("(" + " & ".join(f"{word}{_beginning(word, ':*')}" for word in words) + ")" for words in wanted)


def _beginning(word: str, sign: str) -> str:
    return sign if len(word) >= SHORTEST_BEGINNING else ""
