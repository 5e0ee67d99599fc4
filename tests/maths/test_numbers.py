"""Numbers in, numbers out: against values worked out by hand or published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hackathon.maths.agreement import agreed_pairs, cohens_kappa
from hackathon.maths.colour import contrast
from hackathon.maths.rates import Rate, minutes_within, most_active_tenth, nearest_rank
from hackathon.maths.similarity import likeness, stems
from hackathon.maths.suppression import suppressed


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Rate(77, 83), "77 of 83 (93%)"),
        (Rate(219, 280), "219 of 280 (78.2%)"),
        (Rate(1, 199), "1 of 199 (1%)"),
        (Rate(1, 200), "1 of 200 (0.5%)"),
        (Rate(0, 0), "0 of 0"),
    ],
)
def test_a_rate_is_printed_with_its_base(rate: Rate, text: str) -> None:
    assert rate.text == text
    assert rate.as_json() == {"n": rate.n, "of": rate.of, "text": text}


def test_a_rate_without_a_base_is_no_share() -> None:
    assert (Rate(0, 0).share, Rate(1, 4).share) == (0.0, 0.25)


@pytest.mark.parametrize(("values", "rank"), [([5], 5), (range(1, 11), 9), ([3, 1, 2], 3), (range(1, 22), 19)])
def test_the_ninetieth_percentile_is_the_nearest_rank(values: list[int], rank: int) -> None:
    assert nearest_rank(values, 0.9) == rank


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        nearest_rank([], 0.9)


@given(st.lists(st.integers(min_value=1, max_value=50), min_size=1), st.floats(min_value=0.01, max_value=1))
def test_at_least_that_share_does_not_exceed_the_nearest_rank(values: list[int], share: float) -> None:
    found = nearest_rank(values, share)

    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert found in values


def test_the_most_active_tenth_is_rounded_up() -> None:
    assert most_active_tenth([5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4]) == (11, 2, 9)
    assert most_active_tenth([]) == (0, 0, 0)


def test_minutes_count_only_inside_the_spans() -> None:
    hour = 3600.0

    assert minutes_within(0, 10 * hour, [(hour, 2 * hour), (9 * hour, 12 * hour)]) == 120
    assert minutes_within(3 * hour, 4 * hour, [(hour, 2 * hour)]) == 0


def test_kappa_is_the_textbook_value() -> None:
    """The worked example of Cohen's paper in its usual form: 20 and 15 agreements among 50, 5 and 10 otherwise."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15

    assert agreed_pairs(pairs) == 35
    assert cohens_kappa(pairs) == pytest.approx(0.4)


def test_kappa_says_nothing_where_chance_would_say_as_much() -> None:
    assert cohens_kappa([]) is None
    assert cohens_kappa([("yes", "yes")] * 3) is None


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#0b5d57") == contrast("#0b5d57", "#ffffff")


def test_texts_are_alike_by_their_telling_words() -> None:
    scores = likeness(
        "Drop the word model from the name.",
        ['Drop the word "model" and choose a plain name.', "Give each team money.", ""],
    )

    assert scores[0] > 0.5
    assert scores[1:] == [0, 0]
    assert stems("The forms travelled") == ["form", "travell"]


def test_a_text_is_wholly_like_itself() -> None:
    assert likeness("Leaders shadow the job", ["Leaders shadow the job"]) == [pytest.approx(1)]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"nhs": 38, "fire": 2, "army": 4}, {"nhs": 38, "fire": None, "army": None}),
        ({"nhs": 38, "fire": 2, "police": 9}, {"nhs": 38, "fire": None, "police": None}),
        ({"nhs": 38, "fire": 1, "army": 1, "police": 9}, {"nhs": 38, "fire": None, "army": None, "police": None}),
        ({"nhs": 38, "fire": 4, "army": 4}, {"nhs": None, "fire": None, "army": None}),
        ({"nhs": 38, "police": 9}, {"nhs": 38, "police": 9}),
        ({"fire": 2}, {"fire": None}),
        ({}, {}),
    ],
)
def test_small_numbers_are_hidden_and_cannot_be_subtracted(
    counts: dict[str, int], shown: dict[str, int | None]
) -> None:
    assert suppressed(counts) == shown


@given(st.dictionaries(st.text(max_size=3), st.integers(min_value=0, max_value=30), max_size=8))
def test_no_hidden_number_follows_from_the_total(counts: dict[str, int]) -> None:
    shown = suppressed(counts)
    hidden = [counts[key] for key, number in shown.items() if number is None]

    if any(shown.values()):
        assert len(hidden) != 1
        assert not hidden or max(hidden) >= 5 or len(hidden) < sum(hidden) < 4 * len(hidden)
