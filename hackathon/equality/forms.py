"""The equality form: every answer is free to give."""

from typing import Any

from wtforms import Form, FormField
from wtforms.validators import Optional

from hackathon.equality.document import QUESTIONS, EqualityQuestion
from hackathon.equality.operations import count_answers
from hackathon.web.fields import ChooseOne
from hackathon.web.forms import HackForm


def _asked(question: EqualityQuestion) -> ChooseOne:
    options = {option: option for option in question.options}
    return ChooseOne(f"{question.label} (optional)", options, validators=[Optional()])


class EqualityForm(HackForm):
    """One question for each thing that is counted."""

    feeds = staticmethod(count_answers)

    answers = FormField(type("Answers", (Form,), {question.key: _asked(question) for question in QUESTIONS}))

    @property
    def values(self) -> dict[str, Any]:
        return {"answers": {key: words for key, words in self.answers.data.items() if words}}
