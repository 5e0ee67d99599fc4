"""What the page of a series says of each of its places."""

from dataclasses import dataclass

from hackathon.events.models import Event


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One event on the page of its series: how its places in the room stand, and the one thing to do there."""

    event: Event
    standing: str
    verb: str
    takes_people: bool
