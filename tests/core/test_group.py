"""What is handed to the group: committed together, answered each by itself, on SQLite and on PostgreSQL."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress

import pytest
from flask import Flask, has_app_context
from sqlalchemy import Engine, event, func, select, text, update
from sqlalchemy.engine.interfaces import DBAPIModule
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from hackathon.core.db import db, reading, transaction
from hackathon.core.errors import Refusal
from hackathon.core.group import Group, together
from hackathon.core.turns import turns_of
from hackathon.events.models import Event
from hackathon.participants.models import Places
from tests.makers import make_event

MANY = 40
PATIENCE = 20.0
Operation = Callable[[Session], object]


def adding(title: str) -> Operation:
    return lambda session: make_event(session, title=title).title


def refused(session: Session) -> object:
    """It writes, and then says no: what it wrote must go."""
    make_event(session, title="refused")
    raise Refusal("This is full.")


def broken(session: Session) -> object:
    """The database itself says no."""
    return make_event(session, title="broken", expected_people=0).title


def at_once(engine: Engine, operations: Sequence[Operation]) -> list[Future[object]]:
    """Hand all of these in while nobody may write yet, so that they make one batch; come back when all have ended."""
    gate = threading.Lock()
    group = Group(engine, gate)
    with ThreadPoolExecutor(len(operations)) as threads, gate:
        handed_in = [threads.submit(group.do, operation) for operation in operations]
        wait_until(lambda: len(group._waiting) == len(operations))
    return handed_in


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def driver(engine: Engine) -> DBAPIModule:
    """The module that speaks to this database."""
    return engine.dialect.import_dbapi()


def titles(session: Session) -> list[str]:
    session.rollback()
    return sorted(session.scalars(select(Event.title)))


@contextmanager
def counted_commits(engine: Engine) -> Iterator[list[object]]:
    commits: list[object] = []
    count = (
        commits.append
    )  # a bound method is made anew each time that it is asked for, and this one is taken off again
    event.listen(engine, "commit", count)
    yield commits
    event.remove(engine, "commit", count)


@pytest.fixture
def engine(session: Session) -> Engine:
    return db.engine


def test_what_is_done_together_is_there_for_everybody_when_it_is_answered(app: Flask, session: Session) -> None:
    assert together(adding("Ours")) == "Ours"
    assert titles(session) == ["Ours"]


def test_many_share_one_commit(engine: Engine, session: Session) -> None:
    with counted_commits(engine) as commits:
        handed_in = at_once(engine, [adding(f"{n:02}") for n in range(MANY)])

    assert [one.result() for one in handed_in] == titles(session) == [f"{n:02}" for n in range(MANY)]
    assert len(commits) == 1


def test_the_count_of_commits_sees_each(app: Flask, engine: Engine, session: Session) -> None:
    """The control of the test above: the same, each by itself."""
    with counted_commits(engine) as commits:
        for n in range(3):
            together(adding(str(n)))

    assert len(commits) == 3


@pytest.mark.parametrize(("failing", "expected"), [(refused, Refusal), (broken, IntegrityError)])
def test_one_that_fails_takes_nobody_with_it(
    engine: Engine, session: Session, failing: Operation, expected: type[Exception]
) -> None:
    kept = [f"{n:02}" for n in range(MANY)]

    with counted_commits(engine) as commits:
        handed_in = at_once(engine, [adding(title) for title in kept[:20]] + [failing] + [adding(t) for t in kept[20:]])

    failures = [one.exception() for one in handed_in]
    assert isinstance(failures[20], expected)
    assert failures[:20] + failures[21:] == [None] * MANY
    assert titles(session) == kept
    assert len(commits) == 1


def test_one_that_only_looks_and_says_no_is_asked_once(engine: Engine, session: Session) -> None:
    asked: list[object] = []

    def look_and_refuse(session: Session) -> object:
        asked.append(session.scalar(select(func.count(Event.id))))
        raise Refusal("This is full.")

    handed_in = at_once(engine, [adding("before"), look_and_refuse, adding("behind")])

    assert isinstance(handed_in[1].exception(), Refusal)
    assert (asked, titles(session)) == ([1], ["before", "behind"])


def test_nobody_is_answered_before_the_commit(engine: Engine, session: Session) -> None:
    answered: list[str] = []
    before_the_commit: list[list[str]] = []
    event.listen(engine, "commit", lambda _connection: before_the_commit.append(list(answered)))

    for one in at_once(engine, [adding(f"{n:02}") for n in range(MANY)]):
        one.add_done_callback(lambda done: answered.append(str(done.result())))

    assert before_the_commit == [[]]
    assert sorted(answered) == titles(session)


def test_a_commit_that_fails_is_told_to_everybody_and_the_next_goes_through(
    engine: Engine, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_connection: object) -> None:
        raise driver(engine).OperationalError("disk I/O error")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(engine.dialect, "do_commit", fail)
        handed_in = at_once(engine, [adding(f"{n:02}") for n in range(MANY)])

    problems = [one.exception() for one in handed_in]
    assert {(type(problem), str(problem)) for problem in problems} == {(OperationalError, str(problems[0]))}
    assert len({id(problem) for problem in problems}) == MANY, "threads that raise the same one write into it at once"
    assert titles(session) == []
    assert together(adding("after")) == "after"


def test_a_database_that_is_away_is_told_to_everybody_and_the_group_goes_on_when_it_is_back(
    engine: Engine, session: Session
) -> None:
    tries: list[object] = []

    def away(*_of_what: object) -> None:
        tries.append(None)
        raise driver(engine).OperationalError("the database does not answer")

    session.close()
    engine.dispose()
    event.listen(engine, "do_connect", away)
    handed_in = at_once(engine, [adding(f"{n:02}") for n in range(MANY)])
    event.remove(engine, "do_connect", away)

    assert {type(one.exception()) for one in handed_in} == {OperationalError}
    assert len(tries) == 1, "asking again for each would take as many times as long"
    assert together(adding("after")) == "after"


def test_a_connection_that_breaks_is_told_to_everybody_and_the_group_goes_on(engine: Engine, session: Session) -> None:
    if engine.dialect.name != "postgresql":
        return

    def cut_off(session: Session) -> object:
        return session.scalar(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    handed_in = at_once(engine, [adding("before"), cut_off, adding("behind")])

    assert {type(one.exception()) for one in handed_in} == {OperationalError}
    assert titles(session) == []
    assert together(adding("after")) == "after"


def test_two_workers_lose_and_double_nothing(app: Flask, session: Session, engine: Engine) -> None:
    """Each reads a number, adds one and writes it back, in two groups at once and beside transactions."""
    with transaction() as writing:
        places = Places(event=make_event(writing), chairs=1000, capacity=1000, taken=0)
        writing.add(places)
    place_id = places.id
    workers = [Group(engine, turns_of(engine) or nullcontext()) for _ in range(2)]

    def add_one(session: Session) -> int:
        row = session.scalars(select(Places).where(Places.id == place_id).with_for_update()).one()
        row.taken += 1
        return row.taken

    def add_one_alone() -> int:
        with app.app_context(), transaction() as session:
            return add_one(session)

    with ThreadPoolExecutor(16) as threads:
        answers = [threads.submit(workers[n % 2].do, add_one) for n in range(200)]
        answers += [threads.submit(add_one_alone) for _ in range(20)]

    assert sorted(one.result() for one in answers) == list(range(1, 221))


def test_batches_that_lock_the_same_rows_in_opposite_order_both_go_through(engine: Engine, session: Session) -> None:
    """On PostgreSQL each waits for the other until the server breaks one off: that one is written one by one."""
    ids = [make_event(session, title=title).id for title in ("left", "right")]
    session.commit()
    both_hold_one = threading.Barrier(2)

    def lengthen(event_id: int, *, meet: bool) -> Operation:
        def operation(session: Session) -> int:
            changed = update(Event).where(Event.id == event_id).values(expected_people=Event.expected_people + 1)
            session.execute(changed)
            if meet and not both_hold_one.broken and engine.dialect.name == "postgresql":
                with suppress(threading.BrokenBarrierError):
                    both_hold_one.wait(1)
                both_hold_one.abort()
            return event_id

        return operation

    before = session.scalars(select(func.sum(Event.expected_people))).one()
    session.rollback()
    with ThreadPoolExecutor(2) as threads:
        both = [
            threads.submit(at_once, engine, [lengthen(first, meet=True), lengthen(second, meet=False)])
            for first, second in (ids, ids[::-1])
        ]

    assert [[one.result() for one in worker.result()] for worker in both] == [ids, ids[::-1]]
    assert session.scalars(select(func.sum(Event.expected_people))).one() == before + 4


def test_no_operation_can_take_the_request_of_another_for_its_own(app: Flask, session: Session) -> None:
    assert together(lambda _session: has_app_context()) is False
    assert has_app_context()


def test_what_was_read_before_is_read_afresh(app: Flask, session: Session) -> None:
    event_id = make_event(session, title="Before").id
    session.commit()
    assert reading().get_one(Event, event_id).title == "Before"

    together(lambda writing: setattr(writing.get_one(Event, event_id), "title", "After"))

    assert reading().get_one(Event, event_id).title == "After"


def test_a_row_of_the_request_cannot_be_used_on_another_thread(app: Flask, session: Session) -> None:
    made = make_event(session)
    session.commit()

    with pytest.raises(RuntimeError, match="outside of application context"):
        together(lambda writing: writing.get_one(Event, made.id).title)


def test_the_group_is_not_called_inside_a_transaction(app: Flask, session: Session) -> None:
    with transaction(), pytest.raises(RuntimeError, match="open already"):
        together(adding("never"))
