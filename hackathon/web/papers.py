"""Answers with a PDF that the job process makes, and with a page that waits while it does."""

import threading
import time
from pathlib import Path

from flask import Response, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from hackathon.adapters.jobs import Job, JobState, job_file, request_job
from hackathon.adapters.pdf import PDF_IS_OFF, pdf_is_available
from hackathon.core.db import db, transaction
from hackathon.web.in_turn import stand_aside
from hackathon.web.settings import our_settings

LONGEST_WAIT = 90.0
LOOK_EVERY = 0.1
WAITERS = threading.BoundedSemaphore(6)
PATIENCE_OF_A_PAGE = 1.5
PATIENCE_OF_A_PRESS = 0.5
"""Whoever pressed a link to a paper sees within a second that it is being made."""


def answer_with_paper(kind: str, key: str, event_id: int, file_name: str, *, part: str = "") -> ResponseReturnValue:
    """The PDF of this kind for this key, which names exactly what is printed: the same key is made once.

    `part` is handed to its maker, where a paper is about one part of the event.

    A browser gets a page that says so while it is being made, and looks again by itself; a program simply waits.
    """
    if not pdf_is_available():
        return render_template("web/no_pdf.html", words=PDF_IS_OFF), 503
    with transaction() as session:
        job_id = request_job(session, kind, key, event_id, part=part, folder=our_settings().papers).id
    in_browser = _in_browser()
    # Who waits holds a thread. A few may; more than that come back, so that pages never wait for papers.
    if in_browser or not WAITERS.acquire(blocking=False):
        job = _wait_for(job_id, PATIENCE_OF_A_PRESS if in_browser else 0)
    else:
        try:
            job = _wait_for(job_id, LONGEST_WAIT)
        finally:
            WAITERS.release()
    if job.state is JobState.DONE:
        return _file(job_file(job, our_settings().papers), file_name)
    if job.state is JobState.FAILED:
        return render_template("web/no_pdf.html", words=job.error), 503
    if in_browser:
        return _waiting_page("2")
    return render_template("web/paper_wait.html"), 503, {"Retry-After": "10"}


def wait_before_gathering() -> ResponseReturnValue | None:
    """The page that waits, for a browser's first look at a paper of which the mere words take seconds to gather."""
    if not _in_browser() or "gather" in request.args:
        return None
    return _waiting_page("0; url=?gather=yes")


def _waiting_page(refresh: str) -> ResponseReturnValue:
    # As a header and not in the page: a screen reader is not told of a page that reloads under it.
    return render_template("web/paper_wait.html"), 202, {"Refresh": refresh}


def _in_browser() -> bool:
    return request.accept_mimetypes.best_match(["application/pdf", "text/html"]) == "text/html"


def made_for_page(kind: str, key: str, event_id: int) -> Job:
    """The job that makes something for a page, asked for where nobody has yet, after the patience that a page has."""
    with transaction() as session:
        job_id = request_job(session, kind, key, event_id, folder=our_settings().papers).id
    return _wait_for(job_id, PATIENCE_OF_A_PAGE)


def _wait_for(job_id: int, seconds: float) -> Job:
    """The job as it stands when it has ended, or when patience has."""
    stand_aside(request.environ)
    until = time.monotonic() + seconds
    while True:
        session = db.session()
        # Each look is a reading of its own: within one, the row would never be seen to change.
        session.rollback()
        if (job := session.get(Job, job_id, populate_existing=True)) is None:
            abort(503)  # a newer version took its place this very moment: the next try finds that one
        if job.state in (JobState.DONE, JobState.FAILED) or time.monotonic() > until:
            return job
        time.sleep(LOOK_EVERY)


def _file(path: Path, file_name: str) -> Response:
    answer = send_file(path, mimetype="application/pdf", download_name=file_name, max_age=0)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
