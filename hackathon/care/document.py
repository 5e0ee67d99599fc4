"""What somebody told of harm in words that cannot be answered, as the care lead reads it: plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """What a care lead did about it."""

    words: str
    done_by: str
    when_words: str


@dataclass(frozen=True, slots=True)
class Told:
    """A comment, or an answer of the survey. `kind` and `number` name it in addresses, `about` says where it stood."""

    kind: str
    number: int
    text: str
    about: str
    deeds: tuple[Deed, ...]
