"""What has to be booked, what people eat, and whom the photographer leaves out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from hackathon.badges.document import Photos
from hackathon.badges.queries import photos_of, tables_by_person
from hackathon.core.clock import local
from hackathon.core.errors import NotFound
from hackathon.events.models import Activity, Event
from hackathon.events.queries import members_of, roles_of
from hackathon.needs.document import MealList, MealTable, PhotoLine, WorkLine, meals_from
from hackathon.needs.models import AccessNeed, FreedBooking, LeadTime, NeedKind, NeedState, kinds_in
from hackathon.participants.models import (
    ADJUSTMENTS,
    CATERING,
    PHOTO_CONSENT,
    Answer,
    QuestionType,
    Registration,
    RegistrationQuestion,
)
from hackathon.participants.queries import answers_of, questions_of, registrations_of
from hackathon.staff.models import Account, Role

ON_LISTS_OF_THEIR_OWN = (CATERING, PHOTO_CONSENT)
ACCESS_LEAD = "access-lead"


def questions_for(
    session: Session, event: Event, account_id: int | None, purpose: str
) -> Sequence[RegistrationQuestion]:
    """The questions asked for this purpose whose answers this account may read; whoever may read none finds nothing."""
    roles = roles_of(session, event, account_id or 0)
    found = [each for each in questions_of(session, event) if each.purpose == purpose and each.is_seen_by(roles)]
    if not found:
        raise NotFound
    return found


def access_questions(session: Session, event: Event) -> Sequence[RegistrationQuestion]:
    """What only the access lead reads, beside food and photographs, which have lists of their own."""
    return [
        question
        for question in questions_of(session, event)
        if question.purpose not in ON_LISTS_OF_THEIR_OWN and question.is_seen_by({Role.ACCESS_LEAD})
    ]


def access_leads_of(session: Session, event: Event) -> Sequence[Account]:
    """Who reads what people need, and nobody else does."""
    return [each.account for each in members_of(session, event) if each.role is Role.ACCESS_LEAD]


def lead_days(session: Session, event: Event) -> Mapping[NeedKind, int]:
    """How many days before the day each kind must be booked."""
    own = session.execute(select(LeadTime.kind, LeadTime.days).where(LeadTime.event_id == event.id)).all()
    return {kind: kind.usual_days for kind in NeedKind} | dict(own)


def needs_of(session: Session, event: Event) -> Sequence[AccessNeed]:
    return session.scalars(
        select(AccessNeed)
        .join(AccessNeed.registration)
        .where(Registration.event_id == event.id)
        .options(joinedload(AccessNeed.registration).joinedload(Registration.participant))
        .order_by(AccessNeed.id)
    ).all()


def needs_for(session: Session, registration: Registration) -> Sequence[AccessNeed]:
    """What is arranged for one person."""
    theirs = select(AccessNeed).where(AccessNeed.registration_id == registration.id)
    return session.scalars(theirs.order_by(AccessNeed.id)).all()


def need_by_id(session: Session, event: Event, need_id: int) -> AccessNeed:
    need = session.get(AccessNeed, need_id)
    if need is None or need.registration.event_id != event.id:
        raise NotFound
    return need


def freed_bookings_of(session: Session, event: Event) -> Sequence[FreedBooking]:
    """What is booked for people who have been erased since, the longest booked first."""
    freed = select(FreedBooking).where(FreedBooking.event_id == event.id)
    return session.scalars(freed.order_by(FreedBooking.booked_on, FreedBooking.id)).all()


def asks_for_nobody(session: Session, event: Event) -> bool:
    """Whether the form asks what people need while nobody is named who may read it."""
    return bool(_asked_for_leads(session, event)) and not access_leads_of(session, event)


def told_needs_to_nobody(session: Session, event: Event) -> bool:
    """Whether somebody has said already what they need, and nobody is named who may read it."""
    if not asks_for_nobody(session, event):
        return False
    of_event = Registration.event_id == event.id
    said = exists().where(Answer.registration_id == Registration.id, of_event)
    return bool(session.scalar(select(said.where(Answer.question.in_(_asked_for_leads(session, event))))))


def _asked_for_leads(session: Session, event: Event) -> list[str]:
    """The keys of the questions whose answers are for access leads alone."""
    asked = [question for question in questions_of(session, event) if question.purpose == ADJUSTMENTS]
    return [question.key for question in asked if question.seen_by == [ACCESS_LEAD]]


def count_to_call_off(session: Session, event: Event) -> int:
    """How much is booked that nobody needs any more: who it was for is erased, is not coming, or took it back."""
    lines = work_list(session, event, today=event.held_on)
    return len(freed_bookings_of(session, event)) + sum(line.is_to_be_called_off for line in lines)


def freed_booking_by_id(session: Session, event: Event, booking_id: int) -> FreedBooking:
    booking = session.get(FreedBooking, booking_id)
    if booking is None or booking.event_id != event.id:
        raise NotFound
    return booking


def unlisted_needs(session: Session, event: Event) -> Sequence[tuple[int, str, NeedKind]]:
    """What people's answers take and no line says yet: registration, question, kind."""
    listed: dict[tuple[int, str], set[NeedKind | None]] = {}
    for need in needs_of(session, event):
        listed.setdefault((need.registration_id, need.question), set()).add(need.read_as)
    answers = answers_of(session, event, [question.key for question in access_questions(session, event)])
    missing = []
    for registration_id, said in answers.items():
        for key, words in said.items():
            before = listed.get((registration_id, key), set())
            kinds = kinds_in(words) or (frozenset() if before else {NeedKind.OTHER})
            missing += [(registration_id, key, kind) for kind in NeedKind if kind in kinds and kind not in before]
    return missing


def words_behind(session: Session, need: AccessNeed) -> str:
    """What the person says now."""
    said = answers_of(session, need.registration.event, [need.question])
    return said.get(need.registration_id, {}).get(need.question, "")


def work_list(session: Session, event: Event, *, today: date) -> list[WorkLine]:
    """What there is to book, what comes first first. Of what nobody needs any more, only what is to be called off."""
    days = lead_days(session, event)
    answers = answers_of(session, event, [question.key for question in access_questions(session, event)])
    lines = [
        _line(need, answers.get(need.registration_id, {}).get(need.question, ""), days[need.kind], today)
        for need in needs_of(session, event)
    ]
    shown = [line for line in lines if not line.is_off or line.is_arranged]
    return sorted(shown, key=lambda line: (not line.is_open, line.book_by, line.name.casefold(), line.need_id))


def _line(need: AccessNeed, words: str, days: int, today: date) -> WorkLine:
    registration = need.registration
    return WorkLine(
        need_id=need.id,
        name=registration.participant.name or "No name given",
        email=registration.participant.email,
        kind=need.kind.words,
        words=words,
        note=need.note,
        state=need.state.value,
        state_words=need.state.words,
        is_open=need.state is NeedState.ASKED,
        is_arranged=need.state.is_arranged,
        booked_with=need.booked_with,
        booked_on=need.booked_on,
        is_coming=not registration.has_ended,
        has_changed=need.said not in ("", words),
        held_on=registration.event.held_on,
        book_by=registration.event.held_on - timedelta(days=days),
        today=today,
    )


def history_of(session: Session, event: Event, need: AccessNeed) -> Sequence[Activity]:
    """What was done about it, the newest first. The log does not say what it is."""
    lines = select(Activity).where(
        Activity.event_id == event.id, Activity.subject_id == need.id, Activity.kind.like("need.%")
    )
    return session.scalars(lines.order_by(Activity.id.desc())).all()


def untold_needs(session: Session, event: Event, *, at: datetime) -> Sequence[AccessNeed]:
    """What is not booked though it ought to be thought of by now, and of which no letter has told yet."""
    lines = work_list(session, event, today=local(at, event.timezone).date())
    due = {line.need_id for line in lines if line.ought_to_be_told}
    return [need for need in needs_of(session, event) if need.id in due and need.warned_at is None]


def people_who_come(session: Session, event: Event) -> Sequence[Registration]:
    """Everybody with a place in the room or already in it, companions with them, by name."""
    return [registration for registration in registrations_of(session, event) if registration.may_sit]


def meals_of(session: Session, event: Event, questions: Sequence[RegistrationQuestion], *, as_of: datetime) -> MealList:
    """What those who come said about food."""
    people = people_who_come(session, event)
    answers = answers_of(session, event, [question.key for question in questions])
    tables = []
    for question in questions:
        said = [
            (_shown(question, words), each.participant.name or "No name given")
            for each in people
            if (words := answers.get(each.id, {}).get(question.key))
        ]
        tables.append(MealTable(question.label, meals_from(said), len(people) - len(said)))
    return MealList(tuple(tables), len(people), as_of)


def _shown(question: RegistrationQuestion, words: str) -> str:
    return words.capitalize() if question.type is QuestionType.YES_NO else words


def photo_lines(session: Session, event: Event) -> list[PhotoLine]:
    """Everybody who comes: first those who said no, then those to be asked, then those who said yes."""
    photos, tables = photos_of(session, event), tables_by_person(session, event)
    order = {Photos.NO: 0, Photos.ASK: 1, Photos.YES: 2}
    people = [(each, photos.get(each.id, Photos.ASK)) for each in people_who_come(session, event)]
    return [
        PhotoLine(
            each.id,
            each.participant.name or "No name given",
            tables.get(each.participant_id),
            choice.value,
            choice.words,
        )
        for each, choice in sorted(people, key=lambda pair: order[pair[1]])
    ]


def photo_counts(lines: Iterable[PhotoLine]) -> dict[str, int]:
    said = [line.choice for line in lines]
    return {choice.value: said.count(choice.value) for choice in (Photos.NO, Photos.ASK, Photos.YES)}
