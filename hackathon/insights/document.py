"""An insight as pages show it, and the receipt for it: plain values, and of the person only what they chose to show."""

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
    waits: bool = False
    marked: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody holds who shared an insight. `late_for` names the stage that had closed when it arrived."""

    number: int
    late_for: str
    waits: bool
    is_shown: bool
    answers: int = 0

    @property
    def words(self) -> str:
        late = f"Arrived late: “{self.late_for}” closed meanwhile. It is kept and counted." if self.late_for else ""
        waits = "It will be read before it is shown." if self.waits else ""
        return " ".join(filter(None, [f"Sent, number {self.number}.", late, waits]))
