"""What anybody is asked under an insight."""

from wtforms.validators import InputRequired

from hackathon.comments.operations import add_comment, hear_back
from hackathon.insights.models import LONGEST
from hackathon.web.acts import ActForm
from hackathon.web.fields import Email, LongWords
from hackathon.web.forms import HackForm
from hackathon.web.second_look import SecondLook


class CommentForm(SecondLook, ActForm):
    """One box under an insight."""

    feeds = staticmethod(add_comment)
    beside = frozenset({"place", "author_role", "author", "author_name", "written_at"})

    text = LongWords("Your comment", description=f"Up to {LONGEST} characters. No patient details.")


class HearBackForm(HackForm):
    """Where an answer is mailed."""

    feeds = staticmethod(hear_back)

    email = Email("Your email address", validators=[InputRequired("Type your email address")])
