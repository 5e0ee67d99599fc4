"""The seat plan: what it never breaks, what it weighs, and what it says."""

import csv
import subprocess
import sys
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from hackathon.core.config import ROOT
from hackathon.maths.mixing import mix
from hackathon.maths.seating import SMALLEST, Balance, Person, Plan, Reason, Rules, Table, Why

SAMPLE = ROOT / "hack_packs" / "change-model" / "sample-event" / "registrations.csv"
THEMES = 1, 2, 3
MARKS = "step-free", "quiet"
MIXED = {"organisation": 1.0, "role": 0.2}


@st.composite
def a_room(draw: st.DrawFn) -> tuple[list[Person], list[Table], Rules]:
    """A few tables and people with every kind of wish, more people than chairs among them."""
    tables = [
        Table(
            number,
            draw(st.integers(0, 4)),
            draw(st.sampled_from([None, *THEMES])),
            frozenset(draw(st.sets(st.sampled_from(MARKS)))),
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    left = Counter({table.id: table.seats for table in tables})
    people = []
    for number in range(100, 100 + draw(st.integers(0, 14))):
        fixed = draw(st.sampled_from([None, None, *(table for table in left if left[table])]))
        if fixed is not None:
            left[fixed] -= 1
        people.append(
            Person(
                number,
                draw(st.lists(st.sampled_from(THEMES), unique=True, max_size=3)),
                {"organisation": draw(st.sampled_from(["", "North", "South"])), "role": draw(st.sampled_from("xyz"))},
                frozenset(draw(st.sets(st.sampled_from(MARKS), max_size=1))),
                fixed,
            )
        )
    numbers = st.integers(100, 115)
    pairs = st.lists(st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]), max_size=4)
    return people, tables, Rules(draw(pairs), draw(pairs), MIXED)


@settings(max_examples=80)
@given(a_room(), st.integers(0, 3))
def test_it_always_answers_and_never_breaks_what_is_hard(
    room: tuple[list[Person], list[Table], Rules], seed: int
) -> None:
    people, tables, rules = room

    plan = mix(people, tables, rules, seed=seed)

    held = Counter(plan.seats.values())
    assert all(held[table.id] <= table.seats for table in tables)
    assert all(plan.seats[person.id] == person.fixed for person in people if person.fixed is not None)
    assert len(plan.seats) == min(len(people), sum(table.seats for table in tables))
    assert set(plan.reasons) == {person.id for person in people}
    assert all(plan.reasons.values())
    assert plan.standing == [
        person.id for person in people if any(each.why is Why.STANDING for each in plan.reasons[person.id])
    ]
    _assert_that_wishes_are_kept_or_explained(plan, people, rules)
    assert mix(people, tables, rules, seed=seed) == plan


def _assert_that_wishes_are_kept_or_explained(plan: Plan, people: list[Person], rules: Rules) -> None:
    known = {person.id for person in people}
    for pairs, share in ((rules.together, True), (rules.apart, False)):
        for one, other in pairs:
            if {one, other} <= known:
                shares = one in plan.seats and plan.seats[one] == plan.seats.get(other)
                said = [each.why.is_unmet for each in plan.reasons[one] if each.other == other]
                assert (shares is not share) in said


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from(THEMES), unique=True, max_size=3), max_size=20),
    st.integers(3, 8),
    st.integers(1, 7),
    st.integers(0, 3),
)
def test_nobody_sits_alone_where_the_room_allows_it(
    choices: list[list[int]], chairs: int, number: int, seed: int
) -> None:
    people = [
        Person(who, chosen, {"organisation": "NS"[who % 2], "role": "x"})
        for who, chosen in enumerate(choices[: chairs * number])
    ]
    tables = [Table(table, chairs, table % 4 or None) for table in range(number)]

    held = Counter(mix(people, tables, Rules(weights=MIXED), seed=seed).seats.values())

    fewest_tables = -(-len(people) // chairs)
    if fewest_tables * SMALLEST <= len(people):
        assert all(there >= SMALLEST for there in held.values())
    else:
        assert len(held) == fewest_tables, "so few people, or such small tables, that one must hold fewer"


def test_few_people_fill_few_tables_and_keep_what_enough_of_them_chose() -> None:
    tables = [Table(number, 8, theme) for number, theme in enumerate((1, 2, 3, 1, 2, 3, 4, None))]

    four = mix([Person(number) for number in range(4)], tables, Rules(weights=MIXED), seed=1)
    nine = mix([Person(number, [number % 3 + 1]) for number in range(9)], tables, Rules(weights=MIXED), seed=1)

    assert list(Counter(four.seats.values()).values()) == [4]
    assert sorted(Counter(nine.seats.values()).values()) == [3, 3, 3]
    assert nine.mixed.first == 9


def test_whoever_gives_a_choice_up_so_that_nobody_sits_alone_is_told() -> None:
    """One alone chose the second theme; two chose the third, and somebody joins them."""
    people = [*(Person(number, [1, 3]) for number in range(12)), Person(12, [2, 1]), Person(13, [3]), Person(14, [3])]
    tables = [Table(10, 16, 1), Table(20, 8, 2), Table(30, 8, 3)]

    plan = mix(people, tables, Rules(), seed=1)

    assert Counter(plan.seats.values()) == {10: 12, 30: 3}
    assert plan.reasons[12] == [Reason(Why.EMPTY, 2)]
    (joining,) = [person for person in range(12) if plan.seats[person] == 30]
    assert plan.reasons[joining] == [Reason(Why.FILLS, 2)]


def test_needs_wishes_and_whoever_is_kept_go_before_company_and_others_come_to_them() -> None:
    quiet = frozenset({"quiet"})
    tables = [Table(number, 8, None, quiet if number in (3, 4) else frozenset()) for number in range(6)]
    free = [Person(3), Person(4)]

    needed = mix([Person(1, needs=quiet), Person(2, needs=quiet), *free], tables, Rules(), seed=1)
    kept = mix([Person(1, fixed=1), Person(2, fixed=2), *free], tables, Rules(), seed=1)
    apart = mix([Person(1), Person(2), *free], tables, Rules(apart=[(1, 2)]), seed=1)
    pairs = mix([Person(1), Person(2), *free], tables, Rules(together=[(1, 2), (3, 4)]), seed=1)

    assert set(needed.seats.values()) in ({3}, {4}), "both share the quiet table that is used"
    assert (kept.seats[1], kept.seats[2], Counter(kept.seats.values())) == (1, 2, {1: 2, 2: 2})
    assert apart.seats[1] != apart.seats[2]
    assert sorted(Counter(apart.seats.values()).values()) == [2, 2]
    assert sorted(Counter(pairs.seats.values()).values()) == [4]


def test_choices_go_by_the_lowest_cost_and_a_reason_says_which() -> None:
    people = [Person(1, [7, 8]), Person(2, [7]), Person(3, [8]), Person(4)]
    tables = [Table(70, 1, 7), Table(80, 2, 8), Table(90, 1)]

    plan = mix(people, tables, Rules(), seed=1)

    assert plan.seats == {1: 80, 2: 70, 3: 80, 4: 90}
    assert plan.reasons == {
        1: [Reason(Why.FULL, 2)],
        2: [Reason(Why.CHOICE, 1)],
        3: [Reason(Why.CHOICE, 1)],
        4: [Reason(Why.NO_CHOICE)],
    }
    assert plan.mixed == plan.without == Balance(2, 3, {})


def test_colleagues_are_spread_and_whoever_gave_a_choice_up_for_it_is_told() -> None:
    """Four of one organisation want one table of four, and four others have no wish."""
    people = [Person(number, [7, 8], {"organisation": "North"}) for number in range(4)]
    people += [Person(number) for number in range(4, 8)]
    tables = [Table(70, 4, 7), Table(80, 4, 8)]

    plan = mix(people, tables, Rules(weights={"organisation": 2.0}), seed=1)

    assert plan.without == Balance(4, 4, {"organisation": 6})
    assert plan.mixed == Balance(2, 4, {"organisation": 2})
    assert Counter(plan.reasons[person.id][0].why for person in people[:4]) == {Why.CHOICE: 2, Why.MIXED: 2}
    assert mix(people, tables, Rules(weights={"organisation": 0.1}), seed=1).mixed == plan.without


def test_those_who_belong_together_share_a_table_even_where_it_costs_their_choice() -> None:
    people = [Person(1, [7]), Person(2, [7]), Person(3, [7]), Person(4, [8])]
    tables = [Table(70, 2, 7), Table(80, 2, 8)]

    plan = mix(people, tables, Rules(together=[(1, 4)]), seed=1)

    assert plan.seats[1] == plan.seats[4] == 80
    assert plan.reasons[1] == [Reason(Why.CHOICE), Reason(Why.TOGETHER, other=4)]


def test_a_wish_that_cannot_be_kept_is_a_reason() -> None:
    people = [Person(1, fixed=70), Person(2, fixed=80), Person(3), Person(4), Person(5, needs=frozenset({"quiet"}))]
    tables = [Table(70, 2), Table(80, 3)]
    rules = Rules(together=[(1, 2), (3, 4), (1, 3), (1, 4)], apart=[(3, 4)])

    plan = mix(people, tables, rules, seed=1)

    assert plan.seats == {1: 70, 2: 80, 3: 70, 4: 80, 5: 80}
    assert Reason(Why.TOGETHER_FIXED, other=2) in plan.reasons[1]
    assert Reason(Why.TOGETHER_APART, other=4) in plan.reasons[3]
    assert Reason(Why.TOGETHER, other=3) in plan.reasons[1]
    assert Reason(Why.TOGETHER_APART, other=4) in plan.reasons[1]
    assert plan.reasons[5] == [Reason(Why.NEED_NOWHERE, marks=("quiet",)), Reason(Why.NO_CHOICE)]


def test_a_need_goes_before_everybodys_choice() -> None:
    quiet = frozenset({"quiet"})
    people = [Person(1, [7]), Person(2, [7]), Person(3, [8], needs=quiet), Person(4, [8], needs=quiet), Person(5, [8])]
    tables = [Table(70, 2, 7, quiet), Table(80, 3, 8)]

    plan = mix(people, tables, Rules(), seed=1)

    assert {person for person, table in plan.seats.items() if table == 70} == {3, 4}
    assert plan.reasons[3] == [Reason(Why.NEED, marks=("quiet",)), Reason(Why.CHOICE)]


def test_the_last_in_the_list_stand_where_chairs_are_short() -> None:
    plan = mix([Person(1), Person(2), Person(3, fixed=70)], [Table(70, 2)], Rules(together=[(1, 2)]), seed=1)

    assert (plan.seats, plan.standing) == ({3: 70, 1: 70}, [2])
    assert plan.reasons[1] == [Reason(Why.NO_CHOICE), Reason(Why.TOGETHER_FULL, other=2)]


def test_a_room_too_large_for_the_programme_keeps_its_wishes_too() -> None:
    people = [Person(number, [number % 5], {"organisation": str(number % 7)}) for number in range(400)]
    tables = [Table(number, 10, number % 5) for number in range(40)]
    rules = Rules([(0, 1), (1, 2)], [(5, 10), (10, 15)], MIXED)

    plan = mix(people, tables, rules, seed=1)

    assert plan.settled
    assert plan.seats[0] == plan.seats[1] == plan.seats[2]
    assert plan.seats[5] != plan.seats[10] != plan.seats[15]
    assert plan.mixed.pairs["organisation"] < plan.without.pairs["organisation"]


def test_out_of_time_it_answers_with_the_best_so_far() -> None:
    people = [Person(number, [number % 5], {"organisation": str(number % 7)}) for number in range(400)]
    tables = [Table(number, 10, number % 5) for number in range(40)]

    plan = mix(people, tables, Rules(weights=MIXED), seed=1, seconds=0)

    assert len(plan.seats) == 400
    assert not plan.settled


def test_the_sample_registrations_are_mixed_at_hardly_any_cost() -> None:
    with SAMPLE.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["checked_in_at"]]
    themes = sorted({row["first_choice"] for row in rows})
    people = [
        Person(
            number,
            [themes.index(row[f"{rank}_choice"]) for rank in ("first", "second", "third")],
            {"organisation": row["organisation"], "sector": row["sector"], "role": row["job_role"]},
        )
        for number, row in enumerate(rows)
    ]
    tables = [Table(number, 8, number % 5) for number in range(10)]

    plan = mix(people, tables, Rules(weights={"organisation": 1.0, "sector": 0.2, "role": 0.2}), seed=1)

    assert len(plan.seats) == len(people) == 80
    assert plan.mixed.first >= plan.without.first - 4
    assert plan.mixed.pairs["organisation"] <= plan.without.pairs["organisation"] / 2


def test_only_whoever_mixes_pays_for_numpy_and_scipy() -> None:
    program = "import sys; import hackathon.factory; print({'numpy', 'scipy'} & set(sys.modules))"

    assert subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True).strip() == "set()"
