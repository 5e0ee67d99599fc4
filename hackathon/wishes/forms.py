"""What is asked about two people, and about somebody's table."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from wtforms.validators import InputRequired

from hackathon.participants.models import Registration
from hackathon.tables.models import Mark
from hackathon.tables.queries import person_words
from hackathon.web.fields import ChooseFromList, ChooseOne, ChooseSome
from hackathon.web.forms import HackForm
from hackathon.wishes.models import WishKind
from hackathon.wishes.operations import note_needs, wish_for_seats

NOBODY = 0


class WishForm(HackForm):
    """Two people, and whether they share a table."""

    feeds = staticmethod(wish_for_seats)
    _people: Mapping[int, Registration]

    one = ChooseFromList("This person", {NOBODY: "Choose somebody"})
    kind = ChooseOne(
        "Where do they sit?",
        {WishKind.TOGETHER: "At one table", WishKind.APART: "Never at one table"},
        validators=[InputRequired("Choose whether they sit together")],
    )
    other = ChooseFromList("And this person", {NOBODY: "Choose somebody"})

    @classmethod
    def among(cls, people: Sequence[Registration], *, one: int | None) -> Self:
        form = cls.from_request(one=one)
        form._people = {each.participant_id: each for each in people}
        names = {NOBODY: "Choose somebody", **{number: person_words(each) for number, each in form._people.items()}}
        form.one.offer(names)
        form.other.offer(names)
        return form

    @property
    def values(self) -> dict[str, Any]:
        people = {name: self._people.get(self[name].data) for name in ("one", "other")}
        return {**super().values, **people}


class NeedsForm(HackForm):
    """What somebody's table must be."""

    feeds = staticmethod(note_needs)

    marks = ChooseSome("Their table must be", {mark: mark.words.capitalize() for mark in Mark})
