"""The signed cookie that a browser holds, and the token against forged requests.

Both are written and read as Flask and Flask-WTF do. But those make a signer, derive its key and put attributes together
anew with every request, which takes longer than all the rest of a phone's post; here that is done once.
"""

import functools
import hmac
import json
import secrets
from collections.abc import Mapping, MutableMapping
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, g, request
from flask import session as cookie
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from flask_wtf.csrf import same_origin
from itsdangerous import BadData, TimedSerializer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.signer import SigningAlgorithm
from werkzeug.http import dump_cookie
from werkzeug.wsgi import get_host

COOKIES_SALT, TOKENS_SALT = "cookie-session", "wtf-csrf-token"
LONG = 1000
"""Letters. What is shorter is not worth being compressed."""
TOKEN = "csrf_token"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Sha1(SigningAlgorithm):
    """What itsdangerous calculates, in one call."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha1")


class Signer(TimestampSigner):
    """Derives its one key once."""

    @functools.cached_property
    def key(self) -> bytes:
        return super().derive_key()

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        return self.key


class Seal(URLSafeTimedSerializer):
    """Signs what browsers are given to keep, and reads it again."""

    def __init__(self, secret: str, salt: str, **how: Any) -> None:
        derivation = how.pop("derivation", Signer.default_key_derivation)
        super().__init__(secret, salt, **how)
        self._signer = Signer(secret, salt, key_derivation=derivation, algorithm=Sha1())

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        return self._signer

    def dump_payload(self, obj: Any) -> bytes:
        plain = TimedSerializer.dump_payload(self, obj)
        return super().dump_payload(obj) if len(plain) > LONG else base64_encode(plain)


class CookieJson:
    """Plain JSON. A cookie of Flask's may hold its tags, and is read all the same."""

    _tagged = TaggedJSONSerializer()

    @staticmethod
    def dumps(value: Any) -> str:
        return json.dumps(value, separators=(",", ":"))

    @classmethod
    def loads(cls, text: str | bytes) -> Any:
        words = text.decode() if isinstance(text, bytes) else text
        return cls._tagged.loads(words) if '{" ' in words else json.loads(words)


class SignedCookies(SecureCookieSessionInterface):
    """Flask's own cookies, at a quarter of the price."""

    def __init__(self, app: Flask) -> None:
        self._seal = Seal(str(app.secret_key), COOKIES_SALT, derivation="hmac", serializer=CookieJson)
        self._name = self.get_cookie_name(app)
        self._longest = int(app.permanent_session_lifetime.total_seconds())
        self._kept, self._dropped = (self._attributes(app, max_age=age) for age in (self._longest, None))

    def _attributes(self, app: Flask, max_age: int | None) -> str:
        """What stands behind the value; a cookie without an age is dropped when the browser closes."""
        path, samesite = self.get_cookie_path(app), self.get_cookie_samesite(app)
        secure, httponly = self.get_cookie_secure(app), self.get_cookie_httponly(app)
        whole = dump_cookie(
            self._name,
            max_age=max_age,
            path=path,
            secure=secure,
            httponly=httponly,
            samesite=samesite,
            sync_expires=False,
        )
        return whole.partition(";")[2]

    def line(self, held: Mapping[str, Any]) -> str:
        """What makes a browser hold this."""
        attributes = self._kept if held.get("_permanent") else self._dropped
        return f"{self._name}={self._seal.dumps(dict(held))};{attributes}"

    def read(self, cookies: str) -> dict[str, Any] | None:
        """What a browser holds that sends these cookies; None where Flask has to say, as when one was tampered with."""
        name = f"{self._name}="
        if name not in cookies:
            return {}
        mine = [value for value in cookies.split("; ") if value.startswith(name)]
        if len(mine) != 1 or cookies.count(name) != 1:
            return None
        try:
            held = self._seal.loads(mine[0].removeprefix(name), max_age=self._longest)
        except BadData:
            return None
        return held if isinstance(held, dict) else None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        return self._seal

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what is kept for long. When there is nothing new, or nothing at all, Flask knows what to do."""
        if not (session.modified and session and session.permanent):
            super().save_session(app, session, response)
            return
        varies = response.headers.get("Vary")
        response.headers["Vary"] = f"{varies}, Cookie" if varies else "Cookie"
        response.headers.add("Set-Cookie", self.line(session))


class TokenCheck(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no types - mypy takes its classes for Any
    """Refuses what changes something and does not carry the token of this browser's cookie."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        self._seal = Seal(str(app.secret_key), TOKENS_SALT)

    def protect(self, apply_exemptions: bool = False) -> None:
        asked = request
        if asked.method not in UNSAFE or not asked.endpoint:
            return
        if problem := self.problem_with(asked.environ, cookie, self._get_csrf_token()):
            self._error_response(problem)
        g.csrf_valid = True

    def problem_with(self, environ: WSGIEnvironment, held: Mapping[str, Any], token: str | None) -> str:
        """Why a browser that holds this and shows that token may change nothing; empty where it may."""
        if not self._is_of(held, token):
            return "The token is missing, or not of this browser."
        if environ["wsgi.url_scheme"] != "https":
            return ""
        try:
            is_ours = same_origin(environ.get("HTTP_REFERER", ""), f"https://{get_host(environ)}/")
        except ValueError:  # what came is no address
            is_ours = False
        return "" if is_ours else "The page that asks is not of this site."

    def token_for(self, held: MutableMapping[str, Any]) -> str:
        """What a browser that holds this has to show. Whoever holds nothing yet is given what the token signs."""
        if not isinstance(held.get(TOKEN), str):
            held[TOKEN] = secrets.token_hex(20)
        token: str = self._seal.dumps(held[TOKEN])
        return token

    def _is_of(self, held: Mapping[str, Any], token: str | None) -> bool:
        known = held.get(TOKEN)
        if not token or not isinstance(known, str):
            return False
        try:
            return hmac.compare_digest(known, self._seal.loads(token))
        except (BadData, TypeError):
            return False
