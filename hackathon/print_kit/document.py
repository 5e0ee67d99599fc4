"""What the sheets say, before they are paper."""

from dataclasses import dataclass

from hackathon.themes.models import Theme


@dataclass(frozen=True, slots=True)
class TableCard:
    """A tent for one table. `link` is what the QR code holds: in capitals, because that makes larger squares."""

    number: int
    theme: Theme | None
    prompt: str
    link: str
    address: str
    code: str


@dataclass(frozen=True, slots=True)
class Poster:
    """The poster for corridors and doors: the question, and the way in from anywhere."""

    kicker: str
    question: str
    link: str
    address: str
    code: str
    facts: str
