"""A crowd at the registration form: who got a place, who waits, and whether the line is in the order of coming."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hackathon.core.config import Settings
from hackathon.core.db import reading, transaction
from hackathon.events.models import Stage
from hackathon.factory import create_app
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.participants.operations import set_places
from hackathon.participants.queries import waiting_in_order
from hackathon.porch.copies import running_copy
from tests.bench.phones import Registered, elsewhere, register_people
from tests.makers import make_event


@dataclass(frozen=True, slots=True)
class Crowd:
    """What became of everybody. `overtaken` counts people who stand behind somebody who came after their answer."""

    seconds: float
    refused: int
    confirmed: int
    waiting: int
    overtaken: int


def register_crowd(people: int, places: int, seconds: float) -> Crowd:
    """Let so many come within so many seconds to a running copy of the product."""
    with running_copy(demo=False) as copy:
        app = create_app(Settings(data_dir=copy.folder, demo=False))
        with app.app_context(), transaction() as session:
            event = make_event(session, stage=Stage.BEFORE)
            set_places(session, event, chairs=places, cut_off=None, actor="a measurement")
            path, event_id = f"/e/{event.code.lower()}/register", event.id
        came: list[Registered] = elsewhere(register_people, copy.address, path, people, seconds)
        with app.app_context():
            confirmed = reading().scalars(
                select(Participant.email)
                .join(Registration, Registration.participant_id == Participant.id)
                .where(Registration.event_id == event_id, Registration.state == RegistrationState.CONFIRMED)
            )
            got = set(confirmed)
            line = [each.participant.email or "" for each in waiting_in_order(reading(), event)]
    first, last = min(each.pressed for each in came), max(each.answered for each in came)
    refused = sum(each.status != 302 for each in came)
    return Crowd(last - first, refused, len(got), len(line), _overtaken(came, got, line))


def _overtaken(came: Sequence[Registered], got: set[str | None], line: Sequence[str]) -> int:
    """Nobody may stand before somebody whose answer had come before they themselves pressed the button."""
    place = {email: number for number, email in enumerate(line, 1)} | {email: 0 for email in got if email}
    latest, overtaken = 0.0, 0
    for each in sorted(came, key=lambda one: place.get(one.email, 0)):
        latest = max(latest, each.pressed)
        overtaken += each.answered < latest
    return overtaken
