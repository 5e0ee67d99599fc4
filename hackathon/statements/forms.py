"""What facilitators are asked: a statement, and how people vote."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import InputRequired, NumberRange, Optional

from hackathon.statements.operations import (
    add_statement,
    change_statement,
    close_phones,
    close_round,
    move_statement,
    open_round,
    remove_statement,
    take_back_opening,
)
from hackathon.votes.models import VoteMethod
from hackathon.web.fields import ChooseOne, WholeNumber, Words, longest
from hackathon.web.forms import HackForm

LONGEST = 200
MOST_PEOPLE = 100_000
MOST_DOTS = 100


def statement_words() -> Any:
    """The one box for a statement."""
    return Words(
        "Statement",
        description="One sentence that somebody can agree or disagree with. One thought, no “and”.",
        validators=[
            InputRequired("Write the statement"),
            longest("The statement", LONGEST),
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
        validators=[Optional(), NumberRange(1, MOST_DOTS, message=f"Dots must be a number from 1 to {MOST_DOTS}")],
    )
    dots_on_one = WholeNumber(
        "How many may lie on one statement?",
        description="Leave it empty if people may put all of theirs on one.",
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
        validators=[longest("Who they are", LONGEST)],
    )


class CloseForm(HackForm):
    feeds = staticmethod(close_round)


class ClosePhonesForm(HackForm):
    feeds = staticmethod(close_phones)


class TakeBackForm(HackForm):
    feeds = staticmethod(take_back_opening)
