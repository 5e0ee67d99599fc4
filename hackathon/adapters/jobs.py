"""Work that takes long: asked for by a page, done by the job process, kept as a file."""

import fcntl
import logging
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from flask import Flask
from sqlalchemy import ForeignKey, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from hackathon.adapters.postman import keep_sending
from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.db import Base, Created, db, transaction
from hackathon.core.errors import Refusal

Maker = Callable[..., bytes]
"""Makes the file for one event: reads with the session, then takes its time. It is given the session, the event's id
and, where a part of the event was asked for, that part."""

REST = timedelta(minutes=1)
"""How long a job that failed is left alone before somebody's wish tries it again."""
MOST_TRIES = 3
"""A job whose process died under it this often is itself at fault."""
LOOK_EVERY, WATCHES_EVERY, CHORES_EVERY, RETRY = 0.2, 1.0, 3600.0, 5.0
LAST_LETTER = 3.0
"""How long a process that is told to stop waits for the letter that is on its way: killed meanwhile, it would be sent
again."""
MOST_MEMORY = 4 << 30

logger = logging.getLogger(__name__)


class JobState(Enum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One file that somebody wants. The key says which version of it, so that the same wish is the same job.

    `part` says which part of the event it is about, in words that its maker knows; it is empty for all of it.
    """

    __tablename__ = "job"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    kind: Mapped[str]
    key: Mapped[str]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(default="")
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING, index=True)
    made_at: Mapped[Created]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    file_name: Mapped[str | None]


OPEN = Job.state.in_((JobState.WAITING, JobState.RUNNING))


def request_job(
    session: Session, kind: str, key: str, event_id: int, *, part: str = "", folder: Path | None = None
) -> Job:
    """Ask for a file. Asking again finds the same job; one that failed a minute ago or more gets another chance, and
    so does one whose file has gone from `folder` since it was made.

    A job that nobody has begun will show how things stand when it is done, so a newer wish takes its place: however
    often an event changes and somebody asks, one file of each kind and part is waited for.
    """
    same = select(Job).where(Job.kind == kind, Job.key == key)
    not_begun = select(Job).where(
        Job.kind == kind, Job.event_id == event_id, Job.part == part, Job.state == JobState.WAITING
    )
    job = session.scalar(same)
    if job is None and (job := session.scalar(not_begun.with_for_update(skip_locked=True))) is not None:
        job.key = key
    elif job is None:
        try:
            with session.begin_nested():
                job = Job(kind=kind, key=key, event_id=event_id, part=part)
                session.add(job)
        except IntegrityError:  # somebody asked for the same at the same moment, and was first
            job = session.scalars(same).one()
    elif _deserves_another_chance(job, folder):
        job.state, job.tries, job.error, job.file_name = JobState.WAITING, 0, None, None
    session.flush()
    return job


def _deserves_another_chance(job: Job, folder: Path | None) -> bool:
    if job.state is JobState.FAILED:
        return job.finished_at is not None and job.finished_at < now() - REST
    return job.state is JobState.DONE and folder is not None and not job_file(job, folder).is_file()


def job_file(job: Job, folder: Path) -> Path:
    """Where the file of a finished job lies."""
    if job.file_name is None:
        raise FileNotFoundError(f"job {job.id} has made no file")
    return folder / job.file_name


def run_next_job(kinds: Mapping[str, Maker], folder: Path) -> bool:
    """Do the oldest job that nobody is doing; False when there is none. The work is outside any write transaction."""
    if db.session.scalar(select(Job.id).where(OPEN).limit(1)) is None:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    with _claimed_job(folder) as job:
        if job is None:
            return False
        try:
            outcome = _outcome(job, kinds, folder)
        except Refusal as refusal:
            outcome = {"state": JobState.FAILED, "error": refusal.message}
        except OperationalError:
            raise  # the database is away: nobody's fault, and the job is found again
        except Exception:
            logger.exception("Job %s (%s) failed", job.id, job.kind)
            outcome = {
                "state": JobState.FAILED,
                "error": "This could not be made. The fault is ours and has been noted.",
            }
        with transaction() as session:
            ended = update(Job).where(Job.id == job.id, Job.state == JobState.RUNNING)
            is_wanted = session.execute(ended.values(finished_at=now(), **outcome)).rowcount  # type: ignore[attr-defined]  # an UPDATE has one - SQLAlchemy types the general result
            if not is_wanted:
                _path(job, folder).unlink(missing_ok=True)
            elif outcome["state"] is JobState.DONE:
                _forget_earlier(session, job, folder)
    return True


def _forget_earlier(session: Session, job: Job, folder: Path) -> None:
    """One version of a file is kept: what an earlier one said may have been taken off the pages since."""
    earlier = session.scalars(
        select(Job).where(
            Job.kind == job.kind,
            Job.event_id == job.event_id,
            Job.part == job.part,
            Job.id != job.id,
            Job.state == JobState.DONE,
        )
    ).all()
    for old in earlier:
        _forget(session, old, folder)


def _forget(session: Session, job: Job, folder: Path) -> None:
    for path in (_path(job, folder), _lock_path(job, folder)):
        path.unlink(missing_ok=True)
    session.delete(job)


def _path(job: Job, folder: Path) -> Path:
    return folder / f"job-{job.id}"


def _lock_path(job: Job, folder: Path) -> Path:
    return folder / f"job-{job.id}.lock"


def forget_files(session: Session, event_id: int, folder: Path) -> None:
    """Delete every finished file of an event: what it says may not be said any more. Whoever asks gets a new one.

    A file that is being made at this moment says it too: it is thrown away when it is done, and made once more.
    """
    under_way = update(Job).where(Job.event_id == event_id, Job.state == JobState.RUNNING)
    session.execute(under_way.values(state=JobState.WAITING, tries=0, started_at=None))
    for job in session.scalars(select(Job).where(Job.event_id == event_id, Job.state == JobState.DONE)).all():
        _forget(session, job, folder)


def forget_old_files(session: Session, kinds: Sequence[str], *, made_before: datetime, folder: Path) -> None:
    """Delete finished files of these kinds that are older than this. Whoever asks gets a new one."""
    old = select(Job).where(Job.kind.in_(kinds), Job.state == JobState.DONE, Job.finished_at < made_before)
    for job in session.scalars(old).all():
        _forget(session, job, folder)


def _outcome(job: Job, kinds: Mapping[str, Maker], folder: Path) -> dict[str, Any]:
    if job.tries > MOST_TRIES:
        raise Refusal(f"This could not be made. It was begun {MOST_TRIES} times and never came to an end.")
    made = kinds[job.kind](db.session(), job.event_id, *filter(None, [job.part]))
    path = _path(job, folder)
    _keep(made, path)
    return {"state": JobState.DONE, "error": None, "file_name": path.name}


@contextmanager
def _claimed_job(folder: Path) -> Iterator[Job | None]:
    """The oldest open job whose lock is free, ours until the end.

    The lock is on a file and says that the process lives that does the job: the kernel drops it with the process. So a
    job that was left behind is begun again, and at once.
    """
    oldest_first = select(Job).where(OPEN).order_by(Job.id).with_for_update(skip_locked=True)
    claimed, lock = None, None
    with transaction() as session:
        for job in session.scalars(oldest_first):
            if (lock := _locked(_lock_path(job, folder))) is not None:
                job.state, job.started_at, job.tries = JobState.RUNNING, now(), job.tries + 1
                claimed = job
                break
    try:
        yield claimed
    finally:
        if lock is not None:
            os.close(lock)


def _locked(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _keep(made: bytes, path: Path) -> None:
    """Whole or not at all, also when the disk is full or the machine stops."""
    with NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", delete=False) as file:
        try:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(file.name)
            raise


def do_alone(chore: Callable[[], object]) -> None:
    """One chore that fails must not stop the others, nor the files and letters."""
    try:
        chore()
    except OperationalError:
        raise
    except Exception:
        logger.exception("A chore failed")


def at_most_every(seconds: float, watch: Callable[[], object]) -> Callable[[], None]:
    """The same watch, for what need not be looked at each second."""
    due = time.monotonic()

    def look() -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + seconds
            watch()

    return look


def run_jobs_forever(
    app: Flask,
    kinds: Mapping[str, Maker],
    settings: Settings,
    *,
    chores: Sequence[Callable[[], object]] = (),
    watches: Sequence[Callable[[], object]] = (),
) -> None:
    """The job process: files as soon as somebody wants them, watches every second, chores every hour, until it is told
    to stop. Letters go beside all this: a mail server that is slow or hangs must hold up no stage that opens, and no
    badge that somebody waits for."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, most))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    letters = threading.Thread(target=keep_sending, args=(app, settings, stop), name="letters", daemon=True)
    letters.start()
    watches_due = chores_due = time.monotonic()
    while not stop.is_set():
        did_something = False
        try:
            with app.app_context():
                if time.monotonic() >= watches_due:
                    for watch in watches:
                        do_alone(watch)
                    watches_due = time.monotonic() + WATCHES_EVERY
                if time.monotonic() >= chores_due:
                    chores_due = time.monotonic() + CHORES_EVERY
                    for chore in chores:
                        do_alone(chore)
                did_something = run_next_job(kinds, settings.papers)
        except OperationalError as problem:
            logger.warning("The database cannot be reached at the moment: %s", problem)
            stop.wait(RETRY)
        if not did_something:
            stop.wait(LOOK_EVERY)
    letters.join(LAST_LETTER)
