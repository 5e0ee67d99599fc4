"""What a table is asked about a thought from outside."""

from wtforms.validators import InputRequired

from hackathon.carry_in.operations import answer_carried
from hackathon.insights.models import LONGEST
from hackathon.web.acts import ActForm
from hackathon.web.fields import LongWords
from hackathon.web.second_look import SecondLook


class AnswerForm(SecondLook, ActForm):
    """The answer of one table."""

    feeds = staticmethod(answer_carried)
    beside = frozenset({"number"})

    text = LongWords(
        "Your table’s answer",
        description=f"Up to {LONGEST} characters. Whoever wrote it can read it.",
        validators=[InputRequired("Write your answer")],
    )
