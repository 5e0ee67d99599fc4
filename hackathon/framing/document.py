"""A wording of the question, with what people made of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that were tried: on how many, how many found them clear, answerable and open, and what they said."""

    text: str
    tried: int
    clear: int
    answerable: int
    open: int
    said: tuple[str, ...]
