"""The job process: it makes papers, sends letters, and looks after what is due in every event."""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from hackathon.adapters.jobs import at_most_every, do_alone, forget_old_files, run_jobs_forever
from hackathon.admission.operations import lapse_offers
from hackathon.admission.queries import due_offers
from hackathon.carry_in.queries import answers_to_tell
from hackathon.closing.messages import is_to_be_told, send_notice
from hackathon.closing.operations import close_event, forget_what_was_due
from hackathon.closing.queries import events_to_close
from hackathon.comments.messages import send_reply
from hackathon.comments.operations import delete_due_addresses
from hackathon.community.messages import send_nudge
from hackathon.core.clock import now
from hackathon.core.db import empty_journal, overwrite_what_is_deleted, reading, transaction
from hackathon.dates.document import KINDS
from hackathon.events.models import Event
from hackathon.events.operations import SYSTEM, hold_event
from hackathon.events.queries import all_events, event_by_code, published_events
from hackathon.invitations.operations import delete_due_lists
from hackathon.mailings.messages import sender_from, write_next_letters
from hackathon.mailings.queries import kinds_to_send
from hackathon.moves.operations import end_moves
from hackathon.moves.queries import changes_due, moves_to_end
from hackathon.needs.messages import send_warning
from hackathon.needs.operations import forget_access_needs, list_needs
from hackathon.needs.queries import unlisted_needs, untold_needs
from hackathon.needs.transfer import WITH_NAMES
from hackathon.participants.messages import send_places
from hackathon.participants.operations import delete_due_answers
from hackathon.privacy.operations import seal_log
from hackathon.rehearsal.operations import keep_rehearsal_going
from hackathon.rehearsal.queries import rehearsing_events
from hackathon.seating.operations import forget_needs
from hackathon.stages.operations import open_due_stages
from hackathon.stages.queries import due_times
from hackathon.web.settings import our_settings

LETTERS_LOOKED_FOR_EVERY = 20.0
NEEDS_LOOKED_AT_EVERY = 60.0
NAMES_KEPT = timedelta(days=1)
"""How long the file of a paper lies here that says of people by name what they eat or whether they are photographed."""
CALENDAR_LOOKED_AT_EVERY, CALENDAR_FOR_AT_MOST = 5.0, 1.0
jobs = AppGroup("jobs", help="The process that makes papers and sends letters.")


@jobs.command("run")
def run_jobs() -> None:
    """Make papers and send letters until told to stop."""
    settings = our_settings()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the loop outlives this context - Flask's own name for what is behind the proxy
    watches = [
        open_stages,
        keep_rehearsals,
        let_offers_lapse,
        let_moves_end,
        at_most_every(LETTERS_LOOKED_FOR_EVERY, nudge_managers),
        at_most_every(LETTERS_LOOKED_FOR_EVERY, tell_of_answers),
        at_most_every(CALENDAR_LOOKED_AT_EVERY, write_letters),
        at_most_every(NEEDS_LOOKED_AT_EVERY, warn_of_needs),
    ]
    chores = [delete_answers, delete_addresses, delete_lists, tell_of_closing, close_events, seal_logs, empty_journal]
    papers = current_app.extensions["papers"]
    run_jobs_forever(app, papers, settings, chores=chores, watches=watches)


def delete_answers() -> None:
    """Keep the promise of the privacy notice: answers go on the day that it names."""
    settings = our_settings()
    with transaction() as session:
        overwrite_what_is_deleted(session)
        delete_due_answers(session, at=now())
        forget_needs(session, at=now())
        forget_access_needs(session, at=now())
        forget_old_files(session, WITH_NAMES, made_before=now() - NAMES_KEPT, folder=settings.papers)


def delete_addresses() -> None:
    """Forget those who wanted to hear back by mail, some weeks after the day."""
    with transaction() as session:
        overwrite_what_is_deleted(session)
        delete_due_addresses(session, at=now())


def delete_lists() -> None:
    """Let go of files that nobody took, and of who was on a list, some weeks after the day."""
    with transaction() as session:
        overwrite_what_is_deleted(session)
        delete_due_lists(session, at=now())


def tell_of_closing() -> None:
    """Write to the organisers a week before their event is closed."""
    settings = our_settings()
    to_be_told = [event for event in published_events(reading()) if is_to_be_told(reading(), event, at=now())]
    in_each(to_be_told, lambda session, code: send_notice(session, hold_event(session, code), address=settings.address))


def close_events() -> None:
    """Forget the people of events whose day has come, each event by itself, and what has left since of earlier ones."""
    settings = our_settings()

    def close(session: Session, code: str) -> None:
        close_event(session, hold_event(session, code), at=now(), papers=settings.papers, actor=SYSTEM)

    in_each(events_to_close(reading(), at=now()), close)
    with transaction() as session:
        forget_what_was_due(session, at=now())


def seal_logs() -> None:
    """Put a seal on what has come into each event's log."""
    in_each(all_events(reading()), lambda session, code: seal_log(session, event_by_code(session, code), at=now()))


def nudge_managers() -> None:
    """Write to those who answer while somebody waits."""
    settings = our_settings()

    def nudge(session: Session, code: str) -> None:
        send_nudge(session, event_by_code(session, code), at=now(), address=settings.address)

    in_each([event for event in published_events(reading()) if not event.is_closed], nudge)


def tell_of_answers() -> None:
    """Write to whoever a table answered, once somebody has let the answer through."""
    settings = our_settings()
    if answers_to_tell(reading()):
        with transaction() as session:
            for answer in answers_to_tell(session):
                send_reply(session, answer, address=settings.address)


def warn_of_needs() -> None:
    """Put new needs onto the access lead's list, and write to them of what is not booked in time."""
    settings = our_settings()
    at = now()

    def warn(session: Session, code: str) -> None:
        event = hold_event(session, code)
        list_needs(session, event, actor=SYSTEM)
        send_warning(session, event, at=at, address=settings.address)

    coming = [event for event in published_events(reading()) if event.ends_at > at]
    in_each([each for each in coming if unlisted_needs(reading(), each) or untold_needs(reading(), each, at=at)], warn)


def write_letters() -> None:
    """Write the letters of the calendar that are due, or that an organiser asked for: some now, the rest next time."""
    settings = our_settings()
    at, long_enough = now(), time.monotonic() + CALENDAR_FOR_AT_MOST
    while time.monotonic() < long_enough and (due := kinds_to_send(reading(), at=at)):
        for code, kind in due:
            with transaction() as session:
                event = event_by_code(session, code)
                write_next_letters(session, event, KINDS[kind], at=at, sender=sender_from(settings))


def open_stages() -> None:
    """Open what the clock says, within a second or two; looking first keeps the writer's lock for those who write."""
    at = now()
    if due_times(reading(), at=at):
        with transaction() as session:
            open_due_stages(session, at=at)


def let_offers_lapse() -> None:
    """A place that nobody took in time goes to the next in line, with a letter to both."""
    settings = our_settings()
    at = now()
    if due_offers(reading(), at=at):
        with transaction() as session:
            send_places(session, lapse_offers(session, at=at), address=settings.address)


def let_moves_end() -> None:
    """Whoever has come to hold a place gives up the one that they kept at another. And people who wait for each other's
    places change them as soon as nobody waits before them."""
    settings = our_settings()
    if moves_to_end(reading()) or changes_due(reading()):
        with transaction() as session:
            send_places(session, end_moves(session), address=settings.address)


def keep_rehearsals() -> None:
    """Let pretend people write, and end the rehearsals that the day has caught up with."""

    def keep_going(session: Session, code: str) -> None:
        keep_rehearsal_going(session, event_by_code(session, code), at=now())

    in_each(rehearsing_events(reading()), keep_going)


def in_each(events: Sequence[Event], do: Callable[[Session, str], object]) -> None:
    """Each event in a transaction of its own. One that fails keeps no other from what its people were promised."""

    def do_in(code: str) -> None:
        with transaction() as session:
            do(session, code)

    for code in [event.code for event in events]:
        do_alone(partial(do_in, code))
