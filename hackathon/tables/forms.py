"""Laying tables in the room."""

from collections.abc import Sequence
from typing import Any

from wtforms.validators import InputRequired

from hackathon.tables.models import Mark, Table
from hackathon.tables.operations import change_table, set_out_room
from hackathon.themes.models import Theme
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseFromList, ChooseSome, Lines, WholeNumber

NO_THEME = 0


class RoomForm(EditForm):
    """How many tables, how many chairs at each new one, which other rooms. New tables get the themes in turn."""

    feeds = staticmethod(set_out_room)
    beside = frozenset({"themes"})

    number = WholeNumber("Number of tables", validators=[InputRequired("Write how many tables there are")])
    seats = WholeNumber(
        "Seats at each new table",
        description="Tables that stand already keep their seats.",
        validators=[InputRequired("Write how many seats a table has")],
    )
    rooms = Lines(
        "Other rooms (optional)",
        description="One on each line, with the way there: Quiet room, first floor on the left.",
    )


class TableForm(EditForm):
    """One table."""

    feeds = staticmethod(change_table)

    seats = WholeNumber("Seats", validators=[InputRequired("Write how many seats the table has")])
    theme = ChooseFromList("Theme", {NO_THEME: "No theme"})
    marks = ChooseSome(
        "This table is (optional)",
        {mark: mark.words.capitalize() for mark in Mark},
        description="People who need it are seated here first when the tables are mixed.",
    )

    def __init__(self, *arguments: Any, themes: Sequence[Theme], **start: Any) -> None:
        super().__init__(*arguments, **start)
        self._themes = {theme.id: theme for theme in themes}
        self.theme.offer({NO_THEME: "No theme", **{theme.id: f"{theme.letter}  {theme.title}" for theme in themes}})

    @staticmethod
    def answers(table: Table) -> dict[str, Any]:
        """What is kept, as the form asks for it."""
        marks = [Mark(mark) for mark in table.marks]
        return {"seats": table.seats, "theme": table.theme_id or NO_THEME, "marks": marks}

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "theme": self._themes.get(self.theme.data)}
