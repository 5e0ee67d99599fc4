"""People who belong together become one party, as far as that can be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hackathon.maths.seating import Person, Rules, Why

Pair = tuple[int, int]


@dataclass(slots=True)
class Party:
    """People who sit at one table. `pinned` is the table of those among them who are fixed; they are not `members`."""

    members: list[int]
    pinned: int | None = None
    pairs: list[Pair] = field(default_factory=list)


def make_parties(
    people: Sequence[Person], free: Mapping[int, int], rules: Rules, *, given_up: Mapping[Pair, Why]
) -> tuple[list[Party], dict[Pair, Why]]:
    """A party for everybody who is not fixed, in the order of the list; and the pairs who cannot be one, and why.

    `free` are the chairs at each table that nobody holds. An earlier wish goes before a later one, and keeping apart
    before keeping together. Pairs in `given_up` are not tried.
    """
    party_of = {person.id: _alone(person) for person in people}
    refused = dict(given_up)
    for pair in rules.together:
        one, other = (party_of.get(person) for person in pair)
        if one is None or other is None or one is other or pair in refused:
            continue
        if (why := _against(one, other, party_of, free, rules)) is not None:
            refused[pair] = why
            continue
        one.members += other.members
        one.pairs += [*other.pairs, pair]
        one.pinned = other.pinned if one.pinned is None else one.pinned
        party_of.update({person: one for person, party in party_of.items() if party is other})
    parties = {id(party): party for party in party_of.values() if party.members}
    return list(parties.values()), refused


def _alone(person: Person) -> Party:
    return Party([person.id]) if person.fixed is None else Party([], person.fixed)


def _against(
    one: Party, other: Party, party_of: Mapping[int, Party], free: Mapping[int, int], rules: Rules
) -> Why | None:
    """What stands against two parties at one table."""
    if one.pinned is not None and other.pinned is not None and one.pinned != other.pinned:
        return Why.TOGETHER_FIXED
    if any({id(party_of.get(a)), id(party_of.get(b))} == {id(one), id(other)} for a, b in rules.apart):
        return Why.TOGETHER_APART
    pinned = other.pinned if one.pinned is None else one.pinned
    room = max(free.values(), default=0) if pinned is None else free[pinned]
    return Why.TOGETHER_FULL if len(one.members) + len(other.members) > room else None
