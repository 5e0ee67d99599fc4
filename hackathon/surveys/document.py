"""An answer of the survey as organisers read it: plain values, and nothing of whoever wrote it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """One answer. `number` names it in addresses; `is_printed` is whether the write-up quotes it."""

    number: int
    question: int
    text: str
    is_printed: bool
    hidden_because: str
