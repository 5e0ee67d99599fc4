"""Turnout: a range that begins with what others have seen, and learns."""

from hackathon.maths.turnout import expected_turnout


def test_without_days_of_ones_own_the_range_is_wide_and_holds_what_others_saw() -> None:
    turnout = expected_turnout(100, [])

    assert turnout.low <= 53 <= 72 <= turnout.high
    assert turnout.days == 0


def test_days_of_ones_own_outweigh_what_others_saw_and_make_the_range_narrower() -> None:
    before, after = expected_turnout(100, []), expected_turnout(100, [(80, 72), (60, 54), (100, 90), (50, 45)])

    assert after.likely > 80 > before.likely
    assert after.high - after.low < before.high - before.low
    assert after.days == 4


def test_it_never_says_more_than_all_or_less_than_nobody() -> None:
    for confirmed in (0, 1, 2, 10_000):
        turnout = expected_turnout(confirmed, [(10, 10), (10, 0), (0, 0)])
        assert 0 <= turnout.low <= turnout.likely <= turnout.high <= confirmed
