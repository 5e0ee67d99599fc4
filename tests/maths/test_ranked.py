"""Ranked choice."""

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from hackathon.maths.ranked import Count, RunOff, run_off

OPTIONS = [1, 2, 3, 4, 5]
a_ballot = st.lists(st.sampled_from(OPTIONS), unique=True, max_size=len(OPTIONS))


def times(number: int, *ballot: int) -> list[tuple[int, ...]]:
    return [ballot] * number


def test_the_fewest_goes_out_and_its_ballots_pass_on_until_one_has_more_than_half() -> None:
    """The capital of Tennessee, the field's own example: Memphis 42, Nashville 26, Chattanooga 15, Knoxville 17."""
    ballots = times(42, 1, 2, 3, 4) + times(26, 2, 3, 4, 1) + times(15, 3, 4, 2, 1) + times(17, 4, 3, 2, 1)

    assert run_off(ballots, [1, 2, 3, 4]) == RunOff(
        (
            Count({1: 42, 2: 26, 3: 15, 4: 17}, spent=0, out=3),
            Count({1: 42, 2: 26, 4: 32}, spent=0, out=2),
            Count({1: 42, 4: 58}, spent=0),
        ),
        winner=4,
    )


def test_a_ballot_that_has_no_choice_left_is_spent_and_more_than_half_is_of_the_others() -> None:
    found = run_off(times(4, 1) + times(3, 2) + times(2, 3), [1, 2, 3])

    assert [(count.held, count.spent, count.out) for count in found.counts] == [
        ({1: 4, 2: 3, 3: 2}, 0, 3),
        ({1: 4, 2: 3}, 2, None),
    ]
    assert found.winner == 1


def test_a_tie_goes_by_the_earliest_count_at_which_they_differed() -> None:
    found = run_off(times(6, 1) + times(5, 2) + times(4, 3) + times(1, 4, 3), [1, 2, 3, 4])

    assert found.counts[1].tied == (2, 3)
    assert found.counts[1].out == 3


def test_a_tie_from_the_first_goes_by_how_many_rank_it_and_then_by_its_place_in_the_list() -> None:
    assert run_off(times(3, 1, 3) + times(2, 2) + times(2, 3), [1, 2, 3]).counts[0].out == 2
    assert run_off(times(2, 1) + times(2, 2), [1, 2]) == RunOff(
        (Count({1: 2, 2: 2}, spent=0, out=2, tied=(1, 2)), Count({1: 2}, spent=2)), winner=1
    )


def test_without_a_ballot_nobody_wins() -> None:
    assert run_off([], OPTIONS) == run_off([()], OPTIONS) == RunOff((), None)
    assert run_off([], OPTIONS).finish() == []


@given(st.lists(a_ballot, max_size=40))
def test_every_count_equals_a_recount_by_hand(ballots: Sequence[Sequence[int]]) -> None:
    found = run_off(ballots, OPTIONS)

    piles = [list(ballot) for ballot in ballots if ballot]
    for count in found.counts:
        assert count.held == {option: sum(pile[:1] == [option] for pile in piles) for option in count.held}
        assert count.spent == sum(not pile for pile in piles)
        assert sum(count.held.values()) + count.spent == len(piles)
        if count.out is not None:
            assert count.held[count.out] == min(count.held.values())
            assert 2 * max(count.held.values()) <= sum(count.held.values())
            piles = [[option for option in pile if option != count.out] for pile in piles]
    if found.winner is not None:
        last = found.counts[-1].held
        assert 2 * last[found.winner] > sum(last.values())
        assert sorted(found.finish()) == OPTIONS
        assert found.finish()[0] == found.winner
    assert (found.winner is None) == (not any(ballots))


@given(st.lists(a_ballot, max_size=30), st.randoms())
def test_the_order_in_which_ballots_came_changes_nothing(ballots: list[list[int]], random: Random) -> None:
    mixed = list(ballots)
    random.shuffle(mixed)

    assert run_off(mixed, OPTIONS) == run_off(ballots, OPTIONS)
