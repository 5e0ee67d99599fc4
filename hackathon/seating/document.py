"""A plan on its way from the job process to whoever takes it, and its reasons in words."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from hackathon.core.words import in_a_row
from hackathon.maths.seating import SMALLEST, Balance, Person, Plan, Reason, Rules, Table, Why
from hackathon.tables.models import Mark
from hackathon.tables.models import Table as TableInRoom

COLLEAGUES = "organisation"
RANKS = {1: "first choice", 2: "second choice", 3: "third choice"}
BY_HAND = "The organisers chose this table for you."
SPREAD = "so that people who work together are spread over the room"
NOBODY_ALONE = "so that nobody sits alone at this table"


@dataclass(frozen=True, slots=True)
class Room:
    """What the mixer is given. `before` is where people sit now; those in `gives_way` lose their seat if it is needed,
    the last of them first.
    """

    people: Sequence[Person]
    tables: Sequence[Table]
    rules: Rules
    before: Mapping[int, int]
    gives_way: Sequence[int]


@dataclass(frozen=True, slots=True)
class Place:
    """One person in a plan: the ids of the table before and after, and the reasons."""

    person: int
    before: int | None
    after: int | None
    reasons: tuple[Reason, ...]

    @property
    def is_kept(self) -> bool:
        return any(reason.why is Why.FIXED for reason in self.reasons)

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan that nobody has taken yet."""

    places: tuple[Place, ...]
    mixed: Balance
    without: Balance
    settled: bool

    @property
    def changed(self) -> list[Place]:
        return [place for place in self.places if place.is_changed]

    @property
    def standing(self) -> list[Place]:
        return [place for place in self.places if place.after is None]

    @property
    def unmet(self) -> list[Place]:
        """Those who sit, with a wish that the plan does not keep."""
        seated = [place for place in self.places if place.after is not None]
        return [place for place in seated if any(reason.why.is_unmet for reason in place.reasons)]

    def people_at(self, before: Mapping[int, int]) -> Mapping[int, int]:
        """How many people have a chair at each table once the plan is taken. `before` is where people sit now."""
        after = {**before, **{place.person: place.after for place in self.places}}
        return Counter(table for table in after.values() if table is not None)

    @property
    def figures(self) -> dict[str, Any]:
        return {"mixed": asdict(self.mixed), "without": asdict(self.without), "settled": self.settled}

    def as_json(self) -> bytes:
        people = [[each.person, each.before, each.after, reasons_as_lists(each.reasons)] for each in self.places]
        return json.dumps({"people": people, **self.figures}).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Proposal":
        read = json.loads(text)
        places = tuple(
            Place(person, before, after, reasons_from_lists(reasons))
            for person, before, after, reasons in read["people"]
        )
        return cls(places, Balance(**read["mixed"]), Balance(**read["without"]), read["settled"])


def proposal_of(room: Room, plan: Plan) -> Proposal:
    """The plan beside how people sit now; who gives way and is not in it loses their seat only where it is needed."""
    places = [
        Place(person, room.before.get(person), plan.seats.get(person), tuple(reasons))
        for person, reasons in plan.reasons.items()
    ]
    left = {table.id: table.seats for table in room.tables}
    left = Counter(left) - Counter(plan.seats.values())
    for person in room.gives_way:
        table = room.before[person]
        if left[table] > 0:
            left[table] -= 1
        else:
            places.append(Place(person, table, None, (Reason(Why.STANDING),)))
    return Proposal(tuple(places), plan.mixed, plan.without, plan.settled)


def reasons_as_lists(reasons: Sequence[Reason]) -> list[list[Any]]:
    return [[reason.why.value, reason.rank, list(reason.marks), reason.other] for reason in reasons]


def reasons_from_lists(lists: Sequence[Sequence[Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(Why(why), rank, tuple(marks), other) for why, rank, marks, other in lists)


def balance_in_words(balance: Balance) -> str:
    colleagues = f"{_pairs(balance)} of colleagues {'shares' if balance.pairs[COLLEAGUES] == 1 else 'share'} a table."
    if not balance.chose:
        return f"Nobody who sits has chosen a theme. {colleagues}"
    return f"{balance.first} of {balance.chose} who chose a theme sit at their first choice, and {colleagues}"


def without_mixing(mixed: Balance, without: Balance) -> str:
    """What mixing brings and what it costs."""
    if (mixed.first, mixed.pairs[COLLEAGUES]) == (without.first, without.pairs[COLLEAGUES]):
        return "Without mixing it would be the same."
    joined = "but" if without.pairs[COLLEAGUES] > mixed.pairs[COLLEAGUES] else "and"
    return f"Without mixing {without.first} would, {joined} {_pairs(without)} of colleagues would share a table."


def company_in_words(tables: Sequence[TableInRoom], people_at: Mapping[int, int]) -> list[str]:
    """Which tables are empty, and at which somebody sits as good as alone; nothing before anybody sits."""
    if not people_at:
        return []
    empty = [table.number for table in tables if not people_at.get(table.id)]
    lonely = [table.number for table in tables if 0 < people_at.get(table.id, 0) < min(SMALLEST, table.seats)]
    said = []
    if empty:
        said.append(
            f"Table {empty[0]} stays empty."
            if len(empty) == 1
            else f"{len(empty)} tables stay empty: {_listed(empty)}."
        )
    if lonely:
        said.append(f"Only one or two people sit at {'table' if len(lonely) == 1 else 'tables'} {_listed(lonely)}.")
    return said


def _listed(numbers: Sequence[int]) -> str:
    """Such as 2, 4 to 9 and 12."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said: list[str] = []
    for run in runs:
        said += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)
    return in_a_row(said)


def _pairs(balance: Balance) -> str:
    pairs = balance.pairs[COLLEAGUES]
    return "1 pair" if pairs == 1 else f"{pairs} pairs"


def words_for_person(reasons: Sequence[Reason]) -> str:
    """Why they sit there, in one sentence for them. Whom they are kept from is never in it."""
    by_kind = {reason.why: reason for reason in reasons}
    if (need := by_kind.get(Why.NEED)) is not None:
        return f"This table is {_marks(need)}."
    rank = next((reason.rank for reason in reasons if reason.rank), None)
    if Why.TOGETHER in by_kind and rank != 1:
        return "You sit here so that you share a table with somebody whom you belong with."
    works_on = f"This table works on your {RANKS.get(rank or 0, '')}"
    if Why.MIXED in by_kind:
        return f"{works_on}, {SPREAD}." if rank else f"You sit here {SPREAD}."
    if Why.FULL in by_kind:
        return f"{works_on}: your first has no seat left." if rank else "The themes that you chose have no seat left."
    if Why.EMPTY in by_kind:
        return f"{works_on}: too few people chose your first." if rank else "Too few people chose what you chose."
    if Why.FILLS in by_kind:
        return f"{works_on}, {NOBODY_ALONE}." if rank else f"You sit here {NOBODY_ALONE}."
    if Why.NO_CHOICE in by_kind:
        return "You had chosen no theme, so you have a free chair here."
    return f"{works_on}." if rank else ""


def words_for_staff(
    reasons: Sequence[Reason], names: Mapping[int, str], *, sees_needs: bool
) -> Iterator[tuple[str, bool]]:
    """Each reason in a few words, and whether it is a wish that is not kept. What somebody needs is for the access lead
    alone.
    """
    for reason in reasons:
        words = _of_need(reason) if reason.marks else _of_seat(reason) or _of_company(reason, names)
        if reason.marks and not sees_needs:
            words = "A need that the access lead knows" + (" is not met" if reason.why.is_unmet else "")
        yield words, reason.why.is_unmet and reason.why is not Why.STANDING


def _of_seat(reason: Reason) -> str:
    rank = RANKS.get(reason.rank or 0, "none of their choices")
    words = {
        Why.FIXED: "not moved by the plan",
        Why.CHOICE: rank,
        Why.MIXED: f"{rank}, so that colleagues are spread",
        Why.FULL: f"{rank}: the first has no seat left",
        Why.EMPTY: f"{rank}: too few people chose the first",
        Why.FILLS: f"{rank}, {NOBODY_ALONE}",
        Why.NO_CHOICE: "chose no theme",
        Why.STANDING: "no chair left",
    }
    return words.get(reason.why, "").capitalize()


def _of_company(reason: Reason, names: Mapping[int, str]) -> str:
    name = names.get(reason.other or 0, "somebody who is not here any more")
    return {
        Why.TOGETHER: f"Together with {name}",
        Why.TOGETHER_FIXED: f"Not together with {name}: both are kept elsewhere",
        Why.TOGETHER_APART: f"Not together with {name}: another wish is against it",
        Why.TOGETHER_FULL: f"Not together with {name}: no table had room for both",
        Why.APART: f"Apart from {name}",
        Why.APART_FULL: f"Not apart from {name}: there was no other way",
        Why.APART_FIXED: f"Not apart from {name}: both are kept here",
    }.get(reason.why, "")


def _of_need(reason: Reason) -> str:
    marks = _marks(reason)
    return {
        Why.NEED: f"Needs it {marks}",
        Why.NEED_NOWHERE: f"Needs it {marks}, and no table is",
        Why.NEED_FULL: f"Needs it {marks}: no such seat is left",
        Why.NEED_FIXED: f"Needs it {marks}, and is kept here",
        Why.NEED_ELSEWHERE: f"Needs it {marks}, and this table is not",
    }.get(reason.why, "")


def _marks(reason: Reason) -> str:
    return " and ".join(Mark(mark).words for mark in reason.marks)
