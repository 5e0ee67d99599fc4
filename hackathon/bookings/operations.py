"""Registering several at once or somebody invited, saying anew what one said, taking an offer, giving a place up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hackathon.adapters.mail import is_address
from hackathon.core.clock import now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Place, Series, Stage
from hackathon.events.operations import SOMEONE, record
from hackathon.invitations.models import Invitee
from hackathon.invitations.operations import spend_invitation
from hackathon.participants.models import Registration, RegistrationState
from hackathon.participants.operations import (
    Welcome,
    bring_companion,
    end_what_was_left,
    give_up_place,
    hold_registration,
    keep_answers,
    know_participant,
    register,
    state_for,
    take_turns_for_places,
)
from hackathon.participants.queries import companions_of


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody whom another registers."""

    name: str
    email: str


def register_group(
    session: Session,
    event: Event,
    *,
    name: str,
    email: str,
    organisation: str,
    attending: Place,
    people: Sequence[Guest],
    actor: str = SOMEONE,
) -> Sequence[Welcome]:
    """Register several people at once, each with a place, a page and a letter of their own; whoever books for them may
    be one of them. Where not all get a place, the first on the list do.
    """
    take_turns_for_places(session, event)
    if wrong := next((person for person in people if not is_address(person.email)), None):
        raise Refusal(f"No letter can go to {wrong.email}. Look at it once more.", "people")
    addresses = [person.email.casefold() for person in people]
    if twice := next((person for person in people if addresses.count(person.email.casefold()) > 1), None):
        raise Refusal(f"{twice.email} is on the list twice. Each person needs an address of their own.", "people")
    booker = know_participant(session, event, email=email, name=name)
    return [
        register(
            session,
            event,
            name=person.name,
            email=person.email,
            organisation=organisation,
            job_role="",
            attending=attending,
            answers={},
            booked_by=booker,
            actor=actor,
        )
        for person in people
    ]


def register_in_series(
    session: Session,
    series: Series,
    *,
    place: Event,
    name: str,
    email: str,
    organisation: str,
    job_role: str,
    attending: Place,
    answers: Mapping[str, str],
    companion: str = "",
    actor: str = SOMEONE,
) -> Welcome:
    """Register somebody at one of the places of a series."""
    if place.series_id != series.id:
        raise Refusal("Choose one of these places.", "place")
    return register(
        session,
        place,
        name=name,
        email=email,
        organisation=organisation,
        job_role=job_role,
        attending=attending,
        answers=answers,
        companion=companion,
        actor=actor,
    )


def register_invited(
    session: Session,
    invitee: Invitee,
    *,
    name: str,
    email: str,
    organisation: str,
    job_role: str,
    attending: Place,
    answers: Mapping[str, str],
    companion: str = "",
    actor: str = SOMEONE,
) -> Welcome:
    """Register somebody by the link of their invitation, which is good for one. They may come under another address."""
    welcome = register(
        session,
        invitee.event,
        name=name,
        email=email,
        organisation=organisation,
        job_role=job_role,
        attending=attending,
        answers=answers,
        companion=companion,
        actor=actor,
    )
    spend_invitation(session, invitee, welcome.registration.participant)
    return welcome


def change_registration(
    session: Session,
    registration: Registration,
    *,
    name: str,
    organisation: str,
    job_role: str,
    attending: Place,
    answers: Mapping[str, str],
    companion: str = "",
    actor: str = SOMEONE,
) -> Sequence[Registration]:
    """Change what somebody said, where they take part and who comes along. Everybody whose place changed by it is
    returned. Whoever would come into the room after all stands behind those who ask for that already."""
    hold_registration(session, registration)
    if registration.has_ended:
        raise Refusal("You have no place any more. Register again first.")
    if attending is not registration.attending and registration.event.stage is Stage.AFTER:
        raise Refusal("The day is over, so how you took part stays as it is.", "attending")
    person = registration.participant
    person.name, person.organisation, person.job_role = name, organisation, job_role
    keep_answers(session, registration.event, registration, answers)
    record(session, registration.event, "person.changed", actor=actor, subject_id=registration.id)
    if attending is registration.attending:
        bring_companion(session, registration, name=companion, actor=actor)
        return []
    lucky: Sequence[Registration] = []
    if attending is Place.OUTSIDE:
        lucky = give_up_place(session, registration, actor=actor)[1:]
    else:
        registration.registered_at, registration.number, registration.lot = now(), None, None
    registration.attending = attending
    registration.state = state_for(session, registration.event, attending)
    session.flush()
    bring_companion(session, registration, name=companion, actor=actor)
    left = end_what_was_left(session, registration, actor=actor) if registration.holds_place else []
    return [registration, *lucky, *left]


def take_offer(session: Session, registration: Registration, *, actor: str) -> Sequence[Registration]:
    """Take the place that is kept for somebody. Taking it twice changes nothing; too late is too late. They are
    returned, with whoever else is touched."""
    hold_registration(session, registration)
    if registration.state is RegistrationState.CONFIRMED:
        return [registration]
    if registration.state is not RegistrationState.OFFERED or (registration.kept_until or now()) <= now():
        raise Refusal("This place is not kept for you any more. You can register again and wait for the next one.")
    for one in [registration, *companions_of(session, registration)]:
        one.state, one.claim_by = RegistrationState.CONFIRMED, None
    session.flush()
    record(session, registration.event, "person.claimed", actor=actor, subject_id=registration.id)
    return [registration, *end_what_was_left(session, registration, actor=actor)]
