"""What there is to do and to see at an event right now."""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.clock import local, now, short_date, spoken_time
from hackathon.core.errors import NotFound
from hackathon.counts.queries import insights_by_theme
from hackathon.events.models import Event, Place, Series, Stage
from hackathon.events.queries import published_event, published_events, published_series
from hackathon.follow_up.queries import recommendations_of
from hackathon.insights.document import Card
from hackathon.insights.models import Insight
from hackathon.insights.queries import card_of, newest_insights
from hackathon.lobby.document import Lane, Moment, NextStep, OpenRating, RailStage, Step, Wall, Ways
from hackathon.packs.queries import manifest_of
from hackathon.participants.models import Participant
from hackathon.participants.queries import registration_of
from hackathon.stages.queries import is_by_the_clock, proposed_times, stage_times_of
from hackathon.synthesis.models import Coding
from hackathon.synthesis.queries import SETTLED_THEME, is_leading
from hackathon.tables.models import Table
from hackathon.tables.queries import seat_of, table_by_code
from hackathon.votes.queries import open_round_of, round_of, turnout_of

MOST_WAITING = 6
MOST_WORDS = 40
"""Words of people that the wall shows at once, large and settled ones together."""
WORDS_OF_A_NOTE, FEWEST_WORDS = 9, 4


def place_behind(session: Session, code: str) -> Table | Event | Series:
    """The table, the event or the series with this code, as people type it: with spaces, hyphens, or as a whole
    address."""
    typed = "".join(filter(str.isalnum, code.rstrip("/ ").rpartition("/")[2])).upper()
    for find in (table_by_code, published_event, published_series):
        with suppress(NotFound):
            return find(session, typed)
    raise NotFound


def open_events(session: Session) -> list[tuple[Series | None, list[Event]]]:
    """What the front page lists, the newest first: events, and those of a series together, in the order of days."""
    groups: dict[tuple[str, int], list[Event]] = {}
    for event in published_events(session):
        groups.setdefault(("series", event.series_id) if event.series_id else ("event", event.id), []).append(event)
    return [(events[0].series, events[::-1]) for events in groups.values()]


def next_step(session: Session, event: Event, participant: Participant | None) -> NextStep:
    """The one obvious thing for this person at this moment."""
    if event.stage is Stage.AFTER:
        return NextStep(Step.SEE_OUTCOME)
    registration = registration_of(session, participant) if participant else None
    if not event.is_on:
        return NextStep(Step.READ_PACK if registration else Step.REGISTER)
    if open_round_of(session, event) is not None:
        return NextStep(Step.RATE)
    if participant is None or registration is None or registration.attending is Place.OUTSIDE:
        return NextStep(Step.ADD_FROM_OUTSIDE)
    seat = seat_of(session, participant)
    return NextStep(Step.ADD_AT_TABLE, seat.table) if seat else NextStep(Step.TAKE_SEAT)


def ways_of(session: Session, event: Event) -> Ways:
    """Which pages have something to show by now."""
    voting = round_of(session, event)
    return Ways(
        write_up=event.stage is Stage.AFTER or event.report_first_published is not None,
        results=voting is not None and voting.is_closed,
        outcomes=bool(recommendations_of(session, event)),
        commit=event.is_on or (event.stage is Stage.AFTER and not event.is_closed),
    )


def rail_of(session: Session, event: Event) -> list[RailStage]:
    """The five stages with today marked, and the times that the pack's run sheet gives them. A draft begins before."""
    stages = list(Stage)[1:]
    now = stages.index(event.stage) if event.is_published else 0
    times = _times_of(session, event)
    return [
        RailStage(stage.words, times.get(stage, ""), "now" if i == now else "done" if i < now else "next")
        for i, stage in enumerate(stages)
    ]


def _times_of(session: Session, event: Event) -> dict[Stage, str]:
    """What the clock opens, or opened, and for the rest what the run sheet says."""
    times = dict(proposed_times(session, event))
    times |= {each.stage: local(each.opens_at, event.timezone).time() for each in stage_times_of(session, event)}
    spoken = {stage: f"from {spoken_time(at)}" for stage, at in times.items()}
    return {Stage.BEFORE: f"until {short_date(event.held_on)}", **spoken}


def wall_of(session: Session, event: Event, *, after: int | None = None) -> Wall:
    """The wall for a screen that has shown everything up to `after`: the next words large, the earlier ones settled.

    Words get their turn one after the other. When more than a few wait, the oldest settle without having been large.
    """
    newest = newest_insights(session, event, limit=MOST_WAITING + 1)
    ahead = [insight for insight in newest if after is not None and insight.number > after] or newest[:1]
    large = shortened(card_of(ahead[-1]), MOST_WORDS) if ahead else None
    words_left = MOST_WORDS - (len(large.text.split()) if large else 0)
    return Wall(
        moment=moment_of(session, event),
        newest=large,
        lanes=_lanes_of(session, event, before=large.number if large else 0, words_left=words_left),
        # Counts would draw people to what many have said already, while the room is still opening up.
        counted=not event.hides_counts,
        rating=_open_rating(session, event),
        waiting=max(len(ahead) - 1, 0),
    )


def moment_of(session: Session, event: Event) -> Moment:
    """The stage, and on the day the block of the run sheet that the clock is in, unless the event is elsewhere."""
    stage = f"{event.stage.words}, rehearsal" if event.is_rehearsing else event.stage.words
    at = local(now(), event.timezone)
    if at.date() != event.held_on or not is_by_the_clock(session, event, at.time()):
        return Moment(stage)
    try:
        run_sheet = manifest_of(session, event).run_sheet(event.starts)
    except NotFound:
        return Moment(stage)
    block = next((timed for timed in run_sheet if timed.starts <= at.time() < timed.ends), None)
    if block is None:
        return Moment(stage)
    left = datetime.combine(at.date(), block.ends) - at.replace(tzinfo=None)
    return Moment(stage, block.block.title, math.ceil(left / timedelta(minutes=1)))


def shortened(card: Card, most: int) -> Card:
    """A card with the first words of its text. Its number leads to the whole of it."""
    words = card.text.split()
    return card if len(words) <= most else replace(card, text=" ".join(words[:most]) + " …")


def _open_rating(session: Session, event: Event) -> OpenRating | None:
    voting = open_round_of(session, event)
    if voting is None:
        return None
    turnout = turnout_of(session, event)
    return OpenRating(voting.verb, turnout.total, turnout.rate.of if turnout.rate else None)


def _lanes_of(session: Session, event: Event, *, before: int, words_left: int) -> tuple[Lane, ...]:
    """A lane for each theme, and one for what stands under none, once there is any. The newest lanes get the words that
    are left: a room reads no more than that at once."""
    themes = insights_by_theme(session, event)
    longest = max((room + outside for _, room, outside in themes), default=0) or 1
    notes: dict[int | None, Card] = {}
    for insight, theme_id in _newest_notes(session, event, before):
        note = shortened(card_of(insight), min(WORDS_OF_A_NOTE, words_left))
        if words_left >= FEWEST_WORDS:
            notes[theme_id] = note
            words_left -= len(note.text.split())
    return tuple(
        Lane(
            theme=theme,
            note=notes.get(theme.id if theme else None),
            room=room,
            outside=outside,
            room_width=round(100 * room / longest, 1),
            outside_width=round(100 * outside / longest, 1),
        )
        for theme, room, outside in themes
        if theme is not None or room + outside
    )


def _newest_notes(session: Session, event: Event, before: int) -> Sequence[tuple[Insight, int | None]]:
    """The newest insight of each theme, and of those under none, with the theme's id, the newest first."""
    newest = (
        select(SETTLED_THEME.label("theme_id"), func.max(Insight.number).label("number"))
        .outerjoin(Coding, is_leading(event))
        .where(Insight.event_id == event.id, Insight.is_shown, Insight.number < before)
        .group_by(SETTLED_THEME)
        .subquery()
    )
    rows = session.execute(
        select(Insight, newest.c.theme_id)
        .join(newest, newest.c.number == Insight.number)
        .where(Insight.event_id == event.id)
        .options(joinedload(Insight.author))
        .order_by(Insight.number.desc())
    )
    return [(insight, theme_id) for insight, theme_id in rows]
