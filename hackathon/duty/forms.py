"""What organisers are asked about answers."""

from typing import Any

from wtforms.validators import NumberRange, Optional

from hackathon.duty.operations import promise_replies
from hackathon.insights.models import Kind
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, Periods, WholeNumber

WHAT_IS_ANSWERED = {Kind.QUESTION: "Questions", Kind.IDEA: "Ideas", Kind.INSIGHT: "Everything that is noticed"}


class PromiseForm(EditForm):
    """What is promised to whoever asks something."""

    feeds = staticmethod(promise_replies)

    kind = ChooseOne("What do you answer?", WHAT_IS_ANSWERED, default=Kind.QUESTION)
    within_hours = WholeNumber(
        "Within how many staffed hours?",
        description="Leave this empty to promise nothing.",
        validators=[Optional(), NumberRange(1, 200, "Write a number from 1 to 200, or leave it empty")],
    )
    staffed = Periods(
        "When is somebody on duty to answer?",
        description="One time on each line: 17 March 2026, 9:30am to 4:15pm. Leave out bank holidays.",
    )

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "staffed": self.staffed.data or []}
