"""What the mixer needs to know, its runs, and who sits where and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.clock import local
from hackathon.core.errors import NotFound
from hackathon.events.models import Event
from hackathon.maths.seating import Balance, Person, Reason, Rules, Why, balance_of
from hackathon.maths.seating import Table as TableToFill
from hackathon.participants.models import Participant, Registration, RegistrationQuestion
from hackathon.seating.document import Room, reasons_from_lists
from hackathon.seating.models import KINDS, Leaning, Moving, Placement, SeatingRun
from hackathon.tables.models import Seat
from hackathon.tables.queries import people_to_seat, seats_of, tables_of
from hackathon.themes.models import ThemeChoice
from hackathon.wishes.models import WishKind
from hackathon.wishes.queries import needs_of, wishes_of


def waiting_run(session: Session, event: Event) -> SeatingRun | None:
    """The run that somebody has asked for and nobody has taken."""
    return session.scalar(
        select(SeatingRun)
        .where(SeatingRun.event_id == event.id, SeatingRun.taken_at.is_(None))
        .order_by(SeatingRun.id.desc())
        .limit(1)
    )


def run_by_id(session: Session, event: Event, run_id: int) -> SeatingRun:
    run = session.get(SeatingRun, run_id)
    if run is None or run.event_id != event.id:
        raise NotFound
    return run


def last_run(session: Session, event: Event, *, by_the_mixer: bool = False) -> SeatingRun | None:
    """The newest change of seats that stands."""
    runs = select(SeatingRun).where(
        SeatingRun.event_id == event.id, SeatingRun.taken_at.is_not(None), SeatingRun.undone_at.is_(None)
    )
    if by_the_mixer:
        runs = runs.where(SeatingRun.leaning.is_not(None))
    return session.scalar(runs.order_by(SeatingRun.id.desc()).limit(1))


def placements_of(session: Session, run: SeatingRun) -> Mapping[int, Placement]:
    """Where a run put people, by participant."""
    rows = session.scalars(select(Placement).where(Placement.run_id == run.id).order_by(Placement.id))
    return {placement.participant_id: placement for placement in rows}


def room_of(session: Session, event: Event, *, leaning: Leaning, moving: Moving) -> Room:
    """Everything that the mixer needs to know."""
    registrations, seats = (
        people_to_seat(session, event),
        {seat.participant_id: seat for seat in seats_of(session, event)},
    )
    stay = {
        registration.participant_id
        for registration in registrations
        if (seat := seats.get(registration.participant_id)) is not None and _stays(registration, seat, moving)
    }
    if moving is Moving.NO_SHOWS:
        taking_part = [each for each in registrations if each.checked_in_at or each.participant_id in stay]
        gives_way = [
            each.participant_id
            for each in registrations
            if each.participant_id in seats and each.participant_id not in stay and each.checked_in_at is None
        ]
    else:
        taking_part, gives_way = list(registrations), []
    fixed = {person: seats[person].table_id for person in stay}
    return Room(
        people=_people(session, event, taking_part, fixed),
        tables=_tables(session, event, seats.values(), {each.participant_id for each in registrations}),
        rules=_rules(session, event, registrations, leaning),
        before={person: seat.table_id for person, seat in seats.items()},
        gives_way=gives_way,
    )


def balance_now(session: Session, event: Event) -> Balance:
    """What the seats come to as people sit now."""
    registrations = people_to_seat(session, event)
    seats = {seat.participant_id: seat.table_id for seat in seats_of(session, event)}
    tables = [TableToFill(table.id, table.seats, table.theme_id) for table in tables_of(session, event)]
    return balance_of(_people(session, event, registrations, {}), tables, seats, KINDS)


def _stays(registration: Registration, seat: Seat, moving: Moving) -> bool:
    is_here = registration.checked_in_at is not None
    return seat.fixed or moving is Moving.STANDING or (is_here and moving is not Moving.EVERYBODY)


def _people(
    session: Session, event: Event, registrations: Sequence[Registration], fixed: Mapping[int, int]
) -> list[Person]:
    choices: dict[int, list[int]] = {}
    for participant_id, theme_id in session.execute(
        select(ThemeChoice.participant_id, ThemeChoice.theme_id)
        .join(ThemeChoice.participant)
        .where(Participant.event_id == event.id)
        .order_by(ThemeChoice.participant_id, ThemeChoice.rank)
    ):
        choices.setdefault(participant_id, []).append(theme_id)
    needs = needs_of(session, event)
    return [
        Person(
            id=registration.participant_id,
            choices=choices.get(registration.participant_id, []),
            alike={kind: _as_one(getattr(registration.participant, kind)) for kind in KINDS},
            needs=frozenset(mark.value for mark in needs.get(registration.participant_id, ())),
            fixed=fixed.get(registration.participant_id),
        )
        for registration in registrations
    ]


def _as_one(words: str) -> str:
    """However somebody wrote the name of their organisation."""
    return " ".join(words.casefold().split())


def _tables(session: Session, event: Event, seats: Collection[Seat], known: Collection[int]) -> list[TableToFill]:
    """Chairs that somebody holds who may not sit any more are left alone, too."""
    held = [seat.table_id for seat in seats if seat.participant_id not in known]
    return [
        TableToFill(table.id, table.seats - held.count(table.id), table.theme_id, frozenset(table.marks))
        for table in tables_of(session, event)
    ]


def _rules(session: Session, event: Event, registrations: Sequence[Registration], leaning: Leaning) -> Rules:
    """Companions sit with whom they support, before every other wish."""
    participants = {registration.id: registration.participant_id for registration in registrations}
    companions = [
        (each.participant_id, participants[each.companion_of_id])
        for each in registrations
        if each.companion_of_id in participants
    ]
    wished = {kind: [(w.one_id, w.other_id) for w in wishes_of(session, event) if w.kind is kind] for kind in WishKind}
    return Rules(companions + wished[WishKind.TOGETHER], wished[WishKind.APART], leaning.weights)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person at the table: their seat, and the reasons of the last plan, as long as they sit where it put them.

    What they need is held against the table as it is now: a hand may have moved them, or the table lost its ramp.
    """

    registration: Registration
    seat: Seat | None
    reasons: tuple[Reason, ...]


def sittings_of(session: Session, event: Event) -> Mapping[int | None, Sequence[Sitting]]:
    """Who sits at which table, by its id and in the order of names; under None those who stand."""
    seats = {seat.participant_id: seat for seat in seats_of(session, event)}
    run = last_run(session, event, by_the_mixer=True)
    placed = placements_of(session, run) if run is not None else {}
    needs = needs_of(session, event)
    found: dict[int | None, list[Sitting]] = {}
    for registration in sorted(people_to_seat(session, event), key=lambda each: each.participant.name.casefold()):
        seat, placement = seats.get(registration.participant_id), placed.get(registration.participant_id)
        table_id = None if seat is None else seat.table_id
        holds = placement is not None and placement.after_id == table_id
        reasons = reasons_from_lists(placement.reasons) if placement is not None and holds else ()
        if seat is not None:
            marks = {mark.value for mark in needs.get(registration.participant_id, ())}
            reasons = _as_it_stands(reasons, marks, seat.table.marks)
        found.setdefault(table_id, []).append(Sitting(registration, seat, reasons))
    return found


def _as_it_stands(reasons: tuple[Reason, ...], needed: Collection[str], offered: Collection[str]) -> tuple[Reason, ...]:
    """The reasons with what is needed as it is now. Why a need is not met, the plan knows that could not meet it."""
    met, missing = (tuple(sorted(marks)) for marks in (set(needed) & set(offered), set(needed) - set(offered)))
    told = [reason for reason in reasons if reason.why.is_unmet and reason.marks == missing]
    unmet = told or [Reason(Why.NEED_ELSEWHERE, marks=missing)]
    others = [reason for reason in reasons if not reason.marks]
    return (*([Reason(Why.NEED, marks=met)] if met else []), *(unmet if missing else []), *others)


def events_whose_answers_are_due(session: Session, *, at: datetime, seen_by: str) -> list[Event]:
    """Events that asked something for these eyes alone, and promised to have deleted the answers by now."""
    asked = session.scalars(
        select(RegistrationQuestion)
        .where(RegistrationQuestion.keep_days.is_not(None))
        .options(joinedload(RegistrationQuestion.event))
    )
    due = [
        question.event
        for question in asked
        if seen_by in question.seen_by
        and question.deleted_on is not None
        and question.deleted_on <= local(at, question.event.timezone).date()
    ]
    return list({event.id: event for event in due}.values())
