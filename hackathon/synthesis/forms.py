"""What theming asks: one tap."""

from collections.abc import Iterable
from typing import Any

from hackathon.synthesis.operations import code_insight
from hackathon.themes.models import Theme
from hackathon.web.fields import ChooseFromList
from hackathon.web.forms import HackForm

FITS_NONE = "-"


class ThemingForm(HackForm):
    """Under which theme: each is a button."""

    feeds = staticmethod(code_insight)
    beside = frozenset({"coder"})

    theme = ChooseFromList("Theme")

    def offer(self, themes: Iterable[Theme]) -> None:
        self._themes = {theme.key: theme for theme in themes}
        titles = {key: theme.title for key, theme in self._themes.items()}
        self.theme.offer({**titles, FITS_NONE: "Fits none"})

    @property
    def values(self) -> dict[str, Any]:
        return {"theme": self._themes.get(self.theme.data)}
