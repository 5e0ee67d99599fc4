"""What is asked before badges are printed."""

from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from hackathon.badges.document import LONGEST_WIFI, MOST_BLANKS, ON_A_SHEET, BadgePrint
from hackathon.web.fields import ChooseOne, WholeNumber, Words, YesOrNo
from hackathon.web.forms import HackForm


class BadgesForm(HackForm):
    """In which size, on which labels, how many without a name."""

    feeds = staticmethod(BadgePrint)

    size = ChooseOne(
        "How large?",
        {"a7": "A7, eight on a sheet", "a6": "A6, four on a sheet"},
        invalid_choice_message="Choose a size",
        invalid_value_message="Choose a size",
    )
    start = WholeNumber(
        "First label that is left on the sheet",
        description="1 is the whole sheet. Labels are counted from left to right, and then down.",
        validators=[
            InputRequired("Write 1 for a whole sheet"),
            NumberRange(1, message="Write the number of a label, from 1 upwards"),
        ],
    )
    blanks = WholeNumber(
        "Badges without a name",
        description="For people who come unannounced. One for every ten people is usual.",
        validators=[
            InputRequired("Write 0 for none"),
            NumberRange(0, MOST_BLANKS, message=f"Badges without a name must be 0 to {MOST_BLANKS}"),
        ],
    )
    both_sides = YesOrNo("Print the same on the back, for badges that hang and turn")
    wifi = Words(
        "Wi-Fi to print on the back (optional)",
        description="The name of the network and its password, as people are to type them.",
        validators=[Length(max=LONGEST_WIFI, message=f"This must be {LONGEST_WIFI} characters or fewer")],
    )

    def validate_start(self, field: WholeNumber) -> None:
        labels = ON_A_SHEET.get(self.size.data, 0)
        if field.data and field.data > labels > 0:
            raise ValidationError(f"A sheet of this size has the labels 1 to {labels}")
