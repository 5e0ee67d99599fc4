"""What phones send by the hundred in the same second takes a short way, before there is a request of Flask's.

The short way knows only yes. What is exactly as an outbox of ours sends it is taken here, behind every safeguard that
the long way has. Anything else - a token of another browser, a field too many, too many acts, a code that leads
nowhere, a rule's no - goes on to the view of the same address as if nobody had looked at it, and that says what is
wrong. So words for a refusal stand in one place, and nothing is told here that is not told there. Only a fault is
answered at once, as the long way would.
"""

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.routing import MapAdapter

from hackathon.core.clock import now
from hackathon.core.errors import NotFound, Refusal
from hackathon.web.access import device
from hackathon.web.acts import NOT_TAKEN, count_act
from hackathon.web.cookies import TOKEN, SignedCookies
from hackathon.web.fields import seconds_in
from hackathon.web.pages import HEADERS

LONGEST = 16 * 1024
"""Bytes of an act that is nothing out of the ordinary."""
FORM = "application/x-www-form-urlencoded"
HEAD = [("Content-Type", "application/json"), *HEADERS, ("Cache-Control", "no-store"), ("Vary", "Cookie")]


@dataclass(slots=True)
class Sent:
    """An act on its way: the fields of its form, and what the phone's cookie `held`, to be changed for the answer.

    `phone` is what is kept of the phone.
    """

    fields: dict[str, str]
    held: dict[str, Any]
    phone: str
    addresses: MapAdapter

    @property
    def written_at(self) -> datetime:
        """When the button was pressed."""
        return now() - seconds_in(self.fields.get("waited", ""))

    def url_for(self, endpoint: str, **values: str) -> str:
        return self.addresses.build(endpoint, values)


Answer = tuple[str, list[tuple[str, str]], bytes]
"""Status, head and body."""
Take = Callable[..., Mapping[str, object] | None]
"""Takes in what was sent to a path, given what the path holds, and returns the receipt; None sends it the long way."""


class Express:
    """Takes what it can, and hands on the rest untouched."""

    def __init__(self, app: Flask, application: WSGIApplication, ways: Mapping[re.Pattern[str], Take]) -> None:
        self._app, self._application, self._ways = app, application, ways
        assert isinstance(app.session_interface, SignedCookies)
        self._cookies, self._tokens = app.session_interface, app.extensions["csrf"]
        self._addresses = app.url_map.bind("")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if is_from_outbox(environ) and (way := self._way(environ["PATH_INFO"])):
            take, within = way
            body = whole_body(environ)
            if answer := self._take(take, within, body, environ):
                status, head, words = answer
                start_response(status, head)
                return [words]
        return self._application(environ, start_response)

    def _way(self, path: str) -> tuple[Take, dict[str, str]] | None:
        for pattern, take in self._ways.items():
            if found := pattern.fullmatch(path.lower()):
                return take, found.groupdict()
        return None

    def _take(self, take: Take, within: Mapping[str, str], body: bytes, environ: WSGIEnvironment) -> Answer | None:
        held = self._cookies.read(environ.get("HTTP_COOKIE", ""))
        fields = fields_in(body)
        if not held or not fields:
            return None
        token, before = fields.pop(TOKEN, None) or environ.get("HTTP_X_CSRFTOKEN"), held.copy()
        if self._tokens.problem_with(environ, held, token):
            return None
        with self._app.app_context():
            phone = device(held)
            if not count_act(environ, phone):
                return None
            try:
                receipt = take(Sent(fields, held, phone, self._addresses), **within)
            except (Refusal, NotFound):
                return None
            except Exception:
                # Nobody waits a second time for a database that is away. The phone tries again by itself.
                self._app.logger.exception("POST %s", environ["PATH_INFO"])
                return _answer("500 INTERNAL SERVER ERROR", {"message": NOT_TAKEN, "field": None})
        if receipt is None:
            return None
        return _answer("200 OK", receipt, "" if held == before else self._cookies.line(held))


def _answer(status: str, said: Mapping[str, object], cookie: str = "") -> Answer:
    words = json.dumps(said).encode()
    head = [*HEAD, ("Content-Length", str(len(words)))]
    return status, [*head, ("Set-Cookie", cookie)] if cookie else head, words


def whole_body(environ: WSGIEnvironment) -> bytes:
    """What was sent, to be read again by whoever comes next; nothing where a part of it was lost on the way.

    gunicorn says that a body ends where it ends. Then nobody looks whether all of it came: that mark is taken off.
    """
    length = int(environ["CONTENT_LENGTH"])
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    environ.pop("wsgi.input_terminated", None)
    return body if len(body) == length else b""


def is_from_outbox(environ: WSGIEnvironment) -> bool:
    """Whether this has the shape of what our outbox sends."""
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ.get("HTTP_ACCEPT") == "application/json"
        and environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == FORM
        and length.isdecimal()
        and int(length) <= LONGEST
        and not environ.get("SCRIPT_NAME")
        and not environ.get("QUERY_STRING")
    )


def fields_in(body: bytes) -> dict[str, str] | None:
    """The fields of a form, each there once; None where that is not what came."""
    fields: dict[str, str] = {}
    try:
        pairs = body.decode("ascii").split("&")
        for pair in pairs:
            name, _, value = pair.replace("+", " ").partition("=")
            fields[unquote(name)] = unquote(value, errors="strict")
    except ValueError:
        return None
    return fields if len(fields) == len(pairs) else None
