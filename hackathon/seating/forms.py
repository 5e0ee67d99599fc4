"""What is asked before tables are mixed and people moved."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from wtforms.validators import NumberRange, Optional

from hackathon.participants.models import Registration
from hackathon.seating.models import Leaning, Moving
from hackathon.seating.operations import LARGEST_SEED, ask_for_plan, move_person, swap_people
from hackathon.tables.models import Table
from hackathon.tables.queries import person_words
from hackathon.web.fields import ChooseFromList, ChooseOne, WholeNumber
from hackathon.web.forms import HackForm

NOBODY = 0


class PlanForm(HackForm):
    """What weighs more, and who may be moved."""

    feeds = staticmethod(ask_for_plan)

    leaning = ChooseOne("What weighs more?", {each: each.words for each in Leaning}, default=Leaning.BALANCED)
    moving = ChooseOne(
        "Who may get another seat?",
        {each: each.words for each in Moving},
        description="Whoever is marked as kept stays, whatever you choose.",
    )
    seed = WholeNumber(
        "Seed (optional)",
        description="A number that settles ties. The same one gives the same plan again.",
        validators=[
            Optional(),
            NumberRange(0, LARGEST_SEED, message=f"The seed must be a number from 0 to {LARGEST_SEED}"),
        ],
    )


class MoveForm(HackForm):
    """To which table."""

    feeds = staticmethod(move_person)
    _tables: Mapping[int, Table]

    table = ChooseFromList("Table", {NOBODY: "Choose a table"})

    @classmethod
    def among(cls, tables: Sequence[Table]) -> Self:
        form = cls.from_request()
        form._tables = {table.id: table for table in tables}
        form.table.offer({NOBODY: "Choose a table", **{table.id: _table_words(table) for table in tables}})
        return form

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "table": self._tables.get(self.table.data)}


class SwapForm(HackForm):
    """With whom."""

    feeds = staticmethod(swap_people)
    _people: Mapping[int, Registration]

    other = ChooseFromList("Change places with", {NOBODY: "Choose somebody"})

    @classmethod
    def among(cls, people: Sequence[Registration]) -> Self:
        form = cls.from_request()
        form._people = {each.participant_id: each for each in people}
        form.other.offer(
            {NOBODY: "Choose somebody", **{number: person_words(each) for number, each in form._people.items()}}
        )
        return form

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "other": self._people.get(self.other.data)}


def _table_words(table: Table) -> str:
    theme = f", {table.theme.letter} {table.theme.title}" if table.theme else ""
    marks = f", {table.mark_words}" if table.marks else ""
    return f"Table {table.number}{theme}{marks}: {table.seats - table.taken} free"
