"""What people are asked when they share an insight."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from hackathon.core.codes import long_token
from hackathon.insights.models import LONGEST, Identity
from hackathon.insights.operations import take_in
from hackathon.insights.queries import Manners
from hackathon.participants.models import Participant
from hackathon.themes.models import Theme
from hackathon.web.acts import ActForm
from hackathon.web.fields import ChooseFromList, ChooseOne, LongWords, Words, one_line, some_lines
from hackathon.web.second_look import SecondLook

WHO_SEES_IT = {
    Identity.NAMED: "Named: everybody can see your name.",
    Identity.HIDDEN: "Name hidden: only the organisers can see it.",
    Identity.ANONYMOUS: "Anonymous: nobody can see who wrote it.",
}
NO_THEME = 0
PLAIN_FIELDS = frozenset({"text", "identity", "author_name", "client_id", "waited", "theme"})
"""All that the pages with the box send."""


class InsightForm(SecondLook, ActForm):
    """One box."""

    feeds = staticmethod(take_in)
    beside = frozenset(
        {"place", "source", "kind", "table", "theme", "author", "device", "card_number", "captured_at", "phase"}
        | {"uncounted"}
    )

    text = LongWords("Your thought", default="", description=f"Up to {LONGEST} characters. No patient details.")
    identity = ChooseOne("Who can see your name?", WHO_SEES_IT)
    author_name = Words("Your name", description="You can leave this empty.")

    def complete(self, usual: Callable[[], Identity]) -> Self:
        """What comes without these is a thought all the same: it stands under the name rule that the page would have
        shown, and under an id of its own."""
        if not self.identity.raw_data:
            self.identity.data = usual()
        if not self.client_id.raw_data:
            self.under(long_token())
        return self

    def offer(self, manners: Manners, author: Participant | None) -> Self:
        """Show what the event's pack allows; whoever opened their own link on this phone is asked for no name."""
        self.identity.offer({choice: WHO_SEES_IT[choice] for choice in manners.allowed})
        if author is not None:
            del self.author_name
        return self


def answers_in(fields: Mapping[str, str]) -> dict[str, Any] | None:
    """What an `InsightForm` would read in these; None where they are not what its page sends, or where a theme is."""
    if not {"text", "identity", "client_id"} <= fields.keys() <= PLAIN_FIELDS or fields.get("theme", "0") != "0":
        return None
    try:
        identity = Identity(fields["identity"])
    except ValueError:
        return None
    return {
        "text": some_lines(fields["text"]),
        "identity": identity,
        "author_name": one_line(fields.get("author_name", "")),
        "client_id": fields["client_id"],
    }


class OutsideForm(InsightForm):
    """The same box for people who sit at no table, so nothing says under which theme they think."""

    beside = InsightForm.beside - {"theme"}

    theme = ChooseFromList("Theme", {NO_THEME: "Any theme"}, default=NO_THEME)

    def offer_themes(self, themes: Iterable[Theme]) -> None:
        self.theme.offer({NO_THEME: "Any theme", **{theme.id: theme.title for theme in themes}})
