"""The questions that begin an event, and those that publish it."""

from datetime import time
from typing import Any

from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from hackathon.core.clock import now
from hackathon.desk.operations import MOST_PEOPLE, plan_event
from hackathon.framing.operations import name_people
from hackathon.web.fields import ChooseOne, Day, TimeOfDay, WholeNumber, Words
from hackathon.web.forms import HackForm

SHORT = Length(max=200, message="Use 200 characters or fewer")
USUAL_START = time(9, 30)


class NewEventForm(HackForm):
    """The least that an event needs: everything else comes from the pack and can be changed."""

    feeds = staticmethod(plan_event)
    beside = frozenset({"account"})

    pack = ChooseOne(
        "Choose a hack pack",
        description="What people need before and on the day.",
        validators=[InputRequired("Choose a pack")],
    )
    title = Words(
        "Title",
        validators=[InputRequired("Give the event a title"), Length(max=120, message="Use 120 characters or fewer")],
    )
    held_on = Day("Date", validators=[InputRequired("Write the date")])
    starts = TimeOfDay(
        "Start",
        description="The pack says when it ends.",
        validators=[InputRequired("Write when the day starts")],
    )
    venue = Words(
        "Place (optional)",
        description="Building, street, town.",
        validators=[SHORT],
    )
    expected_people = WholeNumber(
        "People expected in the room",
        description="A table is laid for every eight.",
        validators=[
            InputRequired("Write how many people you expect"),
            NumberRange(1, MOST_PEOPLE, message=f"Write a number from 1 to {MOST_PEOPLE:,}"),
        ],
    )

    sponsor_name = Words(
        "Sponsor (optional)",
        description="Who asks people to come, and will act.",
        validators=[SHORT],
    )

    def validate_held_on(self, field: Any) -> None:
        """A slip of the year is caught here. At the terminal a past day may be meant: to write up what was held."""
        if field.data and field.data < now().date():
            raise ValidationError("That day is over. Check the year")


class PublishForm(HackForm):
    """Who must be named before people are asked for their time. A page asks only for those who are not."""

    feeds = staticmethod(name_people)

    sponsor_name = Words("Sponsor", description="Who asks people to come, and will act.", validators=[SHORT])
    owner_name = Words(
        "Follow-through owner",
        description="Somebody with hours to see the promise kept.",
        validators=[SHORT],
    )
