"""What is said of ballots on paper."""

from dataclasses import dataclass
from datetime import datetime

from hackathon.events.models import Place


@dataclass(frozen=True, slots=True)
class Batch:
    """Ballots that were printed together. They are `void` once the statements say something else than the paper."""

    number: int
    place: Place
    printed_at: datetime
    given_out: int
    typed: int
    void: bool
