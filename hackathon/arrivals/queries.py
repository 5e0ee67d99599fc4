"""Who is here, since when and by which desk. The desk stands in the log, in the line that says that somebody came."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from hackathon.arrivals.document import Arrival, Tally
from hackathon.badges.document import Photos
from hackathon.badges.queries import photos_of, tables_by_person
from hackathon.core.alphabet import as_sought
from hackathon.core.clock import local, short_date, spoken_time
from hackathon.core.codes import may_be_code
from hackathon.events.models import Activity, Event, Place
from hackathon.participants.models import Participant, Registration, RegistrationState
from hackathon.participants.queries import people_here, registrations_of

CAME = "person.checked_in"
ABOUT_ONE = "person"
ABOUT_SEVERAL = frozenset({"seat", "seats", "seating", "table", "tables", "rehearsal", "event"})
"""What a line of the log is about, by the first word of its kind: behind these, anybody's line may look different."""


def arrivals_of(session: Session, event: Event, only: Collection[int] | None = None) -> list[Arrival]:
    """Everybody who registered, by name; or those with these numbers."""
    tables, photos, came = tables_by_person(session, event), photos_of(session, event), arrivals_logged(session, event)
    kept = kept_elsewhere(session, event)
    return [
        Arrival(
            id=each.id,
            name=each.participant.name or "No name given",
            sought=as_sought(each.participant.name),
            organisation=each.participant.organisation,
            table=tables.get(each.participant_id),
            state=", ".join(filter(None, [_state(each), kept.get(each.id, "")])),
            ticket=each.ticket,
            photos=photos.get(each.id, Photos.ASK).value,
            since=spoken_time(local(each.checked_in_at, event.timezone)) if each.checked_in_at else "",
            desk=came[each.id].detail.get("desk", "") if each.checked_in_at and each.id in came else "",
        )
        for each in registrations_of(session, event)
        if only is None or each.id in only
    ]


def kept_elsewhere(session: Session, event: Event) -> Mapping[int, str]:
    """Who waits here and has a place at another event of the series, by their number, in words: being let in takes
    nothing from them there, so the desk can ask whether they still need it."""
    moving = session.scalars(
        select(Registration)
        .where(Registration.event_id == event.id, Registration.state == RegistrationState.WAITING)
        .where(Registration.moves_from_id.is_not(None))
        .options(joinedload(Registration.moves_from).joinedload(Registration.event), joinedload(Registration.event))
    )
    places = {each.id: each.kept_meanwhile for each in moving}
    return {
        waits: f"has a place at {kept.event.venue or kept.event.title} on {short_date(kept.event.held_on)}"
        for waits, kept in places.items()
        if kept is not None and kept.holds_place
    }


def tally_of(session: Session, event: Event) -> Tally:
    due = select(func.count()).where(
        Registration.event_id == event.id,
        Registration.attending == Place.ROOM,
        Registration.state == RegistrationState.CONFIRMED,
    )
    return Tally(people_here(session, event), session.scalar(due) or 0)


def changed_since(session: Session, event: Event, after: int) -> set[int] | None:
    """Whose lines may look different since this line of the log; None where everybody's may."""
    lines = session.execute(
        select(Activity.kind, Activity.subject_id).where(Activity.event_id == event.id, Activity.id > after)
    )
    changed: set[int] = set()
    for kind, subject_id in lines:
        about = kind.partition(".")[0]
        if about in ABOUT_SEVERAL:
            return None
        if about == ABOUT_ONE:
            if subject_id is None:
                return None
            changed.add(subject_id)
    return changed


def arrivals_logged(session: Session, event: Event) -> Mapping[int, Activity]:
    """The line that says that somebody came, the newest for each registration."""
    lines = session.scalars(
        select(Activity).where(Activity.event_id == event.id, Activity.kind == CAME).order_by(Activity.id)
    )
    return {line.subject_id: line for line in lines if line.subject_id is not None}


def arrival_logged(session: Session, registration: Registration) -> Activity | None:
    """The same for one."""
    return session.scalar(
        select(Activity)
        .where(Activity.event_id == registration.event_id, Activity.kind == CAME)
        .where(Activity.subject_id == registration.id)
        .order_by(Activity.id.desc())
        .limit(1)
    )


def came_by(session: Session, registration: Registration, act: str) -> bool:
    """Whether it was this act of a laptop that let somebody in, and no earlier one."""
    line = arrival_logged(session, registration)
    return line is not None and line.detail.get("act") == act


def since_words(session: Session, registration: Registration) -> str:
    """Since when somebody is here and which desk greeted them, such as “9:02am, desk B”."""
    if registration.checked_in_at is None:
        return ""
    line = arrival_logged(session, registration)
    since = spoken_time(local(registration.checked_in_at, registration.event.timezone))
    desk: str = line.detail.get("desk", "") if line else ""
    return f"{since}, desk {desk}" if desk else since


def registration_by_words(session: Session, event: Event, typed: str) -> Registration | None:
    """The registration behind a ticket or an address of mail."""
    typed = typed.strip()
    meant = [Participant.email_key == typed.casefold()]
    if may_be_code(typed):
        meant.append(Registration.ticket == typed.upper())
    return session.scalar(
        select(Registration)
        .join(Registration.participant)
        .where(Registration.event_id == event.id, or_(*meant))
        .options(joinedload(Registration.event), joinedload(Registration.participant))
    )


def registrations_with(session: Session, event: Event, ids: Collection[int]) -> Sequence[Registration]:
    """Those of these that are of this event, in the order of their numbers, so that two desks never cross."""
    return session.scalars(
        select(Registration)
        .where(Registration.event_id == event.id, Registration.id.in_(ids))
        .order_by(Registration.id)
    ).all()


def _state(registration: Registration) -> str:
    """What the desk should know of a place, in a word or two; nothing where all is in order."""
    if registration.state is not RegistrationState.CONFIRMED:
        return str(registration.state.value)
    return "" if registration.attending is Place.ROOM else registration.attending.words.lower()
