"""What stands there to begin with."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms.validators import InputRequired, Length

from hackathon.insights.models import LONGEST
from hackathon.seeds.operations import plant_seed
from hackathon.themes.models import Theme
from hackathon.web.fields import ChooseFromList, LongWords
from hackathon.web.forms import HackForm

NO_THEME = 0


class SeedForm(HackForm):
    """One thought to begin with, and its theme."""

    feeds = staticmethod(plant_seed)

    text = LongWords(
        "Words to begin with",
        description="An honest example of what people may write: one thought, no name, no answer in it.",
        validators=[
            InputRequired("Write the words"),
            Length(max=LONGEST, message=f"Use {LONGEST} characters or fewer"),
        ],
    )
    theme = ChooseFromList("Theme", {NO_THEME: "No theme"}, default=NO_THEME)

    def offer_themes(self, themes: Iterable[Theme]) -> None:
        self._themes: Mapping[int, Theme] = {theme.id: theme for theme in themes}
        self.theme.offer({NO_THEME: "No theme", **{key: theme.title for key, theme in self._themes.items()}})

    @property
    def values(self) -> dict[str, Any]:
        return {**super().values, "theme": self._themes.get(self.theme.data)}
