"""In which direction words run, by the letters that people wrote."""

import pytest

from hackathon.web.writing import direction, written_in


@pytest.mark.parametrize(
    ("text", "runs", "tag"),
    [
        ("Forms travel faster than people", "ltr", ""),
        ("نريد كلمات بسيطة", "rtl", "ar"),
        ("میری والدہ کو بھی", "rtl", "ur"),
        ("12: نريد", "rtl", "ar"),
        ("=1+1", "ltr", ""),
        ("", "ltr", ""),
    ],
)
def test_words_run_as_their_first_letter_does(text: str, runs: str, tag: str) -> None:
    assert (direction(text), written_in(text)) == (runs, tag)
