"""Puts the house together. It knows every room; nobody knows it."""

import logging
import time
from collections.abc import Mapping
from datetime import timedelta

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from govuk_frontend_wtf.main import WTFormsHelpers
from werkzeug.middleware.proxy_fix import ProxyFix

from hackathon.adapters.jobs import Maker, at_most_every, forget_old_files, run_jobs_forever
from hackathon.admission import views as admission
from hackathon.admission.operations import lapse_offers
from hackathon.admission.queries import due_offers
from hackathon.alike import views as alike
from hackathon.archive import commands as archive_commands
from hackathon.arrivals import views as arrivals
from hackathon.badges import views as badges
from hackathon.badges.transfer import make_badges, make_door_sign, make_register
from hackathon.ballots import views as ballots
from hackathon.bookings import views as bookings
from hackathon.cards import views as cards
from hackathon.care import views as care
from hackathon.carry_in import views as carry_in
from hackathon.carry_in.queries import answers_to_tell
from hackathon.carry_in.transfer import make_slips
from hackathon.closing import commands as closing_commands
from hackathon.closing import views as closing
from hackathon.closing.messages import is_to_be_told, send_notice
from hackathon.closing.operations import close_event, forget_what_was_due
from hackathon.closing.queries import events_to_close
from hackathon.closing.transfer import PAPER as CERTIFICATE
from hackathon.closing.transfer import make_certificate
from hackathon.comments import views as comments
from hackathon.comments.messages import send_reply
from hackathon.comments.operations import delete_due_addresses
from hackathon.commitments import views as commitments
from hackathon.community import views as community
from hackathon.community.messages import send_nudge
from hackathon.core.clock import now
from hackathon.core.config import ROOT, Settings, load_settings
from hackathon.core.db import connect_to, reading, transaction
from hackathon.dates.document import KINDS
from hackathon.desk import commands as desk_commands
from hackathon.desk import views as desk
from hackathon.duty import views as duty
from hackathon.equality import views as equality
from hackathon.events import commands as events_commands
from hackathon.events import views as events
from hackathon.events.operations import SYSTEM, hold_event
from hackathon.events.queries import all_events, event_by_code, may_open, published_events
from hackathon.figures import views as figures
from hackathon.follow_up import views as follow_up
from hackathon.framing import views as framing
from hackathon.handouts import views as handouts
from hackathon.handouts.transfer import make_pack_pdf
from hackathon.insights import views as insights
from hackathon.invitations import views as invitations
from hackathon.invitations.operations import delete_due_lists
from hackathon.links import views as links
from hackathon.lobby import views as lobby
from hackathon.mailings import views as mailings
from hackathon.mailings.messages import sender_from, write_next_letters
from hackathon.mailings.queries import kinds_to_send
from hackathon.moderation import views as moderation
from hackathon.moves import views as moves
from hackathon.moves.operations import end_moves
from hackathon.moves.queries import moves_to_end
from hackathon.needs import views as needs
from hackathon.needs.messages import send_warning
from hackathon.needs.operations import forget_access_needs, list_needs
from hackathon.needs.queries import unlisted_needs, untold_needs
from hackathon.needs.transfer import (
    MEAL_NAMES,
    MEALS,
    PHOTOS,
    WITH_NAMES,
    make_meal_list,
    make_meal_names,
    make_photo_list,
)
from hackathon.overall import views as overall
from hackathon.participants import views as participants
from hackathon.participants.messages import send_places
from hackathon.participants.operations import delete_due_answers
from hackathon.policy import views as policy
from hackathon.print_kit import views as print_kit
from hackathon.print_kit.transfer import (
    make_ballots,
    make_capture_cards,
    make_everything,
    make_poster,
    make_seat_plan,
    make_seats_by_name,
    make_table_cards,
    make_tally_sheet,
)
from hackathon.privacy import views as privacy
from hackathon.privacy.operations import seal_log
from hackathon.proofreading import commands as proofreading_commands
from hackathon.questions import views as questions
from hackathon.rehearsal import views as rehearsal
from hackathon.rehearsal.operations import keep_rehearsal_going
from hackathon.rehearsal.queries import rehearsing_events
from hackathon.results import views as results
from hackathon.seating import views as seating
from hackathon.seating.operations import forget_needs
from hackathon.seating.transfer import make_plan
from hackathon.seeds import views as seeds
from hackathon.series import views as series
from hackathon.signs import views as signs
from hackathon.signs.transfer import make_run_sheet, make_signs
from hackathon.staff import commands as staff_commands
from hackathon.staff import views as staff
from hackathon.staff.queries import account_by_id
from hackathon.stages import views as stages
from hackathon.stages.operations import open_due_stages
from hackathon.stages.queries import due_times
from hackathon.statements import views as statements
from hackathon.synthesis import views as synthesis
from hackathon.tables import views as tables
from hackathon.themes import views as themes
from hackathon.votes import views as votes
from hackathon.web.cookies import SignedCookies, TokenCheck
from hackathon.web.express import Express
from hackathon.web.kept_ready import keep_pages_ready
from hackathon.web.pages import PageCompress, dress
from hackathon.wishes import views as wishes
from hackathon.write_ups import commands as write_ups_commands
from hackathon.write_ups import views as write_ups
from hackathon.write_ups.transfer import make_write_up

BLUEPRINTS = (
    staff.bp,
    events.bp,
    framing.bp,
    participants.bp,
    handouts.bp,
    questions.bp,
    equality.bp,
    stages.bp,
    themes.bp,
    tables.bp,
    wishes.bp,
    seating.bp,
    needs.bp,
    admission.bp,
    invitations.bp,
    bookings.bp,
    moves.bp,
    badges.bp,
    signs.bp,
    arrivals.bp,
    insights.bp,
    seeds.bp,
    cards.bp,
    moderation.bp,
    care.bp,
    comments.bp,
    duty.bp,
    community.bp,
    links.bp,
    alike.bp,
    carry_in.bp,
    synthesis.bp,
    votes.bp,
    statements.bp,
    ballots.bp,
    results.bp,
    follow_up.bp,
    commitments.bp,
    rehearsal.bp,
    series.bp,
    figures.bp,
    overall.bp,
    lobby.bp,
    policy.bp,
    privacy.bp,
    desk.bp,
    print_kit.bp,
    write_ups.bp,
    mailings.bp,
    closing.bp,
)
LETTERS_LOOKED_FOR_EVERY = 20.0
NEEDS_LOOKED_AT_EVERY = 60.0
NAMES_KEPT = timedelta(days=1)
"""How long the file of a paper lies here that says of people by name what they eat or whether they are photographed."""
CALENDAR_LOOKED_AT_EVERY, CALENDAR_FOR_AT_MOST = 5.0, 1.0
jobs = AppGroup("jobs", help="The process that makes papers and sends letters.")


@jobs.command("run")
def run_jobs() -> None:
    """Make papers and send letters until told to stop."""
    settings: Settings = current_app.extensions["settings"]
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
    chores = [delete_answers, delete_addresses, delete_lists, tell_of_closing, close_events, seal_logs]
    run_jobs_forever(app, PAPERS, settings, chores=chores, watches=watches)


def delete_answers() -> None:
    """Keep the promise of the privacy notice: answers go on the day that it names."""
    settings: Settings = current_app.extensions["settings"]
    with transaction() as session:
        delete_due_answers(session, at=now())
        forget_needs(session, at=now())
        forget_access_needs(session, at=now())
        forget_old_files(session, WITH_NAMES, made_before=now() - NAMES_KEPT, folder=settings.papers)


def delete_addresses() -> None:
    """Forget those who wanted to hear back by mail, some weeks after the day."""
    with transaction() as session:
        delete_due_addresses(session, at=now())


def delete_lists() -> None:
    """Let go of files that nobody took, and of who was on a list, some weeks after the day."""
    with transaction() as session:
        delete_due_lists(session, at=now())


def tell_of_closing() -> None:
    """Write to the organisers a week before their event is closed."""
    settings: Settings = current_app.extensions["settings"]
    for code in [event.code for event in published_events(reading()) if is_to_be_told(reading(), event, at=now())]:
        with transaction() as session:
            send_notice(session, hold_event(session, code), address=settings.address)


def close_events() -> None:
    """Forget the people of events whose day has come, each event by itself, and what has left since of earlier ones."""
    settings: Settings = current_app.extensions["settings"]
    for code in [event.code for event in events_to_close(reading(), at=now())]:
        with transaction() as session:
            close_event(session, hold_event(session, code), at=now(), papers=settings.papers, actor=SYSTEM)
    with transaction() as session:
        forget_what_was_due(session, at=now())


def seal_logs() -> None:
    """Put a seal on what has come into each event's log."""
    for code in [event.code for event in all_events(reading())]:
        with transaction() as session:
            seal_log(session, event_by_code(session, code), at=now())


def nudge_managers() -> None:
    """Write to those who answer while somebody waits."""
    settings: Settings = current_app.extensions["settings"]
    for code in [event.code for event in published_events(reading()) if not event.is_closed]:
        with transaction() as session:
            send_nudge(session, event_by_code(session, code), at=now(), address=settings.address)


def tell_of_answers() -> None:
    """Write to whoever a table answered, once somebody has let the answer through."""
    settings: Settings = current_app.extensions["settings"]
    if answers_to_tell(reading()):
        with transaction() as session:
            for answer in answers_to_tell(session):
                send_reply(session, answer, address=settings.address)


def warn_of_needs() -> None:
    """Put new needs onto the access lead's list, and write to them of what is not booked in time."""
    settings: Settings = current_app.extensions["settings"]
    at = now()
    for code in [event.code for event in published_events(reading()) if event.ends_at > at]:
        event = event_by_code(reading(), code)
        if unlisted_needs(reading(), event) or untold_needs(reading(), event, at=at):
            with transaction() as session:
                event = hold_event(session, code)
                list_needs(session, event, actor=SYSTEM)
                send_warning(session, event, at=at, address=settings.address)


def write_letters() -> None:
    """Write the letters of the calendar that are due, or that an organiser asked for: some now, the rest next time."""
    settings: Settings = current_app.extensions["settings"]
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
    settings: Settings = current_app.extensions["settings"]
    at = now()
    if due_offers(reading(), at=at):
        with transaction() as session:
            send_places(session, lapse_offers(session, at=at), address=settings.address)


def let_moves_end() -> None:
    """Whoever was let in at the door of one place gives up the one that they kept at another."""
    settings: Settings = current_app.extensions["settings"]
    if moves_to_end(reading()):
        with transaction() as session:
            send_places(session, end_moves(session), address=settings.address)


def keep_rehearsals() -> None:
    """Let pretend people write, and end the rehearsals that the day has caught up with."""
    for code in [event.code for event in rehearsing_events(reading())]:
        with transaction() as session:
            keep_rehearsal_going(session, event_by_code(session, code), at=now())


COMMANDS: tuple[click.Group, ...] = (
    staff_commands.staff,
    staff_commands.mail,
    events_commands.events,
    events_commands.staff,
    closing_commands.events,
    desk_commands.events,
    proofreading_commands.packs,
    archive_commands.events,
    archive_commands.demo,
    write_ups_commands.write_ups,
    jobs,
)
PAPERS: Mapping[str, Maker] = {
    handouts.PAPER: make_pack_pdf,
    write_ups.PAPER: make_write_up,
    print_kit.TABLE_CARDS: make_table_cards,
    print_kit.POSTER: make_poster,
    print_kit.CAPTURE_CARDS: make_capture_cards,
    print_kit.BALLOTS: make_ballots,
    print_kit.TALLY_SHEET: make_tally_sheet,
    print_kit.SEATS: make_seat_plan,
    print_kit.SEATS_BY_NAME: make_seats_by_name,
    print_kit.EVERYTHING: make_everything,
    signs.SIGNS: make_signs,
    signs.RUN_SHEET: make_run_sheet,
    badges.BADGES: make_badges,
    badges.REGISTER: make_register,
    badges.DOOR_SIGN: make_door_sign,
    carry_in.PAPER: make_slips,
    seating.PLAN: make_plan,
    MEALS: make_meal_list,
    MEAL_NAMES: make_meal_names,
    PHOTOS: make_photo_list,
    CERTIFICATE: make_certificate,
}
"""Who makes which kind of paper in the job process; a plan for the seats is one that is read by a page."""

LARGEST_REQUEST = 2 * 1024 * 1024
LARGEST_FORM = 160 * 1024
"""What is typed. It is more than twice the 64 KB in which files are read, or they would be taken for words."""
MOST_PARTS = 200


def create_app(settings: Settings | None = None) -> Flask:
    """The application: settings, database, rooms, manners."""
    settings = settings or load_settings()
    app = Flask("hackathon", root_path=str(ROOT / "hackathon"), static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=settings.secret(),
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": settings.threads + 4, "max_overflow": 8, "pool_pre_ping": True},
        SESSION_COOKIE_NAME="hack",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.address.startswith("https://"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=120),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_PARTS,
        # A phone sleeps in a pocket between two insights; its form stays good as long as its session.
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/csv",
            "text/javascript",
            "application/json",
            "image/svg+xml",
        ],
    )
    app.logger.setLevel(logging.INFO)
    app.extensions["settings"] = settings
    app.extensions["names"] = lambda staff_id: account_by_id(reading(), staff_id).name
    app.extensions["doorkeeper"] = lambda staff_id, code, roles: may_open(reading(), staff_id, code, roles)
    settings.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    connect_to(app)
    app.session_interface = SignedCookies(app)
    TokenCheck(app)
    PageCompress(app)
    WTFormsHelpers(app)
    dress(app, settings)
    app.wsgi_app = Express(app, app.wsgi_app, insights.EXPRESS)  # type: ignore[method-assign]  # Flask's own way to add a middleware
    keep_pages_ready(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.trusted_proxies:
        steps = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=steps, x_proto=steps)  # type: ignore[method-assign]  # Flask's own way to add a middleware
    offer_commands(app)
    return app


def offer_commands(app: Flask) -> None:
    """Put the rooms' commands on the command line; several rooms may add to one word, such as `events`."""
    for group in COMMANDS:
        word = app.cli.commands.get(group.name or "")
        if not isinstance(word, click.Group):
            app.cli.add_command(word := click.Group(group.name, help=group.help))
        for command in group.commands.values():
            word.add_command(command)
