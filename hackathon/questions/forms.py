"""What organisers are asked about a question: its words, why it is asked, who reads it and for how long."""

from typing import Any

from wtforms.validators import InputRequired, Length, NumberRange, Optional

from hackathon.participants.models import FRONT_DESK, PURPOSES, QuestionType, RegistrationQuestion
from hackathon.questions.operations import OWN_WORDS, add_question, change_question, reword_question
from hackathon.staff.models import Role
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, ChooseSome, Lines, WholeNumber, Words, YesOrNo

LONGEST_LABEL = 200
LONGEST_KEPT = 3_650
USES = {
    "adjustments": "To arrange what people need: it comes onto the access list",
    "catering": "To order food: it comes onto the list for the caterer",
    "photo-consent": "To know who may be photographed: it comes onto badges and the photographer’s list",
    "pronouns": "To know how people are spoken of: it comes onto badges, for everybody to read",
    OWN_WORDS: "For something else",
}
READERS = {
    **{role.value.replace("_", "-"): f"The {role.words}" for role in Role},
    Role.ORGANISER.value: "The organisers",
    FRONT_DESK: "The front desk, which is whoever checks people in as a facilitator",
}


class Wording(EditForm):
    """What a question says."""

    label = Words(
        "The question",
        validators=[
            InputRequired("Write the question"),
            Length(max=LONGEST_LABEL, message=f"Use {LONGEST_LABEL} characters or fewer"),
        ],
    )


class WholeQuestion(Wording):
    """All of a question, as long as nobody has answered it."""

    type = ChooseOne("How is it answered?", {type: type.words for type in QuestionType})
    options = Lines("Answers to choose from (for a list)", description="One on each line.")
    purpose = ChooseOne("What is it for?", USES)
    why = Words(
        "Why do you ask? (for something else)",
        description="People read it beside the question, such as: So that we can plan the rooms.",
        validators=[Length(max=LONGEST_LABEL, message=f"Use {LONGEST_LABEL} characters or fewer")],
    )
    sensitive = YesOrNo("The answer is sensitive: it may tell of health, belief or anything else that needs care")
    seen_by = ChooseSome("Who may see the answer?", READERS, validators=[InputRequired("Choose who may see it")])
    keep_days = WholeNumber(
        "Days after the event until it is deleted (optional)",
        description="A sensitive answer needs a day. Without one, answers stay as long as the event.",
        validators=[
            Optional(),
            NumberRange(0, LONGEST_KEPT, message=f"Write a number of days from 0 to {LONGEST_KEPT:,}"),
        ],
    )


class QuestionForm(WholeQuestion):
    """A question more."""

    feeds = staticmethod(add_question)


class ChangeQuestionForm(WholeQuestion):
    """A question that is there, and that nobody has answered."""

    feeds = staticmethod(change_question)


class WordingForm(Wording):
    """The words of a question that people have answered."""

    feeds = staticmethod(reword_question)


def said_by(question: RegistrationQuestion) -> dict[str, Any]:
    """What a question says, as the answers with which its form starts."""
    known = question.purpose in PURPOSES
    return {
        "label": question.label,
        "type": question.type,
        "options": question.options,
        "purpose": question.purpose if known else OWN_WORDS,
        "why": "" if known else question.purpose,
        "sensitive": question.sensitive,
        "seen_by": question.seen_by or [Role.ORGANISER.value],
        "keep_days": question.keep_days,
    }
