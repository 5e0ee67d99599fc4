"""The plan as the job process works it out, and as a page reads it."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import Job, job_file
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from hackathon.seating.document import Proposal, proposal_of
from hackathon.seating.queries import room_of, waiting_run


def make_plan(session: Session, event_id: int) -> bytes:
    """A plan for the run that waits, for the job process. It is a proposal: no seat changes by it."""
    from hackathon.maths.mixing import mix  # noqa: PLC0415 - heavy: numpy and scipy, which no web worker shall load

    event = session.get_one(Event, event_id)
    run = waiting_run(session, event)
    if run is None or run.leaning is None or run.moving is None or run.seed is None:
        raise Refusal("Nobody waits for this plan any more.")
    room = room_of(session, event, leaning=run.leaning, moving=run.moving)
    return proposal_of(room, mix(room.people, room.tables, room.rules, seed=run.seed)).as_json()


def forget_plans(session: Session, kind: str, event_id: int, folder: Path) -> None:
    """A plan that was taken or left lies in no file any more: it tells of what people need."""
    for job in session.scalars(select(Job).where(Job.kind == kind, Job.event_id == event_id)):
        if job.file_name is not None:
            job_file(job, folder).unlink(missing_ok=True)


def read_plan(job: Job, folder: Path) -> Proposal:
    return Proposal.from_json(job_file(job, folder).read_bytes())
