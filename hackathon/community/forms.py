"""What community managers are asked on their desk."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import InputRequired, NumberRange, Optional

from hackathon.community.document import SHORT_ENOUGH
from hackathon.community.operations import hand_over, hide_and_ask, link_alike, promise_replies, reply_to
from hackathon.insights.models import LONGEST, HideReason, Kind
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseFromList, ChooseOne, HiddenNumber, LongWords, Periods, WholeNumber
from hackathon.web.forms import HackForm
from hackathon.web.second_look import SecondLook

WHAT_IS_ANSWERED = {Kind.QUESTION: "Questions", Kind.IDEA: "Ideas", Kind.INSIGHT: "Everything that is noticed"}
HOW_LONG = f"Up to {LONGEST} characters. {SHORT_ENOUGH} words are enough."


class ReplyForm(SecondLook):
    """A community manager's answer."""

    feeds = staticmethod(reply_to)
    beside = frozenset({"account"})

    text = LongWords("Your reply", description=HOW_LONG)
    client_id = HiddenField()
    read_up_to = HiddenNumber(default=0)


class LinkForm(SecondLook):
    """Two answers that name each other's number."""

    feeds = staticmethod(link_alike)
    beside = frozenset({"account"})
    looks_at = ("text", "text_there")

    text = LongWords("Your reply here", description=HOW_LONG)
    text_there = LongWords("Your reply there", description=HOW_LONG)
    client_id = HiddenField()
    read_up_to = HiddenNumber(default=0)
    read_up_to_there = HiddenNumber(default=0)


class HandOverForm(HackForm):
    """To whom, and what they should know."""

    feeds = staticmethod(hand_over)
    beside = frozenset({"account"})

    to = ChooseFromList(
        "To whom?",
        {0: "Choose somebody"},
        default=0,
        id="hand-over-to",
        invalid_choice_message="Choose somebody else who answers here",
        invalid_value_message="Choose somebody else who answers here",
    )
    note = LongWords("What should they know?", description="You can leave this empty.", id="hand-over-note")


class HideForm(HackForm):
    """Why it leaves the pages, and what its author is asked to write instead."""

    feeds = staticmethod(hide_and_ask)
    beside = frozenset({"account"})

    reason = ChooseOne(
        "Why do you hide it?",
        {reason: reason.words for reason in HideReason},
        validators=[InputRequired("Choose a reason")],
        id="hide-reason",
    )
    text = LongWords(
        "Ask for other words",
        description="You can leave this empty. Only the phone that holds the number shows it.",
        id="hide-text",
    )
    client_id = HiddenField()


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
