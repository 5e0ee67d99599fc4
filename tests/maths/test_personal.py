"""Details by which somebody could be found: what is seen, what is left in peace."""

import itertools
import json
import string
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hackathon.maths.personal import Detail, details_in, is_nhs_number, kinds_in

EXAMPLES: list[tuple[str, list[list[str]]]] = json.loads(
    (Path(__file__).parent / "personal.json").read_text(encoding="utf-8")
)
nine_digits = st.text("0123456789", min_size=9, max_size=9)
separators = st.sampled_from(["", " ", "-", " - ", "\u00a0", "."])


@pytest.mark.parametrize(("text", "expected"), EXAMPLES, ids=[text or "nothing" for text, _ in EXAMPLES])
def test_the_table_of_examples(text: str, expected: list[list[str]]) -> None:
    assert [[found.detail.value, text[found.start : found.end]] for found in details_in(text)] == expected


def check_digit(nine: str) -> int:
    """As the NHS Data Model and Dictionary words it, step by step."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    return 0 if (check := 11 - total % 11) == 11 else check


@given(nine_digits)
def test_a_number_passes_with_its_own_check_digit_and_with_no_other(nine: str) -> None:
    check = check_digit(nine)
    passing = [last for last in string.digits if is_nhs_number(nine + last)]

    assert passing == ([] if check == 10 else [str(check)])


@given(
    nine_digits, separators, st.sampled_from(["", "NHS number ", "(", "It is: "]), st.sampled_from(["", ".", ", she"])
)
def test_an_nhs_number_is_seen_however_it_is_written(nine: str, between: str, before: str, after: str) -> None:
    assume(check_digit(nine) != 10)
    number = between.join((nine[:3], nine[3:6], nine[6:] + str(check_digit(nine))))
    text = before + number + after

    assert [text[found.start : found.end] for found in details_in(text)] == [number]
    assert kinds_in(text) == [Detail.NHS_NUMBER]


@given(nine_digits, separators, st.sampled_from(["0", "+44", "+44 ", "0044 ", "+44 (0)"]))
def test_a_mobile_number_is_seen_however_it_is_written(nine: str, between: str, before: str) -> None:
    number = f"{before}7{between.join((nine[:3], nine[3:6], nine[6:]))}"

    assert details_in(f"Ring {number}, please.") != []


@given(st.dates(), st.times(), st.sampled_from(["%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H.%M", "%d-%m-%Y"]))
def test_dates_and_times_are_left_in_peace(day: date, clock: time, pattern: str) -> None:
    assert details_in(datetime.combine(day, clock).strftime(pattern)) == []


@given(st.integers(0, 999_999_999))
def test_counts_and_money_are_left_in_peace(number: int) -> None:
    assert details_in(f"{number:,} people, £{number:,}.50, ward {number % 100}, {number % 100}%") == []


@given(st.text(max_size=500))
def test_what_is_found_lies_in_order_within_the_text(text: str) -> None:
    spans = [(found.start, found.end) for found in details_in(text)]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
