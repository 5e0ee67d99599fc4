"""What the pages of those who answer show: plain values, and the lines that wait to be finished."""

from dataclasses import dataclass
from datetime import datetime

from hackathon.insights.models import LONGEST

SHORT_ENOUGH = 80
"""Words that a reply should keep to."""
HOW_LONG = f"Up to {LONGEST} characters. {SHORT_ENOUGH} words are enough."
PROMPTS = {
    "thank": ("Thank", "Thank you for this. What stays with me is [what they noticed]."),
    "ask": ("Ask one question", "Thank you. One question: [what you would like to know]?"),
    "link": ("Point to another", "Number [which one] says something close to this: [what they share]."),
    "next": (
        "Say what happens next",
        "What happens next: [who] looks at this by [when], and the answer shows here.",
    ),
}
"""Beginnings of replies. Each holds a gap in brackets, so that none can be sent as it stands."""
ALIKE = "Number {number} says something close to this: [what they share]. You may like to read it."


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the community desk. `why` are words; `holder` is who has it in hand, if that is somebody else."""

    number: int
    text: str
    place: str
    place_words: str
    since: datetime
    why: tuple[str, ...]
    clock: str
    is_late: bool
    is_mine: bool
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits on the community desk, how much of it longer than was promised, and since when the oldest."""

    number: int
    late: int
    since: datetime | None


def still_a_prompt(text: str) -> bool:
    """Whether a prepared line would go out as it stands, or with a gap left in it."""
    plain = " ".join(text.casefold().split())
    as_prepared = {" ".join(line.casefold().split()) for _, line in PROMPTS.values()}
    return plain in as_prepared or "…" in text or ("[" in text and "]" in text)
