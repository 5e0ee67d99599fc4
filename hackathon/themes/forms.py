"""Naming themes, and choosing among them."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from wtforms import FieldList
from wtforms.validators import InputRequired, Length

from hackathon.themes.models import Theme
from hackathon.themes.operations import MOST_CHOICES, choose_themes, find_themes_fit, rename_theme
from hackathon.web.editions import EditForm
from hackathon.web.fields import ChooseFromList, LongWords, Words
from hackathon.web.forms import HackForm

RANKS = ("First choice", "Second choice", "Third choice")
OPEN = 0
AT_MOST = "Use {} characters or fewer"


class NameForm(EditForm):
    """What a theme is called, and what it asks of those who sit under it."""

    feeds = staticmethod(rename_theme)

    title = Words(
        "Name", validators=[InputRequired("Give the theme a name"), Length(max=80, message=AT_MOST.format(80))]
    )
    prompt = LongWords(
        "What it asks",
        description="One sentence for the table's card and page.",
        validators=[InputRequired("Write what it asks"), Length(max=300, message=AT_MOST.format(300))],
    )


class FitForm(HackForm):
    feeds = staticmethod(find_themes_fit)


class ChoicesForm(HackForm):
    """Up to three themes, the dearest first."""

    feeds = staticmethod(choose_themes)

    choices = FieldList(
        ChooseFromList("Choice", {OPEN: "No choice"}), min_entries=MOST_CHOICES, max_entries=MOST_CHOICES
    )

    @classmethod
    def among(cls, themes: Sequence[Theme], chosen: Sequence[Theme]) -> Self:
        """The form with the themes of one event; it begins with what was chosen before."""
        start = [theme.id for theme in chosen] + [OPEN] * (MOST_CHOICES - len(chosen))
        form = cls.from_request(choices=start)
        form._themes = {theme.id: theme for theme in themes}
        for entry, words in zip(form.choices.entries, RANKS, strict=True):
            entry.label.text = words
            entry.offer({OPEN: "No choice", **{theme.id: f"{theme.letter}  {theme.title}" for theme in themes}})
        return form

    @property
    def values(self) -> dict[str, Any]:
        return {"choices": [self._themes[key] for key in self.choices.data if key != OPEN]}

    _themes: Mapping[int, Theme]
