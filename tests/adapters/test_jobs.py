"""Jobs, done here and by processes of their own that may be killed."""

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from hackathon.adapters import jobs
from hackathon.adapters.jobs import (
    MOST_TRIES,
    Job,
    JobState,
    forget_files,
    job_file,
    request_job,
    run_next_job,
)
from hackathon.adapters.mail import post_letter
from hackathon.core.clock import now
from hackathon.core.config import Settings
from hackathon.core.db import db, transaction
from hackathon.core.errors import Refusal
from hackathon.events.models import Event
from tests.makers import make_event


@pytest.fixture
def event(session: Session) -> Event:
    with transaction() as writing:
        return make_event(writing, title="Stannerdale")


@pytest.fixture
def folder(app: Flask) -> Path:
    settings: Settings = app.extensions["settings"]
    return settings.papers


def ask(event: Event, kind: str = "paper", key: str = "1", part: str = "") -> int:
    with transaction() as session:
        return request_job(session, kind, key, event.id, part=part).id


def seen(job_id: int) -> Job:
    session = db.session()
    session.rollback()
    return session.get_one(Job, job_id, populate_existing=True)


def title_page(session: Session, event_id: int) -> bytes:
    return f"# {session.get_one(Event, event_id).title}".encode()


def test_a_job_is_made_once_and_kept_as_a_file(event: Event, folder: Path) -> None:
    job_id = ask(event)

    assert [run_next_job({"paper": title_page}, folder) for _ in range(2)] == [True, False]

    job = seen(job_id)
    assert (job.state, job.tries, job.error, job.finished_at is not None) == (JobState.DONE, 1, None, True)
    assert job_file(job, folder).read_bytes() == b"# Stannerdale"


def test_the_same_wish_is_the_same_job_and_another_kind_is_another(event: Event) -> None:
    assert ask(event) == ask(event)
    assert ask(event) != ask(event, kind="other")


def test_however_often_an_event_changes_one_file_is_waited_for(event: Event, folder: Path) -> None:
    ids = {ask(event, key=str(number)) for number in range(30)}

    assert len(ids) == 1
    assert [run_next_job({"paper": title_page}, folder) for _ in range(2)] == [True, False]


def test_one_version_of_a_file_is_kept(event: Event, folder: Path) -> None:
    for key in ("1", "2"):
        ask(event, key=key)
        run_next_job({"paper": title_page}, folder)

    (job,) = all_jobs()
    assert job.key == "2"
    assert [path.name for path in folder.iterdir() if path.suffix != ".lock"] == [f"job-{job.id}"]


def test_what_is_forgotten_while_a_file_is_made_does_not_stand_in_it(event: Event, folder: Path) -> None:
    job_id = ask(event)

    def made_meanwhile(session: Session, event_id: int) -> bytes:
        said = title_page(session, event_id)
        session.rollback()
        with transaction() as writing:
            writing.get_one(Event, event_id).title = "Somewhere"
            forget_files(writing, event_id, folder)
        return said

    run_next_job({"paper": made_meanwhile}, folder)

    assert (seen(job_id).state, [path.name for path in folder.iterdir()]) == (JobState.WAITING, [f"job-{job_id}.lock"])
    run_next_job({"paper": title_page}, folder)
    assert job_file(seen(job_id), folder).read_bytes() == b"# Somewhere"


def test_parts_of_an_event_do_not_take_each_others_place(event: Event, folder: Path) -> None:
    def part_of(session: Session, event_id: int, part: str) -> bytes:
        return part.encode()

    jobs = {part: ask(event, key=part, part=part) for part in ("7-1-48", "8-1-48")}
    for _ in jobs:
        run_next_job({"paper": part_of}, folder)

    assert {part: job_file(seen(job), folder).read_text() for part, job in jobs.items()} == {
        "7-1-48": "7-1-48",
        "8-1-48": "8-1-48",
    }


def test_a_job_that_is_not_done_has_no_file(event: Event, folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        job_file(seen(ask(event)), folder)


def test_jobs_are_done_in_the_order_of_asking(event: Event, folder: Path) -> None:
    ids = [ask(event, kind=kind) for kind in ("paper", "other", "paper2")]
    kinds = dict.fromkeys(("paper", "other", "paper2"), title_page)

    while run_next_job(kinds, folder):
        pass

    ended = [seen(job_id).finished_at for job_id in ids]
    assert ended == sorted(ended, key=str)


def test_a_refusal_is_kept_in_its_own_words(event: Event, folder: Path) -> None:
    def refuse(_session: Session, _event_id: int) -> bytes:
        raise Refusal("Nothing has been written yet.")

    job_id = ask(event)
    run_next_job({"paper": refuse}, folder)

    assert (seen(job_id).state, seen(job_id).error) == (JobState.FAILED, "Nothing has been written yet.")


def test_a_fault_is_logged_and_the_next_job_is_done(
    event: Event, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken, good = ask(event, kind="unknown"), ask(event)

    assert [run_next_job({"paper": title_page}, folder) for _ in range(3)] == [True, True, False]

    assert seen(broken).error == "This could not be made. The fault is ours and has been noted."
    assert "KeyError: 'unknown'" in caplog.text
    assert seen(good).state is JobState.DONE


def test_a_failed_job_rests_for_a_minute_and_is_then_tried_again(event: Event, folder: Path) -> None:
    job_id = ask(event)
    run_next_job({}, folder)

    assert ask(event) == job_id
    assert seen(job_id).state is JobState.FAILED
    with transaction() as session:
        session.get_one(Job, job_id).finished_at = now() - timedelta(seconds=61)
    assert ask(event) == job_id
    assert run_next_job({"paper": title_page}, folder)
    assert (seen(job_id).state, seen(job_id).error) == (JobState.DONE, None)


def test_others_can_write_while_a_job_is_made(event: Event, folder: Path, app: Flask) -> None:
    written = threading.Event()

    def write_elsewhere() -> None:
        with app.app_context():
            ask(event, key="another")
            written.set()

    elsewhere = threading.Thread(target=write_elsewhere)

    def make(session: Session, event_id: int) -> bytes:
        title_page(session, event_id)
        elsewhere.start()
        return b"written meanwhile" if written.wait(5) else b"nobody could write"

    job_id = ask(event)
    run_next_job({"paper": make}, folder)
    elsewhere.join()  # it gives its connection back after it has written

    assert job_file(seen(job_id), folder).read_bytes() == b"written meanwhile"


def test_attack_43_a_file_that_cannot_be_written_whole_is_not_there_at_all(tmp_path: Path) -> None:
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, most))
    try:
        with pytest.raises(OSError, match="too large"):
            jobs._keep(b"x" * 10_000, tmp_path / "job-1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))

    assert list(tmp_path.iterdir()) == []


def test_two_wishes_at_the_same_moment_are_one_job(event: Event, app: Flask) -> None:
    together = threading.Barrier(8)
    ids: list[int] = []

    def wish() -> None:
        with app.app_context():
            together.wait()
            ids.append(ask(event))

    people = [threading.Thread(target=wish) for _ in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert len(ids) == 8
    assert len(set(ids)) == 1


PROCESS = """
import sys, time
from pathlib import Path
from hackathon.adapters import postman
from hackathon.adapters.jobs import run_jobs_forever
from hackathon.core.config import load_settings
from hackathon.events.models import Event
from hackathon.factory import create_app

postman.SMTP_PATIENCE = 600
settings = load_settings()
folder = settings.papers

def note(word):
    with open(settings.folder / "diary", "a") as diary:
        diary.write(word + "\\n")

def quick(session, event_id):
    note("quick")
    time.sleep(0.02)
    return session.get_one(Event, event_id).title.encode()

def slow(session, event_id):
    note("slow")
    if not (settings.folder / "hurry").exists():
        time.sleep(60)
    return b"done at last"

def deadly(session, event_id):
    import os, signal
    note("deadly")
    os.kill(os.getpid(), signal.SIGKILL)

run_jobs_forever(create_app(settings), {"quick": quick, "slow": slow, "deadly": deadly}, settings)
"""


@pytest.fixture
def job_process(app: Flask) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Starts a job process of its own. It waits for a mail server for longer than any test."""
    settings: Settings = app.extensions["settings"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path.cwd()),
        "HACKATHON_DATA_DIR": str(settings.folder),
        "HACKATHON_DATABASE_URL": settings.database_url,
        "HACKATHON_SECRET_KEY": settings.secret_key,
    }
    started: list[subprocess.Popen[bytes]] = []

    def start(smtp_url: str = "") -> "subprocess.Popen[bytes]":
        own = {**environment, "HACKATHON_SMTP_URL": smtp_url}
        started.append(subprocess.Popen([sys.executable, "-c", PROCESS], env=own))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def diary(app: Flask) -> list[str]:
    path = app.extensions["settings"].folder / "diary"
    return path.read_text().split() if path.exists() else []


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_three_job_processes_do_every_job_once(
    session: Session, app: Flask, folder: Path, job_process: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    with transaction() as writing:
        events = [make_event(writing, title="Stannerdale") for _ in range(40)]
    ids = [ask(event, "quick", str(event.id)) for event in events]

    for _ in range(3):
        job_process()

    until(lambda: all(job.state is JobState.DONE for job in all_jobs()))
    assert diary(app) == ["quick"] * 40
    assert {job_file(seen(job_id), folder).read_bytes() for job_id in ids} == {b"Stannerdale"}


def all_jobs() -> list[Job]:
    session = db.session()
    session.rollback()
    return list(session.scalars(select(Job).execution_options(populate_existing=True)))


def test_attack_42_a_job_whose_process_was_killed_is_begun_again_at_once_and_by_nobody_before(
    event: Event, app: Flask, folder: Path, job_process: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    job_id = ask(event, "slow")
    first = job_process()
    until(lambda: diary(app) == ["slow"])
    second = job_process()
    other = ask(event, "quick")
    until(lambda: seen(other).state is JobState.DONE)
    assert diary(app) == ["slow", "quick"]

    (app.extensions["settings"].folder / "hurry").touch()
    first.kill()

    until(lambda: seen(job_id).state is JobState.DONE)
    assert (diary(app), seen(job_id).tries) == (["slow", "quick", "slow"], 2)
    assert job_file(seen(job_id), folder).read_bytes() == b"done at last"
    assert second.poll() is None


def test_a_job_that_kills_its_process_is_given_up(
    event: Event, app: Flask, job_process: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    job_id = ask(event, "deadly")

    for _ in range(MOST_TRIES):
        assert job_process().wait(20) == -signal.SIGKILL
    job_process()

    until(lambda: seen(job_id).state is JobState.FAILED)
    assert diary(app) == ["deadly"] * MOST_TRIES
    assert seen(job_id).error == "This could not be made. It was begun 3 times and never came to an end."


def test_a_job_process_that_is_told_to_stop_does_so_in_good_order(
    event: Event, job_process: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    job_id = ask(event, "quick")
    process = job_process()
    until(lambda: seen(job_id).state is JobState.DONE)

    process.terminate()

    assert process.wait(60) == 0


def test_a_mail_server_that_hangs_holds_up_no_file(
    event: Event, job_process: Callable[..., "subprocess.Popen[bytes]"]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with transaction() as session:
            post_letter(session, kind="test", to_address="ada@example.org", subject="Hello", text="Dear Ada")
        process = job_process(smtp_url=f"smtp://127.0.0.1:{server.getsockname()[1]}")
        caller, _ = server.accept()  # it waits for a greeting that never comes, for as long as the file takes

        job_id = ask(event, "quick")
        until(lambda: seen(job_id).state is JobState.DONE)

        process.terminate()
        assert process.wait(60) == 0
        caller.close()


def test_a_file_that_has_gone_is_made_again(event: Event, folder: Path) -> None:
    job_id = ask(event)
    run_next_job({"paper": title_page}, folder)
    job_file(seen(job_id), folder).unlink()

    with transaction() as session:
        again = request_job(session, "paper", "1", event.id, folder=folder)
        assert (again.id, again.state) == (job_id, JobState.WAITING)

    assert run_next_job({"paper": title_page}, folder)
    assert job_file(seen(job_id), folder).read_bytes() == b"# Stannerdale"
