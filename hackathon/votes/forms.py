"""What everybody is asked when voting on the statements."""

from collections.abc import Mapping
from typing import Any

from wtforms import Field
from wtforms.utils import unset_value

from hackathon.events.models import Place
from hackathon.votes.models import Answer, Mark
from hackathon.votes.operations import rate_statements
from hackathon.web.acts import ActForm
from hackathon.web.fields import ChooseOne

MOST_DIGITS = 3


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
    """No statement is marked beforehand."""

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
