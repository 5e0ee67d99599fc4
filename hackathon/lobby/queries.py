"""What there is to do and to see at an event right now."""

from collections import defaultdict

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.clock import short_date, spoken_time
from hackathon.core.errors import NotFound
from hackathon.events.models import Event, Place, Stage
from hackathon.events.queries import published_event
from hackathon.follow_up.queries import recommendations_of
from hackathon.insights.models import Insight
from hackathon.insights.queries import card_of, newest_insights
from hackathon.lobby.document import Lane, NextStep, RailStage, Step, Wall, Ways
from hackathon.packs.queries import manifest_of
from hackathon.participants.models import Participant
from hackathon.participants.queries import registration_of
from hackathon.synthesis.models import Coder, Coding
from hackathon.synthesis.queries import LEAD
from hackathon.tables.models import Table
from hackathon.tables.queries import seat_of, table_by_code
from hackathon.themes.queries import themes_of
from hackathon.votes.queries import round_of

NOTES_IN_A_LANE = 4
MOST_WAITING = 6


def place_behind(session: Session, code: str) -> Table | Event:
    """The table or the event with this code, as people type it: with spaces, hyphens, or as a whole address."""
    typed = "".join(filter(str.isalnum, code.rstrip("/ ").rpartition("/")[2])).upper()
    try:
        return table_by_code(session, typed)
    except NotFound:
        return published_event(session, typed)


def next_step(session: Session, event: Event, participant: Participant | None) -> NextStep:
    """The one obvious thing for this person at this moment."""
    if event.stage is Stage.AFTER:
        return NextStep(Step.SEE_OUTCOME)
    registration = registration_of(session, participant) if participant else None
    if not event.is_on:
        return NextStep(Step.READ_PACK if registration else Step.REGISTER)
    voting = round_of(session, event)
    if voting is not None and voting.is_open:
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
        commit=event.is_on or event.stage is Stage.AFTER,
    )


def rail_of(session: Session, event: Event) -> list[RailStage]:
    """The five stages with today marked, and the times that the pack's run sheet gives them."""
    stages = list(Stage)[1:]
    now = stages.index(event.stage)
    times = _times_of(session, event)
    return [
        RailStage(stage.words, times.get(stage, ""), "now" if i == now else "done" if i < now else "next")
        for i, stage in enumerate(stages)
    ]


def _times_of(session: Session, event: Event) -> dict[Stage, str]:
    times = {
        Stage.BEFORE: f"until {short_date(event.held_on)}",
        Stage.WARM_UP: f"from {spoken_time(event.starts)}",
        Stage.AFTER: f"from {spoken_time(event.ends)}",
    }
    try:
        run_sheet = manifest_of(session, event).run_sheet(event.starts)
    except NotFound:
        return times
    for stage in (Stage.DIVERGE, Stage.CONVERGE):
        first = next((timed for timed in run_sheet if timed.block.mode == stage.value), None)
        if first is not None:
            times[stage] = f"from {spoken_time(first.starts)}"
    return times


def wall_of(session: Session, event: Event, *, after: int | None = None) -> Wall:
    """The wall for a screen that has shown everything up to `after`: the next words large, the earlier ones settled.

    Words get their turn one after the other. When more than a few wait, the oldest settle without having been large.
    """
    newest = newest_insights(session, event, limit=MOST_WAITING + 1)
    ahead = [insight for insight in newest if after is not None and insight.number > after] or newest[:1]
    if not ahead:
        return Wall(None, _lanes_of(session, event, before=0))
    shown = ahead[-1]
    return Wall(card_of(shown), _lanes_of(session, event, before=shown.number), waiting=len(ahead) - 1)


def _lanes_of(session: Session, event: Event, *, before: int) -> tuple[Lane, ...]:
    counts = _counts(session, event)
    notes = _newest_notes(session, event, before)
    return tuple(
        Lane(
            theme=theme,
            notes=tuple(card_of(insight) for insight in notes[theme.id]),
            room=counts.get((theme.id, Place.ROOM), 0),
            outside=counts.get((theme.id, Place.OUTSIDE), 0),
        )
        for theme in themes_of(session, event)
    )


def _counts(session: Session, event: Event) -> dict[tuple[int | None, Place], int]:
    settled = _settled_theme()
    rows = session.execute(
        select(settled, Insight.place, func.count(Insight.id))
        .outerjoin(Coding, _is_leading(event))
        .where(Insight.event_id == event.id, Insight.is_shown, settled.is_not(None))
        .group_by(settled, Insight.place)
    )
    return {(theme_id, place): number for theme_id, place, number in rows}


def _newest_notes(session: Session, event: Event, before: int) -> dict[int, list[Insight]]:
    settled = _settled_theme()
    ranked = (
        select(
            Insight.id,
            settled.label("theme_id"),
            func.row_number().over(partition_by=settled, order_by=Insight.number.desc()).label("place_in_lane"),
        )
        .outerjoin(Coding, _is_leading(event))
        .where(Insight.event_id == event.id, Insight.is_shown, Insight.number < before)
        .subquery()
    )
    rows = session.execute(
        select(Insight, ranked.c.theme_id)
        .join(ranked, ranked.c.id == Insight.id)
        .where(ranked.c.theme_id.is_not(None), ranked.c.place_in_lane <= NOTES_IN_A_LANE)
        .options(joinedload(Insight.author))
        .order_by(Insight.number.desc())
    )
    notes: dict[int, list[Insight]] = defaultdict(list)
    for insight, theme_id in rows:
        notes[theme_id].append(insight)
    return notes


def _settled_theme() -> ColumnElement[int | None]:
    """The lead coder's theme, "fits none" included; where the lead coder has not looked, the contributor's own."""
    return case((Coding.id.is_not(None), Coding.theme_id), else_=Insight.theme_id)


def _is_leading(event: Event) -> ColumnElement[bool]:
    lead = select(Coder.id).where(Coder.event_id == event.id, Coder.letter == LEAD).scalar_subquery()
    return and_(Coding.insight_id == Insight.id, Coding.coder_id == lead)
