"""What community managers are asked on their desk."""

from wtforms import HiddenField
from wtforms.validators import InputRequired

from hackathon.community.document import HOW_LONG
from hackathon.community.operations import hand_over, hide_and_ask, reply_to
from hackathon.insights.models import HideReason
from hackathon.web.fields import ChooseFromList, ChooseOne, HiddenNumber, LongWords
from hackathon.web.forms import HackForm
from hackathon.web.second_look import SecondLook


class ReplyForm(SecondLook):
    """A community manager's answer."""

    feeds = staticmethod(reply_to)
    beside = frozenset({"account"})

    text = LongWords("Your reply", description=HOW_LONG)
    client_id = HiddenField()
    read_up_to = HiddenNumber(default=0)


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
        description="You can leave this empty. While it is hidden, only the phone that holds the number shows this.",
        id="hide-text",
    )
    client_id = HiddenField()
