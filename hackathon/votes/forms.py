"""What facilitators ask about statements, and what everybody is asked when rating them."""

from collections.abc import Mapping
from typing import Any

from wtforms import Field, HiddenField
from wtforms.utils import unset_value
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from hackathon.events.models import Place
from hackathon.votes.models import Answer, Mark, VoteMethod
from hackathon.votes.operations import (
    add_statement,
    change_statement,
    close_phones,
    close_round,
    move_statement,
    open_round,
    rate_statements,
    remove_statement,
    take_back_opening,
)
from hackathon.web.acts import ActForm
from hackathon.web.fields import ChooseOne, WholeNumber, Words
from hackathon.web.forms import HackForm

LONGEST = 200
MOST_PEOPLE = 100_000
MOST_DIGITS = 3
MOST_DOTS = 100


def statement_words() -> Any:
    """The one box for a statement."""
    return Words(
        "Statement",
        description="One sentence that somebody can agree or disagree with. One thought, no “and”.",
        validators=[
            InputRequired("Write the statement"),
            Length(max=LONGEST, message=f"The statement must be {LONGEST} characters or fewer"),
        ],
    )


def how_many(label: str, description: str) -> Any:
    """A number of people that may stay open."""
    return WholeNumber(
        label,
        description=description,
        validators=[
            Optional(),
            NumberRange(0, MOST_PEOPLE, message=f"{label} must be a number up to {MOST_PEOPLE:,}"),
        ],
    )


class StatementForm(HackForm):
    feeds = staticmethod(add_statement)

    text = statement_words()


class StatementChangeForm(HackForm):
    """`seen` is how the statement stood when the page was opened."""

    feeds = staticmethod(change_statement)

    text = statement_words()
    seen = HiddenField()


class MoveForm(HackForm):
    feeds = staticmethod(move_statement)
    beside = frozenset({"up"})


class RemoveForm(HackForm):
    feeds = staticmethod(remove_statement)


class OpenForm(HackForm):
    """How people vote, and how many may: turnout is read against it."""

    feeds = staticmethod(open_round)
    beside = frozenset({"rule", "at"})

    method = ChooseOne("How do people vote?", {method: method.words for method in VoteMethod})
    dots = WholeNumber(
        "How many dots does each person have?",
        description="Only where dots are spread.",
        validators=[Optional(), NumberRange(1, MOST_DOTS, message=f"Dots must be a number from 1 to {MOST_DOTS}")],
    )
    dots_on_one = WholeNumber(
        "How many may lie on one statement?",
        description="Only where dots are spread. Leave it empty if people may put all of theirs on one.",
        validators=[Optional(), NumberRange(1, MOST_DOTS, message=f"Dots must be a number from 1 to {MOST_DOTS}")],
    )
    entitled_room = how_many(
        "How many people in the room may rate?",
        "Leave it empty to count those checked in, or the ballots printed for the room where they are more.",
    )
    entitled_outside = how_many(
        "How many people outside may rate?",
        "Leave it empty if anybody with the address may: then only printed ballots are a number to count against.",
    )
    entitled_note = Words(
        "Who they are",
        description="Printed beside the turnout, such as: everyone in the room, and 41 people who asked for a code.",
        validators=[Length(max=LONGEST, message=f"Who they are must be {LONGEST} characters or fewer")],
    )


class CloseForm(HackForm):
    feeds = staticmethod(close_round)


class ClosePhonesForm(HackForm):
    feeds = staticmethod(close_phones)


class TakeBackForm(HackForm):
    feeds = staticmethod(take_back_opening)


class Marks(Field):
    """One answer for each statement, by its number: those named marks-1, marks-2 and so on. Any may be missing.

    It is a point of the scale, or a number: of dots, or a rank. Which of them the round takes is for it to say.
    """

    data: dict[int, Answer]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data = {} if data is unset_value or data is None else dict(data)
        if formdata is not None:
            self.data = {}
            for name in formdata:
                if name.startswith(f"{self.name}-"):
                    self._read(name.removeprefix(f"{self.name}-"), formdata.getlist(name)[0])

    def _read(self, number: str, word: str) -> None:
        try:
            line = _whole(number)
            if word := word.strip():
                self.data[line] = _whole(word) if word.isdecimal() else Mark(word)
        except ValueError:
            self.process_errors = ["Choose one of the answers for each statement, or write a whole number"]


def _whole(digits: str) -> int:
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > MOST_DIGITS:
        raise ValueError
    return int(digits)


class RatingForm(ActForm):
    """Nothing is marked beforehand."""

    feeds = staticmethod(rate_statements)
    beside = frozenset({"device", "written_at"})

    marks = Marks("Statements")
    place = ChooseOne("Where are you taking part?", {place: place.words for place in Place})

    def know_place(self, place: Place) -> None:
        """Whoever comes from a table's page is not asked where they are."""
        self._known: Mapping[str, Place] = {"place": place}
        del self.place

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, **getattr(self, "_known", {})}
