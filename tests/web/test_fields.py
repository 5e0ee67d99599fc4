"""Questions about dates: real ones in years in which events are held, and a sentence for all others."""

from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from hackathon.web.fields import Day
from hackathon.web.forms import HackForm


class DateForm(HackForm):
    day = Day("Date")


@pytest.mark.parametrize(
    ("typed", "found", "said"),
    [
        (["17", "3", "2026"], date(2026, 3, 17), []),
        (["17", "March", "2026"], date(2026, 3, 17), []),
        (["17", "mar", "2026"], date(2026, 3, 17), []),
        (["17", "3", "26"], date(2026, 3, 17), []),
        (["31", "2", "2026"], None, ["Date must be a real date, like 17 3 2026 or 17 March 2026"]),
        (["", "3", "2026"], None, ["Date must be a real date, like 17 3 2026 or 17 March 2026"]),
        (["1", "1", "9" * 30], None, ["Date must be a real date, like 17 3 2026 or 17 March 2026"]),
        (["31", "12", "9999"], None, ["Date must be a year from 2000 to 2100"]),
        (["1", "1", "1"], None, ["Date must be a year from 2000 to 2100"]),
        (["1"], None, ["Date must be a real date, like 17 3 2026 or 17 March 2026"]),
    ],
)
def test_a_date_is_real_and_not_at_the_ends_of_time(
    app: Flask, typed: list[str], found: date | None, said: list[str]
) -> None:
    with app.test_request_context(method="POST"):
        form = DateForm(formdata=MultiDict([("day", part) for part in typed]), meta={"csrf": False})
        form.validate()

        assert (form.day.errors, form.day.data if not said else None) == (said, found)
