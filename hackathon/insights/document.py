"""An insight as a page shows it: plain values, nothing of the person that they did not choose to show."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Card:
    """What the components that show insights ask for. `theme` has a letter, a title, a tone and a shape."""

    number: int
    text: str
    place: str
    place_words: str
    theme: Any
    said_by: str
    when_words: str
    hidden_because: str = ""
