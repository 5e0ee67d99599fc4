"""The kinds of question that forms ask, each with the look of GOV.UK Frontend."""

import enum
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovDateInput,
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from hackathon.core.clock import short_date, spoken_time


class Words(StringField):
    """One line of words, without the spaces around it."""

    widget = GovTextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = one_line(str(valuelist[0])) if valuelist else ""
        # What was asked for and came as spaces only was not given.
        self.raw_data = [self.data]


class LongWords(TextAreaField):
    """Some lines of words."""

    widget = GovTextArea()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = some_lines(str(valuelist[0])) if valuelist else ""
        self.raw_data = [self.data]


class Lines(TextAreaField):
    """A list, one thing on each line."""

    widget = GovTextArea()
    data: list[str] | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        lines = str(valuelist[0]).splitlines() if valuelist else []
        self.data = [line for line in map(one_line, lines) if line]

    def _value(self) -> str:
        return "\n".join(self.data or [])


class Email(EmailField):
    """An address, as typed, without the spaces around it."""

    widget = GovTextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = address_typed(str(valuelist[0])) if valuelist else ""
        # What was asked for and came as spaces only was not given.
        self.raw_data = [self.data]


class File(FileField):
    """One file. Nothing came where a browser sends the field without a name."""

    widget = GovFileInput()
    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = next((sent for sent in valuelist if getattr(sent, "filename", "")), None)
        self.raw_data = [self.data] if self.data else []


class WholeNumber(IntegerField):
    """A number without decimals."""

    widget = GovTextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(["".join(str(value).split()).replace(",", "") for value in valuelist])
        except ValueError:
            raise ValueError(f"{self.label.text} must be a whole number, like 80") from None


LONGEST_WAIT = timedelta(days=14)
MOST_DIGITS = 9


class Waited(StringField):
    """How long ago a button was pressed, in whole seconds, as the phone's outbox counted them.

    A span and not a moment, so that a phone whose clock is wrong does no harm.
    """

    widget = HiddenInput()
    data: timedelta

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = seconds_in(str(valuelist[0]) if valuelist else "")

    def _value(self) -> str:
        return "0"


YEARS = range(2000, 2101)
"""Years in which events are held: dates are counted on from and back, and must not fall off the calendar's ends."""


class DayInput(GovDateInput):
    """Three boxes; the one for the month has room for its name."""

    def map_gov_params(self, field: Any, **arguments: Any) -> Any:
        params = super().map_gov_params(field, **arguments)
        month = params["items"][1]
        month["classes"] = month["classes"].replace("width-2", "width-4")
        month["inputmode"] = "text"
        return params


class Day(DateField):
    """A date, asked as day, month and year; the month by its number or its name."""

    widget = DayInput()

    def __init__(self, label: str, validators: Iterable[Any] = (), **options: Any) -> None:
        super().__init__(label, list(validators), format="%d %m %Y", **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        # Whoever sends another number of boxes than three gets the three back to fill in.
        self.raw_data = [str(value).strip() for value in [*valuelist, "", "", ""][:3]]
        self.data = None
        if any(self.raw_data):
            try:
                day, month, year = self.raw_data
                self.data = date(_year_typed(year), _month_typed(month), int(day))
            except (ValueError, OverflowError):
                raise ValueError(f"{self.label.text} must be a real date, like 17 3 2026 or 17 March 2026") from None
            if self.data.year not in YEARS:
                raise ValueError(f"{self.label.text} must be a year from {YEARS[0]} to {YEARS[-1]}")


class TimeOfDay(TimeField):
    """A time on the venue's clock, as people type it: 9:30, 09.30, 9.30am, 2pm."""

    widget = GovTextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.hour}:{self.data:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.raw_data = [one_line(str(value)) for value in valuelist]
        self.data = None
        if not any(self.raw_data):
            return
        try:
            self.data = time_typed(self.raw_data[0])
        except ValueError:
            raise ValueError(f"{self.label.text} must be a time, like 9:30am or 14:00") from None


class Periods(TextAreaField):
    """Times on days, one on each line: 17 March 2026, 9:30am to 4:15pm."""

    widget = GovTextArea()
    data: list[tuple[date, time, time]] | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join(
            f"{short_date(day)}, {spoken_time(since)} to {spoken_time(to)}" for day, since, to in self.data or []
        )

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = printable(str(valuelist[0])) if valuelist else ""
        self.raw_data, self.data = [text], []
        for line in filter(None, map(one_line, text.splitlines())):
            match = _PERIOD.fullmatch(line)
            try:
                day, since, to = match.groups() if match else ("", "", "")
                self.data.append((day_typed(day), time_typed(since), time_typed(to)))
            except ValueError:
                raise ValueError(f"Write it like “17 March 2026, 9:30am to 4:15pm”, not “{line}”") from None


class HiddenNumber(IntegerField):
    """A whole number that goes out with the page and comes back with the answers."""

    widget = HiddenInput()


class YesOrNo(BooleanField):
    """One box to tick."""

    widget = GovCheckboxInput()


class _Offering:
    """Choices are a mapping from the value to the words for it; values may be members of an enum."""

    raw_data: list[Any] | None

    def __init__(self, label: str, choices: Mapping[Any, str] | None = None, **options: Any) -> None:
        options.setdefault("invalid_choice_message", f"Choose an answer: {label}")
        options.setdefault("invalid_value_message", f"Choose an answer: {label}")
        super().__init__(label, coerce=_coerce_like(choices), choices=_listed(choices), **options)  # type: ignore[call-arg]  # WTForms' field comes next - mypy cannot see it

    def offer(self, choices: Mapping[Any, str]) -> None:
        """Set the choices when they are known only at the time of asking; an answer that came before is read again."""
        self.choices, self.coerce = _listed(choices), _coerce_like(choices)
        if self.raw_data:
            self.process_errors = []
            try:
                self.process_formdata(self.raw_data)  # type: ignore[attr-defined]  # the field that this is mixed into has it - mypy cannot see it
            except ValueError as error:
                self.process_errors = [str(error)]


class ChooseOne(_Offering, RadioField):
    """One of these."""

    widget = GovRadioInput()


class ChooseFromList(_Offering, SelectField):
    """One of many, in a drop-down list."""

    widget = GovSelect()


class ChooseSome(_Offering, SelectMultipleField):
    """Any number of these."""

    widget = GovCheckboxesInput()


def longest(what: str, letters: int) -> Any:
    """No more than this many letters, said in words that name what is too long."""
    return Length(max=letters, message=f"{what} must be {letters} characters or fewer")


def printable(text: str) -> str:
    """The text without what nobody can see and some programs trip over: NUL, lone surrogates, direction overrides.

    Tabs and line ends stay. So do zero-width joiners: Urdu and family emoji need them.
    """
    return _UNSEEN.sub("", text)


def some_lines(text: str) -> str:
    """Printable words as they were typed, without what is empty around them."""
    return printable(text).replace("\r\n", "\n").strip()


def seconds_in(typed: str) -> timedelta:
    """A span in whole seconds; none where no number came, and a long one cut short."""
    seconds = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else 0
    return min(timedelta(seconds=seconds), LONGEST_WAIT)


def one_line(text: str) -> str:
    """Printable words on one line."""
    return " ".join(printable(text).split())


def address_typed(text: str) -> str:
    """An address without what is copied along with it from a page or a table, and nobody can see: with it, the same
    address would be another person, to whom no letter comes."""
    return one_line(_UNSEEN_IN_AN_ADDRESS.sub("", text))


def time_typed(text: str) -> time:
    """A time as people type it: 9:30, 09.30, 9.30am, 2pm, noon."""
    plain = {"noon": "12pm", "midnight": "12am"}.get(text.strip().casefold(), text.casefold().replace(" ", ""))
    match = _CLOCK.fullmatch(plain)
    hour, minute, half = match.groups() if match else ("99", None, None)
    if half and 1 <= int(hour) <= 12:
        hour = int(hour) % 12 + (12 if half == "pm" else 0)
    return time(int(hour), int(minute or 0))


def day_typed(text: str) -> date:
    """A day as people type it: 17 March 2026, 17 Mar 2026, 17/3/2026, 17 3 2026."""
    for form in ("%d %B %Y", "%d %b %Y", "%d %m %Y", "%Y-%m-%d"):
        with suppress(ValueError):
            day = datetime.strptime(text.strip().replace("/", " "), form).date()  # noqa: DTZ007 - a day has no zone
            if day.year in YEARS:
                return day
    raise ValueError(text)


def _year_typed(text: str) -> int:
    """2026, or 26."""
    return int(text) + (YEARS[0] if len(text) == 2 else 0)


def _month_typed(text: str) -> int:
    """3, 03, March, Mar."""
    for form in ("%m", "%B", "%b"):
        with suppress(ValueError):
            return datetime.strptime(text, form).month  # noqa: DTZ007 - a month has no zone
    raise ValueError(text)


_PERIOD = re.compile(r"(.+?),? (\S+) to (\S+)")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?")
_UNSEEN_IN_AN_ADDRESS = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def _listed(choices: Mapping[Any, str] | None) -> list[SelectChoice]:
    return [
        SelectChoice(value=value.value if isinstance(value, enum.Enum) else value, label=words)
        for value, words in (choices or {}).items()
    ]


def _coerce_like(choices: Mapping[Any, str] | None) -> Any:
    """How the word that a browser sends becomes a value again; an unknown one is a ValueError."""
    first = next(iter(choices), "") if choices else ""
    return type(first) if isinstance(first, enum.Enum | int) else str
