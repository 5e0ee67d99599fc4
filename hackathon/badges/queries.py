"""Who gets a badge, what it says, and who stands on the list for the door."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.badges.document import Badge, BadgePrint, Photos, RegisterLine
from hackathon.core.alphabet import as_looked_up
from hackathon.events.models import Event
from hackathon.participants.models import PHOTO_CONSENT, PRONOUNS, Answer, Registration, RegistrationQuestion
from hackathon.participants.queries import registration_by_id, registrations_of
from hackathon.tables.queries import seats_of


def photos_of(session: Session, event: Event) -> Mapping[int, Photos]:
    """What people said about photographs, by registration. Who said nothing is not here: they are asked."""
    said = _said_about(session, event, PHOTO_CONSENT)
    return {
        registration: Photos(words) if words in ("yes", "no") else Photos.ASK for registration, words in said.items()
    }


def _said_about(session: Session, event: Event, purpose: str) -> Mapping[int, str]:
    """What people answered to the question of this purpose, by registration. Sensitive answers stay off paper."""
    answers = session.execute(
        select(Answer.registration_id, Answer.words)
        .join(Answer.registration)
        .join(RegistrationQuestion, RegistrationQuestion.key == Answer.question)
        .where(Registration.event_id == event.id, RegistrationQuestion.event_id == event.id)
        .where(RegistrationQuestion.purpose == purpose, RegistrationQuestion.sensitive.is_(False))
    )
    return dict(answers.all())


def tables_by_person(session: Session, event: Event) -> Mapping[int, int]:
    """The number of the table at which each participant sits."""
    return {seat.participant_id: seat.table.number for seat in seats_of(session, event)}


def people_for_the_door(
    session: Session, event: Event, *, besides: Collection[int] = frozenset()
) -> Sequence[Registration]:
    """Whom the door expects, from A to Z: everybody with a place in the room, and whoever is here already; `besides`
    them those with these numbers, who stood on an earlier list."""
    expected = [each for each in registrations_of(session, event) if each.may_sit or each.id in besides]
    return sorted(expected, key=lambda registration: as_looked_up(registration.participant.name))


def badges_of(session: Session, event: Event, wanted: BadgePrint) -> list[Badge]:
    """The badges that somebody asked for, with the blanks behind them."""
    if wanted.person is None:
        people = people_for_the_door(session, event)
    else:
        people = [registration_by_id(session, event, wanted.person)]
    tables, photos = tables_by_person(session, event), photos_of(session, event)
    pronouns = _said_about(session, event, PRONOUNS)
    badges = [
        Badge(
            name=each.participant.name or "No name given",
            words=each.participant.job_role or each.participant.organisation,
            table=tables.get(each.participant_id),
            photos=photos.get(each.id, Photos.ASK),
            pronouns=pronouns.get(each.id, ""),
            ticket=each.ticket,
        )
        for each in people
    ]
    return badges + [Badge()] * wanted.blanks


def register_of(session: Session, event: Event) -> list[RegisterLine]:
    """The list for the door, from A to Z."""
    tables = tables_by_person(session, event)
    return [
        RegisterLine(
            each.participant.name or "No name given", each.participant.organisation, tables.get(each.participant_id)
        )
        for each in people_for_the_door(session, event)
    ]
