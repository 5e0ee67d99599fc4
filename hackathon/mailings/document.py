"""How far the letters of the calendar have got."""

import enum
from dataclasses import dataclass
from datetime import datetime

from hackathon.dates.document import Kind


class State(enum.Enum):
    """How far a letter has got."""

    BY_ITSELF = "Goes each time it is needed"
    PLANNED = "Planned"
    READY = "Ready to send"
    SENDING = "Being sent"
    SENT = "Sent"
    NOBODY = "Nobody to write to"
    PAST = "Not sent"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many letters of a kind were written, left, and came back."""

    written: int = 0
    sent: int = 0
    returned: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one letter of the calendar stands in one event. `waiting` are those still to be written to, where it goes."""

    kind: Kind
    due: datetime | None
    state: State
    progress: Progress
    waiting: int = 0
    automatic: bool = False

    @property
    def words(self) -> str:
        """The state, with how many of how many where some have left."""
        total = self.progress.written + (self.waiting if self.state is State.SENDING else 0)
        if self.state in (State.SENDING, State.SENT) or (self.state is State.BY_ITSELF and total):
            return f"{self.state.value}: {self.progress.sent} of {total}"
        return str(self.state.value)

    @property
    def words_without_mail(self) -> str:
        """The same where no mail server is set: what is to be sent is written, and waits."""
        return "Written, and waits for a mail server" if self.state is State.SENDING else self.words
