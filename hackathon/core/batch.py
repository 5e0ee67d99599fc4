"""What those who are committed together share, so that nobody asks and writes again what the one before has.

A session that writes a batch carries a `Batch`; in any other everything is asked and written at once.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal

Found = TypeVar("Found")
Thing = TypeVar("Thing")
Answer = TypeVar("Answer")
Writes = Callable[[Session, Sequence[Thing]], Sequence[Answer | Refusal]]
"""Writes all of these in as few statements as it can, and answers or refuses each, in their order."""


@dataclass(slots=True)
class Batch:
    """`known` is what one has read for all, `piles` what waits to be written at the end, by who writes it."""

    known: dict[Hashable, Any] = field(default_factory=dict)
    piles: dict[Writes[Any, Any], "Pile[Any, Any]"] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """How many things are left for the end."""
        return sum(len(pile.things) for pile in self.piles.values())

    def end(self, session: Session) -> None:
        """Write what was left for the end."""
        for pile in self.piles.values():
            pile.write(session)


@dataclass(slots=True)
class Pile(Generic[Thing, Answer]):
    """Things of one kind, and what was answered to those that are written."""

    writes: Writes[Thing, Answer]
    things: list[Thing] = field(default_factory=list)
    answers: list[Answer | Refusal] = field(default_factory=list)

    def write(self, session: Session) -> None:
        if waiting := self.things[len(self.answers) :]:
            self.answers += self.writes(session, waiting)

    def answer(self, session: Session, place: int) -> Answer:
        """What was answered to one thing. Asking before the end writes the pile at once."""
        if place >= len(self.answers):
            self.write(session)
        answer = self.answers[place]
        if isinstance(answer, Refusal):
            raise answer
        return answer


@dataclass(frozen=True, slots=True)
class Later(Generic[Answer]):
    """What somebody is answered when the pile with their thing is written: there to `get` at the end of the batch."""

    get: Callable[[], Answer]

    def then(self, go_on: Callable[[Answer], Found]) -> "Later[Found]":
        return Later(lambda: go_on(self.get()))


def write_later(session: Session, thing: Thing, writes: Writes[Thing, Answer]) -> Later[Answer]:
    """Leave this for the end of the batch, where all that wait for the same are written in one go. Alone, at once."""
    batch = batch_of(session)
    pile = Pile(writes) if batch is None else batch.piles.setdefault(writes, Pile(writes))
    pile.things.append(thing)
    if batch is None:
        pile.write(session)
    return Later(partial(pile.answer, session, len(pile.things) - 1))


def batch_of(session: Session) -> Batch | None:
    """The batch that this session writes."""
    batch: Batch | None = session.info.get("batch")
    return batch


def read_once(session: Session, what: Hashable, read: Callable[[], Found]) -> Found:
    """What `read` finds, looked up once for the whole batch. Rows among it are detached, and only to be read.

    It is for what no hot act changes: the event, its pack, where a table stands. On SQLite nobody else can write while
    a batch is written. On PostgreSQL somebody can, and an operation may then go by what held when its batch began, as
    one would that had looked a moment before the change.
    """
    batch = batch_of(session)
    if batch is None:
        return read()
    if what not in batch.known:
        batch.known[what] = read()
    found: Found = batch.known[what]
    return found
