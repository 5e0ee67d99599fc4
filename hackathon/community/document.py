"""A comment as a page shows it: plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """A comment, or the reply of a community manager."""

    text: str
    place: str
    place_words: str
    said_by: str
    when_words: str
