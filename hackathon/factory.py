"""Puts the house together. It knows every room; nobody knows it."""

import logging
from collections.abc import Mapping
from datetime import timedelta

import click
from flask import Flask
from govuk_frontend_wtf.main import WTFormsHelpers
from werkzeug.middleware.proxy_fix import ProxyFix

from hackathon.adapters.jobs import Maker
from hackathon.admission import views as admission
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
from hackathon.carry_in.transfer import make_slips
from hackathon.closing import commands as closing_commands
from hackathon.closing import views as closing
from hackathon.closing.transfer import PAPER as CERTIFICATE
from hackathon.closing.transfer import make_certificate
from hackathon.comments import views as comments
from hackathon.commitments import views as commitments
from hackathon.community import views as community
from hackathon.core.config import ROOT, Settings, load_settings
from hackathon.core.db import connect_to, reading
from hackathon.desk import commands as desk_commands
from hackathon.desk import views as desk
from hackathon.duty import views as duty
from hackathon.equality import views as equality
from hackathon.events import commands as events_commands
from hackathon.events import views as events
from hackathon.events.queries import may_open
from hackathon.figures import views as figures
from hackathon.follow_up import views as follow_up
from hackathon.framing import views as framing
from hackathon.handouts import views as handouts
from hackathon.handouts.transfer import make_pack_pdf
from hackathon.insights import views as insights
from hackathon.invitations import views as invitations
from hackathon.links import views as links
from hackathon.lobby import views as lobby
from hackathon.mailings import views as mailings
from hackathon.moderation import views as moderation
from hackathon.moves import views as moves
from hackathon.needs import views as needs
from hackathon.needs.transfer import MEAL_NAMES, MEALS, PHOTOS, make_meal_list, make_meal_names, make_photo_list
from hackathon.overall import views as overall
from hackathon.participants import views as participants
from hackathon.policy import views as policy
from hackathon.print_kit import views as print_kit
from hackathon.print_kit.transfer import (
    make_ballots,
    make_capture_cards,
    make_everything,
    make_large_print,
    make_poster,
    make_seat_plan,
    make_seats_by_name,
    make_series_poster,
    make_table_cards,
    make_tally_sheet,
)
from hackathon.privacy import views as privacy
from hackathon.proofreading import commands as proofreading_commands
from hackathon.questions import views as questions
from hackathon.rehearsal import views as rehearsal
from hackathon.results import views as results
from hackathon.seating import views as seating
from hackathon.seating.transfer import make_plan
from hackathon.seeds import views as seeds
from hackathon.series import views as series
from hackathon.signs import views as signs
from hackathon.signs.transfer import make_run_sheet, make_signs
from hackathon.staff import commands as staff_commands
from hackathon.staff import views as staff
from hackathon.staff.queries import account_by_id
from hackathon.stages import views as stages
from hackathon.statements import views as statements
from hackathon.surveys import views as surveys
from hackathon.synthesis import views as synthesis
from hackathon.tables import views as tables
from hackathon.themes import views as themes
from hackathon.votes import views as votes
from hackathon.watches import commands as watches_commands
from hackathon.web.cookies import SignedCookies, TokenCheck
from hackathon.web.express import Express
from hackathon.web.kept_ready import keep_pages_ready
from hackathon.web.once_more import do_once_more
from hackathon.web.pages import PageCompress, dress
from hackathon.wishes import views as wishes
from hackathon.write_ups import commands as write_ups_commands
from hackathon.write_ups import views as write_ups
from hackathon.write_ups.transfer import make_large_write_up, make_write_up

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
    surveys.bp,
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
    watches_commands.jobs,
)
PAPERS: Mapping[str, Maker] = {
    handouts.PAPER: make_pack_pdf,
    write_ups.PAPER: make_write_up,
    write_ups.LARGE: make_large_write_up,
    print_kit.TABLE_CARDS: make_table_cards,
    print_kit.POSTER: make_poster,
    print_kit.SERIES_POSTER: make_series_poster,
    print_kit.CAPTURE_CARDS: make_capture_cards,
    print_kit.BALLOTS: make_ballots,
    print_kit.TALLY_SHEET: make_tally_sheet,
    print_kit.SEATS: make_seat_plan,
    print_kit.SEATS_BY_NAME: make_seats_by_name,
    print_kit.EVERYTHING: make_everything,
    print_kit.LARGE_PRINT: make_large_print,
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
    app.extensions["papers"] = PAPERS
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
    do_once_more(app)
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
