"""Planning when stages open by themselves, opening what is due, and taking a move back."""

from datetime import datetime, time
from itertools import pairwise

from sqlalchemy.orm import Session

from hackathon.core.clock import moment_at, now
from hackathon.core.errors import Refusal
from hackathon.events.models import Event, Stage, StageTime
from hackathon.events.operations import record, settle_times, take_turns
from hackathon.events.queries import MOVED
from hackathon.stages.queries import due_times, last_move, stage_times_of

THE_CLOCK = "the clock"


def plan_times(
    session: Session,
    event: Event,
    *,
    warm_up: time | None,
    diverge: time | None,
    converge: time | None,
    after: time | None,
    actor: str,
) -> None:
    """Say when each stage opens by itself on the day, on the venue's clock. One without a time is opened by hand."""
    wanted = {
        Stage.WARM_UP: warm_up,
        Stage.DIVERGE: diverge,
        Stage.CONVERGE: converge,
        Stage.AFTER: after,
    }
    moments = {stage: moment_at(event.held_on, at, event.timezone) for stage, at in wanted.items() if at is not None}
    for (_, earlier), (stage, later) in pairwise(moments.items()):
        if later <= earlier:
            raise Refusal(f"“{stage.words}” comes after the stage before it. Write a later time.", stage.value)
    take_turns(session, event)
    kept = {each.stage: each for each in stage_times_of(session, event)}
    for stage, opens_at in moments.items():
        if stage in kept and kept[stage].opens_at == opens_at:
            continue
        if opens_at <= now():
            raise Refusal(f"That time is over. Write a later one, or open “{stage.words}” by hand.", stage.value)
        if stage not in kept:
            kept[stage] = StageTime(event=event, stage=stage)
            session.add(kept[stage])
        kept[stage].opens_at, kept[stage].opened_at = opens_at, None
    for stage in kept.keys() - moments.keys():
        session.delete(kept[stage])
    session.flush()
    record(session, event, "stages.timed", actor=actor, times=_written(moments))


def _written(moments: dict[Stage, datetime]) -> dict[str, str]:
    return {stage.value: at.isoformat() for stage, at in moments.items()}


def open_due_stages(session: Session, *, at: datetime) -> None:
    """Open what the clock says. Where several came due while nobody looked, the event goes to the latest of them."""
    latest = {each.event_id: each for each in due_times(session, at=at)}
    for due in latest.values():
        _open(session, due.event, due.id, at)


def _open(session: Session, event: Event, due_id: int, at: datetime) -> None:
    """Somebody may move the event by hand at this very moment, or take its time away: whoever has the turn first wins,
    and by hand stays.
    """
    take_turns(session, event)
    session.refresh(event)
    due = session.get(StageTime, due_id, populate_existing=True)
    if due is None or due.opened_at is not None or event.is_rehearsing:
        return
    before, event.stage = event.stage, due.stage
    settle_times(session, event, at=at)
    session.flush()
    if before is not due.stage:
        record(session, event, MOVED, actor=THE_CLOCK, stage=due.stage.value, before=before.value, settled=[])


def take_back(session: Session, event: Event, *, moved: int, actor: str) -> Event:
    """Undo the last move, for a short while: the event is where it was, and the clock goes on as it would have."""
    take_turns(session, event)
    session.refresh(event)
    line = last_move(session, event)
    if line is None or line.id != moved:
        raise Refusal("This move cannot be taken back any more. Move the event to where it should be.")
    before, event.stage = event.stage, Stage(line.detail["before"])
    settled = set(line.detail["settled"])
    for each in stage_times_of(session, event):
        if each.stage.value in settled and each.opens_at > now():
            each.opened_at = None
    session.flush()
    record(
        session, event, MOVED, actor=actor, stage=event.stage.value, before=before.value, settled=[], taken_back=line.id
    )
    return event
