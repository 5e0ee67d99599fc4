"""How a letter opens, and whether it goes."""

from wtforms import HiddenField
from wtforms.validators import Length

from hackathon.mailings.operations import MOST_WORDS_OF_OPENING, ask_to_send, let_go_by_itself, word_opening
from hackathon.web.fields import HiddenNumber, LongWords, YesOrNo
from hackathon.web.forms import HackForm


class OpeningForm(HackForm):
    """The first words of a letter."""

    feeds = staticmethod(word_opening)
    beside = frozenset({"kind"})

    opening = LongWords(
        "Its first words",
        description=f"Your own, up to {MOST_WORDS_OF_OPENING} words. Leave it empty to begin as usual. You can write"
        " {title}, {question}, {day}, {starts}, {ends} and {place}.",
        validators=[Length(max=400, message="Use 400 characters or fewer")],
    )


class ByItselfForm(HackForm):
    """Whether the letter goes by itself: the button says which."""

    feeds = staticmethod(let_go_by_itself)
    beside = frozenset({"kind"})

    automatic = YesOrNo("Send it by itself on its day")


class SendForm(HackForm):
    """Send it now to as many people as the page named, beginning as it said there."""

    feeds = staticmethod(ask_to_send)
    beside = frozenset({"kind"})

    people = HiddenNumber("People", default=0)
    opening = HiddenField("How it begins", default="")
