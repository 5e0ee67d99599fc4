"""What people are asked when they share an insight."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from hackathon.core.codes import long_token
from hackathon.insights.models import LONGEST, Identity
from hackathon.insights.operations import share_insight
from hackathon.insights.queries import Manners
from hackathon.participants.models import Participant
from hackathon.themes.models import Theme
from hackathon.web.acts import ActForm
from hackathon.web.fields import ChooseFromList, ChooseOne, LongWords, Words
from hackathon.web.second_look import SecondLook

WHO_SEES_IT = {
    Identity.NAMED: "Named: everybody can see your name.",
    Identity.HIDDEN: "Name hidden: only the organisers can see it.",
    Identity.ANONYMOUS: "Anonymous: nobody can see who wrote it.",
}
NO_THEME = 0


class InsightForm(SecondLook, ActForm):
    """One box."""

    feeds = staticmethod(share_insight)
    beside = frozenset(
        {"place", "source", "kind", "table", "theme", "author", "device", "card_number", "captured_at", "phase"}
        | {"uncounted"}
    )

    text = LongWords("Your thought", description=f"Up to {LONGEST} characters. No patient details.")
    identity = ChooseOne("Who can see your name?", WHO_SEES_IT)
    author_name = Words("Your name", description="You can leave this empty.")

    @classmethod
    def asking(cls, manners: Manners, author: Participant | None, **start: object) -> Self:
        """Offer what the event's pack allows; whoever opened their own link on this phone is asked for no name."""
        form = cls.from_request(**start)
        form.identity.offer({choice: WHO_SEES_IT[choice] for choice in manners.allowed})
        # What comes without these is a thought all the same: it stands under the name rule that the page would have
        # shown, and under an id of its own.
        if not form.identity.raw_data:
            form.identity.data = start.get("identity")
        if not form.client_id.raw_data:
            form.under(long_token())
        if author is not None:
            del form.author_name
        return form


class OutsideForm(InsightForm):
    """The same box for people who sit at no table, so nothing says under which theme they think."""

    beside = InsightForm.beside - {"theme"}

    theme = ChooseFromList("Theme", {NO_THEME: "Any theme"}, default=NO_THEME)

    def offer_themes(self, themes: Iterable[Theme]) -> None:
        self._themes: Mapping[int, Theme] = {theme.id: theme for theme in themes}
        self.theme.offer({NO_THEME: "Any theme", **{key: theme.title for key, theme in self._themes.items()}})

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "theme": self._themes.get(self.theme.data)}
