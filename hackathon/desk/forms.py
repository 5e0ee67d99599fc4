"""Six questions that begin an event."""

from typing import Any

from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from hackathon.core.clock import now
from hackathon.desk.operations import MOST_PEOPLE, plan_event
from hackathon.web.fields import ChooseOne, Day, TimeOfDay, WholeNumber, Words
from hackathon.web.forms import HackForm


class NewEventForm(HackForm):
    """The least that an event needs: everything else comes from the pack and can be changed."""

    feeds = staticmethod(plan_event)
    beside = frozenset({"account"})

    pack = ChooseOne("Choose a hack pack", validators=[InputRequired("Choose a pack")])
    title = Words(
        "Title",
        validators=[InputRequired("Give the event a title"), Length(max=120, message="Use 120 characters or fewer")],
    )
    held_on = Day("Date", validators=[InputRequired("Write the date")])
    starts = TimeOfDay(
        "Start",
        description="For example 9:30am. The pack knows how long the day is.",
        validators=[InputRequired("Write when the day starts")],
    )
    venue = Words(
        "Place",
        description="Building, street, town.",
        validators=[InputRequired("Write where it is held"), Length(max=200, message="Use 200 characters or fewer")],
    )
    expected_people = WholeNumber(
        "People expected in the room",
        description="A table is laid for every eight.",
        validators=[
            InputRequired("Write how many people you expect"),
            NumberRange(1, MOST_PEOPLE, message=f"Write a number from 1 to {MOST_PEOPLE:,}"),
        ],
    )

    def validate_held_on(self, field: Any) -> None:
        """A slip of the year is caught here. At the terminal a past day may be meant: to write up what was held."""
        if field.data and field.data < now().date():
            raise ValidationError("That day is over. Check the year")
