"""What moderators are asked, and whoever reports something."""

from wtforms.validators import InputRequired

from hackathon.events.models import Moderation
from hackathon.insights.models import HideReason
from hackathon.moderation.operations import (
    LONGEST_CONCERN,
    choose_moderation,
    hide_words,
    raise_concern,
)
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseOne, LongWords
from hackathon.web.forms import HackForm

WHEN_READ = {
    Moderation.AFTER: "After: everybody sees words at once, and you hide what should not be there",
    Moderation.BEFORE: "Before: words wait until one of you has read them, and the page says so to whoever writes",
}
WHAT_IS_WRONG = {
    HideReason.PERSONAL: "It names or identifies a person",
    HideReason.UNKIND: "It is rude or unkind",
    HideReason.DISCLOSURE: "Somebody may be at risk of harm",
    HideReason.DUPLICATE: "It came twice",
    HideReason.OFF_SCOPE: "It is spam, or something else is wrong",
}


class HideForm(HackForm):
    """Why words leave the pages: one press of one button."""

    feeds = staticmethod(hide_words)
    beside = frozenset({"actor"})

    reason = ChooseOne("Why do you hide it?", {reason: reason.words for reason in HideReason})


class ModerationForm(EditForm):
    """When somebody reads what people write."""

    feeds = staticmethod(choose_moderation)
    beside = frozenset({"actor"})

    moderation = ChooseOne("When does somebody read what people write?", WHEN_READ)


class ReportForm(HackForm):
    """What somebody finds wrong with words on a page."""

    feeds = staticmethod(raise_concern)

    reason = ChooseOne(
        "What is wrong with it?", WHAT_IS_WRONG, validators=[InputRequired("Choose what is wrong with it")]
    )
    text = LongWords(
        "Do you want to say more?",
        description=f"You can leave this empty. Up to {LONGEST_CONCERN} characters.",
    )
