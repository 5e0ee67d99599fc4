"""What is measured against what: ours with an event that takes words in, and the bare parts, each sent the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from flask import Flask
from sqlalchemy import func, select

from hackathon.core.config import Settings
from hackathon.core.db import reading, transaction
from hackathon.events.models import Stage
from hackathon.factory import create_app
from hackathon.insights.models import Insight
from hackathon.porch.copies import running_copy
from hackathon.votes.models import Ballot, Rating
from tests.bench import bare
from tests.bench.phones import (
    Outcome,
    Phone,
    ballot,
    elsewhere,
    keep_reading,
    keep_sending,
    open_pages,
    send_and_rate,
    send_at_once,
    thought,
)
from tests.bench.processes import cpu_seconds, web_workers
from tests.makers import make_event, make_round, make_statement, make_table

CONNECTIONS = 64
PHONES = 1024
SECONDS = 3.0
STATEMENTS = 9
LIKE_OURS = Phone(cookie="hack=" + "x" * 200, token="x" * 91)


@dataclass
class Side:
    """One of those that are compared, and what came back from it."""

    address: str
    path: str
    workers: list[int]
    page: str = ""
    outcomes: list[Outcome] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def phones(self, number: int) -> list[Phone]:
        """Phones that nobody has used yet; those of a floor only look like ours."""
        if self.page:
            return elsewhere(open_pages, self.address, self.page, number)
        return [Phone(LIKE_OURS.cookie, LIKE_OURS.token) for _ in range(number)]

    def keep_sending(self) -> None:
        """Send for a while over many connections; note the processor's time for each post."""
        fresh, before = self.phones(PHONES), cpu_seconds(self.workers)
        outcome: Outcome = elsewhere(keep_sending, self.address, self.path, fresh, CONNECTIONS, SECONDS)
        self.outcomes.append(outcome)
        self.costs.append((cpu_seconds(self.workers) - before) / len(outcome.acknowledged) * 1e6)

    def keep_reading(self, connections: int) -> None:
        """Ask for the page behind the code, or of a floor for an empty answer, for a while."""
        outcome: Outcome = elsewhere(keep_reading, self.address, self.page or "/", connections, SECONDS)
        self.outcomes.append(outcome)

    def send_at_once(self, number: int) -> None:
        outcome: Outcome = elsewhere(send_at_once, self.address, self.path, self.phones(number))
        self.outcomes.append(outcome)

    @property
    def rate(self) -> float:
        return median(outcome.rate for outcome in self.outcomes)

    @property
    def cost(self) -> float:
        """Microseconds of the processor for a post."""
        return median(self.costs)

    def wait(self, part: float) -> float:
        return median(outcome.wait(part) for outcome in self.outcomes)

    @property
    def refused(self) -> list[str]:
        return [words for outcome in self.outcomes for words in outcome.refused]


@dataclass
class Ours(Side):
    """The whole product, with every safeguard; and its database, to look what is there."""

    app: Flask = field(kw_only=True)
    rating: str = field(kw_only=True)

    def send_and_rate(self, people: int, seconds: float) -> None:
        """So many people share one thought and rate every statement, and begin within this time."""
        acts = [(thought(self.path), ballot(self.rating, STATEMENTS)) for _ in range(people)]
        outcome: Outcome = elsewhere(send_and_rate, self.address, acts, self.phones(people), seconds)
        self.outcomes.append(outcome)

    def counted(self) -> tuple[int, int, int]:
        """What is in the database: thoughts, ballots, ratings on them."""
        with self.app.app_context():
            insights, ballots, ratings = (
                reading().scalar(select(func.count()).select_from(model)) or 0 for model in (Insight, Ballot, Rating)
            )
        return insights, ballots, ratings

    def lost(self) -> int:
        """How many receipts have no row of their number, or more than one."""
        with self.app.app_context():
            rows = reading().execute(select(Insight.client_id, Insight.number)).all()
        kept = {client_id: number for client_id, number in rows}  # noqa: C416 - a Row is no tuple to mypy
        receipts = {
            id: said["number"]
            for outcome in self.outcomes
            for id, said in outcome.acknowledged.items()
            if "number" in said  # a ballot is secret: its receipt has none
        }
        wrong = [id for id, number in receipts.items() if kept.get(id) != number]
        return len(wrong) + len(rows) - len(kept)


@contextmanager
def ours(database_url: str = "") -> Iterator[Ours]:
    """A copy of the product with an event whose tables are opening up."""
    with running_copy(demo=False, database_url=database_url) as copy:
        app = create_app(Settings(data_dir=copy.folder, database_url=database_url, demo=False))
        with app.app_context(), transaction() as session:
            event = make_event(session, stage=Stage.DIVERGE)
            page = f"/t/{make_table(session, event).code.lower()}"
            for number in range(1, STATEMENTS + 1):
                make_statement(session, event, number=number)
            make_round(session, event)
            rating = f"/e/{event.code.lower()}/rate"
        yield Ours(copy.address, f"{page}/insights", web_workers(copy.process.pid), page, app=app, rating=rating)


@contextmanager
def floor(factory: bare.Factory, database: str = "") -> Iterator[Side]:
    with bare.serving(factory, database) as served:
        yield Side(served.address, bare.SENDS_TO, web_workers(served.pid))
