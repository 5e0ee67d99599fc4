"""What organisers do to an event, and the log that every room writes."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from hackathon.core.clock import local, moment_at, now, short_date, today
from hackathon.core.codes import long_token, short_code
from hackathon.core.errors import Refusal
from hackathon.core.rows import add_row, put
from hackathon.events.models import CLOSED_AFTER, Act, Activity, Event, Membership, Series, Stage, StageTime
from hackathon.events.queries import RESCHEDULED, event_by_code, is_answered
from hackathon.staff.models import Account, Role
from hackathon.staff.operations import find_or_add_account

CODE_LENGTH = 4
LONGEST_QUESTION = 20
SYSTEM = "the system"
SOMEONE = "someone"
"""Who the log says that an act is from, also of somebody with a name: nobody can take a name out of the log."""
CLIENT_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


class NotThatStage(Refusal):
    pass


class AlreadySent(Refusal):
    """Something else came under an id that has been used. The first stands; the second must not be lost silently."""


def record(
    session: Session, event: Event, kind: str, *, actor: str, subject_id: int | None = None, **detail: Any
) -> int:
    """Add a line to the event's log, and say its id. Live screens follow it: it holds nothing that nobody may know."""
    session.flush()
    return add_row(session, Activity, _line(event.id, kind, actor, subject_id, detail))


def take_turns(session: Session, event: Event) -> None:
    """Wait until nobody else is doing this kind of thing in this event: for what is numbered, or happens only once.

    Rows that only refer to the event, such as insights, do not wait for it.
    """
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update(key_share=True))


def hold_event(session: Session, code: str) -> Event:
    """The event for somebody who edits it: as it stands, and nobody else changes it until they are done."""
    event = event_by_code(session, code)
    take_turns_in_series(session, event)
    take_turns(session, event)
    session.refresh(event)
    return event


def earlier_act(session: Session, event: Event, *, client_id: str, kind: str, body: object) -> dict[str, Any] | None:
    """The receipt that was given for what a phone sent under this id; nothing when it comes for the first time.

    From then on the id is this act's: who sends it at the same moment waits here until there is a receipt. `body` is
    what was sent, as plain values.
    """
    if CLIENT_ID.fullmatch(client_id) is None:
        raise Refusal("Something was lost on the way. Send it once more.")
    digest = _digest(client_id, kind, body)
    act = {"event_id": event.id, "client_id": client_id, "kind": kind, "digest": digest, "receipt": {}, "at": now()}
    put(session, Act, [act], key=("event_id", "client_id"))
    held = _act_under(session, event, client_id)
    if held.digest != digest:
        raise AlreadySent("Something else was sent under the same number before, and is kept. Send this once more.")
    return held.receipt or None


def keep_act(
    session: Session, event: Event, *, client_id: str, kind: str, body: object, receipt: Mapping[str, Any]
) -> None:
    """Keep the receipt of an act for whoever sends it again. `earlier_act` has come before it."""
    held = _act_under(session, event, client_id)
    if (held.kind, held.digest) != (kind, _digest(client_id, kind, body)):
        raise ValueError("keep_act must be given what earlier_act was given")
    held.receipt = dict(receipt)
    session.flush()


def create_event(
    session: Session,
    *,
    title: str,
    question: str,
    held_on: date,
    starts: time,
    ends: time,
    expected_people: int,
    actor: str,
    venue: str = "",
    timezone: str = "Europe/London",
    slug: str | None = None,
    closes_after: int | None = CLOSED_AFTER,
    **rest: Any,
) -> Event:
    """Begin an event, as a draft that only its staff can see. `rest` are further columns of Event."""
    if ends <= starts:
        raise Refusal("The day must end after it starts.", "ends")
    if timezone not in available_timezones():
        raise Refusal(f"{timezone} is not a time zone. Write one such as Europe/London.", "timezone")
    event = Event(
        slug=slug or long_token()[:12],
        code=free_code(session),
        title=title,
        question=question,
        held_on=held_on,
        starts=starts,
        ends=ends,
        timezone=timezone,
        venue=venue,
        expected_people=expected_people,
        closes_after=closes_after,
        **rest,
    )
    session.add(event)
    session.flush()
    record(session, event, "event.created", actor=actor)
    return event


def describe_event(
    session: Session,
    event: Event,
    *,
    title: str,
    held_on: date,
    starts: time,
    ends: time,
    venue: str,
    expected_people: int,
    contact_name: str,
    contact_email: str,
    actor: str,
    contact_phone: str = "",
    doors: time | None = None,
) -> Event:
    """Change what an event is called, when and where it is held, and whom to ask."""
    if ends <= starts:
        raise Refusal("The day must end after it starts.", "ends")
    if doors is not None and doors > starts:
        raise Refusal("The doors must open before the day starts.", "doors")
    _refuse_closing_at_once(event, held_on)
    _take_times_along(session, event, held_on)
    stood = (event.held_on, event.starts, event.ends, event.venue)
    event.title, event.venue, event.doors = title, venue, doors
    event.held_on, event.starts, event.ends = held_on, starts, ends
    event.expected_people = expected_people
    event.contact_name, event.contact_email, event.contact_phone = contact_name, contact_email, contact_phone
    session.flush()
    record(session, event, "event.described", actor=actor)
    if stood != (held_on, starts, ends, venue):
        record(session, event, RESCHEDULED, actor=actor)
    return event


def _refuse_closing_at_once(event: Event, held_on: date) -> None:
    """Closing moves with the day: a slip of the year must not forget everybody within the hour."""
    if held_on == event.held_on or event.closes_after is None or not event.is_published or event.is_closed:
        return
    closes_on = held_on + timedelta(days=event.closes_after)
    if closes_on < today(event.timezone):
        raise Refusal(
            f"With that day it would be closed since {short_date(closes_on)}, and its people forgotten at once."
            " Check the year.",
            "held_on",
        )


def _take_times_along(session: Session, event: Event, held_on: date) -> None:
    """What the clock opens on the day moves with the day, at the same times."""
    if held_on == event.held_on:
        return
    for waiting in session.scalars(select(StageTime).where(StageTime.event_id == event.id)):
        at = local(waiting.opens_at, event.timezone).time()
        waiting.opens_at = moment_at(held_on, at, event.timezone)


def ask_question(
    session: Session,
    event: Event,
    *,
    question: str,
    tested_with: int,
    scope_in: list[str],
    scope_out: list[str],
    actor: str,
) -> Event:
    """Settle the one question, on how many people its words were tried, and what it takes in and leaves out.

    Its words stay from the first answer on: nobody is to be read as answering what they were not asked.
    """
    refuse_long_question(question)
    if event.series is not None and question != event.series.question:
        raise Refusal(
            f"{event.series.title} asks one question in every place. Change it on the series’ page.", "question"
        )
    reworded = question != event.question
    if reworded and is_answered(session, event):
        raise Refusal("People have begun to answer, so the question stays in these words.", "question")
    event.question, event.tested_with = question, tested_with
    event.scope_in, event.scope_out = scope_in, scope_out
    session.flush()
    record(session, event, "question.asked", actor=actor, reworded=reworded)
    return event


def refuse_long_question(question: str) -> None:
    if (words := len(question.split())) > LONGEST_QUESTION:
        raise Refusal(
            f"The question has {words} words. Say it in {LONGEST_QUESTION} or fewer, so that people can carry it.",
            "question",
        )


def move_to(session: Session, event: Event, *, stage: Stage, actor: str, seen: Stage | None = None) -> Event:
    """Move an event to another stage. Publishing a draft is an act of its own, with conditions.

    `seen` is the stage that the person had before them: two who press at once make one move. A move by hand wins over
    the clock, so what the clock had waiting up to here does not open any more.
    """
    if stage is Stage.DRAFT:
        raise NotThatStage("An event that people have seen does not become a draft again.", "stage")
    take_turns(session, event)
    session.refresh(event)
    if event.stage is Stage.DRAFT:
        raise NotThatStage("Publish the event first.", "stage")
    if event.is_closed:
        raise NotThatStage("This event is closed, and its people are forgotten. It stays where it is.", "stage")
    if event.stage is stage:
        return event
    if seen not in (None, event.stage):
        raise NotThatStage(f"Somebody has just moved the event: it is now in “{event.stage.words}”.", "stage")
    before, event.stage = event.stage, stage
    settled = settle_times(session, event, at=now())
    session.flush()
    record(session, event, "event.moved", actor=actor, stage=stage.value, before=before.value, settled=settled)
    return event


def settle_times(session: Session, event: Event, *, at: datetime) -> list[str]:
    """The stages that the clock does not open any more, because the event has come to them or past their time."""
    stages = list(Stage)
    waiting = session.scalars(select(StageTime).where(StageTime.event_id == event.id, StageTime.opened_at.is_(None)))
    settled = [each for each in waiting if each.opens_at <= at or stages.index(each.stage) <= stages.index(event.stage)]
    for each in settled:
        each.opened_at = at
    return [each.stage.value for each in settled]


def freeze_figures(session: Session, event: Event, *, at: datetime | None = None, actor: str) -> Event:
    """From this moment on, the published figures stay as they are, whatever comes in later."""
    event.figures_frozen_at = at or now()
    session.flush()
    record(session, event, "figures.frozen", actor=actor, at=event.figures_frozen_at.isoformat())
    return event


def reopen_figures(session: Session, event: Event, *, actor: str) -> Event:
    """Let the figures move again with what comes in."""
    if event.is_closed:
        raise Refusal("This event is closed: its figures can no longer be counted, so they stay as they are.")
    event.figures_frozen_at = None
    session.flush()
    record(session, event, "figures.reopened", actor=actor)
    return event


def publish_report(session: Session, event: Event, *, on: date, actor: str) -> Event:
    """The day on which the write-up first came out. It is set once; later versions do not move it."""
    if on < event.held_on:
        raise Refusal("A report cannot come out before the day that it is about.", "on")
    held = event.report_first_published
    if held is not None and held != on:
        raise Refusal(f"Somebody has written {short_date(held)} meanwhile. It is set once, so that day stays.", "on")
    if held is None:
        event.report_first_published = on
        session.flush()
        record(session, event, "report.published", actor=actor)
    return event


def add_member(session: Session, event: Event, account: Account, role: Role, *, actor: str) -> Membership:
    """Give an account a role in an event; giving it twice changes nothing."""
    held = session.scalar(
        select(Membership).where(
            Membership.event_id == event.id, Membership.account_id == account.id, Membership.role == role
        )
    )
    if held is not None:
        return held
    membership = Membership(event=event, account=account, role=role)
    session.add(membership)
    session.flush()
    record(session, event, "member.added", actor=actor, subject_id=account.id, role=role.value)
    return membership


def invite_member(session: Session, event: Event, *, email: str, name: str, role: Role, actor: str) -> Membership:
    """Give whoever reads the mail of this address a role. They get an account if they have none."""
    return add_member(session, event, find_or_add_account(session, email=email, name=name), role, actor=actor)


def remove_member(session: Session, membership: Membership, *, actor: str) -> None:
    """Take a role away. The last organiser stays: an event needs somebody who answers for it."""
    event, role = membership.event, membership.role
    if role is Role.ORGANISER:
        organisers = select(func.count(Membership.id)).where(
            Membership.event_id == event.id, Membership.role == Role.ORGANISER
        )
        if session.scalar(organisers) == 1:
            raise Refusal("This is the only organiser. Invite another organiser first.")
    session.delete(membership)
    session.flush()
    record(session, event, "member.removed", actor=actor, subject_id=membership.account_id, role=role.value)


def take_turns_in_series(session: Session, *events: Event) -> None:
    """Wait until nobody else gives or ends places in the series of these events: people move between their events, so
    one place that is given may end another. Whoever takes this turn does so before locking anything of the events.
    """
    if series := {event.series_id for event in events} - {None}:
        held = select(Series.id).where(Series.id.in_(series)).order_by(Series.id)
        session.execute(held.with_for_update(key_share=True))


def free_code(session: Session) -> str:
    """A code that no event has, no series and no table: people type all of them into the same box."""
    while _is_taken(session, code := short_code(CODE_LENGTH)):
        pass
    return code


def _is_taken(session: Session, code: str) -> bool:
    """The tables go by their name in the database, because their room lies above this one."""
    at_events = select(func.count()).where(Event.code == code)
    at_series = select(func.count()).where(Series.code == code)
    at_tables = select(func.count()).select_from(table("hack_table", column("code"))).where(column("code") == code)
    return any(session.scalar(taken) for taken in (at_events, at_series, at_tables))


def _line(event_id: int, kind: str, actor: str, subject_id: int | None, detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "kind": kind,
        "actor": actor,
        "subject_id": subject_id,
        "detail": detail,
        "at": now(),
    }


def _act_under(session: Session, event: Event, client_id: str) -> Act:
    return session.scalars(select(Act).where(Act.event_id == event.id, Act.client_id == client_id)).one()


def _digest(client_id: str, kind: str, body: object) -> str:
    """It tells the same words from others. The id in it keeps short answers, such as marks, from being found out."""
    sent = json.dumps([client_id, kind, body], sort_keys=True, default=str)
    return hashlib.sha256(sent.encode()).hexdigest()
