"""What is asked about a commitment."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import HiddenField
from wtforms.validators import InputRequired, Optional, Regexp

from hackathon.commitments.models import Kept
from hackathon.commitments.operations import answer_commitment, commit_to
from hackathon.web.acts import ActForm
from hackathon.web.fields import ChooseOne, Email, LongWords, YesOrNo, longest
from hackathon.web.forms import HackForm

LONGEST = 300
NO_REMINDER = ""
AN_ADDRESS = r"[^@\s]+@[^@\s]+\.[^@\s]+$"
A_TOKEN = r"[a-z0-9]{32}$"
OWN_ANSWERS = {Kept.KEPT: "I have done it", Kept.PARTLY: "Partly", Kept.NOT_YET: "Not yet"}


class CommitmentForm(ActForm):
    """Something to do, and whether to be asked about it. Its id is long: it becomes the address of the receipt."""

    feeds = staticmethod(commit_to)
    beside = frozenset({"participant", "written_at"})

    text = LongWords(
        "What will you do?",
        description="Something small that is yours to do. It can be as soon as Monday.",
        validators=[InputRequired("Write what you will do"), longest("What you will do", LONGEST)],
    )
    remind_on = ChooseOne("Shall we ask you how it went?", default=NO_REMINDER)
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
