"""What is said of ballots on paper."""

from dataclasses import dataclass
from datetime import datetime

from hackathon.events.models import Place


@dataclass(frozen=True, slots=True)
class Batch:
    """Ballots that were printed together, all in large print or none. They are `void` once the statements say something
    else than the paper.
    """

    number: int
    place: Place
    large: bool
    printed_at: datetime
    given_out: int
    typed: int
    void: bool
