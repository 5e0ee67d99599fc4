"""What many people send at the same moment is committed together, so that all of it shares one flush of the disk.

Whoever comes first commits for everybody who waits by then, and hands on to the next who waits. So there is no thread
to start after a fork, to stop with the worker, or to lose.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import Context
from threading import Lock
from typing import Any, TypeVar, overload

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from hackathon.core.batch import Batch, Later, batch_of
from hackathon.core.db import BEGIN_WRITING, batches_turns, changes_so_far, commit, db, have_crossed
from hackathon.core.errors import Refusal

Answer = TypeVar("Answer")
MOST_AT_ONCE = 200


@overload
def together(operation: Callable[[Session], Later[Answer]]) -> Answer: ...
@overload
def together(operation: Callable[[Session], Answer]) -> Answer: ...
def together(operation: Callable[[Session], Any]) -> Any:
    """Do this along with what others do at this moment, and return what it returns when the disk has it.

    A refusal, or any failure, comes back to its own caller and takes nobody else with it. The operation may be run
    again from the beginning, and on another thread: it reads and writes through its session alone, looks up its rows
    there, and returns plain values, or says that they come `Later`. What this request was reading is over, so that it
    reads afresh what was done.
    """
    if db.session.registry.has():
        reading = db.session()
        if reading.info.get("writing"):
            raise RuntimeError("a transaction is open already, and this would wait for its end for ever")
        reading.rollback()
        reading.expire_all()
    group: Group | None = current_app.extensions.get("group")
    if group is None:
        group = current_app.extensions.setdefault("group", Group(db.engine, batches_turns()))
    return group.do(operation)


class Act:
    """One operation that waits for its commit, and then holds its answer or its problem."""

    __slots__ = ("answer", "is_done", "operation", "problem", "woken")

    def __init__(self, operation: Callable[[Session], Any]) -> None:
        self.operation = operation
        self.answer: Any = None
        self.problem: Exception | None = None
        self.is_done = False
        self.woken = Lock()
        self.woken.acquire()

    def attempt(self, session: Session) -> None:
        """What one operation has read is forgotten before the next, as if each had a session of its own.

        One that only looked, and then said no, has left nothing that would have to be undone.
        """
        self.answer = self.problem = None
        before = _done_so_far(session)
        try:
            self.answer = self.operation(session)
            session.flush()
        except Refusal as refusal:
            if _done_so_far(session) != before:
                raise
            self.problem = refusal
        session.expunge_all()

    def settle(self) -> None:
        """Learn what the end of the batch has brought, once everything is written."""
        if isinstance(self.answer, Later):
            try:
                self.answer = self.answer.get()
            except Refusal as refusal:
                self.problem = refusal

    def attempt_apart(self, session: Session) -> None:
        """The same behind a savepoint, so that a failure undoes this operation alone."""
        try:
            with session.begin_nested():
                self.attempt(session)
                self.settle()
        except Exception as problem:
            if have_crossed(problem):
                raise
            session.expunge_all()
            self.problem = problem


class Group:
    """Those who write in this process at this moment."""

    def __init__(self, engine: Engine, turns: AbstractContextManager[object]) -> None:
        self._engine, self._turns = engine, turns
        self._guard = Lock()
        self._waiting: list[Act] = []
        self._is_led = False

    def do(self, operation: Callable[[Session], Any]) -> Any:
        act = Act(operation)
        with self._guard:
            self._waiting.append(act)
            leads, self._is_led = not self._is_led, True
        if not leads:
            act.woken.acquire()
        if not act.is_done:
            self._lead()
        if act.problem is not None:
            # The same may be told to many, and raising writes into what is raised: each thread raises one of its own.
            raise _again(act.problem) from act.problem
        return act.answer

    def _lead(self) -> None:
        """Wait for the writers' turn, take along all who have come meanwhile, answer them, and hand on."""
        batch: list[Act] = []
        try:
            with self._turns:
                batch = self._next_batch()
                # In a context of its own, so that no operation takes the request of whoever leads for its own.
                Context().run(self._commit, batch)
        except BaseException as problem:
            batch = batch or self._next_batch()
            _tell(batch, problem if isinstance(problem, Exception) else RuntimeError("ended before the commit"))
            raise
        finally:
            self._hand_on()
            for act in batch:
                act.is_done = True
                act.woken.release()

    def _next_batch(self) -> list[Act]:
        with self._guard:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        return batch

    def _hand_on(self) -> None:
        with self._guard:
            heir = self._waiting[0] if self._waiting else None
            self._is_led = heir is not None
        if heir is not None:
            heir.woken.release()

    def _commit(self, batch: list[Act]) -> None:
        """Three ways, each slower and surer than the one before. Hardly ever is more than the first needed.

        When the database is away, or the commit itself fails, nobody knows more by trying again: everybody is told.
        """
        for way in (self._write, self._write_apart, self._write_singly):
            try:
                way(batch)
                break
            except Exception as problem:
                _tell(batch, problem)
                if _is_away(problem) or (len(batch) == 1 and not have_crossed(problem)):
                    break

    def _write(self, batch: list[Act]) -> None:
        """What they share is safe here alone, because one that fails ends this transaction for all of them."""
        shared = Batch()
        with self._transaction(batch=shared) as session:
            for act in batch:
                act.attempt(session)
            shared.end(session)
            for act in batch:
                act.settle()
            commit(session)

    def _write_apart(self, batch: list[Act]) -> None:
        with self._transaction() as session:
            for act in batch:
                act.attempt_apart(session)
            commit(session)

    def _write_singly(self, batch: list[Act]) -> None:
        for act in batch:
            try:
                self._write([act])
            except Exception as problem:
                act.problem = problem

    def _transaction(self, **info: Batch) -> Session:
        session = Session(self._engine, expire_on_commit=False, info=info)
        session.info["connection"] = session.connection(execution_options={"writing": True})
        return session


def _done_so_far(session: Session) -> tuple[int, int]:
    batch = batch_of(session)
    return changes_so_far(session.info["connection"]), batch.left if batch else 0


def _tell(batch: list[Act], problem: Exception) -> None:
    for act in batch:
        act.problem = problem


def _again(problem: Exception) -> Exception:
    """One like it, whatever its kind asks for when it is made."""
    again = type(problem).__new__(type(problem), *problem.args)
    again.__dict__.update(problem.__dict__)
    return again


def _is_away(problem: Exception) -> bool:
    """Whether the database could not be reached, did not let us in, or broke off; not what one operation did wrong."""
    if not isinstance(problem, DBAPIError) or have_crossed(problem):
        return False
    between = isinstance(problem, OperationalError) and problem.statement in (None, BEGIN_WRITING)
    return problem.connection_invalidated or between
