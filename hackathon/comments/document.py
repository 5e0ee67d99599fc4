"""What pages and letters show of a comment: plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """A comment, or the reply of a community manager."""

    id: int
    text: str
    place: str
    place_words: str
    said_by: str
    when_words: str
    by_manager: bool = False
    waits: bool = False
    hidden_because: str = ""
