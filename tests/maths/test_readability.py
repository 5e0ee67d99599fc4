"""How hard a text is to read."""

import pytest

from hackathon.maths.readability import reading_age, syllables_in, words_in


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("a", 1), ("table", 2), ("make", 1), ("wanted", 2), ("moved", 1), ("places", 2), ("trees", 1), ("hospital", 3)],
)
def test_an_e_that_nobody_speaks_is_no_syllable(word: str, syllables: int) -> None:
    assert syllables_in(word) == syllables


def test_words_keep_their_apostrophes_and_hyphens() -> None:
    assert words_in("People's co-production: 25/10, isn’t it?") == [
        "People's",
        "co-production",
        "25",
        "10",
        "isn’t",
        "it",
    ]


def test_reading_age_is_the_flesch_kincaid_grade_plus_five() -> None:
    """Six words of one syllable in one sentence: 0.39 × 6 + 11.8 × 1 − 15.59 + 5."""
    assert reading_age(["The cat sat on the mat."]) == pytest.approx(0.39 * 6 + 11.8 - 15.59 + 5)


def test_a_block_ends_a_sentence() -> None:
    assert reading_age(["The cat sat", "on the mat"]) < reading_age(["The cat sat on the mat"])


def test_no_words_have_no_age() -> None:
    assert reading_age(["", "…"]) == 0.0
