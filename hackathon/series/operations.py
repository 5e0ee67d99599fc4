"""Beginning a series, asking its one question everywhere at once, and planning another place from one that stands."""

import math
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from hackathon.admission.operations import reserve_share
from hackathon.admission.queries import shares_of
from hackathon.core.clock import local, moment_at
from hackathon.core.errors import Refusal
from hackathon.duty.operations import promise_replies
from hackathon.duty.queries import reply_promise_of
from hackathon.events.models import Event, Series, Stage
from hackathon.events.operations import (
    add_member,
    ask_question,
    create_event,
    free_code,
    record,
    refuse_long_question,
    take_turns,
    take_turns_in_series,
)
from hackathon.events.queries import events_in
from hackathon.framing.operations import make_promise
from hackathon.framing.queries import promise_of
from hackathon.packs.operations import copy_pack
from hackathon.participants.operations import set_places
from hackathon.participants.queries import places_of
from hackathon.staff.models import Account, Role
from hackathon.tables.models import Mark
from hackathon.tables.operations import MOST_TABLES, PEOPLE_AT_A_TABLE, change_table, lay_tables
from hackathon.tables.queries import tables_of
from hackathon.themes.operations import add_theme, find_themes_fit
from hackathon.themes.queries import question_unlike_themes, themes_of
from hackathon.votes.queries import open_round_of

GOES_ALONG = (
    "tested_with",
    "scope_in",
    "scope_out",
    "doors",
    "timezone",
    "online",
    "language",
    "contact_name",
    "contact_email",
    "moderation",
    "closes_after",
)
"""What another place takes over from the event that it is made from, beside question, times and what has rows."""


def make_series(session: Session, *, title: str, question: str, first: Event, actor: str) -> Series:
    """Begin a series with one event: from now on its question is the series' own."""
    refuse_long_question(question)
    series = Series(
        code=free_code(session),
        title=title,
        question=question,
        tested_with=first.tested_with if question == first.question else 0,
        contact_name=first.contact_name,
        contact_email=first.contact_email,
    )
    session.add(series)
    session.flush()
    add_to_series(session, series, event=first, actor=actor)
    return series


def add_to_series(session: Session, series: Series, *, event: Event, actor: str) -> None:
    """Let an event ask the question of a series, and stand among its places."""
    take_turns_in_series(session, *events_in(session, series))
    _hold(session, [event])
    if event.series_id is not None:
        raise Refusal(f"{event.title} belongs to a series already.", "event")
    if event.question != series.question:
        _refuse_where_answered(session, [event], "event")
    event.series = series
    session.flush()
    record(session, event, "series.joined", actor=actor, subject_id=series.id, series=series.title)
    _ask(session, series, event, actor=actor)


def take_out(session: Session, series: Series, *, event: Event, actor: str) -> None:
    """Take a draft out of a series. It keeps the question. A series ends with its last event."""
    take_turns_in_series(session, event)
    _hold(session, [event])
    if event.is_published:
        raise Refusal(f"People have seen {event.title} as part of this series, so it stays in it.")
    event.series = None
    session.flush()
    record(session, event, "series.left", actor=actor, subject_id=series.id, series=series.title)
    if not events_in(session, series):
        session.delete(series)
        session.flush()


def describe_series(
    session: Session,
    series: Series,
    *,
    title: str,
    question: str,
    tested_with: int,
    contact_name: str,
    contact_email: str,
    actor: str,
) -> None:
    """Say what a series is called and asks, and whom to ask about it. All its events ask the same at once."""
    refuse_long_question(question)
    events = events_in(session, series)
    take_turns_in_series(session, *events)
    _hold(session, events)
    if question != series.question:
        _refuse_where_answered(session, events, "question")
    series.title, series.question, series.tested_with = title, question, tested_with
    series.contact_name, series.contact_email = contact_name, contact_email
    session.flush()
    for event in events:
        if (event.question, event.tested_with) != (question, tested_with):
            _ask(session, series, event, actor=actor)


def _ask(session: Session, series: Series, event: Event, *, actor: str) -> None:
    ask_question(
        session,
        event,
        question=series.question,
        tested_with=series.tested_with,
        scope_in=event.scope_in,
        scope_out=event.scope_out,
        actor=actor,
    )


def _hold(session: Session, events: Iterable[Event]) -> None:
    for event in sorted(events, key=lambda event: event.id):
        take_turns(session, event)
        session.refresh(event)


def _refuse_where_answered(session: Session, events: Iterable[Event], field: str) -> None:
    """What people are answering, or have answered, is not put in other words afterwards."""
    for event in events:
        if event.is_on or event.stage is Stage.AFTER or open_round_of(session, event) is not None:
            raise Refusal(f"At {event.title} people have begun to answer, so the words of the question stay.", field)


def plan_another_place(
    session: Session,
    source: Event,
    *,
    title: str,
    held_on: date,
    venue: str,
    expected_people: int,
    account: Account,
) -> Event:
    """Begin another event of the series, as a draft like one that stands: with its pack and what was written into it,
    its themes, what it asks people, what it promises, and its room, as large as this place needs.

    Who helps, who was invited, how many people could come and when stages open is planned anew for each place.
    """
    if source.series is None:
        raise Refusal("Make a series first, and put this event into it.")
    event = create_event(
        session,
        title=title,
        question=source.series.question,
        held_on=held_on,
        starts=source.starts,
        ends=source.ends,
        venue=venue,
        expected_people=expected_people,
        actor=account.name,
        series=source.series,
        **{name: getattr(source, name) for name in GOES_ALONG},
    )
    add_member(session, event, account, Role.ORGANISER, actor=account.name)
    copy_pack(session, source, event, actor=account.name)
    _lay_the_same_room(session, source, event, actor=account.name)
    _give_places_alike(session, source, event, actor=account.name)
    _promise_the_same(session, source, event, actor=account.name)
    record(session, event, "series.place_planned", actor=account.name, subject_id=source.id, like=source.title)
    if question_unlike_themes(session, event) and not question_unlike_themes(session, source):
        # Both ask the question of the series under the same themes: what was found to fit there fits here.
        find_themes_fit(session, event, actor=account.name)
    return event


def _lay_the_same_room(session: Session, source: Event, event: Event, *, actor: str) -> None:
    """The same themes, and tables like those there where they fit the people there: as many more or fewer as there are
    people. Elsewhere a table for every eight.
    """
    themes = {
        theme.key: add_theme(session, event, key=theme.key, title=theme.title, prompt=theme.prompt, actor=actor)
        for theme in themes_of(session, source)
    }
    if not (standing := tables_of(session, source)):
        return
    chairs, people = sum(table.seats for table in standing), source.expected_people
    is_alike = abs(chairs - people) <= people / 2
    each, seats = (people / len(standing), standing[0].seats) if is_alike else (PEOPLE_AT_A_TABLE, PEOPLE_AT_A_TABLE)
    number = min(math.ceil(event.expected_people / each), MOST_TABLES)
    laid = lay_tables(session, event, number=number, seats=seats, themes=list(themes.values()), actor=actor)
    for table, like in zip(laid, standing, strict=False):
        seats, theme = like.seats if is_alike else PEOPLE_AT_A_TABLE, themes[like.theme.key] if like.theme else None
        change_table(session, table, seats=seats, theme=theme, marks=[Mark(m) for m in like.marks], actor=actor)


def _as_long_before(moment: datetime, source: Event, event: Event) -> datetime:
    """As many days before this event, at the same time by its own clock: clocks may have changed in between."""
    there = local(moment, source.timezone)
    return moment_at(there.date() + (event.held_on - source.held_on), there.time(), event.timezone)


def _give_places_alike(session: Session, source: Event, event: Event, *, actor: str) -> None:
    """Places for everybody expected, under the rule that holds there."""
    if (places := places_of(session, source)) is None:
        return
    set_places(
        session,
        event,
        chairs=event.expected_people,
        cut_off=places.closes_at and _as_long_before(places.closes_at, source, event),
        oversell=places.oversell,
        way=places.way,
        claim_hours=places.claim_hours,
        actor=actor,
    )
    for share in shares_of(session, source):
        reserve_share(
            session,
            event,
            name=share.name,
            about=share.about,
            words=share.words,
            percent=share.percent,
            actor=actor,
        )


def _promise_the_same(session: Session, source: Event, event: Event, *, actor: str) -> None:
    if promise := promise_of(session, source):
        make_promise(
            session,
            event,
            sponsor_name=promise.sponsor_name,
            sponsor_role=promise.sponsor_role,
            words=promise.words,
            made_on=promise.made_on,
            owner_name=promise.owner_name,
            actor=actor,
        )
    if replies := reply_promise_of(session, source):
        promise_replies(session, event, kind=replies.kind, within_hours=replies.within_hours, staffed=(), actor=actor)
