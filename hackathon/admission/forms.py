"""The rule of a ballot, and the seed that holds it."""

from wtforms.validators import InputRequired, Length, NumberRange

from hackathon.admission.models import About
from hackathon.admission.operations import close_list, draw_places, reserve_share
from hackathon.web.fields import ChooseOne, Lines, WholeNumber, Words
from hackathon.web.forms import HackForm


class ShareForm(HackForm):
    """Places that are kept for some."""

    feeds = staticmethod(reserve_share)

    name = Words(
        "Who shall be sure of a share",
        description="As everybody will read it, for example “People who care for somebody at home”.",
        validators=[InputRequired("Write who it is for"), Length(max=80, message="Use 80 characters or fewer")],
    )
    about = ChooseOne(
        "Which answer says so?",
        {about: about.words.capitalize() for about in About},
        invalid_choice_message="Choose which answer says so",
        invalid_value_message="Choose which answer says so",
    )
    words = Lines(
        "Which words?",
        description="One on each line, as people write them. Capitals make no difference.",
        validators=[InputRequired("Write at least one word that people may answer")],
    )
    percent = WholeNumber(
        "How many places in a hundred?",
        validators=[
            InputRequired("Write how many in a hundred"),
            NumberRange(1, 100, message="Write a number from 1 to 100"),
        ],
    )


class CloseListForm(HackForm):
    """Close the list, and say where the seed will come from while nobody can know it."""

    feeds = staticmethod(close_list)

    seed_source = Words(
        "Where will the seed come from?",
        description="Something that nobody here can know or choose, for example “the six numbers of next Saturday’s "
        "lottery, in rising order, with spaces between”.",
        validators=[
            InputRequired("Say where the seed will come from"),
            Length(max=200, message="Use 200 characters or fewer"),
        ],
    )


class DrawForm(HackForm):
    """The seed, once it is known."""

    feeds = staticmethod(draw_places)

    seed = Words(
        "The seed",
        description="Exactly as announced. Everybody can draw the same again with it.",
        validators=[InputRequired("Write the seed"), Length(max=200, message="Use 200 characters or fewer")],
    )
