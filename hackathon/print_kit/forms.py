"""What is asked before cards and ballots are printed."""

from collections.abc import Sequence
from typing import Any, Self

from wtforms.validators import InputRequired, NumberRange

from hackathon.ballots.operations import MOST_AT_ONCE, give_out_ballots
from hackathon.cards.operations import number_cards
from hackathon.events.models import Place
from hackathon.tables.models import Table
from hackathon.web.fields import ChooseFromList, ChooseOne, WholeNumber, YesOrNo
from hackathon.web.forms import HackForm

EVERY_TABLE = 0
USUAL_PER_SEAT = 6
MOST_PER_SEAT = 50


class CardsForm(HackForm):
    """How many cards to number, and for which tables."""

    feeds = staticmethod(number_cards)

    per_seat = WholeNumber(
        "How many cards for each seat?",
        description="Six are usual. The numbers go on where the last print ended.",
        validators=[
            InputRequired("Write how many cards each seat gets"),
            NumberRange(1, MOST_PER_SEAT, message=f"Cards for each seat must be 1 to {MOST_PER_SEAT}"),
        ],
    )
    tables = ChooseFromList("For which table?", {EVERY_TABLE: "Every table"})

    @classmethod
    def asking(cls, tables: Sequence[Table]) -> Self:
        form = cls.from_request(per_seat=USUAL_PER_SEAT, tables=EVERY_TABLE)
        form.tables.offer({EVERY_TABLE: "Every table", **{table.number: f"Table {table.number}" for table in tables}})
        return form

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "tables": [table for table in [self.tables.data] if table != EVERY_TABLE]}


class BallotsForm(HackForm):
    """How many ballots to print, and where they will be marked: the two places are always counted apart."""

    feeds = staticmethod(give_out_ballots)

    number = WholeNumber(
        "How many ballots?",
        description="One for each person who votes on paper, and some to spare.",
        validators=[
            InputRequired("Write how many ballots you need"),
            NumberRange(1, MOST_AT_ONCE, message=f"Ballots must be 1 to {MOST_AT_ONCE}"),
        ],
    )
    place = ChooseOne("Where will they be marked?", {place: place.words for place in Place}, default=Place.ROOM)
    large = YesOrNo(
        "Print these in large print",
        description="Large print is 18 points, and each ballot on sheets of A4 of its own. It has a code of its own:"
        " no code stands on two papers, and whoever takes one ballot takes no other.",
    )
