"""How a rated statement stands."""

import pytest

from hackathon.maths.standing import Rule, Standing, standing


@pytest.mark.parametrize(
    ("agree", "disagree", "neutral", "not_clear", "stands"),
    [
        (7, 1, 2, 0, Standing.AGREED),  # exactly 70% and 10%
        (69, 10, 21, 0, Standing.NEITHER),
        (70, 11, 19, 0, Standing.NEITHER),
        (25, 25, 50, 0, Standing.CONTESTED),  # exactly 25% on each side
        (50, 24, 26, 0, Standing.NEITHER),
        (8, 0, 0, 2, Standing.NOT_CLEAR),  # exactly 20% of those who answered, and it comes first
        (0, 0, 0, 3, Standing.NOT_CLEAR),
        (9, 0, 0, 0, Standing.TOO_FEW),  # one ballot short
        (9, 0, 0, 1, Standing.AGREED),  # a ballot that says "not clear" is a ballot
        (0, 0, 0, 0, Standing.TOO_FEW),
    ],
)
def test_standing_follows_the_rule_to_the_last_ballot(
    agree: int, disagree: int, neutral: int, not_clear: int, stands: Standing
) -> None:
    assert standing(Rule(), agree=agree, disagree=disagree, neutral=neutral, not_clear=not_clear) is stands


def test_a_pack_may_draw_the_lines_elsewhere() -> None:
    strict = Rule(agreed_at=0.9, agreed_max_disagree=0.0, minimum_ballots=5)

    assert standing(strict, agree=9, disagree=1, neutral=0, not_clear=0) is Standing.NEITHER
    assert standing(strict, agree=5, disagree=0, neutral=0, not_clear=0) is Standing.AGREED


def test_the_rule_is_printed_with_its_own_numbers() -> None:
    assert Rule(agreed_at=0.75, minimum_ballots=5).words == (
        ("Not clear", "20% or more of those who answered it marked it not clear to them."),
        ("Too few ballots to say", "Fewer than 5 people answered it."),
        ("Agreed", "Of those who rated it, 75% or more agree and 10% or fewer disagree."),
        ("Contested", "Of those who rated it, 25% or more agree and 25% or more disagree."),
        ("Neither", "Everything else."),
    )
