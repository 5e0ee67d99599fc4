"""Questions about the question, the promise, the base and the people outside."""

from typing import Any

from wtforms.validators import InputRequired, Length, NumberRange, Optional

from hackathon.events.operations import LONGEST_QUESTION, ask_question
from hackathon.framing.operations import call_outside, declare_base, make_promise, try_question
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, Day, Lines, LongWords, WholeNumber, Words
from hackathon.web.forms import HackForm

MOST_PEOPLE = 10_000_000
SHORT = Length(max=200, message="Use 200 characters or fewer")
A_NUMBER = NumberRange(0, MOST_PEOPLE, message=f"Write a number from 0 to {MOST_PEOPLE:,}")


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
        "People on whom you tried it yourself (optional)",
        description="Beside those who use the link.",
        validators=[Optional(), NumberRange(0, 10_000, message="Write a number from 0 to 10,000")],
    )
    scope_in = Lines(
        "What it takes in (optional)",
        description="One thing on each line. The pack’s lists are about the pack’s question: beside a question of your"
        " own they are not printed until you make them yours.",
    )
    scope_out = Lines("What it leaves out (optional)", description="People see it before they write.")

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "tested_with": self.tested_with.data or 0}


YES, NO = "yes", "no"


class TrialForm(HackForm):
    """Three taps and a line: what somebody makes of the question who was not there when it was written."""

    feeds = staticmethod(try_question)
    beside = frozenset({"wording"})

    is_clear = ChooseOne("Is it clear what is asked?", {YES: "Yes", NO: "No"}, validators=[InputRequired("Choose one")])
    is_answerable = ChooseOne(
        "Could you say something to it from your own days?",
        {YES: "Yes", NO: "No"},
        validators=[InputRequired("Choose one")],
    )
    is_open = ChooseOne(
        "Does it leave the answer to you?", {YES: "Yes", NO: "No"}, validators=[InputRequired("Choose one")]
    )
    said = Words("What would you say it is about? (optional)", validators=[SHORT])

    @property
    def values(self) -> dict[str, Any]:
        taps = {name: self[name].data == YES for name in ("is_clear", "is_answerable", "is_open")}
        return {**super().values, **taps}


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
    source = Words(
        "How do you know?",
        description="The list or the letter that was counted. It is printed beside every rate that rests on it.",
        validators=[
            InputRequired("Write where the number comes from"),
            Length(max=120, message="Use 120 characters or fewer"),
        ],
    )
    declared_on = Day("As of which day?", validators=[InputRequired("Choose a day")])
    survey_opened = Day("When did the survey open?", description="Empty if there is none.", validators=[Optional()])
    survey_closed = Day("When did it close?", validators=[Optional()])
