"""Questions about an event and its people."""

from typing import Any

from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from hackathon.core.clock import now
from hackathon.events.operations import (
    describe_event,
    invite_member,
    publish_report,
)
from hackathon.staff.models import Role
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, Day, Email, TimeOfDay, WholeNumber, Words
from hackathon.web.forms import HackForm

AN_ADDRESS = r"[^@\s]+@[^@\s]+\.[^@\s]+$"
A_PHONE = r"[+(]?[0-9][0-9 ()/-]{3,28}$"
MOST_PEOPLE = 100_000


class DetailsForm(EditForm):
    """What the event is called, when and where it is held, whom to ask."""

    feeds = staticmethod(describe_event)

    title = Words(
        "Title",
        validators=[InputRequired("Give the event a title"), Length(max=120, message="Use 120 characters or fewer")],
    )
    held_on = Day("Date", validators=[InputRequired("Write the date")])
    starts = TimeOfDay("Start", validators=[InputRequired("Write when the day starts")])
    ends = TimeOfDay("End", validators=[InputRequired("Write when the day ends")])
    doors = TimeOfDay("Doors open", description="People read it on the morning of the day.", validators=[Optional()])
    venue = Words(
        "Place",
        description="Building, street, town. Leave it empty for an event that is only online.",
        validators=[Length(max=200, message="Use 200 characters or fewer")],
    )
    expected_people = WholeNumber(
        "People expected in the room",
        validators=[
            InputRequired("Write how many people you expect"),
            NumberRange(1, MOST_PEOPLE, message=f"Write a number from 1 to {MOST_PEOPLE:,}"),
        ],
    )
    contact_name = Words("Who answers questions", validators=[Length(max=120, message="Use 120 characters or fewer")])
    contact_email = Email(
        "Their email address",
        description="People see it in the pack and in letters.",
        validators=[Optional(), Regexp(AN_ADDRESS, message="Write an address like name@example.org")],
    )
    contact_phone = Words(
        "A phone number for the day",
        description="For whoever is late or lost; people get it on the morning of the day.",
        validators=[Optional(), Regexp(A_PHONE, message="Write a phone number like 01234 567890")],
    )

    def validate_held_on(self, field: Any) -> None:
        """A slip of the year is caught. What was held already may be put right."""
        if field.data and field.data < now().date() <= (field.object_data or field.data):
            raise ValidationError("That day is over. Check the year")


class InviteForm(HackForm):
    """Whom to ask to help, and as what."""

    feeds = staticmethod(invite_member)

    name = Words(
        "Name", validators=[InputRequired("Write their name"), Length(max=120, message="Use 120 characters or fewer")]
    )
    email = Email(
        "Email address",
        validators=[
            InputRequired("Write their email address"),
            Length(max=254, message="The address must be 254 characters or fewer"),
            Regexp(AN_ADDRESS, message="Write an address like name@example.org"),
        ],
    )
    role = ChooseOne(
        "What they do",
        {role: role.words.capitalize() for role in Role},
        validators=[InputRequired("Choose what they do")],
    )


class ReportForm(HackForm):
    """When the report came out."""

    feeds = staticmethod(publish_report)

    on = Day(
        "On which day could people first read the report?",
        description="Days to report are counted up to it. It is set once.",
        validators=[InputRequired("Write the day")],
    )
