"""Codes that people type, and times as they say them."""

from datetime import UTC, date, datetime, time

import pytest

from hackathon.core.clock import local, moment_at, short_date, spoken_date, spoken_time
from hackathon.core.codes import ALPHABET, fingerprint, long_token, short_code, six_digits
from hackathon.core.words import in_a_row


@pytest.mark.parametrize(
    ("words", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_words_in_a_row(words: list[str], said: str) -> None:
    assert in_a_row(words) == said


def test_codes_are_made_of_letters_that_cannot_be_mistaken() -> None:
    assert not set(ALPHABET) & set("0O1IL")
    assert {len(short_code()) for _ in range(50)} == {4}
    assert set("".join(short_code(8) for _ in range(200))) <= set(ALPHABET)


def test_long_tokens_survive_paths_without_case() -> None:
    token = long_token()

    assert (len(token), token.lower()) == (32, token)
    assert long_token() != token


def test_digits_keep_their_zeros() -> None:
    assert {len(six_digits()) for _ in range(200)} == {6}


def test_a_fingerprint_needs_the_key_and_every_part_in_its_place() -> None:
    found = fingerprint("key", "a", "b")

    assert found == fingerprint("key", "a", "b")
    assert found not in (fingerprint("other", "a", "b"), fingerprint("key", "ab"), fingerprint("key", "b", "a"))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (time(9, 30), "9:30am"),
        (time(12, 0), "noon"),
        (time(0, 0), "midnight"),
        (time(12, 15), "12:15pm"),
        (time(16, 0), "4pm"),
        (time(0, 5), "12:05am"),
    ],
)
def test_times_as_people_say_them(at: time, said: str) -> None:
    assert spoken_time(at) == said


def test_dates_as_people_say_them() -> None:
    day = date(2026, 3, 7)

    assert (spoken_date(day), short_date(day)) == ("Saturday 7 March 2026", "7 March 2026")


def test_the_venues_clock_knows_summer() -> None:
    summer = moment_at(date(2026, 7, 1), time(9, 30), "Europe/London")

    assert summer == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert local(summer, "Europe/London").time() == time(9, 30)
