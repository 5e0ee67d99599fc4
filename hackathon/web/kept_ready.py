"""Pages that hundreds of phones ask for at once are kept ready, and each phone's own parts are put in.

What a phone alone may have are the token against forged requests and the ids of what it sends next. They are taken out
of a page that was made for a phone about which nothing else is known (`PLAIN`), and what is left is the same for every
such phone. It is good until anything is committed (`core/edition.py`), so that what somebody hides is gone from the
next answer. Whoever has more of their own, such as receipts, a name or an account, gets a page made for them.
"""

import functools
import re
import struct
import zlib
from collections.abc import Hashable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from threading import Lock
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, current_app, make_response, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from markupsafe import escape

from hackathon.core.codes import long_token
from hackathon.core.db import db, reading
from hackathon.core.edition import Edition, edition_of
from hackathon.web.access import DEVICE_KEY, SERIAL, View
from hackathon.web.acts import NEXT_IDS, next_id, waiting_ids
from hackathon.web.cookies import TOKEN, SignedCookies
from hackathon.web.in_turn import PagesInTurn
from hackathon.web.pages import HEADERS

MOST_PAGES = 300
SHELF = "kept_ready"
PLAIN = frozenset({"_permanent", SERIAL, DEVICE_KEY, TOKEN, NEXT_IDS})
"""What a cookie may hold without changing a page, but for the token and the ids."""
OWN = re.compile(rb'name="(csrf_token|client_id)"[^>]* value="([^"]*)"')
"""Where a page says what belongs to one phone. Nobody's words can look like this: their quotation marks are escaped."""
ID_OF_ITS_OWN = ""
"""The place of an id that is fresh in every page."""
HEAD = [
    ("Content-Type", "text/html; charset=utf-8"),
    *HEADERS,
    ("Cache-Control", "no-store"),
    ("Vary", "Accept-Encoding, Cookie"),
]
GZIP_HEAD, GZIP_END = b"\x1f\x8b\x08\0\0\0\0\0\0\xff", b"\x03\0"
"""A stream without a name and a date, and the empty block that ends it."""


@dataclass(frozen=True)
class KeptPage:
    """What stays of a page, in pieces; between them the places of what a phone alone has.

    A place is named `TOKEN`, `ID_OF_ITS_OWN`, or by the code of the event in which the phone's next id is used.
    """

    pieces: tuple[bytes, ...]
    places: tuple[str, ...]

    def whole(self, own: Sequence[bytes]) -> bytes:
        return b"".join(part for pair in zip_longest(self.pieces, own, fillvalue=b"") for part in pair)

    def compressed(self, own: Sequence[bytes]) -> bytes:
        """The same as gzip: one stream of blocks that were packed before, with what is the phone's own as it is."""
        whole, stored = self.whole(own), map(_stored, own)
        blocks = [part for pair in zip_longest(self._packed, stored, fillvalue=b"") for part in pair]
        return b"".join([GZIP_HEAD, *blocks, GZIP_END, struct.pack("<LL", zlib.crc32(whole), len(whole))])

    @functools.cached_property
    def _packed(self) -> tuple[bytes, ...]:
        return tuple(map(_packed, self.pieces))


def _packed(piece: bytes) -> bytes:
    """Blocks that refer to nothing before them, and end with a whole byte."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)


def _stored(value: bytes) -> bytes:
    return b"\0" + struct.pack("<HH", len(value), len(value) ^ 0xFFFF) + value


def without_its_own(page: bytes, held: Mapping[str, Any]) -> KeptPage | None:
    """The page without what this phone alone has; nothing if any of that would be left in it."""
    of_events = {id: code for code, id in waiting_ids(held).items()}
    pieces, places, end = list[bytes](), list[str](), 0
    secrets = {value for value in held.values() if isinstance(value, str)} | of_events.keys()
    for found in OWN.finditer(page):
        name, value = found[1].decode(), found[2].decode()
        places.append(TOKEN if name == TOKEN else of_events.get(value, ID_OF_ITS_OWN))
        pieces.append(page[end : found.start(2)])
        end = found.end(2)
        secrets.add(value)
    pieces.append(page[end:])
    if any(secret.encode() in piece for secret in secrets if secret for piece in pieces):
        return None
    return KeptPage(tuple(pieces), tuple(places))


class Shelf:
    """The pages that are ready in this worker, each with the edition of the database that it was made from."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._pages: dict[str, tuple[Hashable, KeptPage]] = {}
        self._guard = Lock()

    def __contains__(self, address: str) -> bool:
        return address in self._pages

    def find(self, address: str) -> KeptPage | None:
        edition, page = self._pages.get(address, (None, None))
        return page if page is not None and edition == self.edition() else None

    def keep(self, address: str, edition: Hashable, page: KeptPage) -> None:
        with self._guard:
            self._pages.pop(address, None)
            while len(self._pages) >= MOST_PAGES:
                del self._pages[next(iter(self._pages))]
            self._pages[address] = edition, page


def address_of(environ: WSGIEnvironment) -> str:
    return f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '').lower()}"


class KeptReady:
    """Answers with a page that is ready, before there is a request of Flask's; everything else goes on."""

    def __init__(self, app: Flask, application: WSGIApplication, shelf: Shelf) -> None:
        self._application, self._shelf = application, shelf
        assert isinstance(app.session_interface, SignedCookies)
        self._cookies, self._tokens = app.session_interface, app.extensions["csrf"]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        address = address_of(environ)
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING") or address not in self._shelf:
            return self._application(environ, start_response)
        held = self._cookies.read(environ.get("HTTP_COOKIE", ""))
        if held is None or not held.keys() <= PLAIN or (page := self._shelf.find(address)) is None:
            return self._application(environ, start_response)
        head, before = HEAD.copy(), held.copy()
        own = self._own_of(held, page.places)
        if held != before:
            head.append(("Set-Cookie", self._cookies.line(held)))
        if takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            body = page.compressed(own)
            head.append(("Content-Encoding", "gzip"))
        else:
            body = page.whole(own)
        start_response("200 OK", [*head, ("Content-Length", str(len(body)))])
        return [body]

    def _own_of(self, held: MutableMapping[str, Any], places: Iterable[str]) -> list[bytes]:
        """What this phone alone has, in the order of the places. What it is given anew is noted in what it holds."""
        token = self._tokens.token_for(held)
        values = [
            token if place == TOKEN else next_id(place, held) if place != ID_OF_ITS_OWN else long_token()
            for place in places
        ]
        return [escape(value).encode() for value in values]


def takes_gzip(accepted: str) -> bool:
    """Whether a browser takes gzip. Whoever weighs one against the other is given the page as it is."""
    return "gzip" in [coding.strip() for coding in accepted.split(",")]


def keep_pages_ready(app: Flask) -> None:
    """Pages that are ready wait for no turn. Of those who wait for a page to be made, the first has it made for all."""
    with app.app_context():
        shelf = app.extensions[SHELF] = Shelf(edition_of(db.engine))
    in_turn = PagesInTurn(KeptReady(app, app.wsgi_app, shelf))
    app.wsgi_app = KeptReady(app, in_turn, shelf)  # type: ignore[method-assign]  # Flask's own way to add a middleware


def kept_ready(view: View) -> View:
    """Keep what this view answers to a phone about which nothing is known, for all others like it."""

    @functools.wraps(view)
    def ready(**arguments: object) -> ResponseReturnValue:
        shelf: Shelf = current_app.extensions[SHELF]
        edition = shelf.edition() if _is_for_everybody() else None
        answer = view(**arguments)
        if edition is None:
            return answer
        response = make_response(answer)
        if response.status_code == 200 and (page := without_its_own(response.get_data(), dict(cookie))):
            shelf.keep(address_of(request.environ), edition, page)
        return response

    ready.is_kept = True  # type: ignore[attr-defined]  # read by a test of the doors - a function takes attributes
    return ready


def _is_for_everybody() -> bool:
    """Whether nothing that comes now depends on who asks, nor on rows that were read before the edition was."""
    return (
        request.method == "GET"
        and not request.query_string
        and cookie.keys() <= PLAIN
        and not reading().in_transaction()
    )
