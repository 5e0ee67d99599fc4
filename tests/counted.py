"""Counts what a page asks of the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from hackathon.core.db import db


def statements_in(visit: Callable[[], object]) -> int:
    """How many statements the database is sent while this is done. Call it inside an application context."""
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", see)
    try:
        visit()
    finally:
        event.remove(db.engine, "before_cursor_execute", see)
    return len(seen)
