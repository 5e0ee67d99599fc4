"""A suggestion, as the page beside the box shows it."""

from dataclasses import dataclass

from hackathon.insights.document import Card


@dataclass(frozen=True, slots=True)
class Alike:
    """What somebody else has said, and why it is shown: `parts` are its text, cut where words are shared or not."""

    card: Card
    parts: tuple[tuple[str, bool], ...]
    shared: tuple[str, ...]
