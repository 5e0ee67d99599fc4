"""What the page of a series says of each of its places."""

from dataclasses import dataclass

from hackathon.events.models import Event

BALLOT = "By ballot"
ON_REQUEST = "On request"
TAKE_PART = "Take part now"
RULES = {
    BALLOT: "By ballot: places are drawn by lot among everybody who put their name down in time.",
    ON_REQUEST: "On request: the organisers answer everybody who asks for a place.",
}
"""How places are given, where it is not to whoever comes first: said once for all lines that name it."""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One event on the page of its series: how its places in the room stand, and the one thing to do there."""

    event: Event
    standing: str
    verb: str
    takes_people: bool
    given: str = ""

    @property
    def takes_names(self) -> bool:
        """Whether its button opens the form: while the day is on, the event's own page says what to do."""
        return self.takes_people and not self.event.is_on

    @property
    def button(self) -> str:
        return TAKE_PART if self.event.is_on else self.verb

    @property
    def rule(self) -> str:
        """How places are given here, in a sentence; nothing where whoever comes first has one."""
        return RULES.get(self.given, "")
