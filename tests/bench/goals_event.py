"""A whole event in and its report out: how long loading, figures, write-up and table cards take."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import flask_migrate

from hackathon.archive.commands import SAMPLE, load_folder
from hackathon.core.config import Settings
from hackathon.core.db import reading
from hackathon.events.models import Event
from hackathon.factory import create_app
from hackathon.figures.queries import figures_of
from hackathon.porch.goals import Goals, Measured, at_most
from hackathon.print_kit.transfer import make_table_cards
from hackathon.write_ups.transfer import make_write_up

ROUNDS = 3


def measure_event() -> Iterator[Measured]:
    """The sample event: 96 registrations, 240 insights, 120 comments, 792 ratings, 12 recommendations."""
    loading = []
    for _ in range(ROUNDS):
        with _loaded() as (_, seconds):
            loading.append(seconds)
    with _loaded() as (event, _):
        figures = [_seconds(lambda: figures_of(reading(), event)) for _ in range(ROUNDS)]
        reports = [_seconds(lambda: make_write_up(reading(), event.id)) for _ in range(ROUNDS)]
        cards = [_seconds(lambda: make_table_cards(reading(), event.id)) for _ in range(ROUNDS)]
    yield at_most("load the sample event", median(loading), 10, "s")
    yield at_most("all figures of the sample event", median(figures), 0.5, "s")
    yield at_most("write-up PDF of the sample event", median(reports), 20, "s")
    yield at_most("table cards of ten tables", median(cards), 10, "s")


@contextmanager
def _loaded() -> Iterator[tuple[Event, float]]:
    """The sample event in a fresh SQLite database, and how long loading it took."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), secret_key="measured", demo=False))
        with app.app_context():
            flask_migrate.upgrade()
            start = time.perf_counter()
            event, _ = load_folder(SAMPLE)
            yield event, time.perf_counter() - start


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


GOALS: Goals = {"event": measure_event}
