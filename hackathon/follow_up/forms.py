"""What is asked about recommendations and decisions."""

from collections.abc import Callable
from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from hackathon.follow_up.models import DECISION_WORDS, HORIZON_WORDS
from hackathon.follow_up.operations import LONGEST_REASON, change_recommendation, decide, recommend
from hackathon.web.addresses import without_signs
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, LongWords, Words, longest, one_line
from hackathon.web.forms import HackForm

LONGEST = 300
MOST_DIGITS = 9


class ReceiptNumbers(StringField):
    """The numbers on people's receipts, written as people write lists: 12, 46 and 8."""

    widget = GovTextInput()
    data: list[int] | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.raw_data = [one_line(str(value)) for value in valuelist]
        words = without_signs(" ".join(self.raw_data)).replace(",", " ").split()
        numbers = [word for word in words if word != "and"]
        self.data = []
        if not all(word.isdecimal() and len(word) <= MOST_DIGITS for word in numbers):
            raise ValueError("Write receipt numbers with commas between them, like 12, 46")
        self.data = sorted({int(word) for word in numbers})

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(map(str, self.data or []))


class RecommendationForm(HackForm):
    """A recommendation, with everything somebody needs in order to decide it."""

    feeds: ClassVar[Callable[..., Any]] = staticmethod(recommend)

    text = LongWords(
        "What do you recommend?",
        description="One thing that somebody can do. Begin with a verb.",
        validators=[InputRequired("Write what you recommend"), longest("The recommendation", LONGEST)],
    )
    because = LongWords(
        "Because", description="What people said that leads to it.", validators=[longest("The reason", LONGEST)]
    )
    sources = ReceiptNumbers(
        "Which insights does it come from?",
        description="Their receipt numbers, like 12, 46. Each of them will show what became of it.",
    )
    owner_role = Words(
        "Who could do it?",
        description="A role, not a name. Leave it empty if nobody knows yet.",
        validators=[longest("The role", LONGEST)],
    )
    first_step = Words(
        "First step", description="What could happen within 30 days.", validators=[longest("The first step", LONGEST)]
    )
    horizon = ChooseOne("When?", {number: f"Horizon {number}: {words}" for number, words in HORIZON_WORDS.items()})


class RecommendationChangeForm(RecommendationForm):
    """`edition` says which words were on the page when its writer began."""

    feeds = staticmethod(change_recommendation)

    edition = HiddenField()


class DecisionForm(EditForm):
    """An answer never goes out without a reason."""

    feeds = staticmethod(decide)
    beside = frozenset({"at"})

    decision = ChooseOne("What is the decision?", DECISION_WORDS)
    reason = LongWords(
        "Why?",
        description=f"In {LONGEST_REASON} words or fewer. Everybody can read it, most of all those whose idea it was.",
        validators=[InputRequired("Give a reason: people deserve to know why, most of all when the answer is no")],
    )
    owner_role = Words(
        "Who sees it through?",
        description="A role or a name. If it goes ahead and nobody does yet, write: nobody yet.",
        validators=[longest("Who sees it through", LONGEST)],
    )
