"""What is asked about recommendations, decisions and commitments."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from hackathon.follow_up.models import DECISION_WORDS, HORIZON_WORDS, Kept
from hackathon.follow_up.operations import (
    LONGEST_REASON,
    answer_commitment,
    change_recommendation,
    commit_to,
    decide,
    recommend,
)
from hackathon.web.acts import ActForm
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, Email, LongWords, Words, YesOrNo, one_line
from hackathon.web.forms import HackForm

LONGEST = 300
MOST_DIGITS = 9
NO_REMINDER = ""
AN_ADDRESS = r"[^@\s]+@[^@\s]+\.[^@\s]+$"
A_TOKEN = r"[a-z0-9]{32}$"
OWN_ANSWERS = {Kept.KEPT: "I have done it", Kept.PARTLY: "Partly", Kept.NOT_YET: "Not yet"}


def longest(what: str, letters: int = LONGEST) -> Any:
    return Length(max=letters, message=f"{what} must be {letters} characters or fewer")


class ReceiptNumbers(StringField):
    """The numbers on people's receipts, written as people write lists: 12, 46 and 8."""

    widget = GovTextInput()
    data: list[int] | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.raw_data = [one_line(str(value)) for value in valuelist]
        words = " ".join(self.raw_data).replace(",", " ").split()
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
        validators=[InputRequired("Write what you recommend"), longest("The recommendation")],
    )
    because = LongWords("Because", description="What people said that leads to it.", validators=[longest("The reason")])
    sources = ReceiptNumbers(
        "Which insights does it come from?",
        description="Their receipt numbers, like 12, 46. Each of them will show what became of it.",
    )
    owner_role = Words(
        "Who could do it?",
        description="A role, not a name. Leave it empty if nobody knows yet.",
        validators=[longest("The role")],
    )
    first_step = Words(
        "First step", description="What could happen within 30 days.", validators=[longest("The first step")]
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
        validators=[longest("Who sees it through")],
    )


class CommitmentForm(ActForm):
    """Something to do, and whether to be asked about it. Its id is long: it becomes the address of the receipt."""

    feeds = staticmethod(commit_to)
    beside = frozenset({"participant", "written_at"})

    text = LongWords(
        "What will you do?",
        description="Something small that is yours to do. It can be as soon as Monday.",
        validators=[InputRequired("Write what you will do"), longest("What you will do")],
    )
    remind_on = ChooseOne("Shall we ask you how it went?")
    remind_to = Email(
        "Your email address, if we are to write to you",
        description="For this one letter. We keep it nowhere else.",
        validators=[
            Optional(),
            longest("The address", 254),
            Regexp(AN_ADDRESS, message="Write an address like name@example.org"),
        ],
    )
    may_print = YesOrNo("You may print my words in the write-up, without my name")
    client_id = HiddenField(validators=[Optional(), Regexp(A_TOKEN)])

    def offer(self, days: Mapping[date, str]) -> None:
        chosen = {day.isoformat(): words for day, words in days.items()}
        self.remind_on.offer({**chosen, NO_REMINDER: "No, I keep it in mind myself"})

    @property
    def values(self) -> dict[str, Any]:
        chosen = self.remind_on.data
        return {**super().values, "remind_on": date.fromisoformat(chosen) if chosen else None}


class AnswerForm(HackForm):
    """Whether it was done: one tap."""

    feeds = staticmethod(answer_commitment)

    kept = ChooseOne("Did you do it?", OWN_ANSWERS)
