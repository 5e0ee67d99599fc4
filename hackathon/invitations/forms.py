"""Sending a list, saying what its columns hold, and reading rates against it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self, cast

from wtforms import Form, FormField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from hackathon.invitations.document import Column, guessed_columns
from hackathon.invitations.models import ListDraft
from hackathon.invitations.operations import keep_draft, take_list, take_list_as_base
from hackathon.web.fields import ChooseFromList, Day, File, WholeNumber, Words
from hackathon.web.forms import HackForm

MOST_PEOPLE = 1_000_000
SHORT = Length(max=200, message="Use 200 characters or fewer")
WHAT = {
    Column.NOTHING: "Nothing that we need",
    Column.NAME: "The name, or a part of it",
    Column.ADDRESS: "The email address",
    Column.TEAM: "The team",
    Column.SECTOR: "The sector",
    Column.REGION: "The region",
}


class UploadForm(HackForm):
    """A list, as a file."""

    feeds = staticmethod(keep_draft)
    beside = frozenset({"name"})

    file = File(
        "The list",
        description="A workbook (.xlsx) or CSV, with one person in each row: up to 20,000 rows and 2 MB.",
        validators=[InputRequired("Choose a file")],
    )


class TakeForm(HackForm):
    """What the columns hold, and where the list comes from. The columns are added by `about`."""

    feeds = staticmethod(take_list)
    beside = frozenset({"columns"})

    source = Words(
        "What list is this?",
        description="In words that those on it understand: they read them. For example: staff list of the two wards.",
        validators=[InputRequired("Say what list this is"), SHORT],
    )
    declared_by = Words("Who vouches for it", validators=[InputRequired("Say who vouches for it"), SHORT])
    declared_on = Day("As of which day", validators=[InputRequired("Write the day")])
    invited_on = Day(
        "When were they invited, if not from here? (optional)",
        description="Leave it empty if the invitation goes out under Letters.",
        validators=[Optional()],
    )

    @classmethod
    def about(cls, draft: ListDraft, *, declared_by: str, day: date) -> Self:
        """The form for one file, with a guess for every column."""
        first_rows = [cells for _, cells in draft.rows[:100]]
        fields: dict[str, Any] = {
            f"column_{place}": ChooseFromList(_called(head, place), WHAT) for place, head in enumerate(draft.heads)
        }
        part = FormField(type("Columns", (Form,), fields))
        made = cast("type[Self]", type(cls.__name__, (cls,), {"columns": part, "__module__": __name__}))
        guesses = guessed_columns(draft.heads, first_rows)
        start = {f"column_{place}": guess for place, guess in enumerate(guesses)}
        return made.from_request(columns=start, declared_by=declared_by, declared_on=day)

    @property
    def chosen(self) -> Sequence[Column]:
        """What each column holds, in their order; one that was tampered with holds nothing."""
        return [each if isinstance(each, Column) else Column.NOTHING for each in self.data["columns"].values()]

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "columns": self.chosen}


class BaseForm(HackForm):
    """How many of a list are asked into the room."""

    feeds = staticmethod(take_list_as_base)

    room = WholeNumber(
        "How many of them could be in the room?",
        description="All others count as outside.",
        validators=[InputRequired("Write a number, 0 if there is no room"), NumberRange(0, MOST_PEOPLE)],
    )


def _called(head: str, place: int) -> str:
    """A column by its letter, as spreadsheets call it, and by its heading."""
    letters = (chr(ord("A") + place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)
    return f"Column {letters}: {head}" if head else f"Column {letters}"
