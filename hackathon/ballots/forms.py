"""What a scribe reads off a ballot."""

from collections.abc import Mapping
from typing import Any, Self

from wtforms import Field
from wtforms.utils import unset_value

from hackathon.ballots.operations import type_ballot
from hackathon.votes.models import Answer, Mark, VoteMethod
from hackathon.web.forms import HackForm

POINTS = dict(enumerate(Mark, start=1))
"""The five points and “not clear”, by the figures that are printed in their boxes."""
MOST_DIGITS = 3


class Lines(Field):
    """What is marked in each line, by the statement's number: answers named marks-1, marks-2 and so on, as typed.

    0 is a line that was left blank; one without a figure has not been typed yet, and is left out.
    """

    data: dict[int, Answer | None]
    method = VoteMethod.RATE
    typed: Mapping[int, str]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        names = [name for name in formdata or () if name.startswith(f"{self.name}-")]
        self.typed = {
            int(number): str(formdata.get(name)).strip()
            for name in names
            if (number := name.removeprefix(f"{self.name}-")).isdecimal() and len(number) <= MOST_DIGITS
        }
        self.data = {}

    def read(self, method: VoteMethod) -> None:
        """Take the figures for what they are on this kind of ballot."""
        for number, typed in self.typed.items():
            if typed in ("", "0"):
                self.data.update({number: None} if typed else {})
            elif not typed.isascii() or not typed.isdecimal() or len(typed) > MOST_DIGITS:
                self.process_errors = [f"“{typed}” is no figure. Type what stands in the box, or 0 where it is empty"]
            elif method is not VoteMethod.RATE:
                self.data[number] = int(typed)
            elif int(typed) in POINTS:
                self.data[number] = POINTS[int(typed)]
            else:
                self.process_errors = [f"There is no box {typed}. Type 1 to {len(POINTS)}, or 0 for a blank line"]


class BallotForm(HackForm):
    """All lines of one ballot."""

    feeds = staticmethod(type_ballot)
    beside = frozenset({"code"})

    marks = Lines("Marks")

    @classmethod
    def asking(cls, method: VoteMethod) -> Self:
        form = cls.from_request()
        form.marks.read(method)
        return form
