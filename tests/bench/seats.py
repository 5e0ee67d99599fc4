"""Many people for a few chairs: two processes of 32 threads, each person once, at the same moment."""

import functools
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hackathon.core.config import Settings
from hackathon.core.db import db, reading, transaction
from hackathon.core.errors import Refusal
from hackathon.core.group import together
from hackathon.events.models import Place, Stage
from hackathon.factory import create_app
from hackathon.participants.models import Participant
from hackathon.tables.models import Seat, Table
from hackathon.tables.operations import look_for_chair, take_seat
from tests.makers import make_event, make_registration, make_table

PEOPLE = 500
SEATS = 8
PROCESSES = 2
THREADS = 32


def fill_tables(times: int) -> list[tuple[int, float]]:
    """For each time: how many chairs were taken, and how many decisions there were a second."""
    with TemporaryDirectory() as folder, ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
        app = _app(folder)
        with app.app_context():
            flask_migrate.upgrade()
            _fill(processes, folder)  # the processes load the product, as web workers have before anybody comes
            return [_fill(processes, folder) for _ in range(times)]


def _fill(processes: ProcessPoolExecutor, folder: str) -> tuple[int, float]:
    with transaction() as session:
        event = make_event(session, stage=Stage.WARM_UP)
        table = make_table(session, event, seats=SEATS)
        people = [make_registration(session, event, attending=Place.ROOM).participant_id for _ in range(PEOPLE)]
    start = time.time() + 2
    parts = [processes.submit(_sit_down, folder, table.id, people[n::PROCESSES], start) for n in range(PROCESSES)]
    end = max(part.result() for part in parts)
    session = reading()
    session.rollback()
    taken = session.scalars(select(func.count(Seat.id)).where(Seat.table_id == table.id)).one()
    return taken, PEOPLE / (end - start)


def _sit_down(folder: str, table_id: int, people: Sequence[int], start: float) -> float:
    """Let these people try to sit down, and say when the last of them had an answer."""
    app = _app(folder)

    def try_to_sit(person: int) -> None:
        with app.app_context():
            with suppress(Refusal):
                look_for_chair(reading(), table_id=table_id, participant_id=person)
                together(partial(_take, table_id, person))
            db.session.remove()

    with ThreadPoolExecutor(THREADS) as threads:
        time.sleep(max(0.0, start - time.time()))
        list(threads.map(try_to_sit, people))
        return time.time()


def _take(table_id: int, person: int, session: Session) -> int:
    table, participant = session.get_one(Table, table_id), session.get_one(Participant, person)
    return take_seat(session, table, participant, actor="someone").id


@functools.cache
def _app(folder: str) -> Flask:
    return create_app(Settings(data_dir=Path(folder), secret_key="measured", demo=False))
