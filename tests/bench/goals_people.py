"""An event planned in ten minutes; places and seats for many: a crowd at the form, what mixing brings and costs."""

import csv
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hackathon.archive.commands import SAMPLE
from hackathon.core.config import Settings
from hackathon.factory import create_app
from hackathon.maths.mixing import mix
from hackathon.maths.seating import Person, Plan, Rules, Table
from hackathon.porch.copies import running_copy
from hackathon.porch.goals import Goals, Measured, at_least, at_most, holds
from hackathon.seating.models import Leaning
from tests.bench.registering import register_crowd
from tests.chromium import open_browser
from tests.journeys import drill, walk_1
from tests.running import signed_in

SEATS = 8
SEED = 1
ROUNDS = 3
CROWD, PLACES, A_MINUTE = 1_500, 300, 60.0
COLLEAGUES = "organisation"
PAIRS_LEFT = 32 / 60
POINTS_GIVEN_UP = 8
"""What mixing came to in the field: 60 pairs became 32, and first choices went from 84 to 76 per cent."""

Room = tuple[list[Person], list[Table]]


def measure_seats() -> Iterator[Measured]:
    """The floor is the same room by choices alone."""
    for name, room, seconds, seconds_alone in (
        ("registrations.csv, 80 at 10 tables", _sample(), 0.05, None),
        ("80 invented at 10 tables", _crowd(80, 10, themes=5), 0.05, None),
        ("300 invented at 30 tables", _crowd(300, 30), 0.5, None),
        ("1,000 invented at 60 tables", _crowd(1_000, 60), 2.0, 0.1),
    ):
        plan, ours = _timed(*room, Leaning.BALANCED.weights)
        yield at_most(f"{name}: mixed", ours, seconds, "s of processor")
        if seconds_alone is not None:
            yield at_most(f"{name}: by choices alone", _timed(*room, {})[1], seconds_alone, "s of processor")
        yield from _balance(name, room, plan)
        yield holds(f"{name}: the same seed, the same plan", _timed(*room, Leaning.BALANCED.weights)[0] == plan, "yes")


def measure_no_shows() -> Iterator[Measured]:
    """A fifth has not come, and as many stand who had no seat: theirs are given away, and nobody else moves."""
    people, tables = _crowd(1_000, 60)
    plan, _ = _timed(people, tables, Leaning.BALANCED.weights)
    gone = set(random.Random(SEED).sample([person.id for person in people], 200))
    here = [replace(person, fixed=plan.seats[person.id]) for person in people if person.id not in gone]
    newcomers = [replace(person, id=person.id + 10_000) for person in people if person.id in gone]
    again, seconds = _timed([*here, *newcomers], tables, Leaning.BALANCED.weights)
    stayed = all(again.seats[person.id] == person.fixed for person in here)
    yield at_most("200 of 1,000 seats given to those who stand", seconds, 1, "s of processor")
    yield holds("nobody who is here was moved, and nobody stands", stayed and not again.standing, "yes")


def measure_registering() -> Iterator[Measured]:
    """A hall of 300 chairs, and everybody hears of it by the same mail."""
    crowd = register_crowd(CROWD, PLACES, A_MINUTE / 2)
    yield at_most(f"{CROWD:,} people register, from the first button to the last answer", crowd.seconds, A_MINUTE, "s")
    yield holds("nobody is refused", crowd.refused == 0, f"none ({crowd.refused})")
    yield holds("places given", crowd.confirmed == PLACES, f"exactly {PLACES} ({crowd.confirmed})")
    yield holds("waiting", crowd.waiting == CROWD - PLACES, f"{CROWD - PLACES:,} ({crowd.waiting:,})")
    yield holds("overtaken in the line", crowd.overtaken == 0, f"none ({crowd.overtaken})")


def measure_arrivals() -> Iterator[Measured]:
    """The front desk: 80 people by two laptops, one of them without a network for ten of them."""
    with running_copy(demo=True) as copy, open_browser() as browser:
        app = create_app(Settings(data_dir=copy.folder, base_url=copy.address, demo=False))
        yield from drill.play(browser, app, signed_in(browser, copy), drill.prepare(copy, app))


def measure_planning() -> Iterator[Measured]:
    """Walk 1: an organiser plans, publishes and prints an event, ten minutes before a meeting."""
    with TemporaryDirectory() as folder:
        yield from walk_1.walk(Path(folder))


def _balance(name: str, room: Room, plan: Plan) -> Iterator[Measured]:
    """Pairs that share a table although the room could spread them; and first choices, in per cent."""
    least = _least_pairs(*room)
    ours, floor = (balance.pairs[COLLEAGUES] - least for balance in (plan.mixed, plan.without))
    yield at_most(
        f"{name}: pairs of one organisation above the {least} that no plan avoids", ours, floor * PAIRS_LEFT, "", floor
    )
    ours, floor = (100 * balance.first // balance.chose for balance in (plan.mixed, plan.without))
    yield at_least(f"{name}: first choices in per cent", ours, floor - POINTS_GIVEN_UP, "", floor)


def _least_pairs(people: Sequence[Person], tables: Sequence[Table]) -> int:
    """What is left where everybody of an organisation is spread as evenly as the tables allow."""
    pairs = 0
    for number in Counter(person.alike[COLLEAGUES] for person in people).values():
        at_each, more = divmod(number, len(tables))
        pairs += more * at_each + len(tables) * at_each * (at_each - 1) // 2
    return pairs


def _timed(people: Sequence[Person], tables: Sequence[Table], weights: Mapping[str, float]) -> tuple[Plan, float]:
    """A plan and its seconds of processor, the least of some tries: what else the machine does only ever adds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        plan = mix(people, tables, Rules(weights=weights), seed=SEED, seconds=60)
        seconds.append(time.process_time() - start)
    return plan, min(seconds)


def _sample() -> Room:
    """Those who came to the sample event, at its ten tables of eight with five themes."""
    with (SAMPLE / "registrations.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["checked_in_at"]]
    themes = ["permission", "language", "tools", "spread", "beyond"]
    people = [
        Person(
            number,
            [themes.index(row[f"{rank}_choice"]) for rank in ("first", "second", "third")],
            {kind: row[kind] for kind in (COLLEAGUES, "sector", "job_role")},
        )
        for number, row in enumerate(rows)
    ]
    return people, [Table(number, SEATS, number % len(themes)) for number in range(10)]


def _crowd(number: int, tables: int, *, themes: int = 8) -> Room:
    """An invented crowd: few organisations send many and many send few, and some themes are dearer than others."""
    lots = random.Random(SEED)
    organisations = [f"organisation {each}" for each in range(number // 8)]
    sizes = [1 / (each + 1) for each in range(len(organisations))]
    sector_of = {organisation: lots.choice("abcdefgh") for organisation in organisations}
    dear = [1 / (each + 2) for each in range(themes)]
    people = []
    for each in range(number):
        organisation = lots.choices(organisations, sizes)[0]
        choices: list[int] = []
        while len(choices) < 3:
            theme = lots.choices(range(themes), dear)[0]
            choices += [theme] if theme not in choices else []
        alike = {COLLEAGUES: organisation, "sector": sector_of[organisation], "job_role": str(lots.randrange(20))}
        people.append(Person(each, choices, alike))
    return people, [Table(each, -(-number // tables), each % themes) for each in range(tables)]


GOALS: Goals = {
    "mixer": measure_seats,
    "no-shows": measure_no_shows,
    "registering": measure_registering,
    "arrivals": measure_arrivals,
    "planning": measure_planning,
}
