"""How pages are dressed and sent: security headers, versions of static files, words for dates, pages for errors."""

import functools
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_wtf.csrf import CSRFError
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined, Undefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from hackathon.core.clock import local, short_date, spoken_date, spoken_time
from hackathon.core.config import COMMAND_LINE, ROOT, BadConfiguration, Settings
from hackathon.core.errors import NotFound
from hackathon.core.words import in_a_row
from hackathon.maths.colour import contrast
from hackathon.maths.personal import Detail
from hackathon.web import acts
from hackathon.web.access import Door, may_pass, open_to
from hackathon.web.second_look import may_hold
from hackathon.web.writing import direction, written_in

bp = Blueprint("web", __name__)

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(), microphone=()"),
)
ERROR_PAGES = {400, 403, 404, 405, 413, 429, 500, 503}
READABLE = 4.5
SHORT = 500
"""Bytes of an answer."""
NOWHERE = "/-"
"""A path of no page."""
DESK_GROUPS = {
    "Before": {
        "plan": ("Plan", "desk.plan"),
        "invitations": ("Invitations", "invitations.invitations"),
        "people": ("People", "participants.people"),
        "letters": ("Letters", "mailings.calendar"),
        "seats": ("Seats", "seating.seats"),
        "paper": ("Paper", "print_kit.paper"),
    },
    "On the day": {
        "dashboard": ("Dashboard", "figures.dashboard"),
        "arrivals": ("Arrivals", "arrivals.desk"),
        "insights": ("Insights", "moderation.insights"),
        "community": ("Community", "community.desk"),
        "care": ("Care", "care.care"),
        "carried-in": ("Carry in", "carry_in.desk"),
        "typing": ("Typing in", "cards.cards"),
    },
    "Together": {
        "theming": ("Theming", "synthesis.theming"),
        "statements": ("Statements", "statements.statements"),
        "recommendations": ("Recommendations", "follow_up.recommendations"),
        "write-up": ("Write-up", "write_ups.write_up"),
    },
}
"""The pages of the desk in the order of an event's life, each with the view that shows it."""
DESK_PAGES = {name: page for pages in DESK_GROUPS.values() for name, page in pages.items()}
GO_WITH_PEOPLE = ("invitations", "people", "arrivals", "letters", "seats")
"""Those of them behind which nothing is left once an event is closed."""


class Code(BaseConverter):
    """The code of an event or a table: typed in any case, kept in capitals."""

    regex = "[0-9A-Za-z]{2,16}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value.upper()


class StrictAboutNames(Undefined):
    """A page that names what it was not given fails. What the GOV.UK macros ask for reads as empty: a key missing from
    a dictionary, the caller of a macro that can do without one, and their own words for nothing.
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        may_be_left_out = isinstance(kwargs.get("obj"), dict) or kwargs.get("name") in ("caller", "undefined", "null")
        return (Undefined if may_be_left_out else StrictUndefined)(*args, **kwargs)


class LowerCasePaths:
    """Makes addresses work however they are typed: a QR code holds capitals, because it is smaller with them.

    A page whose address holds a NUL there is not: PostgreSQL takes none, so no query shall meet one.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "").lower()
        environ["PATH_INFO"] = NOWHERE if "\0" in path else path
        return self.application(environ, start_response)


class PageCompress(Compress):
    """Pages go out compressed, and short answers such as receipts as they are: in those there is nothing to win."""

    def after_request(self, response: Response | None) -> Response:
        if response is not None and response.is_json and (response.content_length or SHORT) < SHORT:
            return response
        return super().after_request(response)


@dataclass(frozen=True, slots=True)
class Brand:
    """The organiser's own dress: every template can see it as `brand`."""

    organisation_name: str
    colour: str
    logo_url: str | None


def dress(app: Flask, settings: Settings) -> None:
    """Give the application its templates, filters, headers and error pages."""
    if contrast(settings.brand_colour, "#ffffff") < READABLE:
        raise BadConfiguration(
            f"brand_colour {settings.brand_colour} is too light: white words on it cannot be read. Choose a darker one."
        )
    app.url_map.converters["code"] = Code
    app.wsgi_app = LowerCasePaths(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way to add a middleware
    # Wrapped, because replacing the loader through jinja_options would lose the blueprints' templates.
    app.jinja_env.loader = ChoiceLoader(
        [
            FileSystemLoader(ROOT / "templates"),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    app.jinja_env.undefined = StrictAboutNames
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(static_url=static_url, desk_address=desk_address, may_pass=may_pass, Door=Door)
    app.jinja_env.globals.update(COMMAND_LINE=COMMAND_LINE)
    app.jinja_env.globals["static_words"] = static_words
    app.jinja_env.globals["kinds_of_detail"] = list(Detail)
    app.jinja_env.globals.update(REHEARSAL="This is a rehearsal: nothing counts and everything is wiped.")
    app.jinja_env.filters.update(
        in_a_row=in_a_row,
        may_hold=may_hold,
        local=local,
        spoken_date=spoken_date,
        short_date=short_date,
        spoken_time=spoken_time,
        one_or_more=one_or_more,
        direction=direction,
        written_in=written_in,
    )
    app.context_processor(lambda: {"brand": _brand(settings), "event": None})
    app.after_request(send_headers)
    app.register_blueprint(bp)
    app.register_blueprint(acts.bp)
    app.register_error_handler(HTTPException, error_page)
    app.register_error_handler(NotFound, lambda _: error_page_for(404))
    app.register_error_handler(CSRFError, lambda _: error_page_for(400, "stale"))
    app.register_error_handler(Exception, _fault)


def static_url(name: str) -> str:
    """The address of a static file with its version, so that a browser may keep it for ever."""
    return url_for("static", filename=name, v=_version(name))


@functools.cache
def static_words(name: str) -> Markup:
    """What a style sheet of ours says, for a letter that must carry it along."""
    return Markup((ROOT / "static" / name).read_text(encoding="utf-8"))


@functools.cache
def _version(name: str) -> str:
    return hashlib.sha256((ROOT / "static" / name).read_bytes()).hexdigest()[:10]


def one_or_more(number: int, one: str, more: str) -> str:
    """1 insight, 2 insights."""
    return f"{number:,} {one if number == 1 else more}"


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One row of the way round the desk. `pages` are words, address, and whether this is the page one is on."""

    words: str
    pages: tuple[tuple[str, str, bool], ...]

    @property
    def is_here(self) -> bool:
        return any(current for _, _, current in self.pages)


def desk_nav(event: Any, current: str) -> list[DeskRow]:
    """The way round the desk of an event, for whoever is before this page."""
    rows = [
        DeskRow(
            words,
            tuple(
                (label, url_for(endpoint, code=event.code), name == current)
                for name, (label, endpoint) in pages.items()
                if _opens(endpoint, event) and not (event.is_closed and name in GO_WITH_PEOPLE)
            ),
        )
        for words, pages in DESK_GROUPS.items()
    ]
    return [row for row in rows if row.pages]


def _opens(endpoint: str, event: Any) -> bool:
    """Whether the person before this page could open that one: nobody is shown a way that ends at a closed door.

    What is open to anyone is not there while the event is a draft.
    """
    door = getattr(current_app.view_functions[endpoint], "door", None)
    if door is Door.ANYONE:
        return bool(event.is_published)
    return isinstance(door, Door) and may_pass(door, event.code)


def desk_address(event: Any, page: str) -> str:
    """The address of one of the desk's pages, by its short name."""
    return url_for(DESK_PAGES[page][1], code=event.code)


def send_headers(response: Response) -> Response:
    """The same safe headers on every answer; pages are never kept, versioned files for a year."""
    headers = response.headers
    there = {name for name, _ in headers}
    for name, value in HEADERS:
        if name not in there:
            headers.add(name, value)
    if request.endpoint != "static":
        if "Cache-Control" not in there:
            headers.add("Cache-Control", "no-store")
    elif "v" in request.args and response.status_code in (200, 206, 304):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        headers.setdefault("Cache-Control", "no-cache")
    return response


def error_page(error: HTTPException) -> ResponseReturnValue:
    """A page in words for a refusal of the web itself."""
    if error.code is None or error.code < 400:
        return error.get_response()
    return error_page_for(error.code)


def error_page_for(status: int, name: str | None = None) -> ResponseReturnValue:
    if acts.comes_from_outbox():
        return acts.refuse_in_words(status)
    page = name or str(status if status in ERROR_PAGES else 500 if status >= 500 else 400)
    return render_template(f"web/{page}.html"), status


def _fault(error: Exception) -> ResponseReturnValue:
    """A fault of ours: written to the log with where it happened, told to the person without it."""
    current_app.logger.exception("%s %s", request.method, request.path, exc_info=error)
    if current_app.testing:
        raise error
    return error_page_for(500)


@functools.cache
def _brand(settings: Settings) -> Brand:
    logo = "/brand/logo" if settings.logo_file else None
    return Brand(organisation_name=settings.organisation_name, colour=settings.brand_colour, logo_url=logo)


@bp.get("/brand.css")
@open_to(Door.ANYONE)
def brand_css() -> ResponseReturnValue:
    """The organiser's one colour, as a style sheet: the strict policy lets no page carry it inline."""
    colour = current_app.extensions["settings"].brand_colour
    css = f":root{{--brand:{colour};--govuk-brand-colour:{colour};--govuk-link-colour:{colour}}}"
    return Response(css, mimetype="text/css", headers={"Cache-Control": "public, max-age=3600"})


@bp.get("/brand/logo")
@open_to(Door.ANYONE)
def logo() -> ResponseReturnValue:
    name = current_app.extensions["settings"].logo_file
    if not name:
        raise NotFound
    path = Path(name).resolve()
    answer = send_from_directory(path.parent, path.name, max_age=3600)
    # An SVG may carry a script; opened on its own it runs none.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
