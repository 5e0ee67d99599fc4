"""What people are asked when they register, and organisers about places."""

from collections.abc import Sequence
from datetime import time
from typing import Any, Self, cast

from wtforms import Form, FormField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from hackathon.core.clock import local, moment_at, short_date
from hackathon.events.models import Event, Place
from hackathon.participants.models import Places, QuestionType, RegistrationQuestion, Way
from hackathon.participants.operations import register, set_places
from hackathon.web.fields import ChooseOne, Day, Email, LongWords, WholeNumber, Words
from hackathon.web.forms import HackForm

LONGEST_NAME = 80
LONGEST_ANSWER = 500
MOST_PLACES = 100_000
MOST_HOURS = 24 * 28
CUT_OFF = time(17, 0)


class RegisterForm(HackForm):
    """One page. What the event's own questions ask is added by `asking`."""

    feeds = staticmethod(register)
    beside = frozenset({"answers"})

    name = Words(
        "Your name",
        description="As you would like to be called on the day.",
        validators=[InputRequired("Write your name"), Length(max=LONGEST_NAME, message="Your name is too long")],
    )
    email = Email(
        "Your email address",
        description="We send your place and news of this event to it, and nothing else.",
        validators=[
            InputRequired("Write your email address"),
            Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$", message="Write an email address like name@example.org"),
            Length(max=254, message="Your email address is too long"),
        ],
    )
    organisation = Words(
        "Where you work or whom you speak for (optional)",
        validators=[Length(max=120, message="This must be 120 characters or fewer")],
    )
    job_role = Words(
        "What you do there (optional)", validators=[Length(max=120, message="This must be 120 characters or fewer")]
    )
    attending = ChooseOne(
        "How do you want to take part?",
        {Place.ROOM: "In the room", Place.OUTSIDE: "From outside, on my own phone or computer"},
        invalid_choice_message="Choose how you want to take part",
        invalid_value_message="Choose how you want to take part",
    )

    @classmethod
    def asking(cls, questions: Sequence[RegistrationQuestion]) -> Self:
        """The form with the questions of one event."""
        if not questions:
            return cls.from_request()
        fields = {question.key: _field_for(question) for question in questions}
        answers = FormField(type("Answers", (Form,), fields))
        made = type(cls.__name__, (cls,), {"answers": answers, "__module__": __name__})
        return cast("type[Self]", made).from_request()

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        answers = {key: words or "" for key, words in values.get("answers", {}).items()}
        return {**values, "answers": answers}


def _field_for(question: RegistrationQuestion) -> Any:
    """A question as its type asks it. Every answer is free to give; why it is asked stands beside it."""
    label, hint = f"{question.label} (optional)", _hint_for(question)
    short_enough = Length(max=LONGEST_ANSWER, message=f"This must be {LONGEST_ANSWER} characters or fewer")
    if question.type is QuestionType.YES_NO:
        return ChooseOne(label, {"yes": "Yes", "no": "No"}, description=hint, validators=[Optional()])
    if question.type is QuestionType.CHOICE:
        options = {option: option for option in question.options}
        return ChooseOne(label, options, description=hint, validators=[Optional()])
    if question.type is QuestionType.CHOICE_OTHER:
        return Words(label, description=hint, validators=[short_enough])
    return LongWords(label, description=hint, validators=[short_enough])


def _hint_for(question: RegistrationQuestion) -> str:
    until = f" Deleted on {short_date(question.deleted_on)}." if question.deleted_on else ""
    return f"{question.purpose_words}. Seen by {question.seen_by_words} only.{until}"


class PlacesForm(HackForm):
    """How many places there are, how they are given, and until when one may be given up without leaving it empty."""

    feeds = staticmethod(set_places)
    _timezone: str

    chairs = WholeNumber(
        "Chairs in the room",
        validators=[
            InputRequired("Write how many chairs there are"),
            NumberRange(1, MOST_PLACES, message="Write a number of chairs from 1 upwards"),
        ],
    )
    oversell = WholeNumber(
        "Places beyond the chairs, in a hundred (optional)",
        description="Some people will not come. With 20, you give 96 places for 80 chairs.",
        validators=[Optional(), NumberRange(0, 100, message="Write a number from 0 to 100")],
    )
    way = ChooseOne(
        "How are places given?",
        {
            Way.FIRST_COME: "Whoever registers first has one",
            Way.APPROVAL: "An organiser says yes or no to each person",
            Way.BALLOT: "By lot, under a rule that you publish",
        },
        invalid_choice_message="Choose how places are given",
        invalid_value_message="Choose how places are given",
    )
    claim_hours = WholeNumber(
        "Hours to take a place that is offered (optional)",
        description="After that it goes to the next person who waits. Leave it empty to give places at once.",
        validators=[Optional(), NumberRange(0, MOST_HOURS, message=f"Write a number of hours from 0 to {MOST_HOURS}")],
    )
    cut_off = Day(
        "Last day to give a place up (optional)",
        description="Until 5pm on this day. Later than that, an empty chair counts as a no-show.",
        validators=[Optional()],
    )

    @classmethod
    def about(cls, event: Event, places: Places | None) -> Self:
        cut_off = local(places.cut_off, event.timezone).date() if places and places.cut_off else None
        form = cls.from_request(
            chairs=places.chairs if places else event.expected_people,
            oversell=places.oversell if places else None,
            way=places.way if places else Way.FIRST_COME,
            claim_hours=places.claim_hours if places else None,
            cut_off=cut_off,
        )
        form._timezone = event.timezone
        return form

    @property
    def values(self) -> dict[str, Any]:
        day = self.cut_off.data
        return {
            **super().values,
            "oversell": self.oversell.data or 0,
            "claim_hours": self.claim_hours.data or 0,
            "cut_off": moment_at(day, CUT_OFF, self._timezone) if day else None,
        }
