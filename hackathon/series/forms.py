"""What an organiser is asked about a series, and about another place in it."""

from typing import Any

from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from hackathon.core.clock import now
from hackathon.events.operations import LONGEST_QUESTION
from hackathon.series.operations import add_to_series, describe_series, make_series, plan_another_place
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseFromList, Day, Email, LongWords, WholeNumber, Words
from hackathon.web.forms import HackForm

AN_ADDRESS = r"[^@\s]+@[^@\s]+\.[^@\s]+$"
MOST_PEOPLE = 1_600


def _title(label: str) -> Words:
    return Words(
        label,
        validators=[InputRequired("Give it a title"), Length(max=120, message="Use 120 characters or fewer")],
    )


def _question() -> LongWords:
    return LongWords(
        "The question, asked in every place",
        description=f"One sentence, {LONGEST_QUESTION} words at most.",
        validators=[InputRequired("Write the question"), Length(max=300, message="Use 300 characters or fewer")],
    )


class NewSeriesForm(HackForm):
    """What a series needs to begin."""

    feeds = staticmethod(make_series)

    title = _title("What is the series called?")
    question = _question()
    first = ChooseFromList("Its first event", validators=[InputRequired("Choose an event")])


class SeriesForm(EditForm):
    """What a series is called and asks, and whom to ask about it."""

    feeds = staticmethod(describe_series)

    title = _title("What is the series called?")
    question = _question()
    tested_with = WholeNumber(
        "On how many people were these words tried?",
        validators=[
            InputRequired("Write a number, 0 if it was not tried"),
            NumberRange(0, 10_000, message="Write a number from 0 to 10,000"),
        ],
    )
    contact_name = Words(
        "Who answers questions about the series (optional)",
        validators=[Length(max=120, message="Use 120 characters or fewer")],
    )
    contact_email = Email(
        "Their email address (optional)",
        validators=[Optional(), Regexp(AN_ADDRESS, message="Write an address like name@example.org")],
    )


class JoinForm(HackForm):
    """Which event joins a series."""

    feeds = staticmethod(add_to_series)

    event = ChooseFromList("Add one of your events", validators=[InputRequired("Choose an event")])


class AnotherPlaceForm(HackForm):
    """What differs from place to place."""

    feeds = staticmethod(plan_another_place)
    beside = frozenset({"account"})

    title = _title("Title")
    held_on = Day("Date", validators=[InputRequired("Write the date")])
    venue = Words(
        "Place",
        description="Building, street, town.",
        validators=[InputRequired("Write where it is held"), Length(max=200, message="Use 200 characters or fewer")],
    )
    expected_people = WholeNumber(
        "People expected in the room",
        validators=[
            InputRequired("Write how many people you expect"),
            NumberRange(1, MOST_PEOPLE, message=f"Write a number from 1 to {MOST_PEOPLE:,}"),
        ],
    )

    def validate_held_on(self, field: Any) -> None:
        if field.data and field.data < now().date():
            raise ValidationError("That day is over. Check the year")
