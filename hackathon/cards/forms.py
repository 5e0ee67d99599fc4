"""What a scribe is asked for a card. Everything is typed; nothing has to be chosen."""

from typing import Any, Self

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import HiddenField, StringField

from hackathon.cards.document import CardNumber
from hackathon.cards.models import CardState
from hackathon.cards.operations import enter_card, mend_card
from hackathon.core.codes import long_token
from hackathon.insights.models import Identity
from hackathon.insights.queries import Manners
from hackathon.web.fields import ChooseOne, LongWords, Words, one_line
from hackathon.web.forms import HackForm

WHO_SEES_IT = {
    Identity.NAMED: "Everybody",
    Identity.HIDDEN: "Only the organisers",
    Identity.ANONYMOUS: "Nobody: leave it out",
}
STATES = {
    CardState.TYPED: "Keep this card",
    CardState.ILLEGIBLE: "Nobody can read it",
    CardState.BLANK: "Nothing is on it",
}
LETTERS = {"i": CardState.ILLEGIBLE, "b": CardState.BLANK}


class CardBox(StringField):
    """The number of a card, as typed. A number alone is one of the same table; nothing is the one that was proposed.

    The proposal comes as a second answer of the same name. A letter behind the number says what is on the card: i that
    nobody can read it, b that it is blank.
    """

    widget = GovTextInput()
    data: CardNumber | None
    says: CardState | None = None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else str(self.data or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed, proposed = (one_line(str(value)) for value in [*valuelist, "", ""][:2])
        self.raw_data, self.data = [typed], None
        if typed and typed[-1].casefold() in LETTERS:
            self.says, typed = LETTERS[typed[-1].casefold()], typed[:-1].strip()
        table = proposed.partition("-")[0]
        self.data = CardNumber.read(f"{table}-{typed}" if typed.isdecimal() else typed or proposed)
        if self.data is None:
            raise ValueError("Type the number as it stands on the card, such as 7-12")


class CardForm(HackForm):
    """One card. `state` is the button that was pressed."""

    feeds = staticmethod(enter_card)

    number = CardBox("Number on the card")
    text = LongWords("Words on the card")
    identity = ChooseOne("Who sees the name?", WHO_SEES_IT)
    author_name = Words("Name, if there is one")
    state = ChooseOne("What is on the card?", STATES)
    client_id = HiddenField()

    @classmethod
    def asking(cls, manners: Manners) -> Self:
        """Offer what the event's pack allows, and begin with what it proposes."""
        form = cls.from_request(identity=manners.default, client_id=long_token())
        form.identity.offer({choice: WHO_SEES_IT[choice] for choice in manners.allowed})
        return form

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "state": self.number.says or self.state.data}


class MendForm(HackForm):
    """`seen` is how the words stood when the page was opened."""

    feeds = staticmethod(mend_card)
    beside = frozenset({"was"})

    number = CardBox("Number on the card")
    text = LongWords("Words on the card")
    seen = HiddenField()
