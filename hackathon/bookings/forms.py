"""Who somebody is and how they take part: asked once, of several at a time, or anew."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self, cast

from wtforms import Form, FormField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from hackathon.bookings.operations import (
    Guest,
    change_registration,
    register_group,
    register_in_series,
    register_invited,
)
from hackathon.core.clock import short_date
from hackathon.events.models import Place
from hackathon.participants.models import QuestionType, RegistrationQuestion
from hackathon.participants.operations import register
from hackathon.web.fields import ChooseOne, Email, Lines, LongWords, Words, address_typed
from hackathon.web.forms import HackForm

LONGEST_NAME = 80
LONGEST_ANSWER = 500
LARGEST_GROUP = 30
GUEST = re.compile(r"(?P<name>[^,;\t]{1,80})[,;\t]\s*(?P<email>[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+)\s*")
ELSE = "-else"
"""What the name of the field ends with that takes an answer beyond those that a question offers."""
YES_NO = {"yes": "Yes", "no": "No"}


class WordsIfAsked(Words):
    """Words that stay as they are where an older page was sent, which did not ask for them."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            super().process_formdata(valuelist)


def _companion(description: str) -> WordsIfAsked:
    return WordsIfAsked(
        "Name of somebody who comes to support you (optional)",
        description=description,
        validators=[Length(max=LONGEST_NAME, message="This name is too long")],
    )


class AboutSomebody(HackForm):
    """Who somebody is and how they take part. What the event's own questions ask is added by `asking`."""

    name = Words(
        "Your name",
        description="As you would like to be called on the day.",
        validators=[InputRequired("Write your name"), Length(max=LONGEST_NAME, message="Your name is too long")],
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
    def asking(
        cls,
        questions: Sequence[RegistrationQuestion],
        answers: Mapping[str, str] | None = None,
        *,
        dated: bool = True,
        **start: Any,
    ) -> Self:
        """The form with the questions of one event, or of several and then without a date; and earlier answers."""
        if not questions:
            return cls.from_request(**start)
        fields = {name: field for question in questions for name, field in _fields_for(question, dated).items()}
        part = FormField(type("Answers", (Form,), fields))
        made = cast("type[Self]", type(cls.__name__, (cls,), {"answers": part, "__module__": __name__}))
        known = {name: words for q in questions for name, words in _start_of(q, (answers or {}).get(q.key)).items()}
        return made.from_request(answers=known, **start)

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        given = {key: words or "" for key, words in values.get("answers", {}).items()}
        answers = {key: given.get(key + ELSE) or words for key, words in given.items() if not key.endswith(ELSE)}
        return {**values, "answers": answers}


class RegisterForm(AboutSomebody):
    """One page."""

    feeds: ClassVar[Callable[..., Any]] = staticmethod(register)
    beside = frozenset({"answers", "booked_by"})

    email = Email(
        "Your email address",
        description="We send your place and news of this event to it, and nothing else.",
        validators=[
            InputRequired("Write your email address"),
            Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$", message="Write an email address like name@example.org"),
            Length(max=254, message="Your email address is too long"),
        ],
    )
    companion = _companion("A carer, an interpreter, somebody who helps you. They use no place of their own.")


class SeriesForm(RegisterForm):
    """The same at one of several places, which is asked first."""

    feeds = staticmethod(register_in_series)
    beside = frozenset({"answers"})

    place = ChooseOne(
        "Where do you want to come?",
        validators=[InputRequired("Choose a place")],
        invalid_choice_message="Choose a place",
        invalid_value_message="Choose a place",
    )


class InvitedForm(RegisterForm):
    """The same, begun with what the list of invitations says."""

    feeds = staticmethod(register_invited)
    beside = frozenset({"answers"})


class ChangeForm(AboutSomebody):
    """What somebody said when they registered, to be said anew."""

    feeds = staticmethod(change_registration)
    beside = frozenset({"answers"})

    companion = _companion("Mend the name here, or empty it if nobody comes with you. They use no place of their own.")


class GroupForm(HackForm):
    """Several people, by whoever books for them."""

    feeds = staticmethod(register_group)

    name = RegisterForm.name
    email = RegisterForm.email
    organisation = RegisterForm.organisation
    attending = ChooseOne(
        "How do they want to take part?",
        {Place.ROOM: "In the room", Place.OUTSIDE: "From outside, on their own phones or computers"},
        invalid_choice_message="Choose how they want to take part",
        invalid_value_message="Choose how they want to take part",
    )
    people = Lines(
        "Who comes?",
        description="One person on each line: name, comma, email address. Write yourself too if you come.",
        validators=[InputRequired("Write at least one person")],
    )

    def validate_people(self, field: Lines) -> None:
        """Every line is somebody, or the message says which is not."""
        lines = field.data or []
        if len(lines) > LARGEST_GROUP:
            raise ValidationError(f"{LARGEST_GROUP} people at most at a time. Send the others in a second list.")
        for number, line in enumerate(lines, 1):
            if not GUEST.fullmatch(line):
                raise ValidationError(f"Line {number}, “{line[:60]}”: write a name, a comma, and an email address.")

    @property
    def values(self) -> dict[str, Any]:
        found = [GUEST.fullmatch(line) for line in self.people.data or []]
        return {
            **super().values,
            "people": [Guest(line["name"].strip(), address_typed(line["email"])) for line in found if line],
        }


def _fields_for(question: RegistrationQuestion, dated: bool) -> dict[str, Any]:
    """A question as its type asks it. Every answer is free to give; why it is asked stands beside it."""
    label, hint = f"{question.label} (optional)", _hint_for(question, dated)
    short_enough = Length(max=LONGEST_ANSWER, message=f"This must be {LONGEST_ANSWER} characters or fewer")
    options = {option: option for option in question.options}
    if question.type is QuestionType.YES_NO:
        return {question.key: ChooseOne(label, YES_NO, description=hint, validators=[Optional()])}
    if question.type is QuestionType.CHOICE:
        return {question.key: ChooseOne(label, options, description=hint, validators=[Optional()])}
    if question.type is QuestionType.CHOICE_OTHER and not options:
        return {question.key: Words(label, description=hint, validators=[short_enough])}
    if question.type is QuestionType.CHOICE_OTHER:
        return {
            question.key: ChooseOne(label, options, description=hint, validators=[Optional()]),
            question.key + ELSE: Words(f"{question.label}: something else (optional)", validators=[short_enough]),
        }
    return {question.key: LongWords(label, description=hint, validators=[short_enough])}


def _start_of(question: RegistrationQuestion, answer: str | None) -> dict[str, str]:
    """Where an earlier answer stands in the form."""
    if answer is None:
        return {}
    is_else = question.type is QuestionType.CHOICE_OTHER and question.options and answer not in question.options
    return {question.key + (ELSE if is_else else ""): answer}


def _hint_for(question: RegistrationQuestion, dated: bool) -> str:
    until = "when the event is closed"
    if question.deleted_on is not None:
        until = f"on {short_date(question.deleted_on)}" if dated else f"{question.days_kept} days after the day"
    return f"{question.purpose_words}. Seen by {question.seen_by_words} only. Deleted {until}."
