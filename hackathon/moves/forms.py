"""Where somebody moves to."""

from wtforms.validators import InputRequired

from hackathon.moves.operations import move
from hackathon.web.fields import ChooseOne, YesOrNo
from hackathon.web.forms import HackForm


class MoveForm(HackForm):
    """Which other place of the series, and whether those come along who were registered with them."""

    feeds = staticmethod(move)

    to = ChooseOne(
        "Where to?",
        validators=[InputRequired("Choose a place")],
        invalid_choice_message="Choose a place",
        invalid_value_message="Choose a place",
    )
    with_others = YesOrNo("Move the others along whom they registered")
