"""Bank holidays, held against the days that were published for England and Wales."""

from datetime import date

import pytest

from hackathon.maths.holidays import bank_holidays, easter_sunday

PUBLISHED = {
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}


@pytest.mark.parametrize(("year", "days"), PUBLISHED.items())
def test_the_bank_holidays_are_those_that_were_published(year: int, days: str) -> None:
    assert sorted(bank_holidays(year)) == [date.fromisoformat(f"{year}-{day}") for day in days.split()]


def test_easter_comes_early_and_late() -> None:
    assert [easter_sunday(year) for year in (2008, 2025, 2038)] == [
        date(2008, 3, 23),
        date(2025, 4, 20),
        date(2038, 4, 25),
    ]


def test_a_holiday_has_its_name() -> None:
    assert bank_holidays(2027)[date(2027, 12, 28)] == "Boxing Day"
