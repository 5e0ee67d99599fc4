"""Runs migrations on the application's own database, whichever that is."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


# What migrations make by hand for one kind of database: the log's order, and where words are looked for.
BY_HAND = {"index": ("ix_activity", "ix_insight_words"), "table": ("insight_words",)}


def _leave_out(obj: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """What no model describes and a migration makes on purpose is not drift."""
    return not (reflected and compare_to is None and (name or "").startswith(BY_HAND.get(kind, ("-",))))


with database.engine.execution_options(writing=True).connect() as connection:
    # SQLite changes a table by copying it, which the foreign keys of others must not stop.
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        compare_type=True,
        include_object=_leave_out,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
