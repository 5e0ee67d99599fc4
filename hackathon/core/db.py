"""The database: what every table is made of, and the one way to change something."""

import enum
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    ExceptionContext,
    MetaData,
    Text,
    event,
)
from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from sqlalchemy.types import TypeDecorator

from hackathon.core.clock import now
from hackathon.core.config import ROOT
from hackathon.core.turns import Turns, turns_of

BEGIN_WRITING = "BEGIN IMMEDIATE"
CROSSED = {"40P01", "40001"}
"""PostgreSQL's words for a deadlock and a serialization failure."""


def in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def _values(choices: type[enum.Enum]) -> list[str]:
    return [str(choice.value) for choice in choices]


class Base(DeclarativeBase):
    """A table with a number of its own."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: Moment,
        enum.Enum: Enum(enum.Enum, native_enum=False, length=32, values_callable=_values),
        list[str]: JSON,
        list[Any]: JSON,
        dict[str, Any]: JSON,
    }

    id: Mapped[int] = mapped_column(primary_key=True)


Created = Annotated[datetime, mapped_column(default=now)]
"""A moment that is filled in when the row is made."""

# Models subclass our own Base: Flask-SQLAlchemy's model_class fails with a type_annotation_map and hides types
# from mypy.
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
migrate = Migrate()


def connect_to(app: Flask) -> None:
    """Give the application its database and the commands that move the schema."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "hackathon" / "migrations"), render_as_batch=True)
    with app.app_context():
        teach_sqlite(db.engine)
        count_changes(db.engine)
        keep_words_out_of_faults(db.engine)
        writers = app.extensions["turns"] = turns_of(db.engine)
        app.extensions["batches"] = writers or Turns(str(app.extensions["settings"].folder / "batches-turn"))


def writers_turns() -> AbstractContextManager[object]:
    """The queue in which whoever writes waits for the others."""
    turns: Turns | None = current_app.extensions["turns"]
    return turns or nullcontext()


def batches_turns() -> Turns:
    """The queue of those who commit for many.

    On PostgreSQL too: two batches of one event would wait for each other inside the database, each with whom it had
    when it began. Whoever waits here takes along all who have come meanwhile. So nothing that is done in a batch may
    wait for long; and whoever changes insights by hand takes the event's turn before (`wait_for_turn`).
    """
    turns: Turns = current_app.extensions["batches"]
    return turns


def teach_sqlite(engine: Engine) -> None:
    """Write-ahead log, full durability, foreign keys, patience; and writers queue at the start, not at the commit.

    The driver's own transactions are switched off so that `BEGIN` is ours to choose: a transaction that means to write
    begins IMMEDIATE, since one that reads first and writes later cannot wait for its turn in SQLite.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql(BEGIN_WRITING if writing else "BEGIN")


def overwrite_what_is_deleted(session: Session) -> None:
    """SQLite leaves deleted rows readable in its file until it needs the room, unless it is told to write over them."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")


def empty_journal() -> None:
    """Carry everything over from SQLite's journal into its file, and cut the journal off.

    What was deleted and written over in the file still stands in the journal beside it, for months where few write.
    Whoever reads for long is not waited for: it is done the next time.
    """
    if db.engine.dialect.name != "sqlite":
        return
    with writers_turns(), db.engine.connect() as connection:
        patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
        connection.exec_driver_sql("PRAGMA busy_timeout = 500")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")


def count_changes(engine: Engine) -> None:
    """Let each connection know how many statements it was given that may have changed something."""

    @event.listens_for(engine, "before_cursor_execute")
    def _count(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("SELECT"):
            connection.info["changes"] = connection.info.get("changes", 0) + 1


def keep_words_out_of_faults(engine: Engine) -> None:
    """What people wrote, or who they are, is no business of the program's log, where nobody could erase it again.

    PostgreSQL tells the row that it does not take behind the first line of what it says.
    """
    engine.hide_parameters = True

    @event.listens_for(engine, "handle_error")
    def _shorten(context: ExceptionContext) -> None:
        problem, told = context.original_exception, context.sqlalchemy_exception
        if (first := getattr(getattr(problem, "diag", None), "message_primary", None)) is not None:
            whole, problem.args = str(problem), (first,)
            if told is not None:
                told.args = (str(told.args[0]).replace(whole, first),)


def changes_so_far(connection: Connection) -> int:
    """A number that stays as it is while this connection only looks."""
    return int(connection.info.get("changes", 0))


@contextmanager
def transaction() -> Iterator[Session]:
    """Change something: what is done inside happens whole, or not at all. For many at once there is `group.together`.

    It ends whatever this session was reading before, so that rows are read afresh behind the writer's lock.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("a transaction is open already; operations take its session instead of opening another")
    session.rollback()
    # Rolling back forgets what a reading transaction knew; without one under way there would be nothing to forget.
    session.expire_all()
    with writers_turns():
        session.info["writing"] = True
        try:
            session.connection(execution_options={"writing": True})
            yield session
            commit(session)
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


def commit(session: Session) -> None:
    """End a transaction well. A connection whose commit failed may still hold the writers' lock: it is thrown away."""
    try:
        session.commit()
    except DBAPIError:
        session.invalidate()
        raise


def have_crossed(problem: Exception) -> bool:
    """Whether PostgreSQL has ended this transaction because it and another waited for each other. Done again, it goes
    through."""
    return isinstance(problem, OperationalError) and getattr(problem.orig, "sqlstate", None) in CROSSED


def has_vanished(problem: Exception) -> bool:
    """Whether a row that was read was gone by the time it was locked: somebody was erased at that moment. Done again,
    it is not found, which has words of its own. SQLAlchemy has no class of its own for the first of the three.
    """
    not_refreshed = type(problem) is InvalidRequestError and str(problem).startswith("Could not refresh instance")
    return not_refreshed or isinstance(problem, (ObjectDeletedError, StaleDataError))


def reading() -> Session:
    """The request's own session, for queries: it is closed with the request, and what it reads is never committed."""
    return db.session()
