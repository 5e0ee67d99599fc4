"""What a care lead is asked."""

from wtforms import HiddenField

from hackathon.care.operations import answer_in_confidence, write_down_care
from hackathon.insights.models import LONGEST
from hackathon.web.fields import LongWords
from hackathon.web.forms import HackForm


class AnswerForm(HackForm):
    """What the care lead writes to whoever told of harm."""

    feeds = staticmethod(answer_in_confidence)
    beside = frozenset({"account"})

    text = LongWords("Your answer", description=f"Up to {LONGEST} characters. Only their phone shows it.")
    client_id = HiddenField()


class CareForm(HackForm):
    """What the care lead did about words that cannot be answered."""

    feeds = staticmethod(write_down_care)

    text = LongWords("What was done", description=f"Up to {LONGEST} characters. You alone can read it.")
