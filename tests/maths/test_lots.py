"""Lots: one order for everybody, shares served first, nobody twice, and the same again from the same seed."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from hackathon.maths.lots import draw_lots, reserved_places

SHARES = ("carers", "night shift")


def test_whoever_has_the_list_and_the_seed_draws_the_same_with_a_line_of_their_own() -> None:
    drawn = draw_lots(dict.fromkeys(range(1, 101), ()), places=10, reserved={}, seed="7 12 23 31 40 44")

    by_hand = sorted(range(1, 101), key=lambda n: hashlib.sha256(f"7 12 23 31 40 44:{n}".encode()).hexdigest())
    assert drawn.order == tuple(by_hand)
    assert (drawn.placed, drawn.waiting) == (tuple(by_hand[:10]), tuple(by_hand[10:]))


def test_a_reserved_share_is_served_first_and_leaves_what_it_does_not_need() -> None:
    entrants = {number: ("carers",) if number <= 3 else () for number in range(1, 41)}

    drawn = draw_lots(entrants, places=10, reserved={"carers": 5}, seed="a seed")

    assert {1, 2, 3} <= set(drawn.placed)
    assert len(drawn.placed) == 10
    assert drawn.by_share == dict.fromkeys((1, 2, 3), "carers")


def test_shares_are_rounded_down() -> None:
    assert reserved_places(33, {"carers": 10, "night shift": 50}) == {"carers": 3, "night shift": 16}


@given(
    st.dictionaries(st.integers(1, 500), st.sets(st.sampled_from(SHARES)), max_size=60),
    st.integers(0, 80),
    st.dictionaries(st.sampled_from(SHARES), st.integers(0, 40)),
    st.text(max_size=10),
)
def test_no_place_is_given_twice_none_stays_empty_and_nobody_is_lost(
    entrants: dict[int, set[str]], places: int, reserved: dict[str, int], seed: str
) -> None:
    drawn = draw_lots(entrants, places=places, reserved=reserved, seed=seed)

    assert len(drawn.placed) == min(places, len(entrants))
    assert sorted([*drawn.placed, *drawn.waiting]) == sorted(entrants)
    for share in SHARES:
        through = [number for number, name in drawn.by_share.items() if name == share]
        assert len(through) <= reserved.get(share, 0)
        assert all(share in entrants[number] for number in through)
