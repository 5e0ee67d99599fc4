"""What is shared by those who are committed together: asked once, written at the end, and never twice."""

import itertools
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from hackathon.core.batch import Later, read_once
from hackathon.core.db import db
from hackathon.core.errors import Refusal
from hackathon.events.models import Activity, Event, Place, Stage
from hackathon.insights.models import Identity, Insight, LastNumber, Source
from hackathon.insights.operations import take_in
from tests.core.test_group import at_once
from tests.makers import make_event

MANY = 10


@pytest.fixture
def engine(session: Session) -> Engine:
    return db.engine


def sharing(event_id: int, client_id: str, *, is_refused: bool = False) -> Callable[[Session], Later[int]]:
    """Take words in; and then, perhaps, say no after all, when everything is written."""

    def operation(session: Session) -> Later[int]:
        receipt = take_in(
            session,
            session.get_one(Event, event_id),
            text="A thought",
            place=Place.ROOM,
            client_id=client_id,
            identity=Identity.ANONYMOUS,
            source=Source.PHONE,
        )
        if is_refused:
            raise Refusal("No.")
        return receipt.then(lambda kept: kept.number)

    return operation


@pytest.mark.parametrize("refused", [set(), {0}, {4}, {MANY - 1}])
def test_numbers_run_on_and_the_log_has_each_line_once(engine: Engine, session: Session, refused: set[int]) -> None:
    event_id = make_event(session, stage=Stage.DIVERGE).id
    session.commit()

    batches = (
        at_once(engine, [sharing(event_id, f"{name}-batch-{n}", is_refused=n in refused) for n in range(MANY)])
        for name in ("first", "second")
    )
    numbers = [one.result() for batch in batches for one in batch if one.exception() is None]

    session.rollback()
    taken = 2 * (MANY - len(refused))
    assert set(numbers) == set(range(1, taken + 1))
    assert session.scalars(select(LastNumber.number)).all() == [taken]
    kept = session.scalars(select(Insight).order_by(Insight.number)).all()
    lines = session.scalars(select(Activity.subject_id).where(Activity.kind == "insight.shared").order_by(Activity.id))
    assert lines.all() == [insight.id for insight in kept]


def test_words_sent_twice_in_one_batch_have_one_number_and_leave_no_gap(engine: Engine, session: Session) -> None:
    event_id = make_event(session, stage=Stage.DIVERGE).id
    session.commit()
    ids = ["the-first", "the-first", "the-other"]

    numbers = [one.result() for one in at_once(engine, [sharing(event_id, client_id) for client_id in ids])]

    session.rollback()
    assert (set(numbers), numbers[0]) == ({1, 2}, numbers[1])
    assert session.scalars(select(LastNumber.number)).all() == [2]


def test_what_came_before_mixed_with_what_is_new_leaves_no_gap_in_either_event(
    engine: Engine, session: Session
) -> None:
    events = [make_event(session, stage=Stage.DIVERGE).id for _ in range(2)]
    session.commit()
    at_once(engine, [sharing(event_id, f"known-already-{n}") for event_id in events for n in range(3)])

    again = at_once(
        engine,
        [
            sharing(event_id, f"{kind}-{n}")
            for n in range(3)
            for kind in ("known-already", "until-now-unknown")
            for event_id in events
        ],
    )

    session.rollback()
    assert Counter(one.result() for one in again) == Counter([*range(1, 7)] * 2)
    assert session.scalars(select(LastNumber.number)).all() == [6, 6]
    kept = session.scalars(select(Insight.id).order_by(Insight.id)).all()
    lines = session.scalars(select(Activity.subject_id).where(Activity.kind == "insight.shared"))
    assert Counter(lines) == Counter(kept)
    assert len(kept) == 12


def test_what_is_asked_once_is_asked_again_for_the_next_batch(engine: Engine, session: Session) -> None:
    times = itertools.count(1)

    def ask(session: Session) -> int:
        return read_once(session, "how many", lambda: next(times))

    first, second = (at_once(engine, [ask] * MANY) for _ in range(2))

    assert [one.result() for one in [*first, *second]] == [1] * MANY + [2] * MANY
    assert read_once(session, "how many", lambda: 3) == 3, "outside a batch nothing is remembered"
