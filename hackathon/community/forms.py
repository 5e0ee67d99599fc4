"""What moderators are asked."""

from hackathon.community.operations import hide_insight
from hackathon.insights.models import HideReason
from hackathon.web.fields import ChooseOne
from hackathon.web.forms import HackForm


class HideForm(HackForm):
    """Why an insight leaves the pages: one press of one button."""

    feeds = staticmethod(hide_insight)
    beside = frozenset({"actor"})

    reason = ChooseOne("Why do you hide it?", {reason: reason.words for reason in HideReason})
