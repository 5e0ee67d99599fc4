"""Questions about the promise, the base and the people outside."""

from wtforms.validators import InputRequired, Length, NumberRange, Optional

from hackathon.framing.operations import call_outside, declare_base, make_promise
from hackathon.web.editions import EditForm
from hackathon.web.fields import Day, LongWords, WholeNumber, Words

MOST_PEOPLE = 10_000_000
SHORT = Length(max=200, message="Use 200 characters or fewer")
A_NUMBER = NumberRange(0, MOST_PEOPLE, message=f"Write a number from 0 to {MOST_PEOPLE:,}")


class PromiseForm(EditForm):
    """What the sponsor promises, and who sees it through."""

    feeds = staticmethod(make_promise)

    sponsor_name = Words("Sponsor", validators=[InputRequired("Name the sponsor"), SHORT])
    sponsor_role = Words(
        "Their role (optional)", description="As people know it: Chief executive, and of what.", validators=[SHORT]
    )
    words = LongWords(
        "What they promise, in their own words",
        description="What will be decided, by whom, and by when. People see it before they register and in the report.",
        validators=[
            InputRequired("Write the promise"),
            Length(max=600, message="Use 600 characters or fewer"),
        ],
    )
    made_on = Day("When they promised it (optional)", validators=[Optional()])
    owner_name = Words(
        "Follow-through owner",
        description="The person with hours set aside to see it kept. Nothing is published before somebody is named.",
        validators=[SHORT],
    )


class BaseForm(EditForm):
    """How many people could take part."""

    feeds = staticmethod(declare_base)

    room = WholeNumber("In the room", validators=[InputRequired("Write a number, 0 if there is no room"), A_NUMBER])
    room_note = Words(
        "Who they are (optional)", description="For example: seats at ten tables of eight.", validators=[SHORT]
    )
    outside = WholeNumber("Outside", validators=[InputRequired("Write a number, 0 if nobody is asked"), A_NUMBER])
    outside_note = Words(
        "Who those are (optional)", description="For example: people sent the survey and the link.", validators=[SHORT]
    )
    source = Words(
        "How you know",
        description="The list or plan that somebody else could check.",
        validators=[InputRequired("Say how you know"), SHORT],
    )
    declared_by = Words("Who counted", validators=[InputRequired("Say who counted"), SHORT])
    declared_on = Day("When", validators=[InputRequired("Write the day")])


class OutsideForm(EditForm):
    """The invitation to people outside the room."""

    feeds = staticmethod(call_outside)

    invited = WholeNumber("How many people were invited?", validators=[InputRequired("Write a number"), A_NUMBER])
    bounced = WholeNumber(
        "How many invitations came back?", validators=[InputRequired("Write a number, 0 if none did"), A_NUMBER]
    )
    survey_opened = Day("When did the survey open?", description="Empty if there is none.", validators=[Optional()])
    survey_closed = Day("When did it close?", validators=[Optional()])
