"""Looking for words and for what is alike: what the database needs for it, at three sizes, newest first."""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from statistics import median

import flask_migrate
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from hackathon.adapters.full_text import newest_saying, words_to_find
from hackathon.alike.queries import alike_insights
from hackathon.core.config import Settings
from hackathon.core.db import db, transaction
from hackathon.events.models import Event, Place, Stage
from hackathon.factory import create_app
from hackathon.insights.models import Identity, Insight, Source
from hackathon.porch.goals import Goals, Measured, at_most
from tests.makers import make_event

SIZES = {325: 1, 10_000: 50, 100_000: 50}
"""Insights, and the milliseconds in which what is alike must be found among them."""
ROUNDS = 20
WORDS_EACH = 18
VOCABULARY = [f"{first}{second}{third}" for first in "bdfgklmnprst" for second in ("ar", "el", "in", "or") for third in
              ("dow", "fen", "get", "kin", "lum", "nor", "pel", "rus", "tam", "vik")]  # fmt: skip


def measure_reads() -> Iterator[Measured]:
    """The beginning of a word that stands in most insights, a rare word, and a sentence of eight words."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), secret_key="measured", demo=False))
        with app.app_context():
            flask_migrate.upgrade()
            for size, alike in SIZES.items():
                event = _event_of(size)
                session = db.session()
                common, rare = VOCABULARY[0][:6], VOCABULARY[-1]
                typed = " ".join(VOCABULARY[place] for place in (3, 20, 40, 60, 80, 120, 200, 300))
                pairs = list(combinations(words_to_find(typed), 2))
                yield at_most(
                    f"search, commonest word of {size:,} insights", _find(session, event, [[common]]), 5, "ms"
                )
                yield at_most(f"search, rare word of {size:,} insights", _find(session, event, [[rare]]), 5, "ms")
                yield at_most(f"alike among {size:,} insights", _find(session, event, pairs), alike, "ms")
                whole = _milliseconds(lambda: alike_insights(session, event, typed))  # noqa: B023 - called at once
                yield at_most(f"alike among {size:,} insights, ranked and marked", whole, 100, "ms")


def _find(session: Session, event: Event, wanted: Sequence[Sequence[str]]) -> float:
    """What the database needs for the numbers of a page: without the rows made into objects."""
    shown = select(Insight.number).where(Insight.event_id == event.id, Insight.is_shown)
    query = newest_saying(session, shown, Insight.text, wanted).limit(100)
    return _milliseconds(lambda: session.execute(query).all())


def _milliseconds(work: Callable[[], object]) -> float:
    def once() -> float:
        db.session().expire_all()
        start = time.perf_counter()
        work()
        return (time.perf_counter() - start) * 1000

    return median(once() for _ in range(ROUNDS))


def _event_of(size: int) -> Event:
    """An event with so many insights of invented words, the first of the vocabulary in most of them."""
    dice = random.Random(size)
    weights = [1 / (place + 3) for place in range(len(VOCABULARY))]
    with transaction() as session:
        event = make_event(session, held_on=date(2026, 3, 17), stage=Stage.DIVERGE)
        rows = [
            {
                "event_id": event.id,
                "number": number,
                "client_id": f"{size}-{number}",
                "text": " ".join(dice.choices(VOCABULARY, weights, k=WORDS_EACH)),
                "phase": Stage.DIVERGE,
                "place": Place.ROOM,
                "identity": Identity.ANONYMOUS,
                "source": Source.PHONE,
            }
            for number in range(1, size + 1)
        ]
        session.execute(insert(Insight), rows)
    return event


GOALS: Goals = {"reads": measure_reads}
