"""Why an answer of the survey is hidden."""

from hackathon.insights.models import HideReason
from hackathon.surveys.operations import hide_answer
from hackathon.web.fields import ChooseOne
from hackathon.web.forms import HackForm


class HideAnswerForm(HackForm):
    """One press of one button."""

    feeds = staticmethod(hide_answer)

    reason = ChooseOne("Why do you hide it?", {reason: reason.words for reason in HideReason})
