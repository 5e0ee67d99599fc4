"""How each letter of the calendar stands: who is still to be written to, what has left, what came back."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from hackathon.adapters.mail import Letter
from hackathon.addressees.document import Audience
from hackathon.addressees.queries import Recipient, recipients_of
from hackathon.core.clock import moment_at, today
from hackathon.dates.document import CALENDAR, COPY, KINDS, Kind, due_at
from hackathon.events.models import Event, Stage
from hackathon.events.queries import moves_of
from hackathon.follow_up.queries import recommendations_of
from hackathon.mailings.document import Progress, Standing, State
from hackathon.mailings.models import LetterPlan
from hackathon.participants.models import Registration

AGAIN = (Audience.TOLD_OTHERWISE, Audience.NOT_HEARD_FROM)
"""Whoever is among these may be written to more than once."""


def still_to_write(session: Session, event: Event, kind: Kind) -> list[Recipient]:
    """Those of the audience who have not had this letter, and whose address has sent nothing back."""
    had = select(Letter.once).where(Letter.event_id == event.id, Letter.kind == kind.letter_kind)
    has_had = set(session.scalars(had))
    returned = {letter.address_key for letter in returned_letters(session, event)}
    edition = edition_of(session, event, kind)
    return [
        one
        for one in recipients_of(session, event, kind.audience)
        if one.key not in returned and once_for(event, kind, edition, one) not in has_had
    ]


def edition_of(session: Session, event: Event, kind: Kind) -> int:
    """How often a letter may be written to the same person: a new date once for every time that it changed, a reminder
    of the invitation once a day."""
    if kind.audience is Audience.NOT_HEARD_FROM:
        return today(event.timezone).toordinal()
    return moves_of(session, event) if kind.audience is Audience.TOLD_OTHERWISE else 0


def once_for(event: Event, kind: Kind, edition: int, recipient: Recipient) -> str:
    """The word that no two letters may carry."""
    return f"{event.id} {kind.key} {edition} {recipient.key}"


def plans_of(session: Session, event: Event) -> dict[str, LetterPlan]:
    plans = session.scalars(select(LetterPlan).where(LetterPlan.event_id == event.id))
    return {plan.kind: plan for plan in plans}


def plan_of(session: Session, event: Event, kind: Kind, *, lock: bool = False) -> LetterPlan | None:
    """What was decided about one letter. Whoever writes letters locks it, so that nobody else does."""
    plan = select(LetterPlan).where(LetterPlan.event_id == event.id, LetterPlan.kind == kind.key)
    return session.scalar(plan.with_for_update() if lock else plan)


def returned_letters(session: Session, event: Event) -> Sequence[Letter]:
    """The letters that came back, the newest first."""
    came_back = select(Letter).where(Letter.event_id == event.id, Letter.returned_at.is_not(None))
    return session.scalars(came_back.order_by(Letter.returned_at.desc(), Letter.id.desc())).all()


def standings_of(session: Session, event: Event, *, at: datetime) -> list[Standing]:
    """Every letter of the calendar in its order, with how it stands. A new date is told only where there is one."""
    plans, progress = plans_of(session, event), _progress_by_kind(session, event)
    shown = [kind for kind in CALENDAR if kind.audience is not Audience.TOLD_OTHERWISE or moves_of(session, event)]
    return [
        standing_of(session, event, kind, plans.get(kind.key), progress.get(kind.letter_kind), at=at) for kind in shown
    ]


def standing_of(
    session: Session, event: Event, kind: Kind, plan: LetterPlan | None, progress: Progress | None, *, at: datetime
) -> Standing:
    """How one letter stands. Who is left is counted only while it is being sent, or ready."""
    due, done = _due(event, kind), progress or Progress()
    automatic = plan is not None and plan.automatic
    state = _state_of(kind, due, done, automatic=automatic, asked=bool(plan and plan.asked_at), at=at)
    waiting = 0
    if state in (State.SENDING, State.READY) or (state is State.SENT and kind.audience in AGAIN):
        waiting = len(still_to_write(session, event, kind))
        state = _settled(state, waiting, done)
    return Standing(kind, due, state, done, waiting, automatic)


def _state_of(kind: Kind, due: datetime | None, done: Progress, *, automatic: bool, asked: bool, at: datetime) -> State:
    if not kind.is_ours:
        return State.BY_ITSELF
    is_due = due is None or due <= at
    if asked or (automatic and due is not None and due <= at < due + kind.lasts):
        return State.SENDING
    if done.written:
        return State.SENT if _have_left(done) else State.SENDING
    if not is_due:
        return State.PLANNED
    return State.READY if due is None or at < due + kind.lasts else State.PAST


def _have_left(done: Progress) -> bool:
    """Whether none is on its way any more."""
    return done.sent >= done.written - done.returned


def _settled(state: State, waiting: int, done: Progress) -> State:
    if state is State.SENDING and not waiting and _have_left(done):
        return State.SENT
    if state is State.SENT and waiting:
        return State.READY
    if state is State.READY and not waiting:
        return State.NOBODY
    return state


def progress_of(session: Session, event: Event, kind: Kind) -> Progress | None:
    return _progress_by_kind(session, event).get(kind.letter_kind)


def _progress_by_kind(session: Session, event: Event) -> dict[str, Progress]:
    rows = session.execute(
        select(
            Letter.kind,
            func.count(),
            func.count(Letter.sent_at),
            func.count(Letter.returned_at),
            func.max(Letter.made_at),
        )
        .where(Letter.event_id == event.id, Letter.kind != COPY)
        .group_by(Letter.kind)
    )
    found = {kind: Progress(written, sent, returned, last) for kind, written, sent, returned, last in rows}
    others = [done for kind, done in found.items() if kind.startswith("place.") and kind != "place.confirmed"]
    if others:
        found["place.other"] = Progress(
            sum(done.written for done in others),
            sum(done.sent for done in others),
            sum(done.returned for done in others),
            max(done.last_at for done in others if done.last_at),
        )
    return found


def anybody_came(session: Session, event: Event) -> bool:
    here = select(Registration.id).where(Registration.event_id == event.id, Registration.checked_in_at.is_not(None))
    return session.scalar(here.limit(1)) is not None


def obstacle_to(session: Session, event: Event, kind: Kind, *, at: datetime) -> str:
    """Why a letter cannot go now, in words; nothing where it can."""
    over = at >= event.ends_at or event.stage is Stage.AFTER
    if not kind.is_ours:
        return "This letter goes by itself when what it tells happens."
    if not event.is_published:
        return "Publish the event first: what the letter leads to is not there yet."
    if event.is_rehearsing:
        return "A rehearsal is on. End it first: letters are real."
    if kind.after and not over:
        return "The day is not over yet."
    if not kind.after and over:
        return "The day is over."
    if kind.key == "morning" and at < moment_at(event.held_on, time.min, event.timezone):
        return "It says that it is today, so it cannot go before the day itself."
    return _lacks(session, event, kind)


def _lacks(session: Session, event: Event, kind: Kind) -> str:
    """What a letter tells that is not there yet."""
    if kind.key == "missed-you" and not anybody_came(session, event):
        return "Nobody was checked in, so those who did not come cannot be told from those who did."
    if kind.key == "report" and event.report_first_published is None:
        return "The report has no date yet: save it under Figures and report."
    if kind.key == "you-said" and not any(each.decision for each in recommendations_of(session, event)):
        return "Nothing is decided yet."
    return ""


def kinds_to_send(session: Session, *, at: datetime) -> list[tuple[str, str]]:
    """What is due now: the codes of events and the letters, where somebody is left to write to."""
    wanted = or_(LetterPlan.automatic, LetterPlan.asked_at.is_not(None))
    plans = session.scalars(
        select(LetterPlan).where(wanted).options(joinedload(LetterPlan.event)).order_by(LetterPlan.id)
    )
    return [(plan.event.code, plan.kind) for plan in plans if is_to_be_sent(session, plan, at=at)]


def is_to_be_sent(session: Session, plan: LetterPlan, *, at: datetime) -> bool:
    """Whether this letter goes now, by itself or because somebody asked for it."""
    event, kind = plan.event, KINDS.get(plan.kind)
    if kind is None:
        return False
    due = _due(event, kind)
    by_itself = plan.automatic and due is not None and due <= at < due + kind.lasts
    if not (by_itself or plan.asked_at) or obstacle_to(session, event, kind, at=at):
        return False
    return plan.asked_at is not None or bool(still_to_write(session, event, kind))


def letters_being_written(session: Session, event: Event, *, at: datetime, since: datetime) -> list[tuple[Kind, int]]:
    """Letters that go now and began to go since a moment, each with how many people are still to be written to."""
    plans = [plan for plan in plans_of(session, event).values() if is_to_be_sent(session, plan, at=at)]
    begun = [(KINDS[plan.kind], plan.asked_at) for plan in plans]
    going = [kind for kind, asked_at in begun if (began := asked_at or _due(event, kind)) and began >= since]
    numbers = [(kind, len(still_to_write(session, event, kind))) for kind in going]
    return [(kind, number) for kind, number in numbers if number]


def letters_planned(session: Session, event: Event, *, at: datetime) -> list[tuple[Kind, datetime]]:
    """Letters that go by themselves on a later day, each with its moment."""
    automatic = {key for key, plan in plans_of(session, event).items() if plan.automatic}
    moments = [(kind, _due(event, kind)) for kind in CALENDAR if kind.key in automatic]
    return [(kind, due) for kind, due in moments if due is not None and due > at]


def _due(event: Event, kind: Kind) -> datetime | None:
    return due_at(kind, event.held_on, event.timezone, event.ends)
