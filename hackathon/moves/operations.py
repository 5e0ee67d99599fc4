"""Moving to another event of the series. The place there is taken first, and only then is the one here given up."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Stage
from hackathon.events.operations import SYSTEM, record
from hackathon.moves.queries import answers_that_fit, booked_along, changes_due, moves_to_end, ring_of
from hackathon.participants.models import Participant, Registration, RegistrationState, Way
from hackathon.participants.operations import (
    end_what_was_left,
    hold_registration,
    leave_for,
    register,
    take_turns_for_places,
)
from hackathon.participants.queries import (
    companions_of,
    participant_by_email,
    places_of,
    registration_of,
    successor_of,
)

REGISTERED_THERE = "{} is registered there already. Give up whichever of the two places is not needed."
KNOWN_THERE = "The address of {} is known there already. Open the link of that event, or ask its organisers."


@dataclass(frozen=True, slots=True)
class Moved:
    """The registration at the other event, and everybody whose place changed, to be told once."""

    there: Registration
    changed: Sequence[Registration]


def move(
    session: Session,
    registration: Registration,
    *,
    to: Event,
    with_others: bool = False,
    proven: bool = True,
    actor: str,
) -> Moved:
    """Move somebody to another event of the series, and `with_others` whom they registered. Where no place is free they
    wait there, and keep the one here until then.

    `proven` is whether they can only have their link by a letter. If not, whoever holds it might have typed somebody
    else's address, and is not let into what is known of that person at the other event.
    """
    take_turns_for_places(session, registration.event, to)
    hold_registration(session, registration)
    people = [registration, *(booked_along(session, registration) if with_others else [])]
    for one in people:
        hold_registration(session, one)
        _refuse_to_move(session, one, to, proven=proven)
    if len(people) > 1:
        _refuse_where_too_few(session, people, to)
    first = _move_one(session, registration, to, actor=actor)
    booker = first.there.participant
    others = [_move_one(session, one, to, booked_by=booker, actor=actor) for one in people[1:]]
    changed = dict.fromkeys(each for one in (first, *others) for each in one.changed)
    return Moved(first.there, list(changed))


def _refuse_to_move(session: Session, registration: Registration, to: Event, *, proven: bool) -> None:
    here, person = registration.event, registration.participant
    if here.series_id is None or here.series_id != to.series_id or here.id == to.id or not to.is_published:
        raise Refusal("Choose another place of this series.", "to")
    if registration.is_companion:
        raise Refusal("Whoever comes to support somebody moves along with them.", "to")
    if registration.has_ended:
        raise Refusal("There is no place here any more that could be moved. Register there.", "to")
    if registration.has_come or here.stage is Stage.AFTER:
        raise Refusal("The day here has come, so this place cannot be moved any more. Register there.", "to")
    if not person.email:
        raise Refusal("Without an address they cannot be written to. Register them there.", "to")
    if (kept := registration.kept_meanwhile) is not None:
        raise Refusal(f"A place at {kept.event.title} is kept meanwhile. Move from there.", "to")
    if (waits := successor_of(session, registration)) is not None:
        raise Refusal(f"You wait for a place at {waits.event.title} already. Give that up first.", "to")
    known = participant_by_email(session, to, person.email)
    before = registration_of(session, known) if known is not None else None
    if before is not None and not before.has_ended:
        raise Refusal(REGISTERED_THERE.format(person.name or "This person"), "to")
    if known is not None and not proven and (before is None or before.id != registration.moves_from_id):
        raise Refusal(KNOWN_THERE.format(person.name or "This person"), "to")


def _refuse_where_too_few(session: Session, people: Sequence[Registration], to: Event) -> None:
    """People who move together do so all, or nobody does."""
    needed = sum(one.attending is Place.ROOM for one in people)
    if (places := places_of(session, to)) is None or places.way is not Way.FIRST_COME:
        return
    session.refresh(places)
    if (free := places.capacity - places.taken) < needed:
        raise Refusal(
            f"{free} {'place is' if free == 1 else 'places are'} free at {to.title}, and you are {needed}. Move alone,"
            " or choose another place.",
            "with_others",
        )


def _move_one(
    session: Session, registration: Registration, to: Event, *, booked_by: Participant | None = None, actor: str
) -> Moved:
    person, companions = registration.participant, companions_of(session, registration)
    there = register(
        session,
        to,
        name=person.name,
        email=person.email or "",
        organisation=person.organisation,
        job_role=person.job_role,
        attending=registration.attending,
        answers=answers_that_fit(session, registration, to),
        companion=companions[0].participant.name if companions else "",
        booked_by=booked_by,
        actor=actor,
    ).registration
    known = there.participant
    known.sector, known.team, known.region = person.sector, person.team, person.region
    if registration.moves_from_id == there.id:  # they go back to where they came from
        registration.moves_from = None
        session.flush()
    there.moves_from = registration
    session.flush()
    if there.state is RegistrationState.CONFIRMED:
        return Moved(there, [there, *end_what_was_left(session, there, actor=actor)])
    record(session, registration.event, "person.asked_to_move", actor=actor, subject_id=registration.id, to=to.code)
    changed = _change_in_ring(session, there, actor=actor)
    return Moved(there, changed if there in changed else [there, *changed])


def _change_in_ring(session: Session, there: Registration, *, actor: str) -> Sequence[Registration]:
    """Let people change places where they may: one place is ended, which goes to the next of the ring, who ends theirs
    by that, and so on until it comes round. All of them are held before: the desk might let one of them in meanwhile,
    and the place would go to somebody else."""
    ring = ring_of(session, there)
    for held in (each for one in ring for each in (one.moves_from, one) if each is not None):
        hold_registration(session, held)
    kept = there.kept_meanwhile
    if kept is None or not ring or ring_of(session, there) != ring:
        return []
    return leave_for(session, kept, there, actor=actor)


def end_moves(session: Session) -> Sequence[Registration]:
    """End what is still kept by those who hold a place elsewhere. And let those change places who became the first in
    line meanwhile."""
    due = [*moves_to_end(session), *changes_due(session)]
    take_turns_for_places(session, *(registration.event for registration in due))
    held = {registration.event.series_id for registration in due}
    settled = [registration for registration in moves_to_end(session) if registration.event.series_id in held]
    changed = [end_what_was_left(session, registration, actor=SYSTEM) for registration in settled]
    while first := next((one for one in changes_due(session) if one.event.series_id in held), None):
        if not (swapped := _change_in_ring(session, first, actor=SYSTEM)):
            break
        changed.append(swapped)
    return [registration for one in changed for registration in one]
