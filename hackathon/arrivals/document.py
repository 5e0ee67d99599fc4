"""What the front desk knows of somebody: enough to greet them, and nothing that only some may see."""

from dataclasses import dataclass

from hackathon.badges.document import Photos
from hackathon.core.alphabet import as_sought


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who may come, or has. `since` and `desk` are empty for whoever is not here; `sought` is by which letters
    their name is found."""

    id: int
    name: str
    sought: str
    organisation: str
    table: int | None
    state: str
    ticket: str
    photos: str
    since: str
    desk: str

    @property
    def is_here(self) -> bool:
        return bool(self.since)

    @property
    def photo_words(self) -> str:
        return Photos(self.photos).words

    def is_meant(self, typed: str) -> bool:
        """Whether these letters are part of the name, or the whole of the ticket."""
        letters = as_sought(typed)
        return typed.upper() == self.ticket or (bool(letters) and letters in self.sought)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are here, and how many have a place in the room."""

    here: int
    due: int
