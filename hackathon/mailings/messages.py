"""Letters of the calendar, written for one reader after another and put into the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hackathon.adapters.calendar import Method
from hackathon.adapters.mail import Letter, post_letter
from hackathon.addressees.queries import Recipient
from hackathon.comments.messages import without_links
from hackathon.core.clock import local
from hackathon.core.config import Settings
from hackathon.dates.document import COPY, Kind, due_at
from hackathon.events.models import Event, Place
from hackathon.events.operations import SYSTEM
from hackathon.events.queries import moves_of
from hackathon.follow_up.models import Recommendation
from hackathon.follow_up.queries import outcomes_of
from hackathon.letters.document import Reader, write_letter
from hackathon.letters.messages import LaidOut, lay_out
from hackathon.letters.queries import occasion_of, with_what_it_needs
from hackathon.mailings.operations import finish_sending
from hackathon.mailings.queries import edition_of, is_to_be_sent, once_for, plan_of, still_to_write
from hackathon.participants.messages import appointment_file, called, event_file
from hackathon.participants.models import Participant
from hackathon.participants.queries import waiting_in_order
from hackathon.staff.models import Account
from hackathon.synthesis.queries import settled_themes
from hackathon.tables.models import Seat, Table

AT_ONCE = 25
"""So many letters are written in one transaction, so that nobody else waits long for their turn to write."""
METHODS = {"save-the-date": Method.PUBLISH, "moved": Method.REQUEST}
"""The letters that bring the day for a calendar."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, and where the product lives: from the settings, never from a request."""

    address: str
    organisation: str


def sender_from(settings: Settings) -> Sender:
    return Sender(settings.address, settings.organisation_name)


def write_next_letters(session: Session, event: Event, kind: Kind, *, at: datetime, sender: Sender) -> int:
    """Put the next few letters of a kind into the outbox, and say how many. Each carries the word that none may carry
    twice, in the transaction in which it is written; the plan's lock lets one process at a time write them.
    """
    plan = plan_of(session, event, kind, lock=True)
    if plan is None or not is_to_be_sent(session, plan, at=at):
        return 0
    people = still_to_write(session, event, kind)
    if not people:
        finish_sending(session, plan, actor=SYSTEM)
    now_written = people[:AT_ONCE]
    edition = edition_of(session, event, kind)
    letters = letters_for(session, event, kind, now_written, sender=sender, opening=plan.opening, at=at)
    good_until = _good_until(event, kind, asked=plan.asked_at is not None)
    for one in now_written:
        once = once_for(event, kind, edition, one)
        _post(session, event, kind, one, letters[one.key], once=once, good_until=good_until, sender=sender)
    return len(now_written)


def _good_until(event: Event, kind: Kind, *, asked: bool) -> datetime | None:
    """Until when a letter is of use. One that went by itself and was held up gives way to the next of the calendar; one
    that somebody asked for, in its time or after it, leaves as long as the day is not over.
    """
    due = due_at(kind, event.held_on, event.timezone, event.ends)
    if kind.after or due is None:
        return None
    return event.ends_at if asked else due + kind.lasts


def letters_for(
    session: Session,
    event: Event,
    kind: Kind,
    people: Sequence[Recipient],
    *,
    sender: Sender,
    opening: str,
    at: datetime,
) -> dict[str, LaidOut]:
    """The letter as each of these people reads it, by their keys."""
    due = due_at(kind, event.held_on, event.timezone, event.ends)
    on = local(max(at, due) if due else at, event.timezone).date()
    occasion = with_what_it_needs(session, event, occasion_of(session, event, address=sender.address), kind.name, on=on)
    facts = _Facts(session, event, kind, address=sender.address)
    return {
        one.key: lay_out(
            write_letter(kind.name, occasion, facts.reader(one), opening=opening), organisation=sender.organisation
        )
        for one in people
    }


def send_copy(session: Session, event: Event, letter: LaidOut, *, account: Account) -> Letter:
    """The same letter to the organiser who looks at it, marked as a copy."""
    return post_letter(
        session,
        kind=COPY,
        to_address=account.email,
        subject=f"Copy: {letter.subject}",
        text=letter.text,
        html=letter.html,
        reply_to=event.contact_email,
        event_id=event.id,
    )


def _post(
    session: Session,
    event: Event,
    kind: Kind,
    one: Recipient,
    letter: LaidOut,
    *,
    once: str,
    good_until: datetime | None,
    sender: Sender,
) -> None:
    method = METHODS.get(kind.key)
    post_letter(
        session,
        kind=kind.letter_kind,
        to_address=one.address,
        to_name=called(one.name),
        reply_to=event.contact_email,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        calendar=_appointment(session, event, one, method, sender) if method else None,
        calendar_method=method,
        once=once,
        event_id=event.id,
        good_until=good_until,
    )


def _appointment(session: Session, event: Event, one: Recipient, method: Method, sender: Sender) -> str:
    if one.registration is not None:
        return appointment_file(session, one.registration, method, address=sender.address)
    return event_file(
        event,
        method,
        email=one.address,
        name=called(one.name),
        edition=moves_of(session, event),
        page=f"{sender.address}/e/{event.code}",
        address=sender.address,
    )


class _Facts:
    """What a letter tells its readers of themselves, asked for once for all of them."""

    def __init__(self, session: Session, event: Event, kind: Kind, *, address: str) -> None:
        self._address = address
        self._in_line = _in_line(session, event) if kind.name == "waiting" else {}
        self._tables = _tables_of_people(session, event) if kind.key == "morning" else {}
        self._themes = settled_themes(session, event) if kind.key == "heard" else {}
        self._outcomes: Mapping[int, list[Recommendation]] = (
            outcomes_of(session, event) if kind.key == "decision" else {}
        )

    def reader(self, one: Recipient) -> Reader:
        insight, participant = one.insight, one.participant
        theme = self._themes.get(insight.id) if insight else None
        decided = self._decided(insight.id) if insight else []
        first = decided[0] if decided else None
        return Reader(
            called=called(one.name),
            link=self._address + one.path,
            in_room=one.registration is None or one.registration.attending is Place.ROOM,
            table=self._table(participant),
            in_line=self._in_line.get(one.registration.id, 0) if one.registration else 0,
            number=insight.number if insight else 0,
            own_words=without_links(insight.text) if insight else "",
            theme=theme.title if theme else "",
            decision=first.decision.words if first and first.decision else "",
            reason=first.reason if first else "",
            owner=first.owner_role if first and first.decision and first.decision.takes_forward else "",
            more=max(0, len(decided) - 1),
        )

    def _table(self, participant: Participant | None) -> str:
        table = self._tables.get(participant.id) if participant else None
        if table is None:
            return ""
        return f"{table.number}, {table.theme.title}" if table.theme else str(table.number)

    def _decided(self, insight_id: int) -> list[Recommendation]:
        return [each for each in self._outcomes.get(insight_id, []) if each.decision]


def _in_line(session: Session, event: Event) -> Mapping[int, int]:
    """Everybody's place in the line, by their registration."""
    return {registration.id: place for place, registration in enumerate(waiting_in_order(session, event), 1)}


def _tables_of_people(session: Session, event: Event) -> Mapping[int, Table]:
    seats = select(Seat).join(Seat.table).where(Table.event_id == event.id)
    rows = session.scalars(seats.options(joinedload(Seat.table).joinedload(Table.theme)))
    return {seat.participant_id: seat.table for seat in rows}
