"""When stages open, and which move of the event can still be taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from hackathon.core.clock import local, now
from hackathon.core.errors import NotFound
from hackathon.events.models import Activity, Event, Stage, StageTime
from hackathon.events.queries import MOVED, PUT_BACK
from hackathon.packs.queries import manifest_of

TIME_TO_TAKE_BACK = timedelta(minutes=1)
"""A facilitator on a stage needs ten seconds at least; a minute leaves time to notice."""


def proposed_times(session: Session, event: Event) -> Mapping[Stage, time]:
    """When the day's stages would open by the run sheet of the event's pack, on the venue's clock."""
    times = {Stage.WARM_UP: event.starts, Stage.AFTER: event.ends}
    try:
        run_sheet = manifest_of(session, event).run_sheet(event.starts)
    except NotFound:
        return times
    for stage in (Stage.DIVERGE, Stage.CONVERGE):
        first = next((timed for timed in run_sheet if timed.block.mode == stage.value), None)
        if first is not None:
            times[stage] = first.starts
    return times


def is_by_the_clock(session: Session, event: Event, at: time) -> bool:
    """Whether the event is in the stage in which the run sheet has it at this time of its day.

    One that was moved by hand is not: what the run sheet says of this minute is about another part of the day. A stage
    to which it gives no time may be open anywhere between its neighbours.
    """
    order, times = list(Stage), proposed_times(session, event)
    begun = max((order.index(stage) for stage, opens in times.items() if opens <= at), default=0)
    ahead = min((order.index(stage) for stage, opens in times.items() if opens > at), default=len(order))
    return begun <= order.index(event.stage) < ahead


def stage_times_of(session: Session, event: Event) -> Sequence[StageTime]:
    """What the clock opens in this event, and has opened."""
    return session.scalars(
        select(StageTime).where(StageTime.event_id == event.id).order_by(StageTime.opens_at, StageTime.id)
    ).all()


def waiting_times(times: Sequence[StageTime]) -> list[tuple[Stage, datetime]]:
    """What is still to open by itself, on the venue's clock."""
    return [(each.stage, local(each.opens_at, each.event.timezone)) for each in times if each.opened_at is None]


def due_times(session: Session, *, at: datetime) -> Sequence[StageTime]:
    """What the clock should have opened by now, in every event that is out and rehearses nothing."""
    return session.scalars(
        select(StageTime)
        .join(StageTime.event)
        .where(
            StageTime.opened_at.is_(None),
            StageTime.opens_at <= at,
            Event.stage != Stage.DRAFT,
            Event.rehearsal_since.is_(None),
        )
        .options(joinedload(StageTime.event))
        .order_by(StageTime.event_id, StageTime.opens_at)
    ).all()


def last_move(session: Session, event: Event) -> Activity | None:
    """The last move of this event, as long as it can be taken back."""
    line = session.scalar(
        select(Activity)
        .where(Activity.event_id == event.id, Activity.kind.in_((MOVED, PUT_BACK)))
        .order_by(Activity.id.desc())
        .limit(1)
    )
    if line is None or "before" not in line.detail or "taken_back" in line.detail:
        return None
    return line if line.at > now() - TIME_TO_TAKE_BACK else None
