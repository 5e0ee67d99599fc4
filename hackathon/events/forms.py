"""Questions about an event and its people."""

from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from hackathon.events.operations import (
    LONGEST_QUESTION,
    ask_question,
    describe_event,
    invite_member,
    publish_report,
)
from hackathon.staff.models import Role
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, Day, Email, Lines, LongWords, TimeOfDay, WholeNumber, Words
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


class QuestionForm(EditForm):
    """The one question, and what it takes in and leaves out."""

    feeds = staticmethod(ask_question)

    question = LongWords(
        "The question",
        description=f"One sentence, {LONGEST_QUESTION} words at most. It holds no answer and no jargon.",
        validators=[
            InputRequired("Write the question"),
            Length(max=300, message="Use 300 characters or fewer"),
        ],
    )
    tested_with = WholeNumber(
        "On how many people were these words tried?",
        description="Five or more, best of all people who were not there when it was written.",
        validators=[
            InputRequired("Write a number, 0 if it was not tried"),
            NumberRange(0, 10_000, message="Write a number from 0 to 10,000"),
        ],
    )
    scope_in = Lines("What it takes in", description="One thing on each line.")
    scope_out = Lines("What it leaves out", description="One thing on each line. People see it before they write.")


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
